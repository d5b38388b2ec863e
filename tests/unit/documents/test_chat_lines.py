"""Chat logs, transcripts and quoted mails: who said what, and which question it answers."""

from pathlib import Path

import pytest

from lorewright.documents import Chunk
from lorewright.documents.chat_lines import MESSAGE, with_exchanges
from lorewright.documents.readers.json import read_json
from lorewright.documents.readers.mail_quotes import with_quotes_first
from lorewright.documents.readers.subtitles import read_subtitles
from lorewright.knowledge import Hit
from lorewright.knowledge.quotable import quotables


@pytest.mark.parametrize(
    "line",
    [
        "[12:03] Anna: Yes.",
        "[2026-03-02 09:58] Anna K.: Yes.",
        "[12/04/26, 18:05:12] Ola Nord: Yes.",
        "12/04/2026, 18:05 - +49 170 1234567: Yes.",
        "10:02 <kira> yes",
        "Speaker 1 (00:12): Yes.",
        "14.03.2026, 9:05 pm - Anna: Yes.",
    ],
)
def test_messages_of_many_programs_are_known(line: str) -> None:
    assert MESSAGE.match(line)


@pytest.mark.parametrize(
    "line", ["Note: at 12:03 it rains.", "12:03 it rains.", "Price (net): 12", "See 10:15 - a chapter"]
)
def test_other_lines_are_none(line: str) -> None:
    assert not MESSAGE.match(line)


def test_a_question_begins_a_paragraph_and_every_line_says_who_speaks() -> None:
    """Cut into chunks, an answer stays with its question; a second line keeps its author."""
    log = """09:58 <anna> where is the toner
10:01 <bo> second cupboard
10:03 <anna> who is on call?
10:05 <cy> me
until Sunday"""
    assert with_exchanges([log]) == [
        """09:58 <anna> where is the toner
10:01 <bo> second cupboard

10:03 <anna> who is on call?
10:05 <cy> me until Sunday"""
    ]


def test_a_head_above_a_message_is_put_before_it() -> None:
    """So text is copied out of Slack, Teams and Discord."""
    text = "Anna  10:02 AM\nIs it open?\nBo  10:05 AM\nYes, until 6.\nAnna  10:06 AM\nThanks"
    assert with_exchanges([text])[0].splitlines()[:2] == [
        "Anna (10:02 AM): Is it open?",
        "Bo (10:05 AM): Yes, until 6.",
    ]


def test_a_text_with_a_few_times_is_no_chat() -> None:
    text = "Opening hours\n09:00 - Hall: open\nThe pool opens later.\nBring a towel.\nNo dogs.\nNo glass."
    assert with_exchanges([text]) == [text]


def test_an_answer_is_shown_whole_below_its_question() -> None:
    """Two sentences of one message were two quotes, the second without who said it."""
    text = "10:00 <anna> who signs releases\n10:02 <bo> Mira. The key is in the safe."
    hit = Hit(Chunk("c", "irc.log", "irc", 0, len(text), text), score=1.0, rank=1)
    assert [(part.text, part.lead) for part in quotables(hit)] == [
        ("10:02 <bo> Mira. The key is in the safe.", "10:00 <anna> who signs releases")
    ]


def test_subtitles_say_who_speaks_when(tmp_path: Path) -> None:
    path = tmp_path / "board.vtt"
    path.write_text(
        "WEBVTT\n\n00:00:12.000 --> 00:00:16.000\n<v Petra>How much is the roof?\n\n"
        "00:00:16.500 --> 00:00:21.000\n<v Jon>84,000 euros,\n\n"
        "00:00:21.500 --> 00:00:23.000\n<v Jon>and it is signed.\n"
    )
    assert read_subtitles(path).text.splitlines() == [
        "Petra (00:00:12): How much is the roof?",
        "Jon (00:00:16): 84,000 euros, and it is signed.",
    ]


def test_messages_in_json_say_who_wrote_them_and_when(tmp_path: Path) -> None:
    path = tmp_path / "general.json"
    path.write_text(
        '[{"type": "message", "user": "U1", "user_profile": {"real_name": "Ines Kraft"}, '
        '"ts": "1772442000.000100", "text": "Is it open?"},'
        '{"author": {"name": "Tom"}, "timestamp": "2026-03-02T09:01", "content": "Yes."}]'
    )
    assert read_json(path).text.splitlines() == [
        "Ines Kraft (2026-03-02 09:00): Is it open?",
        "Tom (2026-03-02T09:01): Yes.",
    ]


REPLY = """With the caretaker.

Lena

On Mon, 9 Mar 2026 at 17:02, Omar Diaz <omar@example.org> wrote:
> Hello Lena,
> who has the key?
"""


def test_what_was_asked_stands_before_what_was_answered() -> None:
    text, _ = with_quotes_first(REPLY, who="Lena Fox", when="10 Mar 2026")
    assert text.splitlines() == [
        "Omar Diaz (Mon, 9 Mar 2026 at 17:02): Hello Lena, who has the key?",
        "Lena Fox (10 Mar 2026): With the caretaker.",
        "",
        "Lena",
    ]


def test_a_quoted_message_that_is_known_leaves_its_question() -> None:
    """In a mailbox every reply repeats all before it: the same text was found five times."""
    text, n_left_out = with_quotes_first(
        REPLY.replace("> Hello Lena,", "> I need it on Thursday."),
        who="Lena Fox",
        when="10 Mar 2026",
        known=["ineeditonthursdaywhohasthekey"],
    )
    assert text.splitlines()[0] == "Omar Diaz (Mon, 9 Mar 2026 at 17:02): who has the key?"
    assert n_left_out == len("I need it on Thursday. ")


@pytest.mark.parametrize(
    "text",
    [
        "> Only\n> a quote",
        "No quote at all.",
        "On Monday she wrote:\na poem.",
        REPLY + "\nAnswers below: yes, on Friday.",
    ],
)
def test_mail_that_is_built_in_another_way_stays(text: str) -> None:
    assert with_quotes_first(text, who="Lena", when="today") == (text, 0)
