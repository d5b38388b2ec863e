"""The bundled version desk as a domain: its material, copied into a folder."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from lorewright.access import Caller
from lorewright.errors import AlreadyADomain
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.folder import SETTINGS_FILE
from lorewright.workspace.domain.readable import need_all_documents, readable
from lorewright.workspace.domain.workspace import Workspace

BUNDLED = "lorewright.version_desk"
MARK = "README.md"


def create_demo(folder: Path) -> Path:
    """Copy the bundled version desk into `folder`, unless it lies there already, and return it.

    Raises `AlreadyADomain` where another domain or anything else is in the folder.
    """
    with as_file(files(BUNDLED) / "domain") as bundled:
        if (folder / SETTINGS_FILE).exists() and _is_copy(folder, bundled):
            return folder
        if folder.exists() and any(folder.iterdir()):
            raise AlreadyADomain(
                f"{folder} is not empty and does not contain the version desk.",
                hint="Choose another folder for the demo.",
            )
        unfinished = folder.with_name(f".{folder.name}.partial")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(bundled, unfinished)
        if folder.exists():
            folder.rmdir()
        unfinished.replace(folder)
    return folder


def _is_copy(folder: Path, bundled: Path) -> bool:
    ours, theirs = folder / MARK, bundled / MARK
    return ours.exists() and ours.read_bytes() == theirs.read_bytes()


FOLDERS = ("documents", "examples", "questions", "update")


def is_empty(workspace: Workspace, caller: Caller) -> bool:
    """Return whether a domain has no documents, examples or questions of its own yet."""
    caller.need("read")
    return readable(workspace, caller).is_all and _is_empty(workspace)


def _is_empty(workspace: Workspace) -> bool:
    folders = (workspace.documents_folder, workspace.examples_folder, workspace.questions_folder)
    return workspace.documents.count() == 0 and not any(_has_files(folder) for folder in folders)


def load_demo(workspace: Workspace, caller: Caller) -> None:
    """Lay the bundled documents, examples, questions and settings into an empty domain.

    The settings that the domain has already win. Raises `AlreadyADomain` where anything is there.
    """
    caller.need("documents")
    need_all_documents(workspace, caller)
    if not _is_empty(workspace):
        raise AlreadyADomain(
            f"{workspace.folder.name} already contains documents, examples or questions.",
            hint="Try the version desk in a separate folder: lorewright demo FOLDER",
        )
    with as_file(files(BUNDLED) / "domain") as bundled:
        for name in FOLDERS:
            shutil.copytree(bundled / name, workspace.folder / name, dirs_exist_ok=True)
        settings = workspace.folder / SETTINGS_FILE
        if not _says_anything(settings):
            shutil.copyfile(bundled / SETTINGS_FILE, settings)
    workspace.reload()
    audit(workspace, caller, Act.DOMAIN_FILLED)


def _has_files(folder: Path) -> bool:
    return folder.is_dir() and any(path.is_file() for path in folder.rglob("*"))


def _says_anything(settings: Path) -> bool:
    """Return whether a settings file sets a key: the one that `init` writes only has comments."""
    lines = (line.strip() for line in settings.read_text(encoding="utf-8").splitlines())
    return any("=" in line and not line.startswith("#") for line in lines)
