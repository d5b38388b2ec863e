"""Large files in parts, through OpenAI's own client."""

from hashlib import md5
from pathlib import Path

import openai
import pytest
from openai.types import Upload
from tests.fixtures.served import Served

TEXT = b"".join(f"{n} is a number.\n".encode() for n in range(1000))


def begin(client: openai.OpenAI) -> Upload:
    return client.uploads.create(
        bytes=len(TEXT), filename="numbers.txt", mime_type="text/plain", purpose="assistants"
    )


def send(client: openai.OpenAI, upload: Upload) -> list[str]:
    """Send the second half first."""
    half = len(TEXT) // 2
    later = client.uploads.parts.create(upload.id, data=TEXT[half:])
    sooner = client.uploads.parts.create(upload.id, data=TEXT[:half])
    return [sooner.id, later.id]


def test_parts_become_a_file_in_the_order_given(client: openai.OpenAI) -> None:
    upload = begin(client)
    assert upload.status == "pending"
    done = client.uploads.complete(upload.id, part_ids=send(client, upload), md5=md5(TEXT).hexdigest())
    assert done.status == "completed"
    assert done.file is not None
    assert client.files.content(done.file.id).read() == TEXT


def test_the_client_s_own_way_to_send_chunks_works(client: openai.OpenAI, tmp_path: Path) -> None:
    path = tmp_path / "numbers.txt"
    path.write_bytes(TEXT)
    done = client.uploads.upload_file_chunked(
        file=path, mime_type="text/plain", purpose="assistants", part_size=4096
    )
    assert done.file is not None
    assert done.file.bytes == len(TEXT)


def test_a_wrong_checksum_is_refused_and_the_upload_stays_open(client: openai.OpenAI) -> None:
    upload = begin(client)
    parts = send(client, upload)
    with pytest.raises(openai.BadRequestError, match="The MD5 of the parts is"):
        client.uploads.complete(upload.id, part_ids=parts, md5="0" * 32)
    assert client.uploads.complete(upload.id, part_ids=parts).status == "completed"


def test_missing_bytes_are_refused(client: openai.OpenAI) -> None:
    upload = begin(client)
    parts = send(client, upload)
    with pytest.raises(openai.BadRequestError, match="the upload was created for"):
        client.uploads.complete(upload.id, part_ids=parts[:1])


def test_a_cancelled_upload_takes_no_more_parts(client: openai.OpenAI) -> None:
    upload = begin(client)
    send(client, upload)
    assert client.uploads.cancel(upload.id).status == "cancelled"
    with pytest.raises(openai.BadRequestError, match="is cancelled, not pending"):
        client.uploads.parts.create(upload.id, data=b"more")


def test_an_upload_that_waits_too_long_expires(client: openai.OpenAI, served: Served) -> None:
    upload = begin(client)
    send(client, upload)
    served.running.records("upload").change(upload.id, lambda body: body | {"expires_at": 0})
    with pytest.raises(openai.BadRequestError, match="is expired, not pending"):
        client.uploads.parts.create(upload.id, data=b"more")
    assert served.running.records("upload_part").count() == 0


def test_a_part_too_many_is_refused(client: openai.OpenAI) -> None:
    upload = begin(client)
    send(client, upload)
    with pytest.raises(openai.BadRequestError, match="With this part the upload would have"):
        client.uploads.parts.create(upload.id, data=b"more")
