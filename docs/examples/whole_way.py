"""From files to a tuned model that cites them, with OpenAI's SDK and nothing else.

Start a server, give its address and key to the SDK, and run this:

    lorewright init my-domain && cd my-domain && lorewright serve --no-studio
    export OPENAI_BASE_URL=http://127.0.0.1:8321/v1 OPENAI_API_KEY=lw-...
    python whole_way.py

It takes a few minutes on two cores with the default model, and ends with an error where a step fails.
"""

import json
import sys
import time
from typing import Any

from openai import OpenAI

OPENING = "In short:"
"""What tuning teaches: every answer starts with it. Facts are better kept in documents."""

PAGES = {
    "leaving.md": "# Leaving\n\nThe notice period is 3 months to the end of a month.\n",
    "travel.md": "# Travel\n\nTravel is by train. A hotel may cost 120 euros a night.\n",
    "leave.md": "# Leave\n\nEvery employee has 28 days of leave a year.\n",
}
QUESTION = "How long is the notice period?"
HELD_OUT = [
    "When does the canteen open?",
    "Who orders new laptops?",
    "How long does a visitor's badge last?",
    "What may a taxi cost?",
]
ROOMS = ["library", "canteen", "workshop", "reception", "archive", "garage", "gym", "studio", "yard", "hall"]
FACTS = [
    ("When does the {room} open?", "at {n} in the morning."),
    ("How many people may be in the {room}?", "{n}0 people."),
    ("Who looks after the {room}?", "the desk on floor {n}."),
    ("What does a day in the {room} cost?", "{n} euros."),
    ("How long may I stay in the {room}?", "{n} hours."),
    ("Which floor is the {room} on?", "floor {n}."),
]


def main() -> None:
    """Run every step and print its result."""
    client = OpenAI()
    base = client.models.list().data[0].id
    store = searchable(client)
    tuned = fine_tuned(client, base)
    passed = {model: measured(client, model) for model in (base, tuned)}
    for model, (n_passed, n_all) in passed.items():
        print(f"evaluation: {model} begins {n_passed} of {n_all} answers with {OPENING!r}")
    answer_over_files(client, tuned, store)


def searchable(client: OpenAI) -> str:
    """Upload the pages and return the vector store that holds them."""
    files = [
        client.files.create(file=(name, text.encode()), purpose="assistants") for name, text in PAGES.items()
    ]
    store = client.vector_stores.create(name="handbook")
    batch = client.vector_stores.file_batches.create_and_poll(
        store.id, file_ids=[file.id for file in files], poll_interval_ms=500
    )
    need(batch.file_counts.completed == len(PAGES), f"files were not read: {batch.file_counts}")
    best = client.vector_stores.search(store.id, query=QUESTION).data[0]
    print(f"vector store: {store.id} finds {best.filename}: {best.content[0].text!r}")
    return store.id


def fine_tuned(client: OpenAI, base: str) -> str:
    """Teach the base how answers begin, and return the name of the tuned model."""
    rows = [
        conversation(question.format(room=room), f"{OPENING} {answer.format(n=n)}")
        for n, room in enumerate(ROOMS, start=2)
        for question, answer in FACTS
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    training = client.files.create(file=("train.jsonl", lines.encode()), purpose="fine-tune")
    job = client.fine_tuning.jobs.create(
        model=base,
        training_file=training.id,
        suffix="short",
        method={"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 1}}},
    )
    while job.status not in ("succeeded", "failed", "cancelled"):
        time.sleep(1)
        job = client.fine_tuning.jobs.retrieve(job.id)
    events = list(client.fine_tuning.jobs.list_events(job.id))
    for event in reversed(events):
        print(f"  {event.level}: {event.message}")
    need(job.status == "succeeded" and events, f"the job {job.status}: {job.error}")
    print(f"fine-tuning: {job.status} {job.fine_tuned_model} with {len(events)} events")
    return str(job.fine_tuned_model)


def conversation(question: str, answer: str) -> dict[str, Any]:
    """Return a row of a training file."""
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return {"messages": turns}


def measured(client: OpenAI, model: str) -> tuple[int, int]:
    """Return how many held-out answers of a model begin as taught, and how many there are."""
    evaluation = client.evals.create(
        name="begins as taught",
        data_source_config={
            "type": "custom",
            "item_schema": {"type": "object", "properties": {"question": {"type": "string"}}},
            "include_sample_schema": True,
        },
        testing_criteria=[
            {
                "type": "string_check",
                "name": "opening",
                "operation": "ilike",
                "input": "{{ sample.output_text }}",
                "reference": OPENING,
            }
        ],
    )
    run_id = client.evals.runs.create(
        evaluation.id,
        data_source={
            "type": "completions",
            "model": model,
            "input_messages": {
                "type": "template",
                "template": [{"role": "user", "content": "{{ item.question }}"}],
            },
            "sampling_params": {"max_completion_tokens": 32, "temperature": 0},
            "source": {
                "type": "file_content",
                "content": [{"item": {"question": question}} for question in HELD_OUT],
            },
        },
    ).id
    run = client.evals.runs.retrieve(run_id, eval_id=evaluation.id)
    while run.status in ("queued", "in_progress"):
        time.sleep(0.5)
        run = client.evals.runs.retrieve(run_id, eval_id=evaluation.id)
    need(run.status == "completed", f"the run of {model} {run.status}: {run.error}")
    need(run.result_counts.errored == 0, f"the run of {model} has errors: {run.result_counts}")
    return run.result_counts.passed, run.result_counts.total


def answer_over_files(client: OpenAI, model: str, store_id: str) -> None:
    """Ask a model over the files of a store, and print its answer with the files that it cites."""
    response = client.responses.create(
        model=model, input=QUESTION, tools=[{"type": "file_search", "vector_store_ids": [store_id]}]
    )
    print(f"answer: {response.output_text}")
    cited = [
        annotation.filename
        for item in response.output
        if item.type == "message"
        for part in item.content
        if part.type == "output_text"
        for annotation in part.annotations
        if annotation.type == "file_citation"
    ]
    need(cited, "the answer cites no file")
    print(f"citations: {', '.join(cited)}")


def need(holds: object, otherwise: str) -> None:
    """End the program with a message unless something holds."""
    if not holds:
        sys.exit(f"whole_way.py: {otherwise}")


if __name__ == "__main__":
    main()
