"""One file of settings, checked before anything runs."""

from pathlib import Path

import pytest

from lorewright.errors import InvalidSetting
from lorewright.knowledge.answerable import REFUSED_BELOW
from lorewright.settings import FieldPattern, Models, Retrieval, Settings, ToolServer, read_settings
from lorewright.workspace.domain.settings_template import SETTINGS_TEMPLATE


def written(folder: Path, text: str) -> Path:
    path = folder / "lorewright.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_file_means_every_default(tmp_path: Path) -> None:
    assert read_settings(written(tmp_path, "")) == Settings()


def test_the_template_that_init_writes_is_the_defaults(tmp_path: Path) -> None:
    """A user who uncomments a line must get the value that was in force before."""
    assert read_settings(written(tmp_path, SETTINGS_TEMPLATE)) == Settings()
    template, _, tools = SETTINGS_TEMPLATE.partition("# [tools.")
    keys = [line for line in template.splitlines() if line.startswith("# ") and " = " in line]
    without_fields = [line for line in keys if not line.startswith(("# name", "# pattern", "# json"))]
    uncommented = template
    for line in without_fields:
        uncommented = uncommented.replace(line, line.removeprefix("# "))
    assert read_settings(written(tmp_path, uncommented)) == Settings()
    example = read_settings(written(tmp_path, "[tools." + tools.replace("\n# ", "\n")))
    assert example.tools == {"desk": ToolServer(url="https://desk.example/mcp", key_env="DESK_KEY")}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('url = "ftp://desk"', "an http:// or https:// URL"),
        ('url = "http://desk/mcp"\nkey_env = "DESK_KEY"', "when key_env is set"),
        ('url = "https://desk/mcp"\ntimeout_seconds = 0', "greater than 0"),
        ('command = ["rm"]', "[agent.programs]"),
        ('key_env = "DESK_KEY"', "an http:// or https:// URL"),
    ],
)
def test_a_tool_server_that_cannot_be_is_refused(table: str, words: str, tmp_path: Path) -> None:
    """Nothing is ever started for a flow, and no key goes over an open line."""
    with pytest.raises(InvalidSetting) as told:
        read_settings(written(tmp_path, f"[tools.desk]\n{table}\n"))
    assert words in f"{told.value} {told.value.hint}"


def test_tables_and_lists_become_values(tmp_path: Path) -> None:
    text = 'effort = "fast"\n[retrieval]\nn_kept = 5\n[[evaluation.fields]]\nname = "status"\njson = "s"\n'
    settings = read_settings(written(tmp_path, text))
    assert settings.effort == "fast"
    assert settings.retrieval.n_kept == 5
    assert settings.evaluation.fields == (FieldPattern(name="status", json="s"),)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[retrieval]\nn_keep = 5\n", "n_keep"),
        ("[retrieval]\nn_kept = -1\n", "n_kept"),
        ("[retrieval]\ndense_weight = 1.5\n", "dense_weight"),
        ('[tuning]\nrank = "sixteen"\n', "sixteen"),
        ('effort = "huge"\n', "huge"),
        ("retrieval = 3\n", "retrieval"),
        ("[models\n", "lorewright.toml"),
    ],
)
def test_what_cannot_be_is_refused_by_name(tmp_path: Path, text: str, named: str) -> None:
    """A typo that is silently ignored costs its owner an afternoon."""
    with pytest.raises(InvalidSetting) as refused:
        read_settings(written(tmp_path, text))
    assert named in str(refused.value)
    assert refused.value.hint


def test_refusals_start_where_the_judge_was_fitted_to_start() -> None:
    """The threshold belongs to the weights: whoever fits them again must not leave the old one here."""
    assert Settings().retrieval.usual_min_answerability == REFUSED_BELOW


@pytest.mark.parametrize(
    ("chat", "n_chunks"),
    [
        (Models().chat, 1),
        ("hf:HuggingFaceTB/SmolLM2-360M-Instruct-GGUF", 1),
        ("file:/models/Qwen2.5-0.5B-Instruct-Q8_0.gguf", 1),
        ("openai:llama3.1:8b@http://127.0.0.1:11434/v1", 3),
        ("openai:gpt-5@https://api.example.com/v1", 3),
    ],
)
def test_a_small_model_reads_one_chunk(chat: str, n_chunks: int) -> None:
    """It finds the answer in one more often than in three, and more often than the right one is second."""
    assert Settings(models=Models(chat=chat)).in_prompt.n_kept == n_chunks


def test_the_number_of_chunks_that_was_set_holds_for_every_model(tmp_path: Path) -> None:
    """Whoever measured it on their own questions knows better."""
    settings = read_settings(written(tmp_path, "[retrieval]\nn_kept = 2\n"))

    assert settings.in_prompt.n_kept == 2
    assert read_settings(written(tmp_path, '[retrieval]\nn_kept = "auto"\n')).retrieval == Retrieval()
