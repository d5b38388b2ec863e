"""One version of a deployment: what answers, what it is made of, and how it was measured."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lorewright.evaluation import Report


@dataclass(frozen=True, kw_only=True, slots=True)
class Pin:
    """The model that a version keeps for an adapter name, whatever is tuned later.

    `uri` is the source of the base. `run` is the tuning run whose file is worn on it, or that is
    the model itself where `is_whole`; '' for the base as it is. `sha256` is the content of that file.
    """

    uri: str
    run: str = ""
    sha256: str = ""
    is_whole: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DeployedMaterial:
    """What answers come from, by content; an empty text stands for what is not used or not known."""

    model: str = ""
    adapters: Mapping[str, str] = field(default_factory=dict)
    index_version: str = ""
    embedding: str = ""
    flow_hash: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One version of a deployment; it never changes.

    `arm` is the name that its flow was measured under, `flow` the flow as JSON. `pins` holds the
    model for every adapter name of the flow. `comparison` is the id of the comparison that
    measured it, `report` what it said (without its rows), `measured` what it was measured with;
    all three are empty for a version that nobody measured.
    """

    deployment: str
    number: int
    arm: str
    flow: Mapping[str, Any]
    flow_hash: str
    pins: Mapping[str, Pin]
    made_at: float
    made_by: str
    note: str = ""
    comparison: str = ""
    report: Report | None = None
    measured: DeployedMaterial = field(default_factory=DeployedMaterial)

    @property
    def name(self) -> str:
        """The name that clients may give to have this version answer."""
        return version_name(self.deployment, self.number)


def version_name(deployment: str, number: int) -> str:
    """Return the name of a version, such as version-desk@3."""
    return f"{deployment}@{number}"


def changes(version: Version, now: DeployedMaterial) -> tuple[str, ...]:
    """Return what is different now from what a version was measured with, one sentence each.

    `now` is what the version would answer from at this moment. Empty for a version that answers
    from what it was measured with, and for one that was never measured.
    """
    return tuple(_changes(version, now)) if version.comparison else ()


def _changes(version: Version, now: DeployedMaterial) -> Iterator[str]:
    was = version.measured
    if not was.flow_hash:
        yield "The comparison does not record which flow was measured: it is in an older format."
    elif was.flow_hash != now.flow_hash:
        yield f"The flow has changed (measured: {_short(was.flow_hash)}, now: {_short(now.flow_hash)})."
    if was.model != now.model:
        yield f"The base model has changed (measured: {was.model}, now: {now.model})."
    for name, measured in was.adapters.items():
        answering = now.adapters.get(name, "")
        if not measured.endswith(answering) or not answering:
            yield (
                f"The {name} adapter has changed (measured: {_short(_last_hash(measured))}, "
                f"now: {_short(answering)})."
            )
    if was.embedding != now.embedding:
        yield f"The embedding model has changed (measured: {was.embedding}, now: {now.embedding})."
    if was.index_version != now.index_version:
        yield (
            f"The documents have changed (measured: {_short(was.index_version)}, "
            f"now: {_short(now.index_version)})."
        )


def _last_hash(fingerprint: str) -> str:
    return fingerprint.rpartition(":")[2]


def _short(content: str) -> str:
    return content[:12] or "none"
