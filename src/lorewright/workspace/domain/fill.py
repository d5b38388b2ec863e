"""An empty domain takes over the material of a template."""

from collections.abc import Mapping
from pathlib import Path

from lorewright.access import Caller
from lorewright.errors import AlreadyADomain
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.folder import SETTINGS_FILE
from lorewright.workspace.domain.readable import need_all_documents, readable
from lorewright.workspace.domain.templates import (
    Template,
    files_of,
    get_template,
    templates,
    write_bundled,
)
from lorewright.workspace.domain.workspace import Workspace


def is_empty(workspace: Workspace, caller: Caller) -> bool:
    """Return whether a domain has no documents, examples or questions of its own yet."""
    caller.need("read")
    return readable(workspace, caller).is_all and _is_empty(workspace)


def templates_to_use(caller: Caller) -> Mapping[str, Template]:
    """Return the templates by name, to whom may read."""
    caller.need("read")
    return templates()


def load_template(workspace: Workspace, caller: Caller, name: str) -> None:
    """Lay a template's documents, examples, questions and settings into an empty domain.

    The settings that the domain has already win, and so does every file that it has outside these
    folders. Raises `AlreadyADomain` where it has documents, examples, questions or an update.
    """
    caller.need("documents")
    need_all_documents(workspace, caller)
    template = get_template(name)
    if not _is_empty(workspace):
        raise AlreadyADomain(
            f"{workspace.folder.name} already contains documents, examples or questions.",
            hint=f"Use the template in a separate folder: lorewright init FOLDER --template {name}",
        )
    for path, entry in files_of(template.domain):
        if not (workspace.folder / path).exists():
            write_bundled(entry, workspace.folder / path)
    settings = workspace.folder / SETTINGS_FILE
    if not _says_anything(settings):
        write_bundled(template.domain / SETTINGS_FILE, settings)
    workspace.reload()
    audit(workspace, caller, Act.DOMAIN_FILLED, name)


def _is_empty(workspace: Workspace) -> bool:
    folders = (
        workspace.documents_folder,
        workspace.examples_folder,
        workspace.questions_folder,
        workspace.update_folder,
    )
    return workspace.documents.count() == 0 and not any(_has_files(folder) for folder in folders)


def _has_files(folder: Path) -> bool:
    return folder.is_dir() and any(path.is_file() for path in folder.rglob("*"))


def _says_anything(settings: Path) -> bool:
    """Return whether a settings file sets a key: the one that `init` writes only has comments."""
    lines = (line.strip() for line in settings.read_text(encoding="utf-8").splitlines())
    return any("=" in line and not line.startswith("#") for line in lines)
