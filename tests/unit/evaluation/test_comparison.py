"""Arms measured against each other."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lorewright.errors import NothingMeasured, UserError
from lorewright.evaluation import (
    Comparison,
    ComparisonRepository,
    Measured,
    Question,
    Report,
    ScoringContext,
    SetUp,
    UpdateDrill,
    build_report,
    compare,
    comparison_from_json,
    comparison_to_json,
    drill_row,
    score_answer,
    summarise,
)
from lorewright.flows import Answer
from lorewright.storage import open_database, sqlite_url

Ask = Callable[..., Question]
Say = Callable[..., Answer]


@pytest.fixture
def comparison(ask: Ask, say: Say) -> Comparison:
    """`rag` is right about 18 of 20, `base` about 4; the drill changed one page."""
    questions = [ask(f"Question {n}?", targets=(f"{1000 + n}",)) for n in range(20)]

    def report(arm: str, n_right: int) -> Report:
        rows = [
            score_answer(question, say(f"It is {1000 + n if n < n_right else 7}.", arm=arm), ScoringContext())
            for n, question in enumerate(questions)
        ]
        return build_report(arm, rows, set_up=SetUp(ingestion_seconds=2.0), peak_bytes=10)

    changed = ask("End?", targets=("2026",), stale_targets=("2025",))
    rows = (
        drill_row(changed, say("2025", arm="rag"), say("2026", arm="rag"), ScoringContext()),
        drill_row(changed, say("2025", arm="base"), say("2025", arm="base"), ScoringContext()),
    )
    drill = UpdateDrill(
        document_ids=("plesk",),
        rows=rows,
        summaries=(
            summarise("rag", rows[:1], update_seconds=0.8),
            summarise("base", rows[1:], update_seconds=None),
        ),
    )
    return compare(
        [report("base", 4), report("rag", 18)],
        id="c1",
        created_at=1.0,
        primary="contains",
        measured=Measured(index_version="7", machine={"cpu": "2 cores"}),
        drill=drill,
    )


def test_arms_are_compared_question_by_question(comparison: Comparison) -> None:
    found = comparison.difference("rag", "base")
    assert found is not None
    assert found.mean == pytest.approx(0.7)
    assert found.is_measurable
    assert found.n == comparison.n_questions == 20


def test_a_report_counts_and_explains_its_failures(comparison: Comparison) -> None:
    rag = comparison.report("rag")
    assert rag is not None
    assert rag.correctness.mean == pytest.approx(0.9)
    assert rag.failures == {"not-known": 2}
    assert [row.failure for row in rag.rows][-3:] == ["", "not-known", "not-known"]
    assert rag.latency_p50_ms.mean == 100.0


def test_the_drill_shows_who_learned_of_the_change(comparison: Comparison) -> None:
    assert comparison.drill is not None
    assert [row.outcome for row in comparison.drill.rows] == ["right", "stale"]
    rag, base = comparison.report("rag"), comparison.report("base")
    assert rag is not None
    assert base is not None
    assert (rag.update_seconds, base.update_seconds) == (0.8, None)


def test_a_comparison_survives_json(comparison: Comparison) -> None:
    body = json.loads(json.dumps(comparison_to_json(comparison)))
    assert comparison_from_json(body) == comparison
    with pytest.raises(UserError, match="format 99"):
        comparison_from_json({**body, "format": 99})


def test_comparisons_are_kept_newest_first(comparison: Comparison, tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path / "lorewright.db"))
    comparisons = ComparisonRepository(database)
    assert comparisons.latest() is None
    with pytest.raises(NothingMeasured, match="No comparison found with id 'c1'"):
        comparisons.get("c1")

    later = Comparison(
        id="c2", created_at=2.0, primary="contains", reports=comparison.reports, differences=()
    )
    comparisons.save(comparison)
    comparisons.save(later)
    comparisons.save(comparison)

    assert comparisons.latest() == later
    assert [found.id for found in comparisons.all()] == ["c2", "c1"]
    assert comparisons.get("c1") == comparison
    database.close()
