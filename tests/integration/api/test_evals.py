"""Evaluations and their runs, through OpenAI's own client."""

import json
from typing import Any

import openai
import pytest
from openai.types.evals import RunCreateResponse
from tests.fixtures.served import Served

ITEM = {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]}
CONFIG = {"type": "custom", "item_schema": ITEM, "include_sample_schema": True}
HOLDS: Any = {
    "type": "string_check", "name": "holds", "operation": "like", "input": "{{ sample.output_text }}",
    "reference": "{{ item.word }}",
}  # fmt: skip
ASK = {"type": "template", "template": [{"role": "user", "content": "Say {{ item.word }}!"}]}


def define(client: openai.OpenAI, *graders: Any, config: Any = CONFIG) -> str:
    return client.evals.create(
        name="words", data_source_config=config, testing_criteria=list(graders) or [HOLDS]
    ).id


def content(*words: str, **sample: Any) -> Any:
    rows: list[Any] = [{"item": {"word": word}, **({"sample": sample} if sample else {})} for word in words]
    return {"type": "file_content", "content": rows}


def asking(*words: str, **rest: Any) -> Any:
    return {
        "type": "completions",
        "model": "parrot",
        "input_messages": ASK,
        "source": content(*words),
        **rest,
    }


def finished(served: Served, client: openai.OpenAI, eval_id: str, source: Any) -> RunCreateResponse:
    run = client.evals.runs.create(eval_id, data_source=source)
    assert run.status == "queued"
    served.running.workers.wait()
    return RunCreateResponse.model_validate(
        client.evals.runs.retrieve(run.id, eval_id=eval_id).model_dump(by_alias=True, warnings=False)
        | {"error": {"code": "", "message": ""}}
    )


def test_an_evaluation_is_kept_listed_renamed_and_deleted(client: openai.OpenAI) -> None:
    first, second = define(client), define(client)
    assert client.evals.retrieve(first).testing_criteria[0].to_dict() == HOLDS
    assert [one.id for one in client.evals.list()] == [first, second]
    client.evals.update(first, name="renamed", metadata={"a": "b"})
    newest = next(iter(client.evals.list(order="desc", order_by="updated_at")))
    assert (newest.id, newest.name, newest.metadata) == (first, "renamed", {"a": "b"})
    assert client.evals.delete(first).deleted
    with pytest.raises(openai.NotFoundError):
        client.evals.retrieve(first)


def test_a_model_is_asked_about_every_item_and_graded(served: Served, client: openai.OpenAI) -> None:
    is_long = {**HOLDS, "name": "names a hat", "reference": "hat"}
    eval_id = define(client, HOLDS, is_long)
    run = finished(served, client, eval_id, asking("hat", "cat"))
    assert run.status == "completed"
    assert run.result_counts.to_dict() == {"total": 2, "passed": 1, "failed": 1, "errored": 0}
    assert [(one.testing_criteria, one.passed, one.failed) for one in run.per_testing_criteria_results] == [
        ("holds", 2, 0), ("names a hat", 1, 1),
    ]  # fmt: skip
    assert [(one.run_model_name, one.invocation_count) for one in run.per_model_usage] == [("parrot", 2)]
    assert run.per_model_usage[0].total_tokens > 0


def test_an_item_tells_what_was_asked_said_and_thought_of_it(served: Served, client: openai.OpenAI) -> None:
    eval_id = define(client)
    run = finished(served, client, eval_id, asking("hat", "cat"))
    items = list(client.evals.runs.output_items.list(run.id, eval_id=eval_id))
    assert [item.datasource_item for item in items] == [{"word": "hat"}, {"word": "cat"}]
    item = client.evals.runs.output_items.retrieve(items[0].id, eval_id=eval_id, run_id=run.id)
    assert item.status == "pass"
    assert item.sample.input[0].content == "Say hat!"
    assert item.sample.output[0].content == "You said: Say hat!"
    assert item.sample.model == "parrot"
    assert (item.results[0].name, item.results[0].score, item.results[0].passed) == ("holds", 1.0, True)


def test_items_are_listed_by_what_came_of_them(served: Served, client: openai.OpenAI) -> None:
    eval_id = define(client, {**HOLDS, "reference": "hat"})
    run = finished(served, client, eval_id, asking("hat", "cat", "bat"))
    failed = list(client.evals.runs.output_items.list(run.id, eval_id=eval_id, status="fail", limit=1))
    assert [item.datasource_item["word"] for item in failed] == ["cat", "bat"]


def test_an_unknown_path_fails_its_item_and_no_other(served: Served, client: openai.OpenAI) -> None:
    eval_id = define(client, {**HOLDS, "reference": "{{ item.hint }}"}, config={**CONFIG, "item_schema": {}})
    rows: Any = [{"item": {"word": "a"}}, {"item": {"word": "b", "hint": "b"}}]
    run = finished(served, client, eval_id, asking() | {"source": {"type": "file_content", "content": rows}})
    assert run.result_counts.to_dict() == {"total": 2, "passed": 1, "failed": 0, "errored": 1}
    wrong = next(iter(client.evals.runs.output_items.list(run.id, eval_id=eval_id)))
    assert wrong.status == "error"
    assert "{{ item.hint }} does not exist: no key 'hint'; the keys are word." in wrong.sample.error.message


def test_samples_in_a_file_are_graded_as_they_are(served: Served, client: openai.OpenAI) -> None:
    lines = [{"item": {"word": word}, "sample": {"output_text": "a hat"}} for word in ("hat", "cat")]
    data = "\n".join(map(json.dumps, lines)).encode()
    file = client.files.create(file=("rows.jsonl", data), purpose="evals")
    eval_id = define(client)
    run = finished(
        served, client, eval_id, {"type": "jsonl", "source": {"type": "file_id", "id": file.id}}
    )  # fmt: skip
    assert (run.result_counts.passed, run.result_counts.failed) == (1, 1)
    assert run.per_model_usage == []


def test_a_broken_line_fails_the_run_and_is_named(served: Served, client: openai.OpenAI) -> None:
    data = b'{"item": {"word": "a"}}\n{"word": "b"}\n'
    file = client.files.create(file=("rows.jsonl", data), purpose="evals")
    eval_id = define(client)
    run = client.evals.runs.create(
        eval_id, data_source={"type": "jsonl", "source": {"type": "file_id", "id": file.id}}
    )
    served.running.workers.wait()
    told = client.evals.runs.retrieve(run.id, eval_id=eval_id)
    assert told.status == "failed"
    assert "Line 2 of rows.jsonl is not a valid row: item: Field required." in told.error.message


def test_a_flow_is_measured_as_a_model(served: Served, client: openai.OpenAI) -> None:
    ask = {"type": "template", "template": [{"role": "user", "content": "How many days of {{ item.word }}?"}]}
    eval_id = define(client, {**HOLDS, "reference": "28 days"})
    run = finished(served, client, eval_id, asking("leave", model="handbook/rag", input_messages=ask))
    assert run.result_counts.passed == 1


def test_items_may_hold_the_messages(served: Served, client: openai.OpenAI) -> None:
    rows: Any = [{"item": {"word": "x", "turns": [{"role": "user", "content": "x"}]}}]
    reference = {"type": "item_reference", "item_reference": "item.turns"}
    source = asking(input_messages=reference) | {"source": {"type": "file_content", "content": rows}}
    assert finished(served, client, define(client), source).result_counts.passed == 1


def test_the_same_run_speaks_the_words_of_responses(served: Served, client: openai.OpenAI) -> None:
    source = asking("hat") | {"type": "responses", "sampling_params": {"max_completion_tokens": 2}}
    eval_id = define(client)
    run = finished(served, client, eval_id, source)
    item = next(iter(client.evals.runs.output_items.list(run.id, eval_id=eval_id)))
    assert item.sample.output[0].content == "You said:"
    assert item.sample.finish_reason == "length"
    assert item.sample.max_completion_tokens == 2


def test_models_grade(served: Served, client: openai.OpenAI) -> None:
    """The parrot says the label that it is given, after 'You said:', which is no label."""
    echo = [{"role": "user", "content": "{{ item.word }}"}]
    label = {
        "type": "label_model", "name": "l", "model": "parrot", "input": echo,
        "labels": ["You said: good", "You said: bad"], "passing_labels": ["You said: good"],
    }  # fmt: skip
    eval_id = define(client, label)
    run = finished(served, client, eval_id, {"type": "jsonl", "source": content("good", "bad", "what")})
    assert run.result_counts.to_dict() == {"total": 3, "passed": 1, "failed": 1, "errored": 1}
    assert run.per_model_usage[0].invocation_count == 3
    items = list(client.evals.runs.output_items.list(run.id, eval_id=eval_id))
    assert items[0].results[0].sample is not None
    assert "'You said: what'; expected one of" in items[2].sample.error.message


def test_embeddings_compare_meanings(served: Served, client: openai.OpenAI) -> None:
    close: Any = {
        "type": "text_similarity", "name": "close", "evaluation_metric": "cosine", "pass_threshold": 0.9,
        "input": "one {{ item.word }}", "reference": "one hat",
    }  # fmt: skip
    run = finished(
        served, client, define(client, close), {"type": "jsonl", "source": content("HAT", "x y z")}
    )
    assert (run.result_counts.passed, run.result_counts.failed) == (1, 1)


@pytest.mark.parametrize(
    ("grader", "param", "told"),
    [
        ({"type": "python", "name": "p", "source": "1"}, "criteria.0.source", "not supported"),
        ({**HOLDS, "reference": "{{ word }}"}, "criteria.0.reference", "starts with 'word'"),
        ({**HOLDS, "operation": "neq"}, "criteria.0.operation", "'eq', 'ne', 'like' or 'ilike'"),
        (
            {"type": "label_model", "name": "l", "model": "gpt-9", "input": ASK["template"],
             "labels": ["a"], "passing_labels": ["a"]},
            "model", "'gpt-9' does not exist",
        ),
        (
            {"type": "text_similarity", "name": "t", "input": "a", "reference": "a",
             "evaluation_metric": "meteor", "pass_threshold": 1},
            "evaluation_metric", "WordNet",
        ),
    ],
)  # fmt: skip
def test_a_grader_that_cannot_grade_is_refused(
    client: openai.OpenAI, grader: Any, param: str, told: str
) -> None:
    with pytest.raises(openai.BadRequestError, match=told) as error:
        define(client, grader)
    assert str(error.value.param).endswith(param)


@pytest.mark.parametrize("kind", ["logs", "stored_completions"])
def test_what_would_read_what_is_not_stored_is_refused(client: openai.OpenAI, kind: Any) -> None:
    with pytest.raises(openai.BadRequestError, match="Use custom") as error:
        define(client, config={"type": kind})
    assert error.value.param == "data_source_config.type"


@pytest.mark.parametrize(
    ("source", "param"),
    [
        ({"type": "jsonl", "source": {"type": "file_content", "content": [{"item": {}}]}}, "content.0.item"),
        (asking("a", model="gpt-9"), "data_source.model"),
        (asking("a") | {"input_messages": None}, "data_source.input_messages"),
        (asking("a") | {"model": None}, "data_source.model"),
        (asking("a", sampling_params={"reasoning_effort": "high"}), "reasoning_effort"),
    ],
)
def test_a_run_that_cannot_be_carried_out_is_refused(client: openai.OpenAI, source: Any, param: str) -> None:
    eval_id = define(client)
    with pytest.raises(openai.BadRequestError) as error:
        client.evals.runs.create(eval_id, data_source=source)
    assert str(error.value.param).endswith(param)
    assert list(client.evals.runs.list(eval_id)) == []


def test_runs_are_listed_by_status_and_deleted_with_their_items(
    served: Served, client: openai.OpenAI
) -> None:
    eval_id = define(client)
    run = finished(served, client, eval_id, asking("a"))
    assert [one.id for one in client.evals.runs.list(eval_id, status="completed")] == [run.id]
    assert list(client.evals.runs.list(eval_id, status="failed")) == []
    assert client.evals.runs.delete(run.id, eval_id=eval_id).deleted
    assert list(client.evals.runs.list(eval_id)) == []
    with pytest.raises(openai.NotFoundError):
        client.evals.runs.output_items.list(run.id, eval_id=eval_id)


def test_a_run_that_is_over_cannot_be_canceled(served: Served, client: openai.OpenAI) -> None:
    eval_id = define(client)
    run = finished(served, client, eval_id, asking("a"))
    with pytest.raises(openai.ConflictError, match="is completed and cannot be canceled"):
        client.evals.runs.cancel(run.id, eval_id=eval_id)


def test_the_report_of_a_run_names_what_failed(served: Served, client: openai.OpenAI) -> None:
    eval_id = define(client, {**HOLDS, "reference": "hat"})
    run = finished(served, client, eval_id, asking("hat", "cat"))
    report = client.get(run.report_url, cast_to=str)
    assert "1 of 2 passed, 1 failed" in report
    assert "## Item 1: fail" in report
    assert "- output: You said: Say cat!" in report


def test_what_another_key_made_does_not_exist(served: Served, client: openai.OpenAI) -> None:
    eval_id = define(client)
    _, secret = served.running.keys.make("other", verbs=("evaluate", "chat"))
    with served.client(secret) as other:
        assert list(other.evals.list()) == []
        with pytest.raises(openai.NotFoundError) as hidden:
            other.evals.runs.create(eval_id, data_source=asking("a"))
        with pytest.raises(openai.NotFoundError) as absent:
            other.evals.retrieve("eval_x")
    assert str(hidden.value).replace(eval_id, "eval_x") == str(absent.value)


def test_a_key_asks_no_model_that_it_may_not_use(served: Served) -> None:
    _, secret = served.running.keys.make("narrow", verbs=("evaluate", "chat"), models=("handbook/rag",))
    with served.client(secret) as narrow, pytest.raises(openai.BadRequestError, match="do not have access"):
        narrow.evals.runs.create(define(narrow), data_source=asking("a"))
