"""What columns mean by the words in their names: `customer_message`, `Kundenfrage`."""

import re
from collections.abc import Sequence

_ASKED = frozenset(
    """prompt question query instruction input request utterance text problem message inquiry enquiry ticket
    review comment sentence body mail email complaint feedback post tweet
    frage anfrage nachricht eingabe beschwerde kommentar bewertung""".split()  # noqa: SIM905
)
_ANSWERED = frozenset(
    """completion answer output response reply target solution gold
    antwort ausgabe lösung erwiderung""".split()  # noqa: SIM905
)
_LABELLED = frozenset(
    """label intent category class classification sentiment tag topic stars rating summary
    translation department
    kategorie klasse thema abteilung zusammenfassung übersetzung""".split()  # noqa: SIM905
)
_OTHER = frozenset(
    """id nr no number date time datetime timestamp start end length count type language lang url link author
    by score confidence probability datum uhrzeit nummer anzahl sprache""".split()  # noqa: SIM905
)
"""With one of these a column is about an answer, and is none."""
_BEST = frozenset("expected ideal reference correct preferred chosen best final gold".split())  # noqa: SIM905
_COMPOUNDS = ("frage", "nachricht", "antwort", "kategorie", "beschwerde")
_WORD = re.compile(r"[A-ZÄÖÜ]?[a-zäöüß]+|[A-ZÄÖÜ]+(?![a-zäöüß])|[^\W\d_]+")


def asked_and_answered(names: Sequence[str]) -> tuple[str, str]:
    """Return the column of what is asked and the one of what is answered, '' where no word or several tell.

    A reply is meant before a label, and of two replies the one that is called the expected one.
    """
    words = {name: _words_in(name) for name in names}
    words = {name: of for name, of in words.items() if not of & _OTHER}
    replies = [name for name, of in words.items() if of & _ANSWERED]
    labels = [name for name, of in words.items() if of & _LABELLED and name not in replies]
    asked = [name for name, of in words.items() if of & _ASKED and name not in (*replies, *labels)]
    best = [name for name in replies if words[name] & _BEST]
    return _only(asked), _only(best) or _only(replies) or ("" if replies else _only(labels))


def _words_in(name: str) -> set[str]:
    words = {word.lower() for word in _WORD.findall(name)}
    ends = {end for word in words for end in _COMPOUNDS if word.endswith(end)}
    return words | ends | {word.removesuffix("s") for word in words}


def _only(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ""
