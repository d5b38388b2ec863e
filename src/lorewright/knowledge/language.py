"""Which language a text is written in, as far as stemming needs to know."""

import re
from collections import Counter
from collections.abc import Iterable

_COMMON_WORDS = {
    "English": "the and of to in is that for it with as was are this be on not you",
    "German": "der die und das ist nicht von mit den für auf ein eine sich des dem werden",
    "French": "le la les et des est une dans que pour qui pas sur avec du sont au",
    "Spanish": "el los las y que en una por con para del se es no como su más",
    "Italian": "il di che la è per una con del sono non della gli nel si le",
    "Portuguese": "o os que de não uma com para em do da dos das é por mais ao",
    "Dutch": "de het een van en niet dat met op zijn voor te aan ook er",
    "Swedish": "och att det som en är av för på med den inte till har de om",
    "Danish": "og at det er en af til på med for ikke den der som har de",
    "Norwegian": "og det er en av til på med for ikke som den har jeg fra å",
    "Finnish": "ja on ei se että oli ovat mutta myös kun joka tai sen hän",
    "Hungarian": "a az és hogy nem egy is ez volt meg csak van mint vagy",
    "Romanian": "și în de la cu nu este care pe un o din pentru mai sunt",
    "Turkish": "ve bir bu için ile olarak da de daha çok olan en gibi kadar",
    "Russian": "и в не на что с по это как из для от но он к у",  # noqa: RUF001
    "Greek": "και το του η να της με για τα είναι από που στο την",  # noqa: RUF001
    "Arabic": "في من على إلى أن هذا التي عن مع كان الذي هذه ما لا",
}
_BY_WORD = {
    word: [name for name, words in _COMMON_WORDS.items() if word in words.split()]
    for words in _COMMON_WORDS.values()
    for word in words.split()
}
_LOOKED_AT_CHARS = 200_000


def language_of(texts: Iterable[str]) -> str:
    """Return the language most of the texts are in, as the stemmers name it; English when in doubt.

    Languages are told by their commonest words; those without stemmers here (Chinese, Japanese,
    Korean …) come out as English, which leaves their words alone.
    """
    seen: Counter[str] = Counter()
    n_chars = 0
    for text in texts:
        for word in re.findall(r"[^\W\d_]+", text.lower()):
            seen.update(_BY_WORD.get(word, ()))
        n_chars += len(text)
        if n_chars > _LOOKED_AT_CHARS:
            break
    return max(_COMMON_WORDS, key=lambda name: seen[name])  # ties: the first, English
