"""What a user's mistakes lead to: one clear line and exit code 2."""

from pathlib import Path

from tests.fixtures.command_line import Domain


def test_outside_a_domain_the_way_in_is_told(tmp_path: Path) -> None:
    told = Domain(tmp_path, tmp_path / "cache").run("search", "x", code=2)
    assert told.count("\n") == 1
    assert "lorewright init" in told


def test_init_refuses_to_overwrite(domain: Domain) -> None:
    assert "already contains a domain" in domain.run("init", ".", code=2)


def test_searching_nothing_says_what_to_do(domain: Domain) -> None:
    assert "lorewright add --sync" in domain.run("search", "leave", code=2)


def test_an_unknown_key_is_named_with_those_that_exist(domain: Domain) -> None:
    domain.write("lorewright.toml", "[retrieval]\nn_keep = 3\n")
    told = domain.run("search", "leave", code=2)
    assert "'n_keep'" in told
    assert "n_kept" in told


def test_an_arm_that_is_not_there_is_named(domain: Domain) -> None:
    assert "hybrid" in domain.run("ask", "How many days?", "--arm", "hybird", code=2)


def test_a_missing_model_file_is_named(domain: Domain) -> None:
    assert "/no/model.gguf" in domain.run("ask", "How many days?", "--arm", "base", code=2)


def test_a_report_needs_a_comparison(domain: Domain) -> None:
    assert "lorewright compare" in domain.run("report", code=2)


def test_comparing_needs_questions(domain: Domain) -> None:
    assert "questions/" in domain.run("compare", code=2)


def test_too_few_examples_are_counted(domain: Domain) -> None:
    domain.write("examples/few.csv", "question,answer\nHow many days?,28\nWho signs?,Nobody\n")
    told = domain.run("tune", code=2)
    assert "needs 50" in told


def test_advice_needs_nothing(domain: Domain) -> None:
    """Before anything was added, tuned or measured there is a first answer already."""
    advice = domain.json("advise")
    assert advice["arm"]
    assert advice["is_measured"] is False
