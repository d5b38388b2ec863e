"""What is typed is used, or refused in one line."""

import argparse
import re
from pathlib import Path

import pytest

import lorewright.cli
from lorewright.cli.main import VERBS, find_verb, main
from lorewright.cli.unused_options import ALWAYS

FOLDER = Path(lorewright.cli.__file__).parent
SHARED = [FOLDER / "cluster.py"]
"""Where options of several verbs are read."""
SEVERAL = [name for name in VERBS if hasattr(find_verb(name), "USES")]


def given_to(verb: str) -> set[str]:
    """Return what a verb takes, by the names that its code knows it under."""
    parser = argparse.ArgumentParser()
    find_verb(verb).add_arguments(parser)
    return set(vars(parser.parse_args(["x"] * _n_needed(parser)))) - ALWAYS


def _n_needed(parser: argparse.ArgumentParser) -> int:
    """Return how many words a command needs at least, beside its options."""
    usage = re.sub(r"\[[^\[\]]*\]", "", re.sub(r"\[[^\[\]]*\]", "", parser.format_usage()))
    return len(usage.split()[2:])


@pytest.mark.parametrize("verb", SEVERAL)
def test_every_option_belongs_to_something_that_the_verb_does(verb: str) -> None:
    """A new option must say where it applies, or it would be refused everywhere."""
    uses = find_verb(verb).USES
    named = {name for names in uses.values() for name in names}
    parser = argparse.ArgumentParser()
    find_verb(verb).add_arguments(parser)
    assert named == set(vars(parser.parse_args([]))) - ALWAYS


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in ("import", "move")])
def test_every_option_is_read_by_its_verb(verb: str) -> None:
    module = Path(str(find_verb(verb).__file__))
    source = "".join(path.read_text() for path in {module, *FOLDER.glob(f"{module.stem}*.py"), *SHARED})
    source = re.sub(r"^(USES|INSTEAD|_BUDGET) = .*?[)}]$", "", source, flags=re.MULTILINE | re.DOTALL)
    unread = [
        name
        for name in given_to(verb)
        if not re.search(rf"arguments\.{name}\b|\"{name.removeprefix('budget_')}\"", source)
    ]
    assert unread == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("tune --base hf:org/name", "It belongs to: lorewright tune --from-traces, lorewright tune "
         "--preferences. Adapters are tuned on the model that answers with them: set tuning.base."),
        ("tune --probe --only bare", "--only | lorewright tune --probe."),
        ("tune --preferences --probe", "--probe | lorewright tune --preferences."),
        ("agent --resume run_1 --driver m", "--driver | lorewright agent --resume."),
        ("agent do --approve", "--approve | lorewright agent."),
        ("agent do --list-tools", "'do' | lorewright agent --list-tools."),
        ("questions suggest a b", "'a b' | lorewright questions suggest."),
        ("questions --into examples", "--into | lorewright questions."),
        ("questions edit q1 --document d", "--document | lorewright questions edit."),
        ("advise --ask --preset research", "--preset | lorewright advise --ask."),
        ("report --precomputed --comparison c", "--comparison | lorewright report --precomputed."),
        ("deploy rag --name desk --rollback", "'rag' | lorewright deploy --rollback."),
        ("deploy --list --canary 0.1", "--canary | lorewright deploy --list."),
        ("deploy --name desk --check --max latency_ms=1", "--max | lorewright deploy --check."),
        ("init desk --template", "'desk' | lorewright init --template."),
        ("models list hf:org/name", "'hf:org/name' | lorewright models."),
        ("models pull hf:org/name --no-trial", "--no-trial | lorewright models pull."),
        ("doctor --plugins --meter", "--meter | lorewright doctor --plugins."),
        ("demo --finished --limit 3", "--limit | lorewright demo --finished."),
    ],
)  # fmt: skip
def test_what_does_not_apply_is_refused_before_anything_happens(
    line: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`tune --base X` trained on the default model, for hours, and said nothing."""
    monkeypatch.chdir(tmp_path)
    assert main(line.split()) == 2
    assert said.replace(" | ", " does not apply to: ") in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
