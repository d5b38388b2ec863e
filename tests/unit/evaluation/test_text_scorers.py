"""Scores of free text, of JSON and of SQL, on answers that a person can check."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from lorewright.evaluation import SCORERS, Question, ScoringContext, choose_primary, take_primary
from lorewright.evaluation.scorers.chrf import chrf
from lorewright.evaluation.scorers.rouge_l import common_length
from lorewright.flows import Answer
from lorewright.models.fakes import WordJudge
from lorewright.settings import Evaluation

Ask = Callable[..., Question]
Say = Callable[..., Answer]
LONG = "The notice period is three months and begins on the first day of a month."


def score(
    name: str, question: Question, answer: Answer, context: ScoringContext | None = None
) -> dict[str, float]:
    return dict(SCORERS.load(name)(question, answer, context or ScoringContext()))


def test_rouge_l_counts_words_in_order(ask: Ask, say: Say) -> None:
    """Lin 2004's example: police killed the gunman; the gunman kill police shares two in order."""
    killed = ["police", "killed", "the", "gunman"]
    assert common_length(killed, ["police", "kill", "the", "gunman"]) == 3
    assert common_length(killed, ["the", "gunman", "kill", "police"]) == 2
    question = ask(targets=(LONG,))
    assert score("rouge_l", question, say(LONG))["rouge_l"] == 1.0
    backwards = " ".join(reversed(LONG.split()))
    assert score("rouge_l", question, say(backwards))["rouge_l"] < 0.3
    assert score("token_f1", question, say(backwards))["token_f1"] == 1.0
    assert score("rouge_l", ask(targets=("28 days",)), say("28 days")) == {}


def test_chrf_forgives_an_ending(ask: Ask, say: Say) -> None:
    """By words "begins" and "beginning" are strangers; by characters they are close."""
    assert chrf("abc", "abc") == 1.0
    assert chrf("abc", "xyz") == 0.0
    # unigrams 3 of 4 and 3 of 3, bigrams 2 of 3 and 2 of 2, trigrams 1 of 2 and 1 of 1
    precision = (3 / 4 + 2 / 3 + 1 / 2) / 3
    assert chrf("abcd", "abc") == pytest.approx(5 * precision / (4 * precision + 1), abs=1e-9)
    assert chrf("notice periods", "notice period") > 0.9
    assert "chrf" in score("chrf", ask(targets=(LONG,)), say("three months"))


def test_a_part_of_the_target_is_borne_by_it_and_does_not_hold_it(ask: Ask, say: Say) -> None:
    """One direction tells what was made up, the other what was left out."""
    context = ScoringContext(judge=WordJudge())
    question = ask(targets=(f"{LONG} Severance pay amounts to half a salary per year of service.",))
    part = score("both_ways", question, say(LONG), context)
    assert part == {"borne_by_target": 1.0, "holds_target": 0.5}
    more = score(
        "both_ways",
        ask(targets=(LONG,)),
        say(f"{LONG} Bonuses are doubled each winter holiday season."),
        context,
    )
    assert more == {"borne_by_target": 0.5, "holds_target": 1.0}
    assert score("both_ways", question, say(LONG)) == {}


def test_json_is_held_against_a_schema(ask: Ask, say: Say) -> None:
    schema = {"type": "object", "required": ["city"], "properties": {"days": {"type": "integer"}}}
    context = ScoringContext(schema=schema)
    question = ask(targets=('{"city": "Rome", "days": 3}',))
    assert score("schema", question, say('Here: {"city": "Oslo", "days": 2}'), context) == {"schema": 1.0}
    assert score("schema", question, say('{"city": "Oslo", "days": "two"}'), context) == {"schema": 0.0}
    assert score("schema", question, say("Oslo, two days"), context) == {"schema": 0.0}
    assert score("schema", question, say("{}")) == {}


@pytest.fixture
def staff(tmp_path: Path) -> ScoringContext:
    path = tmp_path / "staff.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE staff (name TEXT, age INTEGER, pay REAL)")
        connection.executemany(
            "INSERT INTO staff VALUES (?, ?, ?)", [("Ada", 36, 3.0), ("Bo", 51, 2.5), ("Cy", 44, 2.5)]
        )
    return ScoringContext(settings=Evaluation(sql_database="staff.db"), primary="sql", database=path)


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("SELECT name FROM staff WHERE age >= 44", 1.0),
        ("```sql\nselect s.name from staff as s where not s.age < 44;\n```", 1.0),
        ("Try: SELECT name FROM staff WHERE age > 44", 0.0),
        ("SELECT nome FROM staff", 0.0),
        ("I do not know.", 0.0),
        ("", 0.0),
    ],
)
def test_a_query_is_right_that_returns_the_same_rows(
    ask: Ask, say: Say, staff: ScoringContext, text: str, is_right: float
) -> None:
    """Two queries may look nothing alike and mean the same, or differ by one sign and not."""
    question = ask(targets=("SELECT name FROM staff WHERE age > 40",))
    assert score("sql", question, say(text), staff) == {"sql": is_right}


def test_the_order_of_rows_counts_where_it_was_asked_for(ask: Ask, say: Say, staff: ScoringContext) -> None:
    backwards = say("SELECT name FROM staff ORDER BY age DESC")
    ordered = ask(targets=("SELECT name FROM staff ORDER BY age",))
    assert score("sql", ordered, backwards, staff) == {"sql": 0.0}
    assert score("sql", ask(targets=("SELECT name FROM staff",)), backwards, staff) == {"sql": 1.0}


@pytest.mark.parametrize(
    "text",
    [
        "WITH a AS (SELECT 1) DELETE FROM staff",
        "SELECT load_extension('evil')",
        "SELECT 1; DROP TABLE staff",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n, n, n",
        f"SELECT * FROM staff, {', '.join(f'staff AS s{number}' for number in range(20))}",
    ],
)
def test_a_hostile_query_changes_nothing_and_comes_to_an_end(
    ask: Ask, say: Say, staff: ScoringContext, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model wrote it: it may read this one file, for a moment."""
    monkeypatch.setattr("lorewright.evaluation.scorers.sql.MOST_SECONDS", 0.05)
    count = ask(targets=("SELECT count(*) FROM staff",))
    assert score("sql", count, say(text), staff) == {"sql": 0.0}
    assert score("sql", count, say("SELECT 3"), staff) == {"sql": 1.0}


def test_a_database_makes_execution_the_meaning_of_correct(ask: Ask, staff: ScoringContext) -> None:
    assert choose_primary([ask(targets=("SELECT 1",))], staff.settings) == "sql"


def test_labels_are_never_looked_for_in_a_longer_text(ask: Ask) -> None:
    """An answer that lists every label would be right for all of them."""
    labels = ("billing", "technical issue", "account access", "other")
    questions = [ask(f"Ticket {number}", targets=(labels[number % 4],)) for number in range(24)]
    assert take_primary(questions, ScoringContext()).context.primary == "exact"
    facts = [
        ask(f"How long is leave {number}?", targets=(f"{number % 4 + 20} days",)) for number in range(24)
    ]
    assert take_primary(facts, ScoringContext()).context.primary == "contains"
    polar = [ask(f"May I {number}?", targets=(("Yes", "No")[number % 2],)) for number in range(24)]
    assert take_primary(polar, ScoringContext()).context.primary == "contains"
