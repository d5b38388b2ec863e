"""Numbers that are written out: "twenty-nine", "neunundzwanzig", "двадцать девять", "二十九"."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(r"[ \xa0-]")
_IDEOGRAPHS = re.compile(
    r"[零〇一二两三四五六七八九十百千]*[十百千][零〇一二两三四五六七八九十百千]*|[二两三四五六七八九]"
)
_COUNTERS = re.compile(
    r"[个天年月日周次名人位件元岁种项点小分週間時ヶか本张条只头辆座栋家间层台套双对页章节步颗块瓶杯倍楼级冊回枚]"
)
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_NO_CLAIM = frozenset({"neuf", "sei", "once", "elf", "sept", "acht", "due", "otto", "dix", "cento", "cent"})
"""Words that also mean something else where their language is not certain."""

_ADDED = {  # words that are added up: "two hundred and five"
    "English": (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen",
        "twenty thirty forty fifty sixty seventy eighty ninety",
        {"hundred": 100},
        "and",
    ),
    "French": (
        "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
        "vingt trente quarante cinquante soixante septante quatre-vingt nonante",
        {"cent": 100, "cents": 100},
        "et",
    ),
    "Spanish": (
        "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
        "diecisiete dieciocho diecinueve",
        "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
        {"cien": 100, "ciento": 100}
        | {
            word: value * 100
            for value, word in enumerate(
                [
                    "doscientos",
                    "trescientos",
                    "cuatrocientos",
                    "quinientos",
                    "seiscientos",
                    "setecientos",
                    "ochocientos",
                    "novecientos",
                ],
                start=2,
            )
        },
        "y",
    ),
    "Portuguese": (
        "um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis "
        "dezessete dezoito dezenove",
        "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
        {"cem": 100, "cento": 100}
        | {
            word: value * 100
            for value, word in enumerate(
                [
                    "duzentos",
                    "trezentos",
                    "quatrocentos",
                    "quinhentos",
                    "seiscentos",
                    "setecentos",
                    "oitocentos",
                    "novecentos",
                ],
                start=2,
            )
        },
        "e",
    ),
    "Russian": (
        "один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать "
        "четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать",
        "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто",
        {"сто": 100, "двести": 200, "триста": 300, "четыреста": 400, "пятьсот": 500},
        "",
    ),
}
_ALSO = {
    "English": {"dozen": 12},
    "French": {"quatre-vingts": 80},
    "Spanish": {"veintiún": 21, "dos": 2, "dieciseis": 16}
    | {
        f"veinti{word}": 20 + value
        for value, word in enumerate(
            "uno dós trés cuatro cinco séis siete ocho nueve".split(),  # noqa: SIM905
            start=1,
        )
    },
    "Portuguese": {"duas": 2, "quatorze": 14, "dezasseis": 16, "dezassete": 17, "dezanove": 19},
    "Russian": {
        "две": 2,
        "двух": 2,
        "трёх": 3,
        "трех": 3,
        "четырёх": 4,
        "четырех": 4,
        "пяти": 5,
        "шести": 6,
        "семи": 7,
        "восьми": 8,
        "девяти": 9,
        "десяти": 10,
        "двенадцати": 12,
        "пятнадцати": 15,
        "двадцати": 20,
        "тридцати": 30,
        "сорока": 40,
        "пятидесяти": 50,
        "ста": 100,
        "двумя": 2,
    },
    "Arabic": {
        "ثلاثة": 3,
        "ثلاث": 3,
        "أربعة": 4,
        "أربع": 4,
        "خمسة": 5,
        "خمس": 5,
        "ستة": 6,
        "ست": 6,
        "سبعة": 7,
        "سبع": 7,
        "ثمانية": 8,
        "تسعة": 9,
        "تسع": 9,
        "عشرة": 10,
        "عشر": 10,
        "عشرون": 20,
        "عشرين": 20,
        "ثلاثون": 30,
        "ثلاثين": 30,
        "أربعين": 40,
        "خمسين": 50,
        "مئة": 100,
        "مائة": 100,
    },
}
_GERMAN = "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn"
_GERMAN_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
_DUTCH = "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien"
_DUTCH_TENS = "twintig dertig veertig vijftig zestig zeventig tachtig negentig"
_ITALIAN = (
    "uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove"
)
_ITALIAN_TENS = "venti trenta quaranta cinquanta sessanta settanta ottanta novanta"


@dataclass(frozen=True, slots=True)
class Spelled:
    """A number that is written out, and where; `is_sure` where its words cannot mean anything else."""

    start: int
    end: int
    value: int
    is_sure: bool


def spelled_numbers(text: str, language: str) -> Iterator[Spelled]:
    """Yield the numbers from two on that are written out in a text of this language ('': of any)."""
    yield from _ideographs(text)
    if not language:
        seen = set[tuple[int, int]]()
        for one in (*_ADDED, "German", "Dutch", "Italian", "Arabic"):
            fresh = [number for number in _spelled(text, one) if (number.start, number.value) not in seen]
            seen |= {(number.start, number.value) for number in fresh}
            yield from fresh
    else:
        yield from _spelled(text, language)


def _spelled(text: str, language: str) -> Iterator[Spelled]:
    table = _table(language)
    if not table:
        return
    words = list(_WORD.finditer(text))
    place = 0
    while place < len(words):
        value, n_words = _read(text, words, place, table, language)
        if n_words and value > 1:
            first, last = words[place], words[place + n_words - 1]
            is_sure = n_words > 1 or first.group().lower() not in _NO_CLAIM
            yield Spelled(first.start(), last.end(), value, is_sure)
        place += max(1, n_words)


def _read(
    text: str, words: list[re.Match[str]], place: int, table: Mapping[str, int], language: str
) -> tuple[int, int]:
    """Return the number that begins with a word, and how many words it takes; 0 words where none does."""
    total, room, n_taken = 0, 10**6, 0
    connector = _ADDED[language][3] if language in _ADDED else ""
    at = place
    while at < len(words):
        if n_taken and not _BETWEEN.fullmatch(text[words[at - 1].end() : words[at].start()]):
            break
        word = words[at].group().lower()
        if language == "French" and word == "quatre" and _follows(text, words, at, ("vingt", "vingts")):
            word, at = "quatre-vingt", at + 1
        value = table.get(word)
        if value == 100 and 1 <= total < 10 and language in ("English", "French"):
            total, room = total * 100, 100
        elif value is not None and value < room:
            total, room = total + value, _room(value, language)
        elif n_taken and word == connector:
            at += 1
            continue
        else:
            break
        at += 1
        n_taken = at - place
    return total, n_taken


def _follows(text: str, words: list[re.Match[str]], at: int, wanted: tuple[str, ...]) -> bool:
    return (
        at + 1 < len(words)
        and words[at + 1].group().lower() in wanted
        and _BETWEEN.fullmatch(text[words[at].end() : words[at + 1].start()]) is not None
    )


def _room(value: int, language: str) -> int:
    """Return below what a number must be to be added to this one."""
    if value >= 100:
        return 100
    if language == "French" and value in (10, 60, 80):
        return 10 if value == 10 else 20
    return 10 if value >= 20 and value % 10 == 0 else 0


def _ideographs(text: str) -> Iterator[Spelled]:
    for match in _IDEOGRAPHS.finditer(text):
        signs = match.group()
        if len(signs) == 1 and not _COUNTERS.match(text, match.end()):
            continue
        total = digit = 0
        for sign in signs:
            if sign in _POWERS:
                total, digit = total + (digit or 1) * _POWERS[sign], 0
            else:
                digit = _DIGITS[sign]
        if total + digit > 1:
            yield Spelled(match.start(), match.end(), total + digit, is_sure=True)


@cache
def _table(language: str) -> Mapping[str, int]:
    """Return the number words of a language; those that join them up to 999 in one word."""
    table = dict(_ALSO.get(language, {}))
    if language in _ADDED:
        ones, tens, hundreds, _ = _ADDED[language]
        table |= {word: value for value, word in enumerate(ones.split(), start=1)}
        table |= {word: value * 10 for value, word in enumerate(tens.split(), start=2)}
        table |= hundreds
    if language in ("German", "Dutch", "Italian"):
        below = {"German": _german, "Dutch": _dutch, "Italian": _italian}[language]()
        hundred = {"German": "hundert", "Dutch": "honderd", "Italian": "cento"}[language]
        table |= {word: value for value, word in below.items()}
        for value in range(1, 10):
            stem = hundred if value == 1 else below[value] + hundred
            table |= {stem: value * 100} | {stem + word: value * 100 + rest for rest, word in below.items()}
        if language == "German":
            table |= {"einhundert": 100, "zwo": 2}
    return table


def _german() -> dict[int, str]:
    ones, tens = _GERMAN.split(), _GERMAN_TENS.split()
    words = dict(enumerate(ones, start=1)) | {17: "siebzehn", 18: "achtzehn", 19: "neunzehn"}
    for ten, word in enumerate(tens, start=2):
        words |= {ten * 10: word} | {ten * 10 + one: f"{ones[one - 1]}und{word}" for one in range(1, 10)}
    return words


def _dutch() -> dict[int, str]:
    ones, tens = _DUTCH.split(), _DUTCH_TENS.split()
    words = dict(enumerate(ones, start=1)) | {17: "zeventien", 18: "achttien", 19: "negentien"}
    for ten, word in enumerate(tens, start=2):
        words[ten * 10] = word
        for one in range(1, 10):
            joint = "ën" if ones[one - 1].endswith("e") else "en"
            words[ten * 10 + one] = f"{ones[one - 1]}{joint}{word}"
    return words


def _italian() -> dict[int, str]:
    ones = _ITALIAN.split()
    words = dict(enumerate(ones, start=1))
    for ten, word in enumerate(_ITALIAN_TENS.split(), start=2):
        words[ten * 10] = word
        for one in range(1, 10):
            words[ten * 10 + one] = (word[:-1] if one in (1, 8) else word) + ones[one - 1]
    return words
