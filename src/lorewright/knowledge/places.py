"""What one place of several texts bears of a claim: pieces scattered over many bear nothing together."""

from collections.abc import Sequence
from dataclasses import replace

from lorewright.knowledge.pieces import combines, inherits, names_of, pieces
from lorewright.knowledge.wording import Said, Source, Wording

_MOST_MISSING = 2
_HELD_WEIGHT = 6.0
"""How many missing facts the share of held words outweighs where the best place is chosen."""


class Places:
    """Texts of which each is one place, such as a chunk with its title and headings.

    What stands only in `said`, the turns of the conversation, counts as known in every place: the
    documents say nothing of it.
    """

    def __init__(self, texts: Sequence[str], *, said: Sequence[str] = ()) -> None:
        self.everywhere = Source([*texts, *said])
        is_one = len(texts) < 2 and not said
        self._each = [self.everywhere] if is_one else [Source([text]) for text in texts]
        self._documents = Source(texts) if said else self.everywhere
        self._said = Source(said) if said else None

    def wording(self, claim: str) -> tuple[Wording, int]:
        """Return what the best place has of a claim's wording, and which place that is.

        A claim that puts several places together is looked up part by part, or everywhere where it
        compares. Where a name stands with other neighbours, any place tells.
        """
        whole = self.everywhere.read(claim)
        if not whole.words or not self._each:
            return self.everywhere.wording(claim), 0
        best, place = self._best(whole)
        if best.n_missing and len(self._each) > 1:
            if combines(whole.text):
                best = self.everywhere.held(whole)
            else:
                best = min(best, self._in_parts(whole), key=_doubt)
        return replace(best, displaced=self.everywhere.displaced(whole)), place

    def _best(self, said: Said) -> tuple[Wording, int]:
        found = [self._held(source, said) for source in self._each]
        place = min(range(len(found)), key=lambda number: _doubt(found[number]))
        return found[place], place

    def _held(self, source: Source, said: Said) -> Wording:
        wording = source.held(said)
        if self._said is None or not said.words:
            return wording
        words = set(said.words)
        n_own = sum(self._said.has(word) and not self._documents.has(word) for word in words)
        n_own_facts = sum(
            self._said.states(fact, said) and not self._documents.states(fact, said)
            for fact in (*said.opening, *said.facts)
        )
        return replace(
            wording,
            held=wording.held + n_own / len(words),
            n_missing=wording.n_missing - n_own_facts,
        )

    def _in_parts(self, whole: Said) -> Wording:
        """Return what is held of a claim's parts, each at its own best place."""
        parts = self._parts(whole)
        found = [self._best(part)[0] for part in parts]
        n_words = sum(each.n_words for each in found) or 1
        return Wording(
            held=sum(each.held * each.n_words for each in found) / n_words,
            pairs=sum(each.pairs * each.n_words for each in found) / n_words,
            displaced=-1.0,
            n_missing=sum(each.n_missing for each in found),
            n_words=len(whole.words),
        )

    def _parts(self, whole: Said) -> list[Said]:
        """Return the parts of a claim; one that names nothing has its neighbour's names before it."""
        parts = [self.everywhere.read(whole.text[start:end]) for start, end in pieces(whole.text)]
        named = [" ".join(name.text for name in names_of((*part.opening, *part.facts))) for part in parts]
        subject = next(filter(None, named), "")
        for number, names in enumerate(named):
            if not names and subject and inherits(parts[number].text, is_first=not any(named[:number])):
                parts[number] = self.everywhere.read(f"{subject} {parts[number].text}")
            subject = names or subject
        return parts


def _doubt(wording: Wording) -> float:
    return min(wording.n_missing, _MOST_MISSING) - _HELD_WEIGHT * wording.held - 0.25 * wording.pairs
