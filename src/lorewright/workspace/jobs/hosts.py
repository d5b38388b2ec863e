"""Who does jobs: the servers and workers that share a database, and what each of them can."""

import os
from collections.abc import Collection
from dataclasses import dataclass, field

from lorewright.errors import InvalidSetting, NotFound
from lorewright.jobs.process import this_host
from lorewright.settings import Settings
from lorewright.storage import Database, Records
from lorewright.workspace.jobs.kinds import JOB_KINDS

KIND = "job_host"
ABILITIES = ("tune", "embed", "generate")
_SEEN_WITHIN_SECONDS = 20.0
_SHOW_EVERY_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Host:
    """A process that does jobs: what it `can`, of `ABILITIES`, and on which GPU ('' without one).

    A server takes only what no worker can.
    """

    id: str
    can: tuple[str, ...] = ABILITIES
    gpu: str = ""
    is_server: bool = False
    place: str = field(default_factory=this_host)


def this_process(*, can: Collection[str] = ABILITIES, gpu: str = "", is_server: bool = False) -> Host:
    """Return this process as one that does jobs."""
    return Host(
        id=f"host_{this_host().split()[-1]}_{os.getpid()}", can=tuple(can), gpu=gpu, is_server=is_server
    )


def read_abilities(text: str) -> tuple[str, ...]:
    """Return what `--can` names; raise `InvalidSetting` for what nobody can."""
    named = tuple(word.strip() for word in text.split(",") if word.strip())
    unknown = [word for word in named if word not in (*ABILITIES, "none")]
    if unknown or not named:
        raise InvalidSetting(
            f"--can names {unknown[0]!r}." if unknown else "--can names nothing.",
            hint=f"Use one or several of: {', '.join(ABILITIES)}.",
        )
    return tuple(word for word in named if word != "none")


class Hosts:
    """Every process that does jobs, as it was heard of lately, by the database's clock."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._records = Records(database, KIND)
        self._shown_at = 0.0

    def show(self, host: Host) -> None:
        """Let the others know of a host; every few seconds, or it counts as gone."""
        now = self._database.clock()
        if now - self._shown_at < _SHOW_EVERY_SECONDS:
            return
        self._shown_at = now
        body = {"can": list(host.can), "gpu": host.gpu, "is_server": host.is_server, "place": host.place}
        self._records.put(host.id, lambda _: {**body, "seen_at": now})
        for record in self._records.all():
            if now - record.body["seen_at"] > 100 * _SEEN_WITHIN_SECONDS:
                self._forget(record.id)

    def leave(self, host: Host) -> None:
        """Let the others know that a host takes nothing any more."""
        self._forget(host.id)

    def all(self) -> list[Host]:
        """Return the hosts that were heard of lately."""
        now = self._database.clock()
        return [
            Host(
                id=record.id, can=tuple(record.body["can"]), gpu=record.body["gpu"],
                is_server=record.body["is_server"], place=record.body["place"],
            )
            for record in self._records.all()
            if now - record.body["seen_at"] <= _SEEN_WITHIN_SECONDS
        ]  # fmt: skip

    def kinds_for(self, host: Host, settings: Settings) -> list[str]:
        """Return the kinds of jobs that a host shall take, as nobody else fits better."""
        others = [other for other in self.all() if other.id != host.id]
        return [kind for kind in JOB_KINDS if fits(kind, host, others, settings)]

    def _forget(self, host_id: str) -> None:
        try:
            self._records.remove(host_id)
        except NotFound:
            return


def fits(kind: str, host: Host, others: Collection[Host], settings: Settings) -> bool:
    """Return whether a host shall take jobs of a kind.

    A server leaves them to a worker that can do them; who has no GPU leaves tuning to one with a GPU,
    and never begins the recipe that needs one.
    """
    ability = JOB_KINDS[kind].needs
    if ability not in host.can:
        return False
    rivals = [other for other in others if ability in other.can]
    if host.is_server and any(not other.is_server for other in rivals):
        return False
    if ability != "tune" or host.gpu:
        return True
    return settings.tuning.recipe != "qlora" and not any(other.gpu for other in rivals)
