"""Which language a text is written in, as far as stemming needs to know."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache

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
    "Polish": "w na z się nie jest że od za oraz są dla przez po przy lub może który które jak tylko",
    "Czech": "se v na je že s z o k za pro jsou nebo ve jako při podle po jen který které",
    "Slovak": "sa v na je že s z o k za pre sú alebo vo ako pri podľa po len ktorý ktoré",
    "Croatian": "se u na je da i za su od s koji koja koje kao ili po nije iz samo",
    "Russian": "и в не на что с по это как из для от но он к у",
    "Greek": "και το του η να της με για τα είναι από που στο την",
    "Arabic": "في من على إلى أن هذا التي عن مع كان الذي هذه ما لا",
}
_BY_WORD = {
    word: [name for name, words in _COMMON_WORDS.items() if word in words.split()]
    for words in _COMMON_WORDS.values()
    for word in words.split()
}
_ALSO_COMMON = {  # a short text has few words to be told by
    "English": "a an by from or at which have has if when can will your they their there who what "
    "how does do did where why much many we my should must may would could",
    "German": "wir sie ich er es ihr haben hat im am zum zur bei kann wird wurde sind war oder auch wie was wer "
    "nach aus einem einen einer kostet gibt wann wo welche welcher welches wem wen ab darf muss viele mein",
    "French": "de d l qu un en il elle nous vous ce cette ne se par au aux ou plus être ont a été sont "
    "leur son sa où quand quel quelle quels quelles combien comment pourquoi puis mon ma",
    "Spanish": "la de un al lo le sus ha han ser está cada este esta hay desde hasta sin sobre qué cuándo dónde "
    "cuál cuánto cuánta cuántos quién cómo puedo puede mi",
    "Italian": "un i al alla dal nella da ha hanno sono ogni questo questa o ma più se come "
    "dove quando quanto quanti quale quali chi cosa posso mio mia",
    "Portuguese": "a e em na no ao à se por foi são ser tem cada este esta até pelo pela "
    "onde quando quanto quantos quem qual quais posso meu minha",
    "Vietnamese": "của và là không có được cho các những trong một với này người đã",
    "Polish": "jest nie się oraz które dla przez który może są lub być został także czy ile gdzie kiedy jaki "
    "jaka jakie kto komu dlaczego można mogę trzeba należy która tego tym ze we zł",
    "Czech": "není které který jako při být jsou nebo podle také může bude kde kdy kolik kdo komu proč jaký "
    "jaká jaké jsem si mohu lze musím jak která aby až kam ze",
    "Slovak": "nie ktorý ktoré ako byť alebo tiež môže bude kde kedy koľko kto prečo aký aká aké som si môžem "
    "treba ktorá aby až kam zo",
    "Croatian": "nije kako koliko gdje kada tko ili biti može treba također zašto koji koja koje što mogu "
    "prema svaki kojem",
    "Turkish": "kaç nasıl nerede nedir kim mi mı mu mü ne zaman hangi değil her veya sonra",
    "Indonesian": "yang dan untuk dengan dari ini itu tidak adalah pada dalam akan oleh atau",
    "Dutch": "ik wij u we kan wordt werd bij naar uit of dit deze heeft hebben elke per is in "
    "hoe hoeveel waar wanneer welke wat wie mijn",
}
_SCRIPTS = {
    "Japanese": re.compile(r"[\u3040-\u30ff]"),
    "Chinese": re.compile(r"[\u3400-\u9fff]"),
    "Korean": re.compile(r"[\uac00-\ud7af]"),
    "Arabic": re.compile(r"[\u0600-\u06ff]"),
    "Russian": re.compile(r"[\u0400-\u04ff]"),
    "Greek": re.compile(r"[\u0370-\u03ff]"),
    "Thai": re.compile(r"[\u0e00-\u0e7f]"),
    "Hindi": re.compile(r"[\u0900-\u097f]"),
}
_LETTERS_OF = {
    "German": "äöüß",
    "Spanish": "ñ¿¡",
    "Portuguese": "ãõ",
    "French": "êœç",
    "Swedish": "å",
    "Turkish": "ğı",
    "Polish": "ąęłńśźż",
    "Czech": "ěřů",
    "Slovak": "ľĺŕ",
    "Croatian": "đ",
}
_MOST_LETTERS = {"Polish": 3, "Czech": 3, "Slovak": 3}
"""How many of a language's letters count, where no other language here has them."""
_SCRIPT_SHARE = 0.3
_LOOKED_AT_CHARS = 200_000
_LOOKED_AT_CHARS_OF_ONE = 4_000


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


@lru_cache(maxsize=4096)
def language_in(text: str) -> str:
    """Return the language of one text, by its script and then by its commonest words; '' when in doubt."""
    text = text[:_LOOKED_AT_CHARS_OF_ONE]
    n_letters = sum(map(str.isalpha, text)) or 1
    for name, letters in _SCRIPTS.items():
        if len(letters.findall(text)) > _SCRIPT_SHARE * n_letters:
            return name
    seen = Counter(
        name
        for word in re.findall(r"[^\W\d_]+", text.lower())
        for name in _by_any_common_word().get(word, ())
    )
    for name, own in _LETTERS_OF.items():
        seen[name] += min(sum(letter in own for letter in text.lower()), _MOST_LETTERS.get(name, 1))
    best = [one for one in seen.most_common(2) if one[1]]
    return "" if not best or (len(best) > 1 and best[0][1] == best[1][1]) else best[0][0]


def common_share(text: str, language: str) -> float:
    """Return the share of a text's words that are among the commonest of a language; 1 for its own script."""
    text = text[:_LOOKED_AT_CHARS_OF_ONE]
    if language in _SCRIPTS and _SCRIPTS[language].search(text):
        return 1.0
    words = re.findall(r"[^\W\d_]+", text.lower())
    common = _by_any_common_word()
    return sum(language in common.get(word, ()) for word in words) / (len(words) or 1)


@cache
def common_words() -> frozenset[str]:
    """Return the words of all languages here that stand in every text and say nothing of its topic."""
    return frozenset(_by_any_common_word())


@cache
def _by_any_common_word() -> dict[str, set[str]]:
    languages: dict[str, set[str]] = {}
    for words in (_COMMON_WORDS, _ALSO_COMMON):
        for name, text in words.items():
            for word in text.split():
                languages.setdefault(word, set()).add(name)
    return languages
