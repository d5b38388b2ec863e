"""Text from bytes of any origin."""

import codecs

import pytest

from lorewright.encoding import decode
from lorewright.errors import UnreadableDocument

RUSSIAN = "Однажды, в студеную зимнюю пору, я из лесу вышел; был сильный мороз. Поднимается медленно"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_with_and_without_a_mark(encoding: str) -> None:
    text = "Grüße, naïve ≠ 日本 and enough plain letters to tell the zeros apart."

    assert decode(text.encode(encoding)) == text


def test_older_encodings_are_guessed() -> None:
    """Exports of old systems are what many folders hold."""
    assert decode(RUSSIAN.encode("cp1251")) == RUSSIAN
    assert decode("Größe und Übermaß: 30 €, Straße".encode("cp1252")) == "Größe und Übermaß: 30 €, Straße"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Le forfait coûte 30 € l'été ; l'entrée se fait par la porte arrière."),
        (
            "cp1252",
            "The fee is \u201cthirty\u201d euros \u2013 don\u2019t pay; the café is closed.",
        ),
        ("cp1250", "Każdy pracownik ma prawo do 26 dni urlopu; wniosek należy złożyć przełożonemu."),
        ("iso8859-2", "Žádost se podává nadřízenému nejpozději pět dnů předem, šéf účtárny souhlasí."),
        ("cp1254", "Başvuru en geç beş iş günü önce yöneticiye yapılmalıdır."),  # noqa: RUF001
        ("cp1253", "Κάθε εργαζόμενος δικαιούται τριάντα ημέρες άδειας τον χρόνο."),
        ("koi8-r", RUSSIAN),
        ("cp866", RUSSIAN),
        ("cp850", "Die Tür öffnet um acht, die Schlüssel für das große Büro hängen am Eingang."),
        ("cp932", "すべての従業員は年に三十日の休暇を取ることができます。入口は裏門です。"),
        ("euc_jp", "すべての従業員は年に三十日の休暇を取ることができます。入口は裏門です。"),
        ("gb18030", "所有员工每年享有三十天的假期。申请必须提前五天提交给上级。"),
        ("big5", "所有員工每年享有三十天的假期。申請必須提前五天提交給上級。"),
        ("cp949", "모든 직원은 일 년에 삼십 일의 휴가를 사용할 수 있습니다. 입구는 뒷문입니다."),
        ("utf-16-le", "すべての従業員は年に三十日の休暇を取ることができます。入口は裏門です。"),
        ("utf-16-be", RUSSIAN),
        ("cp500", "The door opens at eight and the keys hang in the hall."),
        ("cp857", "Kapı sabah saat sekizde açılır; anahtarlar büyük odanın girişinde asılıdır."),  # noqa: RUF001
        ("cp737", "Η πόρτα ανοίγει στις οκτώ και τα κλειδιά κρέμονται στην είσοδο."),  # noqa: RUF001
        ("cp862", "הדלת נפתחת בשעה שמונה והמפתחות תלויים בכניסה לבניין הראשי."),
        ("cp1125", "Двері відчиняються о восьмій, ключі висять біля входу до великої зали."),  # noqa: RUF001
        (
            "mac-roman",
            "The keys hang \u201cby the door\u201d and the caf\u00e9 doesn\u2019t open before eight.",
        ),
        ("hz", "所有员工每年享有三十天的假期。"),
        ("iso2022_kr", "모든 직원은 일 년에 삼십 일의 휴가를 사용할 수 있습니다."),
    ],
)
def test_the_encodings_of_many_countries_are_told_apart(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "DIE TÜR ÖFFNET UM ACHT, DIE SCHLÜSSEL FÜR DAS GROSSE BÜRO HÄNGEN DORT."),
        ("cp850", "DIE TÜR ÖFFNET UM ACHT, DIE SCHLÜSSEL FÜR DAS GROSSE BÜRO HÄNGEN DORT."),
        ("cp1252", "L'ENTRÉE SE FAIT À L'ARRIÈRE, LES CLÉS SONT À DEMANDER À L'ACCUEIL."),
        ("cp1252", "DÖRREN ÖPPNAS KLOCKAN ÅTTA OCH NYCKLARNA HÄNGER PÅ VÄGGEN."),
        ("cp1250", "KAŻDY PRACOWNIK MA PRAWO DO URLOPU; WNIOSEK NALEŻY ZŁOŻYĆ PRZEŁOŻONEMU."),
        ("cp1251", RUSSIAN.upper()),
        ("koi8-r", RUSSIAN.upper()),
        ("cp1253", "ΚΑΘΕ ΕΡΓΑΖΟΜΕΝΟΣ ΔΙΚΑΙΟΥΤΑΙ ΤΡΙΑΝΤΑ ΗΜΕΡΕΣ ΑΔΕΙΑΣ ΤΟΝ ΧΡΟΝΟ."),  # noqa: RUF001
    ],
)
def test_a_text_in_capitals_is_read_too(encoding: str, text: str) -> None:
    """Signs, forms and old systems shout; frequencies of letters are those of small ones."""
    assert decode(text.encode(encoding)) == text


def test_a_letter_that_comes_late_is_read_too() -> None:
    """A log may be ASCII for megabytes until somebody's name stands in it."""
    log = "Line of plain log text about pump seven.\n" * 3000 + "Prüfstück Schweißgerät an Frau Köhler.\n"

    assert decode(log.encode("cp1252")) == log


def test_lines_of_several_encodings_are_each_read_as_what_they_are() -> None:
    """What was appended by several programs, or joined from several files."""
    lines = [b"plain\n", "Größe und Maß\n".encode(), "Prüfstück, Schweißgerät\n".encode("cp1252")]

    assert decode(b"".join(lines)) == "plain\nGröße und Maß\nPrüfstück, Schweißgerät\n"
    assert decode("Käse;süß;".encode() + "groß;Öl\n".encode("cp1252")) == "Käse;süß;groß;Öl\n"


def test_a_wrong_declaration_is_not_believed() -> None:
    assert decode(RUSSIAN.encode("cp1251"), declared="iso-2022-kr") == RUSSIAN
    assert decode("Straße, 30 €".encode("cp1252"), declared="iso-8859-1") == "Straße, 30 €"
    assert decode("“Übermaß”".encode("cp1252")) == "“Übermaß”"


def test_a_declared_encoding_is_believed_where_it_works() -> None:
    assert decode("ñandú".encode("latin-1"), declared="latin-1") == "ñandú"
    assert decode("ñandú".encode(), declared="no-such-encoding") == "ñandú"


@pytest.mark.parametrize("data", [b"\x7fELF\x02\x01\x01\x00\x00\x00\x80", bytes(range(256)) * 4])
def test_binary_data_is_refused(data: bytes) -> None:
    """Noise in the index is found by somebody's question."""
    with pytest.raises(UnreadableDocument, match="it is a binary file"):
        decode(data)


def test_a_mark_alone_is_an_empty_text() -> None:
    assert decode(codecs.BOM_UTF8) == ""
