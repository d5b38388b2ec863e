"""Pictures and bytes written as text do not become chunks."""

import base64
import random

from lorewright.documents.blobs import without_blobs

BYTES = random.Random(7).randbytes(6_000)
ENCODED = base64.b64encode(BYTES).decode()


def test_a_picture_inside_a_page_leaves_its_alternative_text() -> None:
    """A photo of 40 kB would fill the places in the prompt under the right heading."""
    page = f"Before ![photo of the gate](data:image/png;base64,{ENCODED}) after.\n\n[more](other.md)"

    assert without_blobs(page)[0] == "Before photo of the gate after.\n\n[more](other.md)"
    assert (
        without_blobs(f'<img width=3 alt="The gate" src="data:image/gif;base64,{ENCODED}">')[0] == "The gate"
    )
    assert (
        without_blobs(f"See ![gate][1].\n\n[1]: data:image/png;base64,{ENCODED}\n")[0]
        == "See ![gate][1].\n\n"
    )


def test_encoded_bytes_are_left_out_wherever_they_stand() -> None:
    lines = "\n".join(ENCODED[start : start + 76] for start in range(0, len(ENCODED), 76))

    text, n_left_out = without_blobs(f"The key:\n\n{lines}\n\nKeep it. token: {ENCODED[:400]} end")

    assert text == "The key:\n\n…\n\nKeep it. token: … end"
    assert n_left_out > 8_000


def test_dumps_in_hexadecimal_are_left_out() -> None:
    dump = "\n".join(
        f"{place:08x}  {BYTES[place : place + 16].hex(' ')}  |................|"
        for place in range(0, 320, 16)
    )

    assert without_blobs(f"Header\n\n{dump}\n\nFooter")[0] == "Header\n\n…\n\nFooter"
    assert without_blobs(f"sum {BYTES[:200].hex()} ok")[0] == "sum … ok"


def test_minified_code_is_left_out() -> None:
    code = "function a(b,c){return b?c(b):{x:1,y:[2,3]};}" * 200

    assert without_blobs(f"Intro\n{code}\nOutro")[0] == "Intro\n…\nOutro"


def test_what_people_read_stays() -> None:
    """Long words, addresses, tables of numbers, protein sequences and prose in one line."""
    text = "\n".join(
        [
            "https://example.org/a/very/long/path/" + "with-many-words-in-it/" * 9 + "index.html",
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
            "ACGT" * 60,
            "A line of prose, in one go. " * 200,
            "10 20 30 40 50\n11 21 31 41 51\n12 22 32 42 52",
            "The small icon is data:image/gif;base64,R0lGODlhAQABAAAAACw= here.",
            "Input data: 3, 4",
        ]
    )

    assert without_blobs(text) == (text, 0)
