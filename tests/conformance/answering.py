"""Endpoints that answer: models, chat, completions, embeddings, responses, conversations."""

from typing import Any

from tests.conformance.probe import Probe

MODEL, ARM, EMBEDDING = "parrot", "handbook/rag", "hashing-256"
HELLO = "Hello"


def models(probe: Probe) -> None:
    """Models are listed and found by name."""
    client = probe.client
    listed = probe.call("GET /models", client.models.list)
    names = {model.id for model in listed}
    probe.check("GET /models", "lists the base model and the arms", {MODEL, ARM} <= names, names)
    one = probe.call("GET /models/{model}", lambda: client.models.retrieve(MODEL))
    probe.check("GET /models/{model}", "returns the one that was asked for", one.id == MODEL, one.id)
    probe.refused(
        "GET /models/{model}", "refuses a name nobody has", lambda: client.models.retrieve("none"), status=404
    )
    probe.refused(
        "DELETE /models/{model}", "keeps what is not tuned", lambda: client.models.delete(MODEL), status=404
    )


def chat(probe: Probe) -> None:
    """A chat is completed, whole, several times, and streamed."""
    client, path = probe.client, "POST /chat/completions"
    turns: Any = [{"role": "user", "content": HELLO}]
    made = probe.call(path, lambda: client.chat.completions.create(model=MODEL, messages=turns))
    text = made.choices[0].message.content
    probe.check(path, "says what the model says", text == f"You said: {HELLO}", text)
    probe.check(path, "counts tokens", made.usage and made.usage.total_tokens > 0)
    twice = probe.call(path, lambda: client.chat.completions.create(model=MODEL, messages=turns, n=2))
    probe.check(path, "completes n times", [choice.index for choice in twice.choices] == [0, 1])
    asked: Any = [{"role": "user", "content": "How many days of leave?"}]
    cited = probe.call(path, lambda: client.chat.completions.create(model=ARM, messages=asked))
    probe.check(path, "an arm answers with citations", cited.choices[0].message.annotations)
    options: Any = {"include_usage": True}
    events = probe.stream(
        path,
        lambda: client.chat.completions.create(
            model=MODEL, messages=turns, stream=True, stream_options=options
        ),
        "chat.completion.chunk",
    )  # fmt: skip
    streamed = "".join(event.choices[0].delta.content or "" for event in events if event.choices)
    probe.check(path, "streams the same text", streamed == text, streamed)
    probe.check(path, "ends with the usage that was asked for", events and events[-1].usage)
    probe.refused(
        path, "refuses a model nobody has",
        lambda: client.chat.completions.create(model="none", messages=turns), status=404,
    )  # fmt: skip
    probe.refused(
        path, "refuses an empty conversation",
        lambda: client.chat.completions.create(model=MODEL, messages=[]), status=400,
    )  # fmt: skip


def stored_chat(probe: Probe) -> None:
    """A chat that is to be stored can be found, labelled, read and deleted."""
    stored = probe.client.chat.completions
    made = stored.create(
        model=MODEL, messages=[{"role": "user", "content": HELLO}], store=True, metadata={"a": "b"}
    )
    listed = probe.call("GET /chat/completions", stored.list)
    probe.check("GET /chat/completions", "lists it", made.id in {one.id for one in listed})
    path = "/chat/completions/{completion_id}"
    found = probe.call(f"GET {path}", lambda: stored.retrieve(made.id))
    probe.check(
        f"GET {path}",
        "returns what was said",
        found.choices[0].message.content == made.choices[0].message.content,
    )
    changed = probe.call(f"POST {path}", lambda: stored.update(made.id, metadata={"a": "c"}))
    probe.check(f"POST {path}", "changes its metadata", getattr(changed, "metadata", None) == {"a": "c"})
    turns = probe.call(f"GET {path}/messages", lambda: stored.messages.list(made.id))
    probe.check(f"GET {path}/messages", "lists what was asked", [turn.content for turn in turns] == [HELLO])
    gone = probe.call(f"DELETE {path}", lambda: stored.delete(made.id))
    probe.check(f"DELETE {path}", "says that it is gone", gone.deleted and gone.id == made.id)
    probe.refused(f"GET {path}", "does not find it any more", lambda: stored.retrieve(made.id), status=404)


def completions(probe: Probe) -> None:
    """A prompt is completed, whole and streamed."""
    client, path = probe.client, "POST /completions"
    made = probe.call(path, lambda: client.completions.create(model=MODEL, prompt=HELLO))
    probe.check(path, "completes the prompt", HELLO in made.choices[0].text, made.choices[0].text)
    probe.stream(
        path, lambda: client.completions.create(model=MODEL, prompt=HELLO, stream=True), "text_completion"
    )


def embeddings(probe: Probe) -> None:
    """Texts become vectors, as numbers and in base64."""
    client, path = probe.client, "POST /embeddings"
    made = probe.call(
        path, lambda: client.embeddings.create(model=EMBEDDING, input=["a", "b"], encoding_format="float")
    )
    probe.check(path, "returns one vector a text, in order", [one.index for one in made.data] == [0, 1])
    packed = client.embeddings.create(model=EMBEDDING, input=["a", "b"])  # the SDK asks for base64
    near = all(
        abs(x - y) < 1e-6 for x, y in zip(made.data[0].embedding, packed.data[0].embedding, strict=True)
    )
    probe.check(path, "returns the same in base64", near)


def responses(probe: Probe) -> None:
    """A response is made, continued, streamed, found, and deleted."""
    client, path = probe.client, "POST /responses"
    made = probe.call(path, lambda: client.responses.create(model=MODEL, input=HELLO))
    probe.check(path, "says what the model says", made.output_text == f"You said: {HELLO}", made.output_text)
    probe.check(path, "is completed", made.status == "completed", made.status)
    probe.check(path, "counts tokens", made.usage and made.usage.total_tokens > 0)
    more = probe.call(
        path, lambda: client.responses.create(model=MODEL, input="And now?", previous_response_id=made.id)
    )
    probe.check(
        path, "continues a conversation", more.previous_response_id == made.id, more.previous_response_id
    )
    events = probe.stream(
        path, lambda: client.responses.create(model=MODEL, input=HELLO, stream=True), "response.completed"
    )
    numbers = [event.sequence_number for event in events]
    probe.check(path, "numbers the events of a stream", numbers == sorted(set(numbers)), numbers)
    one = "/responses/{response_id}"
    found = probe.call(f"GET {one}", lambda: client.responses.retrieve(made.id))
    probe.check(
        f"GET {one}", "returns what was said", found.output_text == made.output_text, found.output_text
    )
    items = probe.call(f"GET {one}/input_items", lambda: client.responses.input_items.list(made.id))
    probe.check(f"GET {one}/input_items", "lists what was asked", len(list(items)) == 1)
    gone = client.responses.create(model=MODEL, input=HELLO)
    probe.call(f"DELETE {one}", lambda: client.responses.delete(gone.id))
    probe.refused(
        f"GET {one}", "does not find what was deleted", lambda: client.responses.retrieve(gone.id), status=404
    )
    probe.refused(
        path,
        "refuses a model nobody has",
        lambda: client.responses.create(model="none", input="?"),
        status=404,
    )


def longer_responses(probe: Probe) -> None:
    """A response in the background can be cancelled; inputs are counted and compacted."""
    client = probe.client
    later = probe.call(
        "POST /responses", lambda: client.responses.create(model=MODEL, input=HELLO, background=True)
    )
    path = "POST /responses/{response_id}/cancel"
    probe.call(path, lambda: client.responses.cancel(later.id))


def counted_responses(probe: Probe) -> None:
    """Inputs are counted."""
    path = "POST /responses/input_tokens"
    counted = probe.call(path, lambda: probe.client.responses.input_tokens.count(model=MODEL, input=HELLO))
    probe.check(path, "counts tokens", counted.input_tokens > 0, counted.input_tokens)


def compacted_responses(probe: Probe) -> None:
    """A conversation is compacted."""
    path = "POST /responses/compact"
    probe.call(path, lambda: probe.client.responses.compact(model=MODEL, input=HELLO))


def conversations(probe: Probe) -> None:
    """A conversation keeps its items."""
    client, one = probe.client.conversations, "/conversations/{conversation_id}"
    said: Any = {"type": "message", "role": "user", "content": HELLO}
    made = probe.call("POST /conversations", lambda: client.create(items=[said], metadata={"a": "b"}))
    found = probe.call(f"GET {one}", lambda: client.retrieve(made.id))
    probe.check(f"GET {one}", "returns its metadata", found.metadata == {"a": "b"}, found.metadata)
    changed = probe.call(f"POST {one}", lambda: client.update(made.id, metadata={"a": "c"}))
    probe.check(f"POST {one}", "changes its metadata", changed.metadata == {"a": "c"}, changed.metadata)
    added = probe.call(f"POST {one}/items", lambda: client.items.create(made.id, items=[said, said]))
    probe.check(f"POST {one}/items", "returns what was added", len(added.data) == 2, len(added.data))
    listed = list(probe.call(f"GET {one}/items", lambda: client.items.list(made.id)))
    probe.check(f"GET {one}/items", "lists all", len(listed) == 3, len(listed))
    item = str(getattr(listed[0], "id", ""))
    probe.call(f"GET {one}/items/{{item_id}}", lambda: client.items.retrieve(item, conversation_id=made.id))
    probe.call(f"DELETE {one}/items/{{item_id}}", lambda: client.items.delete(item, conversation_id=made.id))
    left = len(list(client.items.list(made.id)))
    probe.check(f"DELETE {one}/items/{{item_id}}", "takes one away", left == 2, left)
    answered = probe.client.responses.create(model=MODEL, input=HELLO, conversation=made.id)
    kept = len(list(client.items.list(made.id)))
    probe.check("POST /responses", "keeps a conversation", kept == 4 and answered.conversation, kept)
    gone = probe.call(f"DELETE {one}", lambda: client.delete(made.id))
    probe.check(f"DELETE {one}", "says that it is gone", gone.deleted)


SCENARIOS = (
    models, chat, stored_chat, completions, embeddings, responses, longer_responses, counted_responses,
    compacted_responses, conversations,
)  # fmt: skip
