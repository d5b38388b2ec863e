"""Texts that end an answer."""

from lorewright.workspace.anthropic.stop_sequences import StopSequences


def told(sequences: list[str], *pieces: str) -> tuple[str, str]:
    stops = StopSequences(sequences)
    text = "".join(stops.passed(piece) for piece in pieces)
    return text + stops.rest(), stops.met


def test_nothing_of_a_sequence_is_told_however_the_pieces_fall() -> None:
    assert told(["END"], "One. E", "N", "D two") == ("One. ", "END")


def test_the_first_of_several_ends_the_text() -> None:
    assert told(["b", "ab"], "xab") == ("x", "ab")


def test_what_only_began_like_one_is_told() -> None:
    assert told(["END"], "The EN", "T and the E") == ("The ENT and the E", "")


def test_without_sequences_everything_passes_at_once() -> None:
    stops = StopSequences([])
    assert stops.passed("text") == "text"
