"""Graders checked and tried, through OpenAI's own client."""

from typing import Any

import openai
import pytest
from openai.types.fine_tuning.alpha import GraderRunResponse
from tests.fixtures.served import Served

HOLDS: Any = {
    "type": "string_check", "name": "holds", "operation": "ilike", "input": "{{ sample.output_text }}",
    "reference": "{{ item.word }}",
}  # fmt: skip


def tried(client: openai.OpenAI, grader: Any, sample: str, **item: Any) -> GraderRunResponse:
    told = client.fine_tuning.alpha.graders.run(grader=grader, model_sample=sample, item=item)
    return GraderRunResponse.model_validate(told.model_dump(by_alias=True))


def test_a_grader_that_can_be_used_comes_back(client: openai.OpenAI) -> None:
    told = client.fine_tuning.alpha.graders.validate(grader=HOLDS)
    assert told.grader is not None
    assert told.grader.to_dict() == HOLDS


def test_one_that_cannot_says_why(client: openai.OpenAI) -> None:
    lost: Any = {**HOLDS, "reference": "{{ word }}"}
    with pytest.raises(openai.BadRequestError, match="starts with 'word'"):
        client.fine_tuning.alpha.graders.validate(grader=lost)
    with pytest.raises(openai.BadRequestError, match="not supported"):
        client.fine_tuning.alpha.graders.validate(grader={"type": "python", "name": "p", "source": "1"})


def test_a_grader_is_tried_on_one_output(client: openai.OpenAI) -> None:
    told = tried(client, HOLDS, "A HAT", word="hat")
    assert (told.reward, told.metadata.scores) == (1.0, {"holds": 1.0})
    assert not any(value for value in told.metadata.errors.to_dict().values())


def test_an_output_in_json_is_looked_into(client: openai.OpenAI) -> None:
    grader = {**HOLDS, "input": "{{ sample.output_json.said }}"}
    assert tried(client, grader, '{"said": "hat"}', word="hat").reward == 1.0


def test_several_graders_make_one_reward(client: openai.OpenAI) -> None:
    multi = {
        "type": "multi", "name": "m", "calculate_output": "(holds + long) / 2",
        "graders": {"holds": HOLDS, "long": {**HOLDS, "name": "long", "reference": "long"}},
    }  # fmt: skip
    told = tried(client, multi, "a hat", word="hat")
    assert (told.reward, told.sub_rewards) == (0.5, {"holds": 1.0, "long": 0.0})


def test_what_goes_wrong_on_the_way_is_told(client: openai.OpenAI) -> None:
    told = tried(client, HOLDS, "a hat", noun="hat")
    assert told.reward == 0.0
    assert told.metadata.errors.invalid_variable_error
    judge = {
        "type": "score_model", "name": "s", "model": "parrot",
        "input": [{"role": "user", "content": "{{ item.noun }}"}],
    }  # fmt: skip
    told = tried(client, judge, "a hat", noun="hat")
    assert told.metadata.errors.api_model_grader_parse_error
    assert told.metadata.sampled_model_name == "parrot"
    assert told.metadata.token_usage


def test_a_key_needs_the_right_to_evaluate(served: Served) -> None:
    _, secret = served.running.keys.make("chatter", verbs=("chat",))
    with served.client(secret) as chatter, pytest.raises(openai.PermissionDeniedError):
        tried(chatter, HOLDS, "a")
