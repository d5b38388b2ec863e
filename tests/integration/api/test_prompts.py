"""Prompts with versions and variables, and responses that name them."""

from typing import Any

import openai
import pytest
from httpx2 import Client
from tests.fixtures.served import Served

PROMPT = {"name": "desk", "model": "parrot", "instructions": "Be brief.", "input": "My town is {{town}}."}


def post(served: Served, path: str, body: dict[str, Any], *, key: str = "") -> Any:
    headers = {"Authorization": f"Bearer {key or served.key}"}
    with Client(base_url=f"{served.url}/lorewright/v1", headers=headers, timeout=60) as client:
        return client.post(path, json=body)


@pytest.fixture
def prompt_id(served: Served) -> str:
    return str(post(served, "/prompts", PROMPT).json()["id"])


def ask(client: openai.OpenAI, prompt: dict[str, Any], **more: Any) -> Any:
    create: Any = client.responses.create
    return create(prompt=prompt, **more)


def test_a_response_says_what_its_prompt_asks(client: openai.OpenAI, prompt_id: str) -> None:
    """Whoever wrote the prompt can change it without a change of the application."""
    said = ask(client, {"id": prompt_id, "variables": {"town": "Graz"}})

    assert said.output_text == "You said: My town is Graz."
    assert said.instructions == "Be brief."
    assert said.prompt.to_dict() == {"id": prompt_id, "version": "1", "variables": {"town": "Graz"}}


def test_the_request_goes_before_its_prompt(client: openai.OpenAI, prompt_id: str) -> None:
    """An application may set one thing otherwise and keep the rest."""
    prompt = {"id": prompt_id, "variables": {"town": "Graz"}}
    said = ask(client, prompt, input="Where am I?", instructions="Be long.")

    assert said.output_text == "You said: Where am I?"
    assert said.instructions == "Be long."


def test_a_version_can_be_named_and_the_newest_is_used_else(
    served: Served, client: openai.OpenAI, prompt_id: str
) -> None:
    """A new version must not change an application that has pinned the one it was tested with."""
    newer = post(served, f"/prompts/{prompt_id}/versions", {"model": "parrot", "input": "New {{town}}"})
    assert newer.json()["variables"] == ["town"]
    values = {"town": "Graz"}

    assert ask(client, {"id": prompt_id, "variables": values}).output_text == "You said: New Graz"
    pinned = ask(client, {"id": prompt_id, "version": "1", "variables": values})
    assert pinned.output_text == "You said: My town is Graz."
    post(served, f"/prompts/{prompt_id}", {"default_version": "1"})
    assert ask(client, {"id": prompt_id, "variables": values}).prompt.version == "1"


def test_a_value_is_not_read_as_a_template(client: openai.OpenAI, prompt_id: str) -> None:
    """What a user types must not reach for other variables."""
    said = ask(client, {"id": prompt_id, "variables": {"town": "{{town}}"}})
    assert said.output_text == "You said: My town is {{town}}."


@pytest.mark.parametrize(
    ("prompt", "param"),
    [
        ({"id": "pmpt_none"}, "prompt.id"),
        ({"version": "9"}, "prompt.version"),
        ({"variables": {}}, "prompt.variables.town"),
        ({"variables": {"town": "a", "land": "b"}}, "prompt.variables.land"),
        ({"variables": {"town": {"type": "input_image", "image_url": "x"}}}, "prompt.variables.town"),
    ],
)
def test_what_is_wrong_is_named(
    client: openai.OpenAI, prompt_id: str, prompt: dict[str, Any], param: str
) -> None:
    """Nothing of a prompt is left out in silence."""
    with pytest.raises(openai.BadRequestError) as refused:
        ask(client, {"id": prompt_id, "variables": {"town": "a"}} | prompt)
    assert refused.value.param == param


def test_prompts_are_written_by_those_who_may_deploy(served: Served) -> None:
    """A prompt changes what everybody's applications say."""
    _, secret = served.running.keys.make("chatter", verbs=("chat",))
    assert post(served, "/prompts", PROMPT, key=secret).status_code == 403


def test_a_response_without_model_and_prompt_is_refused(client: openai.OpenAI) -> None:
    """The message names both ways out."""
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(input="Hi")
    assert refused.value.param == "model"
