"""The comparisons of a domain: in short, one of them whole, and their names."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace

from lorewright.access import Caller
from lorewright.errors import NotFound, NothingMeasured
from lorewright.evaluation import Comparison, Estimate, QuestionInAllArms, questions_in
from lorewright.storage import Records
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace

KIND = "comparison_name"
_MOST_KEPT = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """A comparison in short; `correctness` by arm, `origin` where it was measured elsewhere.

    `made_of` are the documents behind it, `None` where they are not all known.
    """

    id: str
    name: str
    created_at: float
    n_questions: int
    primary: str
    correctness: dict[str, Estimate]
    recommended_arm: str
    model: str
    has_drill: bool
    origin: str
    made_of: tuple[str, ...] | None


class _Kept:
    """What was read from databases already: a comparison never changes, and a long one takes seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._whole: OrderedDict[tuple[str, str], tuple[Comparison, tuple[QuestionInAllArms, ...]]] = (
            OrderedDict()
        )
        self.short: dict[tuple[str, str], Summary] = {}

    def whole(
        self, workspace: Workspace, comparison_id: str
    ) -> tuple[Comparison, tuple[QuestionInAllArms, ...]]:
        key = (str(workspace.state_folder), comparison_id)
        with self._lock:
            loaded = self._whole.get(key)
            if loaded is None:
                comparison = workspace.comparisons.get(comparison_id)
                loaded = (comparison, questions_in(comparison))
                self._whole[key] = loaded
            self._whole.move_to_end(key)
            while len(self._whole) > _MOST_KEPT:
                self._whole.popitem(last=False)
            return loaded

    def forget(self, workspace: Workspace, comparison_id: str) -> None:
        key = (str(workspace.state_folder), comparison_id)
        with self._lock:
            self._whole.pop(key, None)
            self.short.pop(key, None)


_kept = _Kept()


def list_comparisons(workspace: Workspace, caller: Caller) -> list[Summary]:
    """Return every comparison in short, the newest first."""
    caller.need("read")
    allowed = readable(workspace, caller)
    names = {record.id: str(record.body["name"]) for record in _names(workspace).all()}
    listed = []
    for comparison_id in workspace.comparisons.ids():
        key = (str(workspace.state_folder), comparison_id)
        if key not in _kept.short:
            _kept.short[key] = _short(workspace.comparisons.get(comparison_id))
        short = _kept.short[key]
        if allowed.covers(short.made_of):
            listed.append(_named(short, names.get(_name_id(comparison_id), "")))
    return listed


def all_comparisons(workspace: Workspace, caller: Caller) -> list[Comparison]:
    """Return every comparison, the newest first."""
    caller.need("read")
    allowed = readable(workspace, caller)
    return [one for one in workspace.comparisons.all() if allowed.covers(one.measured.made_of)]


def latest_comparison(workspace: Workspace, caller: Caller) -> Comparison | None:
    """Return the newest comparison that a caller may see, `None` before the first one."""
    caller.need("read")
    latest, allowed = workspace.comparisons.latest(), readable(workspace, caller)
    if latest is None or allowed.covers(latest.measured.made_of):
        return latest
    return next(iter(all_comparisons(workspace, caller)), None)


FEW_QUESTIONS = 20


def standing_comparison(workspace: Workspace, caller: Caller) -> Comparison | None:
    """Return the comparison that the domain's verdict rests on: the newest one.

    A trial of a few questions does not take the place of an earlier one of this domain on more.
    """
    latest = latest_comparison(workspace, caller)
    if latest is None or latest.n_questions >= FEW_QUESTIONS:
        return latest
    fuller = (
        comparison
        for comparison in all_comparisons(workspace, caller)
        if comparison.n_questions >= FEW_QUESTIONS and not comparison.measured.origin
    )
    return next(fuller, latest)


def find_comparison(workspace: Workspace, caller: Caller, comparison_id: str) -> Comparison:
    """Return a comparison; raise `NotFound` for one that is not there or not for this caller."""
    caller.need("read", "evaluate")
    return _whole(workspace, caller, comparison_id)[0]


def questions_of(workspace: Workspace, caller: Caller, comparison_id: str) -> tuple[QuestionInAllArms, ...]:
    """Return every question of a comparison with the answers of all arms; raise `NotFound` without it."""
    caller.need("read")
    return _whole(workspace, caller, comparison_id)[1]


def name_of(workspace: Workspace, caller: Caller, comparison_id: str) -> str:
    """Return the name that somebody gave a comparison, '' without one."""
    find_comparison(workspace, caller, comparison_id)
    record = _names(workspace).find(_name_id(comparison_id))
    return str(record.body["name"]) if record else ""


def rename_comparison(workspace: Workspace, caller: Caller, comparison_id: str, name: str) -> None:
    """Give a comparison a name of at most 80 characters."""
    caller.need("evaluate")
    find_comparison(workspace, caller, comparison_id)
    _names(workspace).put(_name_id(comparison_id), lambda _: {"name": name.strip()[:80]})
    audit(workspace, caller, Act.COMPARISON_RENAMED, comparison_id, name=name.strip()[:80])


def remove_comparison(workspace: Workspace, caller: Caller, comparison_id: str) -> None:
    """Remove a comparison with its name; versions of deployments keep what it measured of them."""
    caller.need("evaluate")
    find_comparison(workspace, caller, comparison_id)
    workspace.comparisons.remove(comparison_id)
    if _names(workspace).find(_name_id(comparison_id)):
        _names(workspace).remove(_name_id(comparison_id))
    _kept.forget(workspace, comparison_id)
    audit(workspace, caller, Act.COMPARISON_REMOVED, comparison_id)


def _whole(
    workspace: Workspace, caller: Caller, comparison_id: str
) -> tuple[Comparison, tuple[QuestionInAllArms, ...]]:
    unknown = NotFound(f"No comparison found with id {comparison_id!r}.")
    try:
        entry = _kept.whole(workspace, comparison_id)
    except NothingMeasured as error:
        raise unknown from error
    if not readable(workspace, caller).covers(entry[0].measured.made_of):
        raise unknown
    return entry


def _short(comparison: Comparison) -> Summary:
    return Summary(
        id=comparison.id,
        name="",
        created_at=comparison.created_at,
        n_questions=comparison.n_questions,
        primary=comparison.primary,
        correctness={report.arm: report.correctness for report in comparison.reports},
        recommended_arm=comparison.recommended_arm,
        model=comparison.measured.model,
        has_drill=comparison.drill is not None,
        origin=comparison.measured.origin,
        made_of=comparison.measured.made_of,
    )


def _named(short: Summary, name: str) -> Summary:
    return replace(short, name=name) if name else short


def _names(workspace: Workspace) -> Records:
    return Records(workspace.database, KIND)


def _name_id(comparison_id: str) -> str:
    return f"{KIND}/{comparison_id}"
