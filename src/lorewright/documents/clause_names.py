"""What clauses of laws, terms and contracts are called, in a dozen languages, and how they are numbered."""

import re
from dataclasses import dataclass

_NAMES = (
    "part title book schedule annex appendix exhibit teil titel buch anhang anlage partie titre livre annexe "
    "parte título titolo libro anexo allegato dział księga załącznik část příloha deel bijlage раздел розділ",
    "chapter kapitel chapitre capítulo capitolo rozdział hlava hoofdstuk глава kapitola",
    "section sec abschnitt sección seção sezione oddział oddíl afdeling paragraaf",
    "article art artikel artículo artigo articolo artykuł článek čl статья стаття clause ziffer klausel",
    "§ §§",
)
"""From the widest to the narrowest."""
_RANKS = {name: rank for rank, names in enumerate(_NAMES) for name in names.split()}
NUMBERED = len(_NAMES)
"""The rank of a clause that has a number alone: "4.2"."""
_ANY_NAME = "|".join(sorted((re.escape(name) for name in _RANKS if "§" not in name), key=len, reverse=True))
NAME = rf"(?:(?:{_ANY_NAME})\b\.?|§{{1,2}})"
NUMBER = r"(?:\d{1,4}(?:\.\d{1,3}){0,4}[a-z]?|[IVXLC]{1,7}|[A-Z])"
_TITLE = re.compile(rf"(?i:(?P<name>{NAME}))[ \t\xa0]*(?P<number>{NUMBER})(?![\w(]|\.\d)")
_BARE = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3}){0,4})[.)]?(?=[ \t])")


@dataclass(frozen=True, slots=True)
class Clause:
    """The rank and the number of a clause, and where its title begins in its line."""

    rank: int
    number: str
    end: int


def clause_of(title: str) -> Clause | None:
    """Return the clause that a heading begins with: "Article 4 Rent", "§ 12", "4.2 Liability"; or `None`."""
    named = _TITLE.match(title)
    if named is not None:
        return Clause(rank_of(named["name"]), named["number"].upper(), named.end())
    bare = _BARE.match(title)
    return Clause(NUMBERED, bare["number"], bare.end()) if bare else None


def rank_of(name: str) -> int:
    """Return how narrow a clause of this name is."""
    return _RANKS[name.lower().rstrip(".")]
