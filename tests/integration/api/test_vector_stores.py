"""Vector stores, through OpenAI's own client; files are indexed by a worker process."""

from collections.abc import Iterator

import openai
import pytest
from openai.types import VectorStore
from tests.fixtures.served import Served, lay_out

PAGES = {
    "pool.md": b"# Pool\n\nThe pool opens at nine and closes at eight.\n",
    "sauna.md": b"# Sauna\n\nThe sauna opens at noon. Towels cost three euros.\n",
    "gym.md": b"# Gym\n\nThe gym has twelve treadmills.\n",
}
ATTRIBUTES: dict[str, dict[str, str | float | bool]] = {
    "pool.md": {"house": "north", "floor": 0},
    "sauna.md": {"house": "north", "floor": 2},
    "gym.md": {"house": "south", "floor": 1},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(lay_out(tmp_path_factory.mktemp("domain") / "handbook"))
    yield server
    server.close()


@pytest.fixture(scope="module")
def client(server: Served) -> Iterator[openai.OpenAI]:
    with server.client() as client:
        yield client


@pytest.fixture(scope="module")
def spa(client: openai.OpenAI) -> VectorStore:
    """A store with three pages, indexed."""
    files = {
        name: client.files.create(file=(name, text), purpose="assistants") for name, text in PAGES.items()
    }
    store = client.vector_stores.create(name="Spa", metadata={"season": "winter"})
    batch = client.vector_stores.file_batches.create(
        store.id,
        files=[{"file_id": file.id, "attributes": ATTRIBUTES[name]} for name, file in files.items()],
    )
    done = client.vector_stores.file_batches.poll(batch.id, vector_store_id=store.id, poll_interval_ms=50)
    assert (done.status, done.file_counts.completed) == ("completed", 3)
    return client.vector_stores.retrieve(store.id)


def names(client: openai.OpenAI, store: VectorStore, query: str, **options: object) -> list[str]:
    found = client.vector_stores.search(store.id, query=query, **options)  # type: ignore[arg-type]
    return [result.filename for result in found]


def test_a_store_counts_its_files(spa: VectorStore) -> None:
    assert (spa.name, spa.status, spa.metadata) == ("Spa", "completed", {"season": "winter"})
    assert (spa.file_counts.completed, spa.file_counts.total) == (3, 3)
    assert spa.usage_bytes > 0


def test_a_search_finds_the_best_chunk_first(client: openai.OpenAI, spa: VectorStore) -> None:
    found = client.vector_stores.search(spa.id, query="When does the sauna open?").data
    assert found[0].filename == "sauna.md"
    assert "opens at noon" in found[0].content[0].text
    assert found[0].attributes == {"house": "north", "floor": 2}
    assert found[0].score >= found[-1].score


def test_several_queries_are_searched_at_once(client: openai.OpenAI, spa: VectorStore) -> None:
    found = names(client, spa, ["sauna towels", "gym treadmills"], max_num_results=2)  # type: ignore[arg-type]
    assert set(found) == {"sauna.md", "gym.md"}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"type": "eq", "key": "house", "value": "south"}, {"gym.md"}),
        ({"type": "ne", "key": "house", "value": "north"}, {"gym.md"}),
        ({"type": "gte", "key": "floor", "value": 1}, {"sauna.md", "gym.md"}),
        ({"type": "in", "key": "floor", "value": [0, 1]}, {"pool.md", "gym.md"}),
        (
            {
                "type": "and",
                "filters": [
                    {"type": "eq", "key": "house", "value": "north"},
                    {"type": "lt", "key": "floor", "value": 1},
                ],
            },
            {"pool.md"},
        ),
        ({"type": "eq", "key": "house", "value": "west"}, set()),
    ],
)
def test_a_filter_limits_what_is_searched(
    client: openai.OpenAI, spa: VectorStore, filters: dict[str, object], expected: set[str]
) -> None:
    assert set(names(client, spa, "The pool, the sauna and the gym", filters=filters)) == expected


def test_a_wrong_filter_is_named(client: openai.OpenAI, spa: VectorStore) -> None:
    wrong = {"type": "and", "filters": [{"type": "like", "key": "house", "value": "n"}]}
    with pytest.raises(openai.BadRequestError) as refused:
        names(client, spa, "pool", filters=wrong)
    assert refused.value.param == "filters.filters[0].type"


def test_ranking_can_be_by_words_alone_and_cut_off(client: openai.OpenAI, spa: VectorStore) -> None:
    only_words = {"hybrid_search": {"embedding_weight": 0, "text_weight": 1}, "score_threshold": 0.9}
    assert names(client, spa, "treadmills", ranking_options=only_words) == ["gym.md"]


def test_a_rewritten_query_is_told(client: openai.OpenAI, spa: VectorStore) -> None:
    found = client.vector_stores.search(spa.id, query="sauna", rewrite_query=True)
    assert found.model_extra is not None
    assert found.model_extra["search_query"] == ["You said: sauna"]


def test_the_text_of_a_file_can_be_read(client: openai.OpenAI, spa: VectorStore) -> None:
    file = next(
        file for file in client.vector_stores.files.list(spa.id) if file.attributes == ATTRIBUTES["gym.md"]
    )
    (part,) = client.vector_stores.files.content(file.id, vector_store_id=spa.id)
    assert part.text is not None
    assert "twelve treadmills" in part.text


def test_a_file_in_use_cannot_be_deleted(client: openai.OpenAI, spa: VectorStore) -> None:
    file = client.vector_stores.files.list(spa.id).data[0]
    with pytest.raises(openai.ConflictError, match=f"is in use by vector store {spa.id}"):
        client.files.delete(file.id)


def test_a_file_is_found_until_it_is_taken_out(client: openai.OpenAI) -> None:
    kept, gone = (
        client.files.create(file=(name, text), purpose="assistants") for name, text in list(PAGES.items())[:2]
    )
    store = client.vector_stores.create(file_ids=[kept.id, gone.id])
    for file in (kept, gone):
        client.vector_stores.files.poll(file.id, vector_store_id=store.id, poll_interval_ms=50)
    assert set(names(client, store, "opens at")) == {"pool.md", "sauna.md"}

    assert client.vector_stores.files.delete(gone.id, vector_store_id=store.id).deleted
    assert names(client, store, "opens at") == ["pool.md"]
    assert client.files.delete(gone.id).deleted

    changed = client.vector_stores.files.update(kept.id, vector_store_id=store.id, attributes={"wet": True})
    assert changed.attributes == {"wet": True}
    assert names(client, store, "pool", filters={"type": "eq", "key": "wet", "value": True}) == ["pool.md"]


def test_an_unreadable_file_fails_with_its_name_and_the_others_are_read(client: openai.OpenAI) -> None:
    store = client.vector_stores.create()
    files = [
        client.files.create(file=("good.md", b"Fine text."), purpose="assistants"),
        client.files.create(file=("bad.md", b"---"), purpose="assistants"),
        client.files.create(file=("odd.xyz", b"text"), purpose="assistants"),
    ]
    batch = client.vector_stores.file_batches.create(store.id, file_ids=[file.id for file in files])
    done = client.vector_stores.file_batches.poll(batch.id, vector_store_id=store.id, poll_interval_ms=50)
    assert (done.status, done.file_counts.completed, done.file_counts.failed) == ("completed", 1, 2)

    failed = client.vector_stores.file_batches.list_files(batch.id, vector_store_id=store.id, filter="failed")
    errors = {file.last_error.code: file.last_error.message for file in failed if file.last_error}
    assert errors["invalid_file"].startswith("bad.md cannot be read")
    assert errors["unsupported_file"].startswith("odd.xyz cannot be read: no reader supports .xyz files.")


def test_chunks_have_the_size_that_was_asked_for(client: openai.OpenAI) -> None:
    text = b"\n\n".join(b"Rule %d says that guests must rest for a while." % n for n in range(40))
    file = client.files.create(file=("rules.txt", text), purpose="assistants")
    store = client.vector_stores.create()
    attached = client.vector_stores.files.create_and_poll(
        file.id,
        vector_store_id=store.id,
        chunking_strategy={
            "type": "static",
            "static": {"max_chunk_size_tokens": 16, "chunk_overlap_tokens": 0},
        },
        poll_interval_ms=50,
    )
    assert attached.status == "completed"
    parts = list(client.vector_stores.files.content(file.id, vector_store_id=store.id))
    assert len(parts) >= 20


@pytest.mark.parametrize(
    ("size", "overlap", "said"), [(800, 0, "it must be 16 to 512"), (256, 20, "chunk_overlap_tokens is 20")]
)
def test_chunks_that_cannot_be_are_refused(client: openai.OpenAI, size: int, overlap: int, said: str) -> None:
    static = {"max_chunk_size_tokens": size, "chunk_overlap_tokens": overlap}
    with pytest.raises(openai.BadRequestError, match=said):
        client.vector_stores.create(chunking_strategy={"type": "static", "static": static})  # type: ignore[arg-type]


def test_a_store_can_be_changed_and_deleted(client: openai.OpenAI) -> None:
    store = client.vector_stores.create(
        name="Old", expires_after={"anchor": "last_active_at", "days": 2}, metadata={"a": "b"}
    )
    assert store.expires_at == (store.last_active_at or 0) + 2 * 86_400
    changed = client.vector_stores.update(store.id, name="New")
    assert (changed.name, changed.metadata) == ("New", {"a": "b"})
    assert client.vector_stores.delete(store.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.vector_stores.retrieve(store.id)


def test_the_domain_s_own_documents_are_a_store_to_search_only(
    client: openai.OpenAI, spa: VectorStore
) -> None:
    stores = list(client.vector_stores.list(order="asc"))
    assert (stores[0].id, stores[0].name) == ("vs_domain", "handbook")
    with pytest.raises(openai.BadRequestError, match="lorewright add"):
        client.vector_stores.files.create("vs_domain", file_id=spa.id)


def test_a_store_that_a_key_may_not_see_does_not_exist(server: Served, spa: VectorStore) -> None:
    other = server.client(server.running.keys.make("other", stores=("vs_other",))[1])
    with pytest.raises(openai.NotFoundError) as hidden:
        other.vector_stores.search(spa.id, query="pool")
    with pytest.raises(openai.NotFoundError) as unknown:
        other.vector_stores.search("vs_none", query="pool")
    assert hidden.value.message.replace(spa.id, "vs_none") == unknown.value.message
    assert list(other.vector_stores.list()) == []
    own = other.vector_stores.create(name="Mine")
    assert [store.id for store in other.vector_stores.list()] == [own.id]
