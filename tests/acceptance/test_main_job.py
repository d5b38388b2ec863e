"""Documents, examples and questions to a verdict, with a two-layer model: the whole way, for real."""

import re
import signal
import sqlite3
import time

import numpy as np
from safetensors.numpy import save_file
from tests.fixtures.command_line import Domain, worker_of

ARMS = ["base", "quote", "nearest", "few-shot", "rag", "rag-few-shot", "tuned", "naive-hybrid", "hybrid"]


def test_every_arm_is_built_measured_and_compared(tunable: Domain) -> None:
    told = tunable.json("compare")
    comparison = told["comparison"]
    assert [report["arm"] for report in comparison["reports"]] == ARMS
    assert all(len(report["rows"]) == 2 for report in comparison["reports"])
    assert all(row["cpu_seconds"] > 0 for report in comparison["reports"] for row in report["rows"])
    assert comparison["recommended_arm"] == told["recommendation"]["arm"] != ""
    adapters = comparison["measured"]["adapters"]
    assert set(adapters) == {"bare", "context"}
    assert len({*adapters.values(), comparison["measured"]["weights"]}) == 3

    drill = comparison["drill"]
    assert drill["document_ids"] == ["leave.md"]
    assert {row["arm"] for row in drill["rows"]} == set(ARMS)

    html = (tunable.folder / told["html_path"]).read_text()
    assert "http" not in html.replace("http://www.w3.org", "")
    shown = tunable.run("report")
    assert "9 arms on 2 held-out questions" in shown
    assert all(re.search(rf"^>? +{arm} ", shown, re.MULTILINE) for arm in ARMS)


def test_without_examples_only_what_differs_is_measured(tunable: Domain) -> None:
    """A few-shot arm without a shot is the base, asked twice."""
    (tunable.folder / "examples/desk.jsonl").unlink()
    reports = tunable.json("compare")["comparison"]["reports"]
    assert [report["arm"] for report in reports] == ["base", "quote", "rag"]


def test_what_was_trained_is_not_trained_again(tunable: Domain) -> None:
    first = tunable.json("tune")
    again = tunable.json("tune")
    assert again["runs"]["context"]["id"] == first["runs"]["context"]["id"]
    assert first["n_examples_read"] == 64


def test_a_killed_comparison_repeats_no_answer(tunable: Domain) -> None:
    """`kill -9` of everything in the middle of asking; the next call asks only what is left."""
    process = tunable.start("compare", "--no-drill")
    database = tunable.folder / ".lorewright" / "lorewright.db"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and len(answers(database)) < 3:
        time.sleep(0.02)
    worker = worker_of(process.pid)
    process.send_signal(signal.SIGKILL)
    import os

    os.kill(worker, signal.SIGKILL)
    process.communicate()
    before = answers(database)
    assert 3 <= len(before) < 18

    told = tunable.json("compare", "--no-drill")
    after = answers(database)
    assert len(after) == 18
    assert {name: attempt for name, attempt in after.items() if name in before} == before
    assert len(told["comparison"]["reports"]) == 9


def answers(database: object) -> dict[str, int]:
    """Return the finished answer steps with the attempt that did them."""
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            rows = connection.execute("SELECT name, attempt FROM job_step WHERE name LIKE 'answer/%'")
            return dict(rows.fetchall())
    except sqlite3.OperationalError:
        return {}


def test_an_answer_tells_what_made_it(tunable: Domain) -> None:
    tunable.run("add", "--sync")
    answer = tunable.json("ask", "How many days of leave?", "--arm", "rag")
    made = answer["provenance"]
    assert made["weights"]
    assert made["index_version"]
    assert made["prompt_hash"]
    assert answer["hits"][0]["chunk"]["document_id"] == "leave.md"
    assert {"retrieve", "generate"} <= answer["timings_ms"].keys()


def test_a_base_that_could_not_be_run_is_refused_before_it_is_trained(tunable: Domain) -> None:
    """Hours of training must not end in an adapter that nothing on this machine can use."""
    tunable.write("weights/config.json", "{}")
    save_file({"embed": np.zeros((2, 2), dtype=np.float32)}, tunable.folder / "weights/model.safetensors")
    settings = (tunable.folder / "lorewright.toml").read_text()
    base = f'[tuning]\nbase = "file:{tunable.folder / "weights"}"\n'
    tunable.write("lorewright.toml", settings.replace("[tuning]\n", base))
    told = tunable.run("tune", code=2)
    assert "does not state 'hidden_size'" in told
    assert "tuning.base" in told
