"""Tasks that one retrieval cannot solve: computed from two values of a table, or two questions at once.

    python -m benchmarks.agent_tasks --data DATA --sets tatqa --arms quote agent:plan --limit 60
    python -m benchmarks.agent_tasks --data DATA --arms agent:model --limit 10 --out answers.jsonl

`computed` takes questions whose answer is calculated: solved where the answer gives the right number,
rounded as the target is. `two questions` joins two questions about different documents, each pair once:
solved where the answer cites a right document of each. `two changes` joins two questions about facts that
changed after the documents were first indexed: solved where the answer gives both new dates.
`unanswerable` are questions that no document answers: only the share of refusals counts. Every task is
asked once per arm with the default models; CPU is the median per task. Shares carry their 95 % bootstrap
interval. `agent:plan` is the agent with fixed steps, `agent:model` the same with the model as its driver;
`agent` is the one of the two that the domain's model gets. Tools called and why runs ended stand beside
each, and with `--out` every answer is written down with its steps.
"""

import argparse
import json
import os
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import Any

from lorewright.access import LOCAL
from lorewright.evaluation import estimate
from lorewright.flows import Answer
from lorewright.jobs import Steps
from lorewright.messages import Message
from lorewright.workspace.documents.add import add
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.flows.ask import ask
from lorewright.workspace.flows.catalogue import usable_flow

SETS = ("tatqa", "mtrag-un", "aws-docs", "eol-changing")
_MOST_LETTERS = 80
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked, and whether an answer solves it."""

    text: str
    is_solved: Callable[[Answer], bool]
    target: str = ""


def main() -> None:
    """Print a line per set, kind of task and arm."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("LOREWRIGHT_DATA"), help="the data folder"
    )
    parser.add_argument("--sets", nargs="+", default=["tatqa"], choices=SETS)
    parser.add_argument("--arms", nargs="+", default=["quote", "agent"])
    parser.add_argument("--limit", type=int, default=60, help="tasks of each kind, evenly spread")
    parser.add_argument("--offset", type=int, default=0, help="the first question: to measure on others")
    parser.add_argument(
        "--pages", type=int, help="index the pages of the questions and so many others, not all: less work"
    )
    parser.add_argument("--kinds", nargs="+", help="only these kinds of tasks, such as computed")
    parser.add_argument("--domain", type=Path, help="a folder that keeps the indexed domains")
    parser.add_argument("--out", type=Path, help="a file for every task, answer and step, one a line")
    given = parser.parse_args()
    kept = given.domain or Path(tempfile.mkdtemp())
    for name in given.sets:
        with Workspace(_domain(given.data / name, kept / name, given.pages)) as workspace:
            for kind, tasks in _tasks(given.data / name, given.limit, given.offset).items():
                for arm in given.arms if tasks and kind in (given.kinds or [kind]) else ():
                    _measure(workspace, f"{name} {kind}", arm, tasks, given.out)


def _measure(workspace: Workspace, label: str, arm: str, tasks: Sequence[Task], out: Path | None) -> None:
    solved, refused, seconds = [], [], []
    tools, ends = Counter[str](), Counter[str]()
    for task in tasks:
        begun = time.process_time()
        answer = _answer_of(workspace, arm, task.text)
        seconds.append(time.process_time() - begun)
        solved.append(float(not answer.refused and task.is_solved(answer)))
        refused.append(float(answer.refused))
        steps = answer.trace.get("agent", {}).get("steps", ())
        tools.update(str(step["tool"]) for step in steps if step["kind"] == "call")
        ends.update(str(step["reason"]) for step in steps if step["kind"] == "end" and step["reason"])
        if out is not None:
            _write(out, label, arm, task, answer, is_solved=bool(solved[-1]), seconds=seconds[-1])
    print(
        f"{label:24} {arm:12} solved {estimate(solved)}, refused {estimate(refused)}, "
        f"{statistics.median(seconds):.2f} s of CPU{_counted('called', tools)}{_counted('ended', ends)}",
        flush=True,
    )


def _counted(what: str, counts: Counter[str]) -> str:
    return f"; {what} {', '.join(f'{n} x {name}' for name, n in counts.most_common(5))}" if counts else ""


def _write(
    out: Path, label: str, arm: str, task: Task, answer: Answer, *, is_solved: bool, seconds: float
) -> None:
    """Add a task to a file of lines: what was asked, called and answered, to be read by a person."""
    steps = answer.trace.get("agent", {}).get("steps", ())
    line = {
        "tasks": label, "arm": arm, "task": task.text, "target": task.target, "is_solved": is_solved,
        "refused": answer.refused, "seconds": round(seconds, 2), "text": answer.text,
        "cited": sorted({citation.document_id for citation in answer.citations}), "steps": list(steps),
    }  # fmt: skip
    with out.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(line, ensure_ascii=False) + "\n")


def _answer_of(workspace: Workspace, arm: str, text: str) -> Answer:
    """Return the answer of an arm, or of the agent in the mode that is named behind it."""
    conversation = (Message("user", text),)
    name, _, mode = arm.partition(":")
    if not mode:
        return ask(workspace, LOCAL, conversation, arm=arm)
    flow = usable_flow(workspace, LOCAL, name)
    nodes = tuple(
        replace(node, params={**node.params, "mode": mode}) if node.kind == "agent" else node
        for node in flow.nodes
    )
    return ask(workspace, LOCAL, conversation, flow=replace(flow, nodes=nodes))


def _domain(data: Path, folder: Path, n_others: int | None) -> Path:
    """Return a domain with the documents of a set, indexed: all, or those asked about and some others."""
    if not (folder / "lorewright.toml").exists():
        (folder / "documents").mkdir(parents=True)
        (folder / "lorewright.toml").write_text("")
        for path in sorted(data.glob("docs*.jsonl")):  # what changed is indexed once more
            rows = list(_rows(path))
            _index(rows if n_others is None else _fewer(rows, data, n_others), folder)
    return folder


def _fewer(rows: Sequence[Row], data: Path, n_others: int) -> list[Row]:
    """Return the rows of documents that questions are about, and so many others, evenly spread."""
    asked = {name for row in _rows(data / "questions.jsonl") for name in row.get("doc_ids", ())}
    others = {row["id"] for row in _spread([row for row in rows if row["id"] not in asked], n_others, 0)}
    return [row for row in rows if row["id"] in asked | others]


def _index(rows: Sequence[Row], folder: Path) -> None:
    for row in rows:
        text = f"# {row['title']}\n\n{row['text']}" if row["title"] else row["text"]
        (folder / "documents" / _file(row["id"])).write_text(text, encoding="utf-8")
    with Workspace(folder) as workspace:
        job = workspace.queue.submit("add", {"paths": [], "is_sync": True})
        add(workspace, dict(job.order), Steps(workspace.queue, job.id, 1))


def _tasks(data: Path, limit: int, offset: int) -> dict[str, list[Task]]:
    every = list(_rows(data / "questions.jsonl"))
    rows = [row for row in every if row.get("answerable", True) and row.get("change", "same") != "never"]
    without = [row for row in every if row not in rows]
    changed = [row for row in rows if row.get("change") == "changed" and row["answers_t1"][0][:1] == "2"]
    changes = zip(_spread(changed, limit, offset), _spread(changed[::-1], limit, offset), strict=False)
    computed = [row for row in rows if row.get("answer_type") == "arithmetic"]
    single = [row for row in rows if row.get("doc_ids") and row.get("answer_type", "span") == "span"]
    pairs = _once(zip(_spread(single, limit, offset), _spread(single[::-1], limit, offset), strict=False))
    return {
        "computed": [
            Task(row["question"], _gives(row["answers"]), f"{row['answers']} {row.get('derivation', '')}")
            for row in _spread(computed, limit, offset)
        ],
        "two questions": [
            Task(f"{_asked(one)} {_asked(two)}", _cites(one["doc_ids"], two["doc_ids"]), _target(one, two))
            for one, two in pairs
            if not set(one["doc_ids"]) & set(two["doc_ids"]) and not changed
        ],
        "two changes": [
            Task(
                f"{_asked(one)} {_asked(two)}",
                _says(*(row["answers_t1"][0] for row in (one, two))),
                _target(one, two),
            )
            for one, two in changes
            if one is not two
        ],
        "unanswerable": [Task(_asked(row), lambda _: False) for row in _spread(without, limit, offset)],
    }


def _once(pairs: Iterable[tuple[Row, Row]]) -> list[tuple[Row, Row]]:
    """Return pairs without those that came before the other way round: a small set meets itself."""
    known: dict[frozenset[str], tuple[Row, Row]] = {}
    for one, two in pairs:
        known.setdefault(frozenset((str(one["id"]), str(two["id"]))), (one, two))
    return list(known.values())


def _target(*rows: Row) -> str:
    """Return what is right: the answers and where they stand."""
    return "; ".join(
        f"{row.get('answers_t1', row.get('answers'))} in {[_file(name) for name in row.get('doc_ids', ())]}"
        for row in rows
    )


def _asked(row: Row) -> str:
    return str(row["question"]).strip().rstrip("?.") + "?"


def _gives(targets: Sequence[str]) -> Callable[[Answer], bool]:
    """Return whether an answer gives a number, rounded as the target is; signs are left to the wording."""

    def is_solved(answer: Answer) -> bool:
        said = [Decimal(number.replace(",", "")) for number in _NUMBER.findall(answer.text)]
        return any(_is_same(number, target) for number in said for target in targets)

    return is_solved


def _is_same(number: Decimal, target: str) -> bool:
    match = _NUMBER.search(target)
    if match is None:
        return False
    wanted = Decimal(match.group().replace(",", ""))
    n_places = len(match.group().partition(".")[2])
    return abs(round(abs(number), n_places)) == abs(wanted)


def _says(*facts: str) -> Callable[[Answer], bool]:
    return lambda answer: all(fact in answer.text for fact in facts)


def _cites(*documents: Sequence[str]) -> Callable[[Answer], bool]:
    files = [{_file(document) for document in several} for several in documents]

    def is_solved(answer: Answer) -> bool:
        cited = {citation.document_id for citation in answer.citations}
        return all(cited & one for one in files)

    return is_solved


def _spread(rows: Sequence[Row], limit: int, offset: int) -> list[Row]:
    step = max(1, len(rows) // max(1, limit))
    return list(rows[offset::step])[:limit]


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _file(document_id: str) -> str:
    """Return the name of a document's file; a long one ends in a digest, for many begin alike."""
    name = re.sub(r"[^\w.-]", "_", document_id)
    if len(name) > _MOST_LETTERS:
        name = f"{name[: _MOST_LETTERS - 9]}-{blake2b(document_id.encode(), digest_size=4).hexdigest()}"
    return f"{name}.md"


if __name__ == "__main__":
    main()
