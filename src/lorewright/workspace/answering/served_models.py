"""Names that clients may give as a model: base models, the arms of the domain, tuned models, deployments."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from lorewright.access import Caller
from lorewright.deployments import role_of, version_for
from lorewright.errors import LorewrightError, NotFound
from lorewright.flows import ExamplePool, Flow, retrieves
from lorewright.flows.arm_names import ARMS, OPTIONAL_ARMS
from lorewright.knowledge import Attributes, Retriever
from lorewright.knowledge.reader_view import ReaderView
from lorewright.models import Call, Engine, EngineKey, Judge, PooledEngine, Usage
from lorewright.models.engine_key import short_name
from lorewright.storage import Record
from lorewright.tools import Tools
from lorewright.tools.servers import ServerTools
from lorewright.tuning.classifier import Classifier
from lorewright.workspace.dataset.at_hand import sources_at_hand_for
from lorewright.workspace.deployments.grants import granted
from lorewright.workspace.deployments.records import (
    deployment_in,
    engine_of,
    flow_of,
    stored_deployment,
    stored_version,
)
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.classifiers import find_classifier
from lorewright.workspace.domain.judge import find_judge
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.flows.library import find_arm, find_flow, for_reader, own_names
from lorewright.workspace.flows.parts import attributes_of, examples_at_hand, find_retriever
from lorewright.workspace.server.ledger import cost_usd
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import is_own

ServedKind = Literal["base", "tuned", "arm", "deployment"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ServedModel:
    """What stands behind a model's name: an engine, or a flow where `flow` is set.

    `engines` holds the engine for an adapter name of the flow, where it is not the domain's own.
    `deployment` and `version` ('version-desk@3') name what answers, `role` as what; `grant` names the
    groups whose documents it answers from, whoever asks.
    """

    id: str
    kind: ServedKind
    created_at: float
    owned_by: str
    engine: EngineKey | None = None
    flow: Flow | None = None
    engines: Mapping[str, EngineKey] = field(default_factory=dict)
    deployment: str = ""
    version: str = ""
    role: str = ""
    grant: tuple[str, ...] = ()


class ServedParts:
    """What a served flow runs on: pooled engines, and what `reader` may read, or another retriever.

    `who` is asked for in the meters; without it that is the reader.
    """

    def __init__(
        self,
        server: Server,
        reader: Caller,
        *,
        who: str = "",
        engine: EngineKey | None = None,
        engines: Mapping[str, EngineKey] | None = None,
        retriever: Retriever | None = None,
    ) -> None:
        self._server = server
        self._reader = reader
        self._who = who or reader.id
        self._engine = engine
        self._engines = engines or {}
        self._retriever = retriever
        self._view: ReaderView | None = None

    def engine(self, adapter: str) -> Engine:
        """Return the engine of this model, or else the domain's with an adapter ('' for none)."""
        return PooledEngine(self._server.pool, self._key(adapter), who=self._who)

    def price(self, adapter: str, seconds: float, usage: Usage) -> float:
        """Return what an answer of the engine with an adapter cost."""
        call = Call(self._who, self._key(adapter), usage, seconds)
        return cost_usd(call, self._server.workspace.settings.prices)

    def _key(self, adapter: str) -> EngineKey:
        return self._engine or self._engines.get(adapter) or self._server.engine_key(adapter)

    def classifier(self, adapter: str) -> Classifier:
        """Return the classifier that a version keeps, or else the domain's."""
        kept = self._engines.get(adapter)
        return find_classifier(self._server.workspace, adapter, kept.adapter_path if kept else None)

    def retriever(self) -> Retriever:
        """Return what finds chunks."""
        if self._retriever is not None:
            return self._retriever
        if self._view is None:
            self._view = find_retriever(self._server.workspace, self._reader)
        return self._view

    @property
    def found(self) -> frozenset[str]:
        """The ids of the domain's documents that were found so far: answers may be made of them."""
        found = self._view.found if self._retriever is None and self._view else ()
        return frozenset(getattr(self._retriever, "domain_documents", found))

    def sources(self, flow: Flow) -> frozenset[str] | None:
        """Return the documents that what a flow said may be made of, `None` where nobody knows them all.

        They are those that were found, and where the flow shows examples those behind any of them that
        may be shown.
        """
        shows = ("nearest", "classify")
        if not any(node.params.get("examples") or node.kind in shows for node in flow.nodes):
            return self.found
        behind = sources_at_hand_for(self._server.workspace, self._reader)
        return None if behind is None else self.found | behind

    def judge(self) -> Judge | None:
        """Return the judge of the settings, None where it cannot be used."""
        return find_judge(self._server.workspace.settings).judge

    def attributes(self, document_id: str) -> Attributes:
        """Return a document's metadata, or the attributes of a file where files are searched."""
        known: Callable[[str], Attributes] | None = getattr(self._retriever, "attributes", None)
        return (
            known(document_id) if known else attributes_of(self._server.workspace, self._reader, document_id)
        )

    def flow(self, name: str) -> Flow:
        """Return an arm or a flow that somebody made."""
        return find_flow(self._server.workspace, self._reader, name)

    def examples(self) -> ExamplePool:
        """Return the examples of the domain that may be shown."""
        return examples_at_hand(self._server.workspace, self._reader)

    def tools(self) -> Tools:
        """Return what calls the tools of the servers in the settings."""
        return ServerTools(self._server.workspace.settings.tools)


def parts_of(
    server: Server,
    served: ServedModel,
    caller: Caller,
    *,
    who: str = "",
    retriever: Retriever | None = None,
) -> ServedParts:
    """Return what the flow behind a model's name runs on: it reads what its caller may.

    A deployment with a grant reads what was granted to it instead.
    """
    reader = granted(server, served.grant, caller) if served.grant else caller
    return ServedParts(
        server,
        reader,
        who=who or caller.id,
        engine=served.engine,
        engines=served.engines,
        retriever=retriever,
    )


def served_version(
    server: Server, caller: Caller, deployment: str, number: int, *, role: str = "", name: str = ""
) -> ServedModel:
    """Return one version of a deployment as the model it is, under its own name or another."""
    version = stored_version(server.workspace, deployment, number)
    grant = stored_deployment(server.workspace, deployment).grant
    reader = granted(server, grant, caller) if grant else caller
    return ServedModel(
        id=name or version.name,
        kind="deployment",
        created_at=version.made_at,
        owned_by=server.name,
        flow=for_reader(server.workspace, reader, flow_of(version)),
        engines={
            adapter: engine_of(server.workspace, pin, version.name) for adapter, pin in version.pins.items()
        },
        deployment=deployment,
        version=version.name,
        role=role,
        grant=grant,
    )


def list_served(server: Server, caller: Caller) -> list[ServedModel]:
    """Return every model that a key may use, the base first."""
    models = [served for served in (_base(server), *_arms(server, caller)) if may_use(caller, served.id)]
    for kind, find in FINDERS.items():
        for record in server.records(kind).all():
            if may_use(caller, record.id, record):
                with suppress(NotFound):  # a deployment of which nothing is live
                    models.append(find(server, record, record.id, caller, caller.id))
    return models


def may_use(caller: Caller, name: str, record: Record | None = None) -> bool:
    """Return whether a key may use a model: its rights name it, or the model's record is its own."""
    is_named = caller.may_use_model(name) or caller.may_use_model(name.partition("@")[0])
    return is_named or (record is not None and is_own(caller, record))


def find_served(server: Server, name: str, caller: Caller, *, who: str = "") -> ServedModel:
    """Return what a name stands for; raise `NotFound` for what is not there or not for this key.

    `who` asks decides whether a canary answers: a conversation of the caller, or the caller ('').
    Who may use a deployment may use each of its versions by number.
    """
    unknown = NotFound(
        f"The model {name!r} does not exist or you do not have access to it.",
        hint="List the available models with: GET /v1/models",
        param="model",
        code="model_not_found",
    )
    for kind, find in FINDERS.items():
        record = server.records(kind).find(name.partition("@")[0] if kind == "deployment" else name)
        if record is not None and may_use(caller, name, record):
            return find(server, record, name, caller, who or caller.id)
    if not may_use(caller, name):
        raise unknown
    base = _base(server)
    if name in (base.id, server.workspace.settings.models.chat):
        return base
    domain, _, arm = name.rpartition("/")
    if (domain in ("", server.name) and arm in (*ARMS, *OPTIONAL_ARMS)) or (
        domain == server.name and arm in own_names(server.workspace)
    ):
        try:
            return _arm(server, caller, arm)
        except LorewrightError as error:
            raise NotFound(
                f"The model {name!r} cannot answer: {error}",
                hint=error.hint,
                param="model",
                code="model_not_found",
            ) from error
    raise unknown


def remove_tuned_model(server: Server, caller: Caller, name: str) -> str:
    """Remove a tuned model and return its id; raise `NotFound` for any other model."""
    caller.need("tune")
    served = find_served(server, name, caller)
    if served.kind != "tuned":
        raise NotFound(f"{name!r} is not a tuned model. Only tuned models can be deleted.")
    server.records("tuned_model").remove(served.id)
    audit(server.workspace, caller, Act.TUNED_MODEL_REMOVED, served.id)
    return served.id


def _base(server: Server) -> ServedModel:
    uri = server.workspace.settings.models.chat
    return ServedModel(
        id=short_name(uri), kind="base", created_at=0.0, owned_by="lorewright", engine=EngineKey(uri)
    )


def _arms(server: Server, caller: Caller) -> list[ServedModel]:
    """Return the arms that can answer now: those that are trained, and documents where they need some."""
    models = []
    has_documents = server.workspace.documents.count(readable(server.workspace, caller)) > 0
    for arm in (*ARMS, *own_names(server.workspace)):
        try:
            served = _arm(server, caller, arm)
        except LorewrightError:
            continue  # not trained: the arm is not there yet
        is_searching = served.flow is not None and retrieves(served.flow)
        if not is_searching or has_documents:
            models.append(served)
    return models


def _arm(server: Server, caller: Caller, arm: str) -> ServedModel:
    flow = find_arm(server.workspace, caller, arm)
    return ServedModel(id=f"{server.name}/{arm}", kind="arm", created_at=0.0, owned_by=server.name, flow=flow)


def _tuned(server: Server, record: Record, _name: str, _caller: Caller, _who: str) -> ServedModel:
    """Return a tuned model: its record names its base, and its adapter's file below our state."""
    adapter = record.body["adapter"]
    return ServedModel(
        id=record.id,
        kind="tuned",
        created_at=record.created_at,
        owned_by=server.name,
        engine=EngineKey(record.body["uri"], str(server.workspace.state_folder / adapter) if adapter else ""),
    )


def _deployed(server: Server, record: Record, name: str, caller: Caller, who: str) -> ServedModel:
    """Return the version of a deployment that is named by its number, or else that answers `who`."""
    deployment = deployment_in(record)
    _, _, named = name.partition("@")
    if named and not named.isdigit():
        raise NotFound(f"{name!r} is not a version. Example: {deployment.name}@1")
    number = int(named) if named else version_for(deployment, who)
    if not number:
        raise NotFound(f"No version of {deployment.name} is live.", hint="Promote a version first.")
    return served_version(
        server,
        caller,
        deployment.name,
        number,
        role="named" if named else role_of(deployment, number),
        name=name,
    )


Finder = Callable[[Server, Record, str, Caller, str], ServedModel]
FINDERS: Mapping[str, Finder] = {"tuned_model": _tuned, "deployment": _deployed}
"""By kind of record: what its records stand for as models.

Called as `(server, record, name, caller, who)`: with the name that was asked for, and who decides
whether a canary answers.
"""
