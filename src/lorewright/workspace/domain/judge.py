"""The judge of a domain's settings, or why rules judge in its place."""

import logging
from dataclasses import dataclass
from functools import cache

from lorewright.errors import UserError
from lorewright.models import Judge, open_judge
from lorewright.settings import Settings

NO_JUDGE = "none"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FoundJudge:
    """The judge; where there is none although one is wanted, `problem` and `remedy` say why."""

    judge: Judge | None
    problem: str = ""
    remedy: str = ""


def find_judge(settings: Settings) -> FoundJudge:
    """Return the judge that the settings name, opened once per process.

    One that cannot be used is no reason to answer nothing: the rules judge, and the log says so.
    """
    return _find(settings.models.judge)


@cache
def _find(name: str) -> FoundJudge:
    if name == NO_JUDGE:
        return FoundJudge(None)
    try:
        return FoundJudge(open_judge(name))
    except UserError as error:
        _log.warning("%s Using rules instead. %s", error, error.hint)
        return FoundJudge(None, str(error), error.hint)
