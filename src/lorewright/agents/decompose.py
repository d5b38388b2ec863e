"""A task cut into questions that one search each can answer, and what is to be done with their values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Operation = Literal[
    "none", "difference", "change", "sum", "mean", "ratio", "share", "larger", "smaller", "days"
]

_YEAR = r"(?:(?:19|20)\d\d|FY?\s?(?:20)?\d\d)"
_QUESTIONS = re.compile(r"[^?]+\?")
_LISTED = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+(.+)$", re.MULTILINE)
_CLAUSES = re.compile(
    r",?\s+(?:and|und|sowie)\s+"
    r"(?=(?:what|when|who|whom|how|which|where|why|does|is|are|was|wer|wie|wann|wo|welche[rs]?)\b)",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|januar|februar|märz|mai|juni|juli|oktober|dezember|q[1-4])(?:\s+(?:19|20)\d\d)?"
)
_ITEM = r"(?:the\s+)?[\w.&'’/-]+(?:\s+(?!and\b|or\b|und\b|oder\b|in\b|for\b|when\b)[\w.&'’/-]+){0,4}"  # noqa: RUF001
_PAIRS = (
    re.compile(
        rf"\b(?:in|for)\s+(?P<b>{_YEAR})\s+(?:from|compared (?:to|with)|over|vs\.?)\s+(?P<a>{_YEAR})\b"
    ),
    re.compile(rf"\b(?P<a>{_YEAR})\s*(?:and|or|to|vs\.?|versus|und|bis|oder|auf)\s*(?P<b>{_YEAR})\b"),
    re.compile(rf"\b(?:between|zwischen)\s+(?P<a>{_ITEM}?)\s+(?:and|und)\s+(?P<b>{_ITEM})", re.IGNORECASE),
    re.compile(rf"\b(?:from|von)\s+(?P<a>{_MONTH})\s+(?:to|bis)\s+(?P<b>{_MONTH})\b", re.IGNORECASE),
    re.compile(
        rf"\b(?:compare|vergleiche)\s+(?P<a>{_ITEM}?)\s+(?:and|with|to|und|mit)\s+(?P<b>{_ITEM})",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:^|[,:]\s*)(?P<a>{_ITEM}?)\s+(?:vs\.?|versus)\s+(?P<b>{_ITEM})", re.IGNORECASE),
    re.compile(rf",\s*(?P<a>{_ITEM}?)\s+(?:or|oder)\s+(?P<b>{_ITEM})(?=\s*\?)", re.IGNORECASE),
)
_YEARS = re.compile(rf"\b{_YEAR}(?:\s*,\s*{_YEAR})+\s*,?\s*(?:and|und|to|bis)\s+{_YEAR}\b")
_RANGE = re.compile(
    r"\b(?:from|between|von|zwischen)\s+(?P<a>(?:19|20)\d\d)\s*(?:to|and|until|through|bis|und|-|–)\s*"  # noqa: RUF001
    r"(?P<b>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_EACH_YEAR = re.compile(_YEAR)
_STOPS = (
    r"(?:of|for|in|on|at|to|by|with|from|and|or|is|are|was|were|be|been|do|does|did|has|have|had|can|may|must"
    r"|will|should|could|would|that|which|who|when|if|take|takes|cost|costs|last|lasts|work|works)"
)
_TOPIC = re.compile(
    rf"\b(?P<article>the|an?|our|your|my)\s+(?P<noun>(?!{_STOPS}\b)[\w’'-]+(?:\s+(?!{_STOPS}\b)[\w’'-]+){{0,3}})",  # noqa: RUF001
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:it|they|them|he|she|him)\b(?!\s+(?:possible|necessary|true|okay|ok)\b)", re.IGNORECASE
)
_OWN = re.compile(r"\b(?:its|their|his)\b", re.IGNORECASE)
_DAYS_PAIR = re.compile(
    r"\b(?:between|from|zwischen|von|vom)\s+(?P<a>.+)\s+(?:and|to|until|und|bis(?:\s+zu[mr]?)?)\s+(?P<b>[^?]+)",
    re.IGNORECASE,
)
_DAYS_AFTER = re.compile(
    r"\bdays?\s+(?P<way>after|before)\s+(?P<a>.+?)\s+(?:does|do|did|is|are|was|were|will)\s+(?P<b>[^?]+)",
    re.IGNORECASE,
)
_DAYS_UNTIL = re.compile(
    r"\b(?:days?|tage)\b[^?]*?\b(?P<way>until|till|since|bis(?:\s+zu[mr]?)?|seit(?:\s+de[mr])?)\s+(?P<b>[^?]+)",
    re.IGNORECASE,
)
_THAN = re.compile(
    rf"\bhow\s+much\s+(?P<what>(?:more|less)\s+[\w-]+|[\w-]+er)\s+(?:is|are|was|were)\s+(?P<b>{_ITEM}?)"
    rf"\s+than\s+(?P<a>{_ITEM})",
    re.IGNORECASE,
)
_THAN_DOES = re.compile(
    rf"\bhow\s+(?:much|many)\s+(?:more|less|fewer)\s*(?P<noun>(?!does|do|did|has|have)[\w-]*)\s*\b(?:does|do|did|has|have)\s+"
    rf"(?P<b>{_ITEM}?)\s+(?P<verb>cost|weigh|have|had|need|take|use|earn|hold)(?P<per>\s+per\s+\w+)?\s+than\s+"
    rf"(?P<a>{_ITEM})",
    re.IGNORECASE,
)
_SEVERAL = re.compile(rf".*\b(?:of|for|von)\s+(?P<a>{_ITEM}?)\s+(?:and|und)\s+(?P<b>{_ITEM})", re.IGNORECASE)
_MEASURED = re.compile(r"(?P<what>\S.*?)\s+(?:of|von)\s+(?P<item>\S.*)", re.IGNORECASE)
_MEASURES = {
    "price": "cheap cheaper cheapest expensive dear dearer costly cost",
    "weight": "heavy heavier heaviest light lighter lightest weigh",
}
_MEASURE_OF = {word: measure for measure, words in _MEASURES.items() for word in words.split()}
_PERCENT = r"(?:percent(?:age)?|percentage constitution|proportion|share|%)"
_PART_AND_WHOLE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_PERCENT}\s+of\s+(?P<a>.+?)\s+(?:in|among|over|to|out of|relative to)\s+(?P<b>(?:the\s+)?"
        r"(?:total|gross|net|all|overall|sum)\b.+)",
        rf"(?:^|\b(?:is|was|are|were)\s+)(?P<a>[^?]+?)\s+as\s+a\s+{_PERCENT}\s+of\s+(?P<b>.+)",
        r"\bratio\s+of\s+(?P<a>.+?)\s+to\s+(?P<b>.+)",
        r"\bproportion\s+of\s+(?P<a>.+?)\s+(?:over|to|in)\s+(?P<b>.+)",
        r"\banteil\s+(?:von|der|des)\s+(?P<a>.+?)\s+an\s+(?:der|dem|den)?\s*(?P<b>.+)",
    )
)
_OF_ROW = re.compile(
    r"\b(?:change|increase|decrease|growth|average|the mean|durchschnitt\w*)\b", re.IGNORECASE
)
_ARTICLE = re.compile(r"^(?:how much is|what is|the|der|die|das|dem|den)\s+", re.IGNORECASE)
_ONE_YEAR = re.compile(
    rf"\s*,?\s*\b(?:(?:in|for|as of|at|during|im jahr)\s+)?({_YEAR})\b\s*,?", re.IGNORECASE
)
_OPERATION_PATTERNS: tuple[tuple[Operation, str], ...] = (
    ("days", r"\bhow many (?:work(?:ing)?\s?|business\s)?days\b[^?]*"
             r"\b(?:between|from|until|till|since|left|after|before)\b"
             r"|\bwie viele (?:arbeits)?tage\b[^?]*\b(?:zwischen|von|vom|bis|seit|liegen)\b"),
    ("difference", r"\b(?:change|increase|decrease|difference) (?:in|of) (?:the )?(?:percentage|share)\b"),
    ("change", r"(?:\bpercent(?:age)?|%)[- ](?:change|increase|decrease|growth|difference)"
               r"|\b(?:change|increase|decrease|growth|grow|grew)\b[^.?]*\b(?:percent|percentage|%)|\bprozentual"
               r"|\bby (?:how many|what) percent(?:age)?\b|\bum wie ?viele? prozent\b"),
    ("mean", r"\b(?:average|(?:the|arithmetic) mean|durchschnitt\w*)\b"),
    ("ratio", r"\b(?:ratio|proportion|how many times|verhältnis)\b"),
    ("difference", r"\b(?:change|increase|decrease|rise|fall|increase\s*/\s*\(?decrease\)?) (?:in|of)\b"),
    ("sum", r"\b(?:total|sum|combined|altogether|together|insgesamt|summe|zusammen)\b"),
    ("difference", r"\bhow (?:much )?(?:did|has|have|do|does)\b[^?]*\b(?:change|rise|fall|grow|increase"
                   r"|decrease|drop|develop|risen|fallen|grown|changed|increased|decreased)\b"),
    ("difference", r"\b(?:difference|differ|how much (?:more|less|higher|lower|longer|shorter)|how many more"
                   r"|change in|increase in|decrease in|unterschied|differenz|by how much|um wie ?viel)\b"),
    ("larger", r"\b(?:which|what|who|welche[rs]?)\b[^?]*\b(?:more|higher|larger|greater|longer|most|highest"
               r"|largest|longest|heavier|heaviest|größer|höher|länger|mehr|teurer)\b"),
    ("smaller", r"\b(?:which|what|who|welche[rs]?)\b[^?]*\b(?:less|lower|smaller|fewer|shorter|least|lowest"
                r"|smallest|shortest|cheaper|cheapest|lighter|lightest|kleiner|niedriger|kürzer|weniger"
                r"|billiger)\b"),
)  # fmt: skip
_OPERATIONS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _OPERATION_PATTERNS)
_CHANGES = r"(?:change|increase|decrease|growth|rise|fall|drop|grow|develop)"
_OPERATION_WORDS = re.compile(
    r"\b(?:what (?:is|was|are|were)|how much (?:more|less|higher|lower|longer|shorter)"
    r"|how (?:much )?(?:did|has|have|do|does|is|was|are|were)|calculate|compute|compare"
    r"|(?:which|what|welche[rs]?) [\w-]+ (?:has|have|had|is|are|was|were|hat|haben|ist)"
    r"|by how (?:much|many)(?: percent)?(?: (?:did|has|have|do|does|is|was))?"
    r"|by what percent(?:age)?(?: (?:did|has|have|do|does|is|was))?|bec[ao]me"
    r"|wie (?:groß|hoch|viel) (?:ist|war)|(?:der|die) (?:unterschied|differenz)"
    r"|um wie ?viele? (?:prozent |euro |kilo\w* )?(?:ist|sind|hat|haben|war|waren)|teurer|billiger"
    r"|gestiegen|gesunken|gewachsen|gefallen|verändert|geworden|in percent|nominal|fiscal(?: years?)?"
    r"|the (?:nominal |absolute |percentage |percent |% )?"
    rf"(?:increase\s*/\s*\(?decrease\)?|difference|{_CHANGES}|average|mean|ratio|sum|total) (?:in|of|for)?"
    r"|(?:which|what) (?:is|was|were|are) (?:higher|lower|larger|smaller|greater|longer|shorter)"
    r"|higher|lower|larger|smaller|greater"
    rf"|difference|{_CHANGES}|between|average|combined|together)\b",
    re.IGNORECASE,
)
_LOOSE = r"(?:of|in|for|from|to|by|the|an?|and|der|die|das|von|im|bei)"
_LOOSE_ENDS = re.compile(rf"^(?:{_LOOSE}\s+)+|(?:(?:^|\s+){_LOOSE})+$", re.IGNORECASE)
_LOOSE_TWICE = re.compile(
    r"\b(?:of|in|for|from|to|by)\s+(?=(?:of|in|for|from|to|by)\b)|\b(?:the\s+)(?=the\b)", re.IGNORECASE
)
MOST_PARTS = 6
MOST_CHARACTERS = 1500
"""How long a task may be that is computed by its form; a longer one is no question but a text."""
TODAY = "today"
"""The question of a part that the calendar answers."""


@dataclass(frozen=True, slots=True)
class Part:
    """One question of a task; `item` is what tells it from its sister, such as a year."""

    question: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Decomposed:
    """The parts of a task, and what is done with the values that are found for them.

    With `is_row` its one part names a row of a table, of which all years are meant, or the last two.
    """

    parts: tuple[Part, ...]
    operation: Operation = "none"
    is_row: bool = False


def decompose(task: str) -> Decomposed:
    """Return the parts of a task by its form: lists, several questions, two things side by side.

    A task that has no such form is one part. Nothing is asked of a model.
    """
    listed = [match.strip() for match in _LISTED.findall(task)]
    questions = [match.strip() for match in _QUESTIONS.findall(task)]
    if len(listed) > 1:
        return Decomposed(tuple(Part(text) for text in listed[:MOST_PARTS]))
    if len(questions) > 1:
        return Decomposed(tuple(Part(text) for text in _with_topic(questions[:MOST_PARTS])))
    if len(task) > MOST_CHARACTERS:
        return Decomposed((Part(task.strip()),))
    operation = operation_of(task)
    if computed := _computed(task, operation):
        return computed
    clauses = [clause.strip(" ,") for clause in _CLAUSES.split(task) if clause.strip(" ,")]
    if len(clauses) > 1:
        asked = [f"{clause.rstrip('?')}?" for clause in clauses[:MOST_PARTS]]
        return Decomposed(tuple(Part(text) for text in _with_topic(asked)))
    if operation in ("mean", "difference", "change") and _OF_ROW.search(task) and not _EACH_YEAR.search(task):
        return Decomposed((Part(task.strip()),), operation, is_row=True)
    return Decomposed((Part(task.strip()),), "none")


def _with_topic(questions: Sequence[str]) -> list[str]:
    """Return questions that can be asked alone: "Who approves it?" names what the first one is about."""
    topic = _TOPIC.search(questions[0])
    if topic is None:
        return list(questions)
    named = f"{topic['article']} {topic['noun']}".strip()
    return [
        questions[0],
        *(_OWN.sub(f"{named}'s", _PRONOUN.sub(named, question, count=1)) for question in questions[1:]),
    ]


def _computed(task: str, operation: Operation) -> Decomposed | None:
    """Return a task cut into the values that something is computed of, `None` where it has no such form."""
    if operation == "days" and (days := _days(task)):
        return Decomposed(days, operation)
    if match := _THAN.search(task):
        what = re.sub(r"^(?:more|less)\s+", "", match["what"], flags=re.IGNORECASE)
        return Decomposed(_side_by_side(match, f"{what} {task[match.end() :]}"), "difference")
    if match := _THAN_DOES.search(task):
        what = match["noun"] or match["verb"]
        return Decomposed(
            _side_by_side(match, f"{what}{match['per'] or ''} {task[match.end() :]}"), "difference"
        )
    if len(years := _years(task, operation)) > 2:
        return Decomposed(years, operation)
    if (whole := _part_and_whole(task)) and operation not in ("change", "difference", "mean"):
        return Decomposed(whole, "ratio" if re.search(r"\b(?:ratio|proportion) of\b", task) else "share")
    pair = _pair(task)
    if pair is None and operation in ("sum", "mean") and (match := _SEVERAL.search(task)):
        pair = _side_by_side(match, f"{task[: match.start('a')]} {task[match.end() :]}")
    return None if pair is None else Decomposed(pair, operation)


def operation_of(task: str) -> Operation:
    """Return what a task wants done with values."""
    return next((name for name, pattern in _OPERATIONS if pattern.search(task)), "none")


def _about(text: str) -> str:
    """Return what a task is about, without what is to be done with it."""
    plain = " ".join(_OPERATION_WORDS.sub(" ", text).split()).strip(" ?.,:")
    return _LOOSE_ENDS.sub("", _LOOSE_TWICE.sub("", plain).strip(" ?.,:"))


def _days(task: str) -> tuple[Part, ...]:
    """Return the two questions for dates that a number of days lies between; one of them may be today."""
    if match := _DAYS_PAIR.search(task):
        sides = [_ARTICLE.sub("", match[side].strip(" ,.")) for side in ("a", "b")]
        return tuple(Part(TODAY if side.lower() in ("now", "heute") else side) for side in sides)
    if match := _DAYS_AFTER.search(task):
        sides = [_ARTICLE.sub("", match[side].strip(" ,.")) for side in ("a", "b")]
        return tuple(Part(side) for side in (sides if match["way"].lower() == "after" else sides[::-1]))
    if match := _DAYS_UNTIL.search(task):
        sides = [TODAY, _ARTICLE.sub("", match["b"].strip(" ,."))]
        return tuple(Part(side) for side in (sides[::-1] if match["way"][0] in "Ss" else sides))
    return ()


def _years(task: str, operation: Operation) -> tuple[Part, ...]:
    """Return one question for each of three years or more that a sum or a mean goes over."""
    if operation not in ("sum", "mean") or not (match := _YEARS.search(task) or _RANGE.search(task)):
        return ()
    years = _EACH_YEAR.findall(match.group())
    if "b" in match.groupdict():  # from the first to the last, with those between
        years = [str(year) for year in range(int(match["a"]), int(match["b"]) + 1)]
    about = _about(f"{task[: match.start()]} {task[match.end() :]}")
    return tuple(Part(f"{about} {year}", year) for year in years) if len(years) <= MOST_PARTS else ()


def _part_and_whole(task: str) -> tuple[Part, ...] | None:
    """Return the two questions that a share of a whole comes to, both of the year that is named."""
    year = _ONE_YEAR.search(task)
    plain = _ONE_YEAR.sub(" ", task) if year else task
    for pattern in _PART_AND_WHOLE:
        if match := pattern.search(plain.strip(" ?.")):
            sides = [_ARTICLE.sub("", _ARTICLE.sub("", match[side].strip(" ,"))) for side in ("a", "b")]
            item = year[1] if year else ""
            return tuple(Part(" ".join(f"{side} {item}".split()), item) for side in sides)
    return None


def _pair(task: str) -> tuple[Part, ...] | None:
    """Return the two questions that a task about two things side by side comes to."""
    for pattern in _PAIRS:
        match = pattern.search(task)
        if match is None:
            continue
        return _side_by_side(match, f"{task[: match.start()]} {task[match.end() :]}")
    return None


def _side_by_side(match: re.Match[str], rest: str) -> tuple[Part, ...]:
    """Return one question for each of two items: what the task is about, and the item."""
    items = [_ARTICLE.sub("", match[side].strip(" ?.,")) for side in ("a", "b")]
    measured = None if _MEASURED.match(items[1]) else _MEASURED.match(items[0])
    if measured:
        rest = f"{rest.rstrip(' ?')} {measured['what']}"  # of both: the price of the pass and the ticket
        items[0] = _ARTICLE.sub("", measured["item"])
    about = " ".join(_MEASURE_OF.get(word.lower(), word) for word in _about(rest).split())
    about = re.sub(r"\b(?:more|less)\s+(?=price|weight)", "", about)
    return tuple(Part(" ".join(f"{about} {item}".split()), item) for item in items)
