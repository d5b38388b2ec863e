"""Clauses that a question names: "Article 4(2)", "§ 12 Abs. 3", "art. 5 ust. 2", "clause 4.2"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lorewright.documents.clause_names import NAME, NUMBERED, clause_of, rank_of
from lorewright.knowledge.hit import Hit
from lorewright.knowledge.quotable import Quotable, quotables
from lorewright.knowledge.words import STOP_WORDS

_STEP = (
    r"(?:para(?:graph)?|sub(?:section|paragraph)|abs(?:atz)?|ust(?:ęp)?|odst(?:avec)?|al(?:inéa)?|apartado|párrafo|"
    r"comma|lid|nr|lit|point|punkt|pkt|satz|letter|buchstabe|item)\.?"
)
_REFERENCE = re.compile(
    rf"(?<![\w-])(?i:(?P<name>{NAME}))[ \xa0]*(?P<number>\d{{1,4}}[a-z]?|[IVXLC]{{1,7}}(?![a-z]))"
    rf"(?P<parts>(?:\.\d{{1,3}})*)"
    rf"(?P<steps>(?:\s*\(\s*\w{{1,4}}\s*\)|,?\s+(?i:{_STEP})\s*\(?\w{{1,3}}\b\)?)*)"
)
_STEP_NUMBER = re.compile(rf"\(\s*(\w{{1,4}})\s*\)|(?i:{_STEP})\s*\(?(\w{{1,3}})\b")
_MARK = re.compile(
    r"(?P<open>\(?)(?P<number>\d{1,3}(?:\.\d{1,3})*[a-z]?|[a-zA-Z]{1,4})(?P<close>[.)]|(?=[ \t]))"
)
_WORD = re.compile(r"[^\W\d_]+")
_SAYING = frozenset(
    """say says said state states regulate regulates regulated provide provides contain contains cover
    covers mean means read reads text wording content contents written tell tells rule rules require
    requires show quote full clause article section paragraph bylaw law act agreement contract terms
    regulation statute policy was steht sagt regelt besagt lautet inhalt wortlaut enthält bestimmt der
    die das des dem den im in von vom zu zum que qué dit prévoit stipule contient énonce dice establece
    contiene regula quel texte texto le la les el los de du del l d y et co mówi stanowi określa
    reguluje brzmi treść zawiera jest w z co říká stanoví upravuje zní je v ve che cosa dice prevede
    stabilisce il lo gli wat staat zegt bepaalt het een van""".split()  # noqa: SIM905
)
_OTHER_NAME = 0.3
_MOST_PARTS, _MOST_CHARACTERS = 24, 4_000
_NARROW = 2
"""The rank from which on a clause is called by one narrow name and by another: § 4, section 4, article 4."""
_OF = re.compile(
    r"\s*(?:of|in|from|der|des|dem|im|in|zum|zur|vom|aus|de|du|des|del|della|dello|dell|van|z|ze|ustawy|umowy|"
    r"regulaminu|zákona|smlouvy|řádu)\b",
    re.IGNORECASE,
)
"""What leads to the name of the law, behind the number of its clause."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A clause that a question names: its rank, its number, and the numbers of the parts in it.

    `is_all` tells whether the question asks for nothing but what it says.
    """

    rank: int
    number: str
    steps: tuple[str, ...]
    is_all: bool

    def likeness(self, titles: Sequence[str]) -> float:
        """Return 1 where one of these headings is that of the clause, less where it goes by another name."""
        return max(map(self._likeness, titles), default=0.0)

    def _likeness(self, title: str) -> float:
        clause = clause_of(title)
        if clause is None or clause.number.upper() != self.number:
            return 0.0
        if clause.rank == self.rank:
            return 1.0
        if clause.rank == NUMBERED and self.rank == _NARROW:
            return 1.0  # "section 3" of a contract that counts its chapters
        return _OTHER_NAME if min(clause.rank, self.rank) >= _NARROW else 0.0


def reference_in(question: str) -> Reference | None:
    """Return the first clause that a question names, `None` where it names none."""
    found = _REFERENCE.search(question)
    if found is None:
        return None
    parts = found["parts"]
    steps = [first or second for first, second in _STEP_NUMBER.findall(found["steps"])]
    if parts:
        steps.insert(0, f"{found['number']}{parts}")
    before, behind = question[: found.start()], question[found.end() :]
    is_all = not _asked_about(before) and (bool(_OF.match(behind)) or not _asked_about(behind))
    return Reference(
        rank_of(found["name"]), found["number"].upper(), tuple(step.lower() for step in steps), is_all
    )


def _asked_about(words: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(words)} - STOP_WORDS - _SAYING


def parts_named(reference: Reference, hits: Sequence[Hit]) -> list[Quotable]:
    """Return the parts of the clause, in order, as far as the hits hold it: of the first document that does.

    Nothing where no hit stands under its heading, or where it has no such part.
    """
    alike = [(reference.likeness(hit.chunk.heading_path), hit) for hit in hits]
    most = max((likeness for likeness, _ in alike), default=0.0)
    if not most:
        return []
    below = [hit for likeness, hit in alike if likeness == most]
    first = below[0].chunk
    same = [hit for hit in below if hit.chunk.document_id == first.document_id]
    unique = {hit.chunk.start: hit for hit in same if hit.chunk.heading_path == first.heading_path}
    parts = [part for _, hit in sorted(unique.items()) for part in quotables(hit)]
    for step in reference.steps:
        parts = list(_part(parts, step))
    return parts


def is_short(parts: Sequence[Quotable]) -> bool:
    """Tell whether parts can be shown as a whole."""
    return len(parts) <= _MOST_PARTS and sum(len(part.text) for part in parts) <= _MOST_CHARACTERS


def _part(parts: Sequence[Quotable], step: str) -> Iterator[Quotable]:
    """Yield the part with a number and what belongs to it: all until the next one that is marked likewise."""
    style: tuple[str, str] | None = None
    for part in parts:
        mark = _MARK.match(part.text)
        is_marked = mark is not None and (bool(mark["close"]) or mark["number"][0].isdigit())
        if style is None:
            if mark is None or not is_marked or mark["number"].lower() != step:
                continue
            style = _style(mark)
        elif mark is not None and is_marked and _style(mark) == style:
            return
        yield part


def _style(mark: re.Match[str]) -> tuple[str, str]:
    number = mark["number"]
    kind = str(number.count(".")) if number[0].isdigit() else "letter"
    return f"{mark['open']}{mark['close']}", kind
