"""Files of clients, through OpenAI's own client."""

import httpx2
import openai
import pytest
from tests.fixtures.served import Served

NOTES = ("notes.md", b"# Notes\n\nThe pool opens at nine.\n")


def test_a_file_comes_back_as_it_was_sent(client: openai.OpenAI) -> None:
    sent = client.files.create(file=NOTES, purpose="assistants")
    assert (sent.filename, sent.bytes, sent.purpose, sent.status) == (
        "notes.md", len(NOTES[1]), "assistants", "processed",
    )  # fmt: skip
    assert client.files.retrieve(sent.id) == sent
    assert client.files.content(sent.id).read() == NOTES[1]


def test_files_are_listed_by_purpose_and_in_pages(client: openai.OpenAI) -> None:
    sent = [client.files.create(file=(f"{n}.txt", b"text"), purpose="user_data").id for n in range(3)]
    client.files.create(file=("batch.jsonl", b"{}\n"), purpose="batch")
    page = client.files.list(purpose="user_data", limit=2)
    assert [file.id for file in page.data] == [sent[2], sent[1]]
    assert page.has_more
    assert [file.id for file in page.get_next_page().data] == [sent[0]]
    assert [file.id for file in client.files.list(purpose="user_data", order="asc")] == sent


def test_a_deleted_file_is_gone_with_its_bytes(client: openai.OpenAI, served: Served) -> None:
    first = client.files.create(file=NOTES, purpose="assistants")
    second = client.files.create(file=NOTES, purpose="assistants")
    assert client.files.delete(first.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(first.id)
    assert client.files.content(second.id).read() == NOTES[1]
    client.files.delete(second.id)
    blobs = served.running.workspace.state_folder / "blobs"
    assert [path for path in blobs.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("name", "purpose", "said"),
    [
        ("training.csv", "fine-tune", "Files for fine-tune must end in .jsonl; this is 'training.csv'."),
        ("page.md", "vision", "Files for vision must end in"),
        ("page.md", "knowledge", "one of: assistants, batch, fine-tune, vision, user_data, evals."),
    ],
)
def test_a_file_that_cannot_serve_its_purpose_is_refused(
    client: openai.OpenAI, name: str, purpose: str, said: str
) -> None:
    with pytest.raises(openai.BadRequestError, match=said.replace("(", r"\(")):
        client.files.create(file=(name, b"text"), purpose=purpose)  # type: ignore[arg-type]


def test_an_empty_file_is_refused(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match=r"'empty.txt' is empty."):
        client.files.create(file=("empty.txt", b""), purpose="user_data")


def test_files_expire_when_their_owner_says_so(client: openai.OpenAI) -> None:
    sent = client.files.create(
        file=NOTES, purpose="user_data", expires_after={"anchor": "created_at", "seconds": 3600}
    )
    assert sent.expires_at is not None
    assert abs(sent.expires_at - sent.created_at - 3600) <= 1
    with pytest.raises(openai.BadRequestError, match="3600 to 2592000"):
        client.files.create(
            file=NOTES, purpose="user_data", expires_after={"anchor": "created_at", "seconds": 5}
        )


def test_an_expired_file_is_gone_with_its_bytes(client: openai.OpenAI, served: Served) -> None:
    sent = client.files.create(
        file=NOTES, purpose="user_data", expires_after={"anchor": "created_at", "seconds": 3600}
    )
    served.running.records("file").change(sent.id, lambda body: body | {"expires_at": 1})
    served.running.records("expiry").change(f"expiry_{sent.id}", lambda body: body | {"at": 1})
    with pytest.raises(openai.NotFoundError):
        client.files.content(sent.id)
    assert client.files.list().data == []
    assert served.running.records("blob_use").count() == 0


def test_a_file_of_another_key_does_not_exist(client: openai.OpenAI, served: Served) -> None:
    sent = client.files.create(file=NOTES, purpose="user_data")
    other = served.client(served.running.keys.make("other")[1])
    with pytest.raises(openai.NotFoundError) as hidden:
        other.files.retrieve(sent.id)
    with pytest.raises(openai.NotFoundError) as unknown:
        other.files.retrieve("file-none")
    assert hidden.value.message.replace(sent.id, "file-none") == unknown.value.message
    assert other.files.list().data == []


def test_a_name_with_folders_stays_a_name(served: Served) -> None:
    """Nothing that a client calls its file leaves the folder of blobs."""
    done = httpx2.post(
        f"{served.url}/v1/files",
        headers={"Authorization": f"Bearer {served.key}"},
        files={"file": ("../../etc/passwd.txt", b"text")},
        data={"purpose": "user_data"},
    )
    assert done.json()["filename"] == "passwd.txt"
