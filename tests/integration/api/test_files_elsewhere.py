"""Uploaded files of a domain whose servers share a store for them."""

from pathlib import Path

from tests.fixtures.served import SETTINGS, Served, lay_out

CONTENT = b"# Leave\n\n28 days a year.\n"


def test_an_uploaded_file_lies_in_the_store_until_it_is_deleted(tmp_path: Path) -> None:
    """Another host must find it, and nobody pays for it when it is gone."""
    store = tmp_path / "store"
    folder = lay_out(tmp_path / "handbook")
    (folder / "lorewright.toml").write_text(f'{SETTINGS}[storage]\nblobs = "file://{store}"\n')
    served = Served(folder)
    client = served.client()

    kept = client.files.create(file=("leave.md", CONTENT), purpose="assistants")
    same = client.files.create(file=("again.md", CONTENT), purpose="assistants")
    stored = [path.read_bytes() for path in store.rglob("*") if path.is_file()]
    for cached in (folder / ".lorewright" / "blobs").rglob("*"):
        if cached.is_file():
            cached.unlink()
    read = client.files.content(kept.id).content
    client.files.delete(kept.id)
    still = client.files.content(same.id).content
    client.files.delete(same.id)
    served.close()

    assert stored == [CONTENT]
    assert read == still == CONTENT
    assert not [path for path in store.rglob("*") if path.is_file()]
