"""Names that clients may give as a model: base models, the arms of the domain, tuned models, deployments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from lorewright.access import Key
from lorewright.errors import LorewrightError, NotFound
from lorewright.flows import Flow
from lorewright.knowledge import Retriever
from lorewright.models import Engine, EngineKey, PooledEngine, parse_source
from lorewright.storage import Record
from lorewright.workspace.ask import find_arm
from lorewright.workspace.home import Home
from lorewright.workspace.parts import find_retriever

ServedKind = Literal["base", "tuned", "arm", "deployment"]
ARMS = ("base", "few-shot", "rag", "rag-few-shot", "tuned", "naive-hybrid", "hybrid")


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """What stands behind a model's name: an engine, or a flow where `flow` is set."""

    id: str
    kind: ServedKind
    created_at: float
    owned_by: str
    engine: EngineKey | None = None
    flow: Flow | None = None


class ServedParts:
    """What a served flow runs on: pooled engines, and the domain's collection or another retriever."""

    def __init__(
        self,
        home: Home,
        *,
        who: str = "",
        engine: EngineKey | None = None,
        retriever: Retriever | None = None,
    ) -> None:
        self._home = home
        self._who = who
        self._engine = engine
        self._retriever = retriever

    def engine(self, adapter: str) -> Engine:
        """Return the engine of this model, or else the domain's with an adapter ('' for none)."""
        key = self._engine or self._home.engine_key(adapter)
        return PooledEngine(self._home.pool, key, who=self._who)

    def retriever(self) -> Retriever:
        """Return what finds chunks."""
        return self._retriever or find_retriever(self._home.workspace)


def base_name(uri: str) -> str:
    """Return the short name of a model source: of a package, a repository or a file."""
    source = parse_source(uri)
    return source.name.rstrip("/").rsplit("/", 1)[-1].removesuffix(".gguf")


def list_served(home: Home, key: Key) -> list[Served]:
    """Return every model that a key may use, the base first."""
    found = [_base(home), *_arms(home)]
    for kind, find in FINDERS.items():
        found += [find(home, record) for record in home.records(kind).all()]
    return [served for served in found if key.may_use_model(served.id)]


def find_served(home: Home, name: str, key: Key) -> Served:
    """Return what a name stands for; raise `NotFound` for what is not there or not for this key."""
    unknown = NotFound(
        f"The model {name!r} does not exist or you do not have access to it.",
        hint="GET /v1/models lists those that do.",
    )
    if not key.may_use_model(name):
        raise unknown
    base = _base(home)
    if name in (base.id, home.workspace.settings.models.chat):
        return base
    for kind, find in FINDERS.items():
        record = home.records(kind).find(name.partition("@")[0] if kind == "deployment" else name)
        if record is not None:
            return find(home, record)
    domain, _, arm = name.rpartition("/")
    if domain in ("", home.name) and arm in ARMS:
        try:
            return _arm(home, arm)
        except LorewrightError as error:
            raise NotFound(f"The model {name!r} cannot answer: {error}", hint=error.hint) from error
    raise unknown


def _base(home: Home) -> Served:
    uri = home.workspace.settings.models.chat
    return Served(
        id=base_name(uri), kind="base", created_at=0.0, owned_by="lorewright", engine=EngineKey(uri)
    )


def _arms(home: Home) -> list[Served]:
    """Return the arms that can answer now: those that are trained, and documents where they need some."""
    found = []
    for arm in ARMS:
        try:
            served = _arm(home, arm)
        except LorewrightError:
            continue  # not trained: the arm is not there yet
        retrieves = any(node.kind == "retrieve" for node in served.flow.nodes) if served.flow else False
        if not retrieves or home.workspace.documents.count():
            found.append(served)
    return found


def _arm(home: Home, arm: str) -> Served:
    flow = find_arm(home.workspace, arm)
    return Served(id=f"{home.name}/{arm}", kind="arm", created_at=0.0, owned_by=home.name, flow=flow)


def _tuned(home: Home, record: Record) -> Served:  # noqa: ARG001 - as every finder
    """Return a tuned model: its record holds the source of its base and the file of its adapter."""
    return Served(
        id=record.id, kind="tuned", created_at=record.created_at, owned_by="lorewright",
        engine=EngineKey(record.body["uri"], record.body["adapter"]),
    )  # fmt: skip


FINDERS: Mapping[str, Callable[[Home, Record], Served]] = {"tuned_model": _tuned}
"""By kind of record: what its records stand for as models."""
