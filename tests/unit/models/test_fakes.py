"""The models that need no weights: what a test or a first start can rely on."""

from collections.abc import Sequence

import numpy as np

from lorewright.messages import Message
from lorewright.models import EmbeddingModel, Engine, Sampling, complete
from lorewright.models.fakes import HashingEmbedder, ScriptedEngine

ASKED = (Message("system", "Be brief."), Message("user", "How long is leave?"))


def test_a_mapping_answers_what_the_user_said_last() -> None:
    engine: Engine = ScriptedEngine({"How long is leave?": "It is\n  30 days. "}, otherwise="Who knows?")

    assert complete(engine, ASKED).text == "It is\n  30 days. "
    assert complete(engine, [Message("user", "And travel?")]).text == "Who knows?"


def test_a_function_sees_the_whole_prompt() -> None:
    def shout(messages: Sequence[Message]) -> str:
        return " ".join(message.role.upper() for message in messages)

    assert complete(ScriptedEngine(shout), ASKED).text == "SYSTEM USER"


def test_words_are_counted_as_tokens_and_cut_at_the_limit() -> None:
    completion = complete(
        ScriptedEngine({}, otherwise="one two three"), ASKED, sampling=Sampling(max_tokens=2)
    )

    assert completion.text == "one two"
    assert completion.finish_reason == "length"
    assert (completion.usage.prompt_tokens, completion.usage.completion_tokens) == (6, 2)


def test_a_stream_ends_when_it_is_stopped() -> None:
    engine = ScriptedEngine({}, otherwise="one two three four")
    asked = iter([False, False, True])

    pieces = engine.stream(ASKED, sampling=Sampling(), stopped=lambda: next(asked))

    assert "".join(piece.text for piece in pieces) == "one two"


def test_a_stop_sequence_is_not_said() -> None:
    completion = complete(
        ScriptedEngine({}, otherwise="30 days.\nQuestion: next"),
        ASKED,
        sampling=Sampling(stop=("\nQuestion",)),
    )

    assert completion.text == "30 days."


def test_texts_that_share_words_point_in_similar_directions() -> None:
    model: EmbeddingModel = HashingEmbedder()
    vectors = model.embed(["leave for parental reasons", "train tickets", ""])

    near, far, empty = vectors @ model.embed_query("Parental leave")

    assert near > far
    assert empty == 0.0
    assert np.allclose(np.linalg.norm(vectors, axis=1), [1, 1, 0])


def test_token_offsets_cut_the_text_at_its_words() -> None:
    text = "Ends 2027-03-05, naïve."

    assert [text[start:end] for start, end in HashingEmbedder().token_offsets(text)] == [
        "Ends", "2027", "03", "05", "naïve",
    ]  # fmt: skip
