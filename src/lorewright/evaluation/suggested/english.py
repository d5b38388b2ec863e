"""Questions that one English sentence answers: its numbers, dates, places, names and reasons asked for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lorewright.evaluation.suggested.english_clause import (
    Clause,
    Spelling,
    clause_of,
    is_subject,
    joined,
    with_perfect,
)
from lorewright.evaluation.suggested.english_words import (
    BASES,
    DATE,
    HEDGE,
    MONEY,
    NUMBER,
    PARTICIPLES,
    PERCENT,
    PREPOSITIONS,
    ROLES,
    TIME,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the words of the sentence that answer it."""

    question: str
    answer: str
    is_definition: bool = False


_WHEN = re.compile(rf"(?:^|(?<= ))(on|in|since|until|by|at) (?:the )?({DATE}|{TIME})(?=$|[ ,])")
_WHEN_ASKS = {
    "on": "When", "in": "When", "at": "When", "since": "Since when", "until": "Until when", "by": "By when",
}  # fmt: skip
_HOW_MANY = re.compile(
    rf"^(?P<hedge>{HEDGE})(?P<number>{NUMBER}) (?P<noun>(?:[a-z][a-z-]+ ){{0,2}}?[a-z][a-z-]*[a-rt-z]s"
    rf"|people|children)"
    r"(?=$|[ ,;])",
    re.IGNORECASE,
)
_HOW_MUCH = re.compile(rf"^(?P<hedge>{HEDGE})(?P<money>{MONEY})(?=$|[ ,;])", re.IGNORECASE)
_PERCENT = re.compile(rf"^(?P<hedge>{HEDGE})(?P<percent>{PERCENT})(?=$|[ ,;])", re.IGNORECASE)
_WITHIN = re.compile(
    rf"\b(within|after|every|for) ({HEDGE}{NUMBER} (?:[a-z]+ )?(second|minute|hour|day|week|month|year)s?)\b"
)
_WHERE = re.compile(
    r"^((?:currently |now |mainly )?(?:located|headquartered|situated|held|stored|kept|born|displayed"
    r"|built|based(?! on))) "
    r"((?:in|at|on|near|under) .+)$"
)
_APPOSITION = re.compile(
    r"^((?:The |An? )?[A-Z][^,.;]{1,45}), (?:(?:an?|the|also|formerly|known|or|born|which|who) "
    r")[^,.;]{3,90}, "
    r"((?:is|are|was|were|has|have|can|must|will|had) )"
)
_DATED = re.compile(rf"^(?P<when>(?:In|On|Since|By|Until) {DATE}),? (?P<rest>[^,].*)\.$")
_OTHER_CLAUSE = re.compile(r"\b(?:that|which|who|when|if|you|I)\b")
_SUBORDINATE = re.compile(r"\b(?:that|which|who|when|where|while|because|but|if)\b")
_LOOSE = re.compile(r"[;:()\[\]\"“”|]| — | – |\.\.\.|…|\be\.g\.|\bi\.e\.")  # noqa: RUF001
_PERSON = re.compile(
    r"\b(?:son|daughter|wife|husband|brother|sister|actor|actress|singer|player|writer|author|character|king|queen|"
    r"politician|scientist|engineer|musician|director|man|woman|lawyer|president|founder|member|star|winner|candidate|who)\b"
)
_NO_DEFINITION = re.compile(
    r"(?:an?|the) (?:(?:very|more|most|least|common|popular|important|good|great|best|latest|last"
    r"|first|only|same|"
    r"main|primary|key|major|minor|default|recommended|critical|crucial|useful|serious|growing) )"
    r"|(?:an?|the) (?:\w+ )?(?:choice|part|way|example|option|thing|reason|result|number|lot|matter"
    r"|step|problem|aspect|source|site|home|cause)\b"
)
_ADJECTIVES = ("long", "high", "old", "wide", "deep", "tall", "large", "heavy", "thick")
_PAYING = frozenset("cost pay charge earn receive raise spend donate save make".split())  # noqa: SIM905
_DURATIONS = ("seconds", "minutes", "hours", "days", "weeks", "months", "years")
_LISTING = (
    "include",
    "contain",
    "require",
    "support",
    "cover",
    "cause",
    "affect",
    "provide",
    "measure",
    "need",
)
_FEWEST, _MOST = 5, 36


def ask(sentence: str, spelling: Spelling) -> Iterator[Asked]:
    """Yield the questions that a sentence answers; `spelling` is that of its document."""
    sentence = _simplified(sentence)
    n_words = len(sentence.split())
    if not _FEWEST <= n_words <= _MOST or not sentence.endswith(".") or not sentence[0].isupper():
        return
    if _LOOSE.search(sentence[:-1]) or " respectively" in sentence:
        return
    yield from _share_of(sentence)
    found = clause_of(sentence, spelling)
    if found is None:
        return
    clause = with_perfect(found)
    for each in (_time, _amount, _period, _place, _agent, _reason, _purpose, _listing, _identity):
        yield from each(clause)


def _simplified(sentence: str) -> str:
    """Return a sentence without what is put in between, and with a date at its end that began it."""
    plain = re.sub(r"\s*\([^()]*\)", "", sentence)
    plain = _APPOSITION.sub(r"\1 \2", plain)
    moved = _DATED.match(plain)
    if moved and "," not in moved["rest"]:
        rest = moved["rest"][0].upper() + moved["rest"][1:]
        return f"{rest} {moved['when'][0].lower()}{moved['when'][1:]}."
    return plain


def _time(clause: Clause) -> Iterator[Asked]:
    matches = list(_WHEN.finditer(clause.rest))
    if len(matches) != 1 or re.search(DATE, clause.subject):
        return
    [match] = matches
    before, after = clause.rest[: match.start()].strip(" ,"), _after_date(clause.rest[match.end() :])
    if after is None:
        return
    is_copula = not clause.verb and clause.auxiliary in ("is", "was", "are", "were")
    if not before and is_copula and not after:
        yield Asked(clause.ask("When"), match[2])
        return
    if not (before or clause.verb) or _dangles(before) or "," in before or _SUBORDINATE.search(before):
        return
    yield Asked(clause.ask(_WHEN_ASKS[match[1]], joined(before, after)), match[2])


def _after_date(text: str) -> str | None:
    """Return what may follow in the question of what stands behind a date; None where it is a part of it."""
    stripped = text.strip()
    if not stripped or stripped.startswith((",", "compared ", "when ", "and was ", "but ")):
        return ""
    first = stripped.split()[0].lower()
    if first in ("and", "or", "to", "through", "until", "as", "than") or not (
        first in PREPOSITIONS or first.endswith("ing")
    ):
        return None
    cut = re.split(r",| compared ", stripped)[0]
    return "" if " and " in cut else cut if len(cut.split()) <= 6 else None


def _amount(clause: Clause) -> Iterator[Asked]:
    """Ask how many or how much: the quantity right behind the verb, or behind a participle."""
    words = clause.rest.split()
    for n_before in range(min(4, len(words))):
        before, behind = " ".join(words[:n_before]), " ".join(words[n_before:])
        if (
            (n_before and not _may_precede(words[:n_before]))
            or re.search(r"\d", before)
            or behind.startswith("over up to")
        ):
            continue
        yield from _quantity(clause, before, behind)
        if _HOW_MANY.match(behind) or _HOW_MUCH.match(behind) or _PERCENT.match(behind):
            return


def _quantity(clause: Clause, before: str, behind: str) -> Iterator[Asked]:
    is_copula = not clause.verb and clause.auxiliary in ("is", "was") and not before
    for pattern, ask_for in ((_HOW_MUCH, _how_much), (_PERCENT, _percentage)):
        match = pattern.match(behind)
        if match is not None:
            after = _tail(behind[match.end() :])
            if after is not None and is_copula:
                yield from _is(clause, match[0], after)
            elif after is not None:
                yield from ask_for(clause, match[0], before, after)
            return
    match = _HOW_MANY.match(behind)
    if match is None:
        return
    after = behind[match.end() :].strip()
    if is_copula or (not before and clause.auxiliary in ("are", "were") and not clause.verb):
        yield from _measure(clause, match[0], match["noun"], after)
    else:
        yield from _how_many(clause, match, before, _tail(after))


def _how_much(clause: Clause, amount: str, before: str, after: str) -> Iterator[Asked]:
    if clause.verb in _PAYING or re.search(
        r"(?: for| to| at|cost|pay|spend|claim|receive|charge|paid)$", before
    ):
        yield Asked(clause.ask("How much", joined(before, after)), amount)


def _percentage(clause: Clause, share: str, before: str, after: str) -> Iterator[Asked]:
    is_by = before.endswith("by")
    if not after.startswith("of") and (is_by or clause.verb in ("pay", "receive", "cover")):
        opening = "By what percentage" if is_by else "What percentage"
        yield Asked(clause.ask(opening, joined(before.removesuffix("by"), after)), share)


def _how_many(clause: Clause, match: re.Match[str], before: str, rest: str | None) -> Iterator[Asked]:
    noun = match["noun"]
    if rest is None or noun.split()[0] in PREPOSITIONS | {"and", "or"}:
        return
    if re.search(r"\b(?:by|of|in|from|with|for)$", before):
        return
    if clause.verb == "last" or (clause.verb == "take" and noun in _DURATIONS):
        yield Asked(clause.ask("How long", rest), match[0])
        return
    of = re.match(
        r"of (?:the )?\w+(?: \w+)?(?=$| (?:to|in|per|for|at|on|from|within|during|with|by)\b)", rest
    )
    if of:
        noun, rest = f"{noun} {of[0]}", rest[of.end() :].strip()
    elif rest.startswith("of "):
        noun, rest = f"{noun} {rest}", ""
    if len(noun.split()) <= 6:
        answer = joined(match["hedge"], match["number"], match["noun"])
        yield Asked(clause.ask(f"How many {noun}", joined(before, rest)), answer)


def _is(clause: Clause, quantity: str, after: str) -> Iterator[Asked]:
    if not after or after.split()[0] in PREPOSITIONS:
        yield Asked(clause.ask("What", after), quantity)


def _measure(clause: Clause, quantity: str, noun: str, after: str) -> Iterator[Asked]:
    """Ask for what a thing is: "How long is …" or "What is …"."""
    adjective = after.split(" ")[0] if after else ""
    if adjective in _ADJECTIVES:
        rest = after.removeprefix(adjective).strip()
        if not rest or rest.split()[0] in PREPOSITIONS:
            yield Asked(clause.ask(f"How {adjective}", rest), f"{quantity} {adjective}")
    elif clause.auxiliary in ("is", "was") and (
        not after or after.split()[0] in ("per", "for", "by", "in", "on", "at", "from")
    ):
        opening = (
            "How long"
            if noun in _DURATIONS
            and re.search(r"(period|term|time|leave|duration|warranty)$", clause.subject)
            else "What"
        )
        yield Asked(clause.ask(opening, after), quantity)


def _period(clause: Clause) -> Iterator[Asked]:
    """Ask "within how many days" and "how often"."""
    matches = list(_WITHIN.finditer(clause.rest))
    if len(matches) != 1:
        return
    [match] = matches
    before, after = clause.rest[: match.start()].strip(), _tail(clause.rest[match.end() :])
    if after is None or _dangles(before) or "," in before or not (before or clause.verb):
        return
    unit = f"{match[3]}s"
    opening = {
        "within": f"Within how many {unit}",
        "after": f"After how many {unit}",
        "every": "How often",
        "for": "For how long",
    }[match[1]]
    answer = match[0] if match[1] in ("every", "within") else match[2]
    if after.startswith("of "):
        opening, after = f"{opening} {after}", ""
    yield Asked(clause.ask(opening, joined(before, after)), answer)


def _place(clause: Clause) -> Iterator[Asked]:
    match = _WHERE.match(clause.rest)
    if not match or clause.auxiliary not in ("is", "was", "are", "were") or clause.verb:
        return
    place = re.split(r"[,;]| (?:and|but|where|which|that|on \d|in \d{4})\b", match[2])[0].strip()
    if len(place.split()) <= 10 and not re.search(rf"(?:in|on|at) (?:the )?(?:{DATE}|{TIME})", place):
        yield Asked(clause.ask("Where", match[1]), place)


def _agent(clause: Clause) -> Iterator[Asked]:
    """Ask by whom something is done, and by what it is caused."""
    match = re.match(r"^((?:jointly |originally |first )?(\w+)) by ([^,]+)", clause.rest)
    is_passive = clause.auxiliary in ("is", "was", "are", "were") and not clause.verb
    if not match or not is_passive or match[2] not in PARTICIPLES or re.search(r"\d", match[3]):
        return
    agent = re.split(
        r" (?:in|on|at|for|as|to|with|within|during|when|before|after|from|who|which|that|and (?:is"
        r"|was|are|were))\b",
        match[3],
    )[0]
    words = agent.split()
    is_named = re.match(r"(?:the |an? )?[A-Z]", agent) is not None and words[-1][0].isupper()
    if (words[-1].lower() in ROLES or is_named) and len(words) <= 8:
        yield Asked(clause.ask("Who", f"{match[1]} by"), agent)
    elif match[2] in ("caused", "triggered", "governed", "funded", "replaced", "determined", "powered"):
        yield Asked(
            clause.ask("What", f"{match[1]} by"),
            re.split(r" (?:which|that|where|who|and (?:is|are|was|has|can|may))\b", match[3])[0],
        )


def _reason(clause: Clause) -> Iterator[Asked]:
    before, found, reason = clause.rest.partition(" because ")
    is_short = len(reason.split()) <= 20
    if (
        not found
        or not before
        or clause.subject in ("I", "you")
        or clause.auxiliary == "will"
        or not is_short
    ):
        return
    if "," not in before and not reason.startswith(("of ", "it ", "they ")):
        yield Asked(clause.ask("Why", before), f"because {reason}")


def _purpose(clause: Clause) -> Iterator[Asked]:
    match = re.match(r"^(?:commonly |mainly |often |primarily )?used (to|for|as) (.+)$", clause.rest)
    if match and clause.auxiliary in ("is", "are") and not clause.verb:
        answer = f"to {match[2]}" if match[1] == "to" else match[2]
        yield Asked(clause.ask("What", "used as" if match[1] == "as" else "used for"), answer)


def _listing(clause: Clause) -> Iterator[Asked]:
    """Ask for what a thing includes or requires, where the sentence names several things."""
    rest = clause.rest
    is_list = re.search(r"\w, .*\b(?:and|or) \w", rest) is not None and not _HOW_MANY.match(rest)
    is_plain = not re.match(r"(?:to|by|how|about|\w+ing)\b", rest) and not _OTHER_CLAUSE.search(rest)
    if clause.verb in _LISTING and is_list and is_plain and clause.subject not in ("I", "you"):
        yield Asked(clause.ask("What"), rest)


def _identity(clause: Clause) -> Iterator[Asked]:
    """Ask what a thing is: what the sentence defines, or names."""
    if clause.subject in ("I", "you"):
        return
    if clause.verb in ("mean", "refer", "stand") and clause.auxiliary == "does":
        match = re.match(r"^(?:(to|for) )?(?:that )?(.+)$", clause.rest)
        if match and (clause.verb == "mean") == (match[1] is None):
            yield Asked(clause.ask("What", match[1] or ""), match[2], is_definition=True)
    elif not clause.verb and clause.auxiliary in ("is", "was"):
        named = re.match(r"^the (\w+(?: \w+)?) (?:of|for) (?:the )?(.+)$", clause.subject)
        yield from _named(clause, named[1]) if named else _defined(clause)


def _named(clause: Clause, role: str) -> Iterator[Asked]:
    """Ask for the holder of an office, or for a property of a thing."""
    name = re.match(r"(?:Dr\.? |Prof\.? |Ms\.? |Mr\.? )?[A-Z][\w.-]+(?: [A-Z][\w.-]+)+$", _head(clause.rest))
    if role.split()[-1].lower() in ROLES:
        if name:
            yield Asked(clause.ask("Who"), name[0])
    elif name:
        yield Asked(clause.ask("What"), name[0])
    elif re.match(r"(?:the|an?|its)\b", clause.rest) and len(clause.rest.split()) <= 15:
        yield Asked(clause.ask("What"), clause.rest)


def _defined(clause: Clause) -> Iterator[Asked]:
    subject, definition = clause.subject.split(), _definition(clause.rest)
    if clause.auxiliary != "is" or (subject[0] in ("a", "an") and definition.startswith("the ")):
        return
    if not definition or len(subject) > 5 or not is_subject(subject):
        return
    if subject[0] in ("the", "my", "your", "each", "any", "every") or re.search(
        r" (?:of|for|in|on) |\d", clause.subject
    ):
        return
    is_person = bool(_PERSON.search(" ".join(definition.split()[:7]))) and clause.subject[0].isupper()
    yield Asked(clause.ask("Who" if is_person else "What"), definition, is_definition=True)


def _definition(text: str) -> str:
    """Return what a definition says, '' where it judges or counts rather than defines."""
    cut = re.split(r",? (?:but|although|though|and (?:is|its|it|was|has|can|may)) ", text)[0]
    if not re.match(r"(?:an?|the) ", cut) or len(cut.split()) < 5 or _NO_DEFINITION.match(cut):
        return ""
    return cut


def _share_of(sentence: str) -> Iterator[Asked]:
    """Ask "What percentage of …" and "How many …" where the quantity is the subject."""
    text = sentence.rstrip(" .")
    match = re.match(
        rf"^({HEDGE}{PERCENT}) (of (?:\w+ ){{1,6}}?(?:are|is|have|has|was|were|can|must|will|do|use"
        rf"|receive)\b.*)$",
        text,
        re.IGNORECASE,
    )
    if match and len(match[2].split()) <= 18 and "," not in match[2]:
        yield Asked(f"What percentage {match[2]}?", match[1][0].lower() + match[1][1:])


def _tail(text: str) -> str | None:
    """Return what may follow in a question of what stands behind a quantity; None where it says too much."""
    stripped = text.strip()
    if stripped.startswith((",", ";")) or not stripped:
        return ""
    first = stripped.split()[0].rstrip(",").lower()
    cut = re.split(
        r", (?!\d{4}\b)| compared | (?:and|but|which|that|who|because|while|although|or|so) ", stripped
    )[0]
    if first in ("and", "or", "to", "that", "which", "who", "but", "x", "×", "old"):  # noqa: RUF001
        return "" if first in ("that", "which") else None
    return cut if len(cut.split()) <= 14 else None


def _may_precede(words: list[str]) -> bool:
    """Return whether a quantity behind these words can be asked for: a verb, or one with its preposition."""
    first, last = words[0].lower(), words[-1].lower()
    is_verb = first in BASES or first in PARTICIPLES or first in ("be", "been", "have")
    return is_verb and (last in ("to", "for", "at", "by", "over", "out", "up", "be", "have") or last == first)


def _dangles(text: str) -> bool:
    return bool(text) and text.split()[-1].lower() in PREPOSITIONS | {"the", "a", "an", "and", "or"}


def _head(text: str) -> str:
    return re.split(r",| who | which | since | and ", text)[0].strip()
