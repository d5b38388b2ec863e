"""What the words of a question and of the texts that may answer it have in common, whatever their endings."""

from collections.abc import Sequence
from dataclasses import dataclass

from lorewright.knowledge.language import language_in
from lorewright.knowledge.question_words import function_words
from lorewright.knowledge.stems import BEGINNING_LETTERS, Stemmer, language_to_stem, stemmer
from lorewright.knowledge.words import content_words, root

_INFLECTED = frozenset(
    (
        "Arabic", "Bulgarian", "Croatian", "Czech", "Finnish", "Hungarian", "Polish", "Russian", "Serbian",
        "Slovak", "Turkish", "Ukrainian",
    )
)  # fmt: skip
"""Languages whose nouns have so many forms that English endings and compounds do not find them."""
_LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class Rooting:
    """Takes words to their roots, as one language has them; '' for any.

    `asked_in` is the language of the question, '' where its words do not tell.
    """

    language: str
    root_of: Stemmer
    asked_in: str = ""

    def begin_alike(self, root: str, other: str) -> bool:
        """Tell whether two roots begin as forms of one word do, in a language with many forms."""
        beginning = root[:BEGINNING_LETTERS]
        return bool(self.language) and len(beginning) == BEGINNING_LETTERS and other.startswith(beginning)

    def roots(self, text: str) -> list[str]:
        """Return the roots of the content words of a text, in order."""
        return [self.root_of(word) for word in content_words(text)]

    def asked_about(self, question: str) -> dict[str, None]:
        """Return the roots of what a question is about; of all its words where nothing else is left."""
        words, asking = content_words(question), function_words(self.asked_in)
        told = [word for word in words if word not in asking]
        return dict.fromkeys(map(self.root_of, told or words))


def rooting(question: str, texts: Sequence[str]) -> Rooting:
    """Return how words are compared in the language of a question, or of `texts` where it is too short."""
    language = language_to_stem(question) or language_to_stem("\n".join(texts[:_LOOKED_AT]))
    stem = stemmer(language) if language in _INFLECTED else None
    return Rooting(language, stem, language) if stem else Rooting("", root, language_in(question))
