"""Personal data and secrets in a text: found by their form and their check digits, and masked."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "CH": 21, "CZ": 24, "DE": 22, "DK": 18, "ES": 24, "FI": 18, "FR": 27,
    "GB": 22, "GR": 27,
    "HU": 28, "IE": 22, "IT": 27, "LI": 21, "LU": 20, "NL": 18, "NO": 15, "PL": 28, "PT": 25,
    "SE": 24, "TR": 26,
}  # fmt: skip
_DNI = "TRWAGMYFPDXBNJZSQVHLCKE"
_ODD_ISSUED = 10
_CARD_LENGTHS = (13, 14, 15, 16, 19)


@dataclass(frozen=True, slots=True)
class Private:
    """A stretch of a text that should not be learned; `kind` says what it is: `e-mail address`."""

    kind: str
    start: int
    end: int


def private_in(text: str) -> list[Private]:
    """Return what of a text is personal or secret, in its order; none of them overlap.

    Numbers with check digits count only where these are right, national numbers without any only in
    their own form. Names and addresses of people are not looked for.
    """
    found: list[Private] = []
    taken = bytearray(len(text))
    for kind, pattern, is_real in _FORMS:
        for match in pattern.finditer(text):
            start, end = match.span("it") if "it" in pattern.groupindex else match.span()
            if not any(taken[start:end]) and is_real(text[start:end]):
                found.append(Private(kind, start, end))
                taken[start:end] = b"\1" * (end - start)
    return sorted(found, key=lambda one: one.start)


def masked(text: str) -> str:
    """Return the text with a mark in the place of everything private: "[e-mail address]"."""
    for one in reversed(private_in(text)):
        text = f"{text[: one.start]}[{one.kind}]{text[one.end :]}"
    return text


def is_card(number: str) -> bool:
    """Return whether a number has the check digit of a payment card (Luhn)."""
    digits: Sequence[int] = [int(digit) for digit in reversed(re.sub(r"\D", "", number))]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return len(set(digits)) > 1 and len(digits) in _CARD_LENGTHS and (sum(digits[::2]) + doubled) % 10 == 0


def _is_iban(text: str) -> bool:
    plain = re.sub(r"[ -]", "", text).upper()
    if len(plain) != _IBAN_LENGTHS.get(plain[:2]):
        return False
    return int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1


def _is_ssn(text: str) -> bool:
    area, group, serial = text.split("-")
    return area not in ("000", "666") and area[0] != "9" and group != "00" and serial != "0000"


def _is_dni(text: str) -> bool:
    plain = re.sub(r"[ -]", "", text.upper())
    number = plain[0].translate(str.maketrans("XYZ", "012")) + plain[1:-1]
    return _DNI[int(number) % 23] == plain[-1]


def _is_nir(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    return 97 - int(digits[:13]) % 97 == int(digits[13:])


def _is_ahv(text: str) -> bool:
    digits = [int(digit) for digit in re.sub(r"\D", "", text)]
    return (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0


def _is_tax_id(text: str) -> bool:
    """Return whether eleven digits are a German tax number (ISO 7064, mod 11, 10)."""
    digits = [int(digit) for digit in re.sub(r"\D", "", text)]
    product = 10
    for digit in digits[:10]:
        total = (digit + product) % 10 or 10
        product = total * 2 % 11
    return len(set(digits[:10])) < _ODD_ISSUED and (11 - product) % 10 == digits[10]


def _is_phone(text: str) -> bool:
    return 8 <= len(re.sub(r"\D", "", text)) <= 15


def _always(_: str) -> bool:
    return True


_SECRET = "|".join((
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----",
    r"\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{20,}",
    r"\bAKIA[0-9A-Z]{16}\b",
    r"\bgh[pousr]_[A-Za-z0-9]{30,}",
    r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    r"\bAIza[\w-]{35}",
    r"\beyJ[\w-]{8,4000}\.eyJ[\w-]{8,4000}\.[\w-]+",
    r"(?i:\b(?:password|passwd|pwd|secret|api[ _-]?key|access[ _-]?token)\b\s*(?:is\s+|[:=]\s*)[^\s,;]{6,})",
))  # fmt: skip
# Bounded, and begun only where a word begins: a long word without an @ is read once, not once a letter.
_EMAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[A-Za-z]{2,24}"
_FORMS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("secret", re.compile(_SECRET), _always),
    ("e-mail address", re.compile(_EMAIL), _always),
    ("IBAN", re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{2,4}){3,8}\b"), _is_iban),
    ("Swiss insurance number", re.compile(r"\b756\.?\d{4}\.?\d{4}\.?\d{2}\b"), _is_ahv),
    ("French insurance number",
     re.compile(r"\b[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2}\b"), _is_nir),
    ("payment card", re.compile(r"\b\d(?:[ -]?\d){12,18}\b"), is_card),
    ("US social security number", re.compile(r"\b\d{3}-\d{2}-\d{4}\b"), _is_ssn),
    ("UK insurance number", re.compile(r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?"
                                       r"\d{2} ?\d{2} ?\d{2} ?[A-D]\b"), _always),
    ("Spanish identity number", re.compile(r"\b(?:\d{8}|[XYZ]-?\d{7})[ -]?[A-Z]\b"), _is_dni),
    ("German tax number", re.compile(r"\b[1-9]\d(?: ?\d{3}){3}\b"), _is_tax_id),
    ("phone number", re.compile(r"(?<![\w+.])(?<!\d )(?:\+|00)[1-9]\d{0,2}[ ./-]?(?:\(0?\d{1,4}\)[ ./-]?)?"
            r"\d(?:[ ./-]?\d){5,12}\b"),
     _is_phone),
    ("phone number", re.compile(r"(?i:\b(?:tel|phone|telefon|mobile?|handy|fax|téléphone|teléfono)\b\.?:?\s*)"
                                r"(?P<it>\(?0?\d(?:[ ./()-]{0,2}\d){6,13})\b"), _is_phone),
)  # fmt: skip


def kinds_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield each kind of private data that a text holds, with the first of it."""
    seen: set[str] = set()
    for one in private_in(text):
        if one.kind not in seen:
            seen.add(one.kind)
            yield one.kind, text[one.start : one.end]
