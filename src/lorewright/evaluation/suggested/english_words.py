"""The English words that decide how a sentence is turned into a question."""

import re

from lorewright.knowledge.irregular_forms import verb_forms

AUXILIARIES = frozenset("is are was were can could must should may will would has have had".split())  # noqa: SIM905
DETERMINERS = frozenset("the a an each every all any your our my its their this these".split())  # noqa: SIM905
NO_SUBJECT = frozenset(
    """it this these that those they he she his her hers their its there here such both another other
    others one
    if when while although though as for in on at by with to from after before during since until because so
    then also however but and or nor not no some many most more less several few who what how why where which
    please note see unless once whether therefore thus moreover furthermore additionally finally first second
    next instead otherwise i me let only even just under over above below within without despite like than
    former latter same of between among alongside following given based using depending unlike upon
    across around inside outside throughout toward along near behind""".split()  # noqa: SIM905
)
NOT_IN_SUBJECT = frozenset(
    [
        "that",
        "which",
        "who",
        "whose",
        "whom",
        "if",
        "when",
        "while",
        "because",
        "where",
        "it",
        "they",
        "he",
        "she",
        "this",
    ]
)
PREPOSITIONS = frozenset(
    [
        "of",
        "in",
        "on",
        "at",
        "by",
        "to",
        "from",
        "with",
        "for",
        "into",
        "onto",
        "over",
        "under",
        "between",
        "among",
        "about",
        "against",
        "through",
        "per",
        "via",
        "as",
        "than",
        "within",
        "during",
        "after",
        "before",
        "until",
        "since",
        "up",
    ]
)
ROLES = frozenset(
    """manager team director department board office committee council employee employees owner author founder
    president ceo cto cfo chair chairman minister mayor teacher doctor physician nurse editor inventor
    engineer
    administrator admin supervisor officer lead leader head secretary administration staff person contact
    administrators managers""".split()  # noqa: SIM905
)
_REGULAR = """
accept accompany achieve acquire add adopt affect allow announce answer appear apply appoint approve archive
ask attend base calculate call cancel carry cause change charge check claim close collect complete connect
consist contain control convert cost cover create cross decide declare define delete deliver depend deploy
design
develop die discover display distribute divide donate double earn employ enable encrypt end enter establish
exceed exist expand expire explain export extend fail finish fix follow form found fund generate govern grow
handle happen head help hire host identify implement import improve include increase inherit install introduce
invent invest issue join keep last launch lead learn lie limit link list live load locate lower maintain
manage
manufacture marry mean measure merge move name need occur offer open operate order organise organize own pass
pay perform permit plan play prevent process produce protect provide publish purchase raise range reach
receive
record reduce refer refund register release remain remove rename renew replace report represent request
require
reserve restart retain retire return reverse review run save sell send serve settle sign sit specify stand
start
stay stop store submit supply support switch take teach test total trade train transfer travel treat turn
upgrade use validate verify visit wait weigh win work write
"""
_IRREGULAR = {
    base: verb_forms()[base]
    for base in """become begin bring build buy come cost get give go grow hold keep lead lie lose make mean
    meet pay run rise fall sell send sit spend stand take teach win write show leave sing draw see
    set""".split()  # noqa: SIM905
}
_DOUBLED = frozenset("stop plan ship submit permit transfer refer occur control cancel".split())  # noqa: SIM905


def _third(base: str) -> str:
    if base.endswith(("s", "x", "ch", "sh", "o")):
        return f"{base}es"
    return f"{base[:-1]}ies" if re.search(r"[^aeiou]y$", base) else f"{base}s"


def _past(base: str) -> str:
    if base.endswith("e"):
        return f"{base}d"
    if re.search(r"[^aeiou]y$", base):
        return f"{base[:-1]}ied"
    return f"{base}{base[-1]}ed" if base in _DOUBLED else f"{base}ed"


def _gerund(base: str) -> str:
    if base.endswith("ie"):
        return f"{base[:-2]}ying"
    if base.endswith("e") and not base.endswith("ee"):
        return f"{base[:-1]}ing"
    return (
        f"{base}{base[-1]}ing" if base in _DOUBLED | {"get", "set", "run", "win", "begin"} else f"{base}ing"
    )


BASES = frozenset(_REGULAR.split()) | frozenset(_IRREGULAR)
THIRD = {_third(base): base for base in BASES}
PAST = {_past(base): base for base in BASES if base not in _IRREGULAR}
PAST |= {forms[0]: base for base, forms in _IRREGULAR.items()}
PARTICIPLES = {_past(base): base for base in BASES if base not in _IRREGULAR}
PARTICIPLES |= {forms[1]: base for base, forms in _IRREGULAR.items()}
GERUNDS = {
    _gerund(base): base for base in BASES | {"set", "get", "use", "configure", "troubleshoot", "view", "edit"}
}
SIMPLE_PAST = {base: past for past, base in PAST.items()}

MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
DATE = (
    rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{MONTH}(?:,? \d{{4}})?"
    rf"|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|{MONTH} \d{{4}}|(?:early |late "
    rf"|mid-)?(?:1[5-9]|20)\d{{2}}s?"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|Q[1-4] \d{4})"
)
TIME = r"(?:\d{1,2}(?::\d{2})? ?(?:am|pm|a\.m\.|p\.m\.)|\d{1,2}:\d{2}|noon|midnight)"
NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    "seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|ninety|hundred"
)
NUMBER = rf"(?:\d[\d,]*(?:\.\d+)?(?: (?:million|billion|thousand|hundred))?|(?:{NUMBER_WORDS}))"
MONEY = (
    rf"(?:(?:US|C|A)?[$€£¥] ?{NUMBER}(?:[mkbMKB]\b|bn\b)?|(?:USD|EUR|GBP|CHF) {NUMBER}"
    rf"|{NUMBER} ?(?:euros?|dollars?|pounds|francs|cents|EUR|USD|GBP|CHF|€|£))"
)
PERCENT = rf"{NUMBER} ?(?:%|per ?cent(?:age points)?\b)"
HEDGE = (
    r"(?:(?:up to|at most|at least|a maximum of|a minimum of|a total of|about|around|approximately"
    r"|roughly|nearly"
    r"|almost|more than|less than|fewer than|over|exactly|only|no more than|as many as) ){0,2}"
)
