"""What this machine and a domain have, and what is missing."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from lorewright.access import Caller
from lorewright.datasets import read_examples
from lorewright.documents.reading_records import UNREAD, ReadingReports
from lorewright.errors import LorewrightError, NotADomain
from lorewright.flows import style_from
from lorewright.flows.arm_names import ADAPTERS
from lorewright.flows.arms.refusal_share import refusal_share
from lorewright.models import is_remote, parse_source
from lorewright.models.gpu import find_gpu
from lorewright.models.opening import ENGINES
from lorewright.models.threads import n_processors, threads_for
from lorewright.settings import AUTOMATIC, AUTOMATIC_MODEL, Serve, Settings, cache_folder
from lorewright.storage import Records
from lorewright.storage.migrating import SCHEMA_VERSION
from lorewright.workspace.domain.fitted_weight import read_fitted
from lorewright.workspace.domain.folder import find_domain
from lorewright.workspace.domain.judge import find_judge
from lorewright.workspace.domain.memory import available_bytes
from lorewright.workspace.domain.model_key import model_key
from lorewright.workspace.domain.other_languages import finding, remedy
from lorewright.workspace.domain.workspace import Workspace

NEEDED_BYTES = 5 * 10**9
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `remedy` says what to do where the state is not `ok`."""

    name: str
    state: Literal["ok", "missing", "failed"]
    finding: str
    remedy: str = ""


def examine(start: Path) -> list[Check]:
    """Return every check of this machine, and of the domain around `start` where there is one."""
    return [*_machine(), *_said_once(_domain(start))]


def health_of(workspace: Workspace, caller: Caller) -> tuple[list[Check], Mapping[str, int]]:
    """Return every check of this machine and this domain, and how many jobs are in which state.

    For administrators: it tells where everything lies.
    """
    caller.need("admin")
    return examine(workspace.folder), workspace.queue.counts()


def _said_once(checks: Iterable[Check]) -> Iterator[Check]:
    """Yield the checks; one that failed for the reason of an earlier one names that one instead."""
    told: dict[str, str] = {}
    for check in checks:
        if check.state != "failed" or check.finding not in told:
            yield check
        else:
            yield Check(check.name, "failed", f"not checked, for the same reason as {told[check.finding]}.")
        told.setdefault(check.finding, check.name)


def _threads(settings: Serve) -> Check:
    """Return which threads a model gets here."""
    processors, n_all = n_processors(), os.cpu_count() or 1
    threads = threads_for(processors, writing=settings.n_threads, reading=settings.n_prompt_threads)
    return Check(
        "threads", "ok",
        f"{threads.writing} to write an answer, {threads.reading} to read its prompt, {threads.embedding} to "
        f"embed; {processors} of {n_all} processors may be used",
    )  # fmt: skip


def _chunks(settings: Settings) -> Check:
    """Return how many chunks a prompt has, and why."""
    n = settings.in_prompt.n_kept
    chunks = f"{n} chunk{'s' if n > 1 else ''} in a prompt"
    if settings.retrieval.n_kept:
        return Check("prompt", "ok", f"{chunks} (retrieval.n_kept)")
    size = settings.models.n_parameters
    known = (
        f"the chat model has {size / 1e6:,.0f} million parameters" if size < float("inf") else "by default"
    )
    excerpts = "; rag shows the best sentences of several" if settings.models.has_reader else ""
    return Check("prompt", "ok", f"{chunks}: {known}{excerpts}")


def _machine() -> Iterator[Check]:
    yield Check("python", "ok", f"{sys.version.split()[0]}, {os.cpu_count()} cores")
    free = available_bytes()
    enough = free >= NEEDED_BYTES
    yield Check(
        "memory", "ok" if enough else "missing", f"{free / 1e9:.1f} GB free",
        "" if enough else "Tuning the default model takes up to 5 GB.",
    )  # fmt: skip
    folder = _existing(cache_folder())
    yield Check(
        "disk", "ok", f"{shutil.disk_usage(folder).free / 1e9:.0f} GB free for models in {cache_folder()}"
    )
    for package, purpose, extra in (
        ("lancedb", "the index", ""),
        ("onnxruntime", "embeddings", ""),
        ("xllamacpp", "local models", ""),
        ("xberg", "PDF and office files", ""),
        ("torch", "tuning", "tune"),
        ("transformers", "tuning", "tune"),
        ("peft", "tuning", "tune"),
    ):
        yield _package(package, purpose, extra)
    gpu = find_gpu()
    yield Check("GPU", "missing" if gpu.remedy else "ok", gpu.finding, gpu.remedy)
    engine = shutil.which("tesseract") or ("rapidocr" if find_spec("rapidocr") else "")
    yield Check(
        "OCR", "ok" if engine else "missing", engine or "scanned pages cannot be read.",
        "" if engine else "Install your system's tesseract, or: pip install 'lorewright[ocr]'",
    )  # fmt: skip


def _package(package: str, purpose: str, extra: str) -> Check:
    # find_spec and metadata load nothing: a broken torch must not break its own diagnosis.
    try:
        if find_spec(package) is not None:
            return Check(package, "ok", f"{version(package)} ({purpose})")
    except PackageNotFoundError:
        pass
    remedy = f"Install it with: pip install 'lorewright[{extra}]'" if extra else "Reinstall lorewright."
    return Check(package, "missing" if extra else "failed", f"not installed: no {purpose}.", remedy)


def _folder(workspace: Workspace) -> Check:
    if workspace.state_folder.is_dir() and workspace.database.is_read_only:
        return Check("domain", "ok", f"{workspace.folder}, read-only: it is served and searched as it is")
    return Check("domain", "ok", str(workspace.folder))


def _domain(start: Path) -> Iterator[Check]:
    try:
        folder = find_domain(start)
    except NotADomain as error:
        yield Check("domain", "missing", str(error), error.hint)
        return
    try:
        workspace = Workspace(folder)
    except LorewrightError as error:
        yield Check("settings", "failed", str(error), error.hint)
        return
    with workspace:
        yield _try("domain", lambda: _folder(workspace))
        yield _try("database", lambda: _database(workspace))
        yield _try("documents", lambda: _documents(workspace))
        yield _try("reading", lambda: _reading(workspace))
        if workspace.settings.retrieval.index:
            yield _try("index", lambda: _index(workspace))
        yield _try("languages", lambda: _languages(workspace))
        yield _weight(workspace)
        yield _threads(workspace.settings.serve)
        yield _chunks(workspace.settings)
        yield _try("chat model", lambda: _model(workspace, workspace.settings.models.chat))
        yield _judge(workspace)
        if (reader := workspace.reader).is_broken:
            yield Check("reader", "failed", reader.why, "Reinstall lorewright.")
        yield _try("examples", lambda: _examples(workspace))
        yield _try("adapters", lambda: _adapters(workspace))


def _try(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except LorewrightError as error:
        return Check(name, "failed", str(error), error.hint)


def _database(workspace: Workspace) -> Check:
    """Look whether the database answers; only its place is told, no user and no password."""
    workspace.database.check()
    url = workspace.database.engine.url
    if not workspace.database.is_shared:
        return Check("database", "ok", f"SQLite, schema {SCHEMA_VERSION}")
    where = f"PostgreSQL at {url.host or 'this machine'}/{url.database}, schema {SCHEMA_VERSION}"
    skew = workspace.database.clock() - time.time()
    clocks = f"; its clock is {skew:+.0f} s from ours, which does no harm" if abs(skew) >= 1 else ""
    return Check("database", "ok", where + clocks)


def _documents(workspace: Workspace) -> Check:
    n_documents = workspace.documents.count()
    n_waiting = sum(state.indexed_hash != state.text_hash for state in workspace.documents.states().values())
    if not n_documents:
        return Check("documents", "missing", "none added yet.", "Run: lorewright add --sync")
    if n_waiting:
        return Check(
            "documents",
            "missing",
            f"{n_waiting} of {n_documents} are not indexed yet.",
            "Run: lorewright add --sync",
        )
    return Check("documents", "ok", f"{n_documents}, all indexed")


def _index(workspace: Workspace) -> Check:
    """Return what is in an index that is kept elsewhere."""
    n_chunks, where = workspace.collection.n_chunks, workspace.settings.retrieval.index
    if n_chunks == 0 and workspace.documents.count():
        return Check("index", "missing", f"nothing is at {where} yet.", "Run: lorewright add --rebuild")
    return Check("index", "ok", f"{n_chunks} chunks at {where}")


def _languages(workspace: Workspace) -> Check:
    """Look for documents that no embedding model here was made for."""
    if workspace.settings.models.embedding != AUTOMATIC_MODEL:
        return Check("languages", "ok", f"all embedded by {workspace.settings.models.embedding}")
    n_by_words = len(workspace.collection.found_by_words())
    if n_by_words:
        return Check("languages", "missing", finding(n_by_words), remedy(workspace))
    return Check("languages", "ok", "every document has an embedding model for its language.")


def _weight(workspace: Workspace) -> Check:
    """Say how much meaning counts, and why, and whether hits are put into another order."""
    usual = f"weight {workspace.usual_dense_weight:g}"
    reordered = "; hits in the order of their best sentences, as set" if workspace.reranks else ""
    if workspace.settings.retrieval.dense_weight != AUTOMATIC:
        return Check("vector search", "ok", f"{usual}, as set{reordered}")
    if fitted := read_fitted(workspace.state_folder):
        return Check("vector search", "ok", f"weight {fitted}{'' if fitted.reranks else reordered}")
    return Check(
        "vector search", "ok", f"{usual}; compare fits it to 30 examples that name their documents{reordered}"
    )


def _reading(workspace: Workspace) -> Check:
    """Look at the files that were not read, or not as a whole."""
    failed = [record.body["reason"] for record in Records(workspace.database, UNREAD).all()]
    reports = ReadingReports(workspace.database).all()
    named = [*(f"{name}: {'; '.join(report.notices)}" for name, report in reports.items()), *failed]
    if not named:
        return Check("reading", "ok", "all files were read completely.")
    more = f" … and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return Check(
        "reading",
        "missing",
        f"{' | '.join(named[:_NAMED])}{more}.".replace("..", "."),
        "Save them in another format, or install an OCR engine for scans, then: lorewright add --sync",
    )


def _model(workspace: Workspace, source: str) -> Check:
    if source.startswith("openai:"):
        variable = workspace.settings.models.api_key_env
        has_key = bool(model_key(workspace.settings, workspace.state_folder, source))
        return Check(
            "chat model",
            "ok" if has_key else "missing",
            source,
            "" if has_key else f"Set {variable} to its key.",
        )
    if is_remote(source):  # an engine of a plug-in knows by itself what it needs
        ENGINES.load(parse_source(source).scheme)
        return Check("chat model", "ok", f"{source} (plug-in)")
    stored = workspace.store.find(source)
    if stored is None:
        return Check(
            "chat model",
            "missing",
            f"{source} is not downloaded yet.",
            f"Run: lorewright models pull {source}",
        )
    return Check("chat model", "ok", f"{source}, sha256 {stored.sha256[:12]}…")


def _judge(workspace: Workspace) -> Check:
    loaded = find_judge(workspace.settings)
    if loaded.problem:
        return Check("judge", "failed", f"{loaded.problem} Using rules instead.", loaded.remedy)
    return Check("judge", "ok", loaded.judge.name if loaded.judge else "none; rules judge answers")


def _examples(workspace: Workspace) -> Check:
    """Look at the examples as they are: nothing is embedded, so duplicates count."""
    examples = read_examples(workspace.examples_folder).examples
    if not examples:
        return Check("examples", "missing", "none; tuning needs examples.", "Add them to examples/")
    style = style_from(examples, workspace.settings)
    warning = refusal_share(examples, style, configured=workspace.settings.tuning.no_gold_share).warning
    if warning:
        return Check("examples", "missing", f"{len(examples)}, with varied answers", warning)
    return Check("examples", "ok", f"{len(examples)}")


def _adapters(workspace: Workspace) -> Check:
    kinds = [kind for kind in ADAPTERS if workspace.runs.latest(kind) is not None]
    if not kinds:
        return Check("adapters", "missing", "none trained yet.", "Run: lorewright tune")
    return Check("adapters", "ok", ", ".join(kinds))


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())
