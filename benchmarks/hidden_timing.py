"""Measure whether the time of a refusal tells what is there: hidden things against missing ones.

    python -m benchmarks.hidden_timing [--n 40] [--kilobytes 300] [--only PART]

A guest asks for every id of an administrator's things, and for ids that nothing has, in turns. What
is hidden is large (`--kilobytes` each), because reading it is what would take time. Counted is the
processor time of the whole process, client and server together; the ratio is that of the medians.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from tests.fixtures.served import Served, lay_out
from tests.integration.api.test_hidden import Call, World, named_paths

DOORS = (
    "documents/", "chats/", "jobs/", "responses/", "files/", "vector_stores/", "deployments/", "models/",
    "conversations/", "chat/completions/", "answers/", "batches/", "evals/", "agent/runs/", "uploads/",
    "keys/", "users/", "groups/", "fine_tuning/", "prompts/", "feedback/", "traces/", "datasets/",
)  # fmt: skip
"""Parts of the paths that are measured."""
MANY = 1.25
"""A ratio of medians that somebody could use."""


def main() -> None:
    """Print the ratio of every door, the largest first."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=40, help="how often each is asked")
    parser.add_argument("--kilobytes", type=int, default=300, help="how large hidden things are")
    parser.add_argument("--only", default="", help="measure paths that hold this")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        world = _world(Path(folder), given.kilobytes)
        calls = [
            call
            for call in named_paths(world)
            if call.method in ("GET", "DELETE", "PUT")
            and any(door in call.path for door in DOORS)
            and given.only in call.path
        ]
        ratios = sorted(((_ratio(world, call, given.n), str(call)) for call in calls), reverse=True)
        world.close()
    for (ratio, hidden, missing), name in ratios:
        print(f"{ratio:5.2f}  {hidden:6.2f} ms hidden, {missing:6.2f} ms missing  {name}")
    outside = [name for (ratio, _, _), name in ratios if not 1 / MANY < ratio < MANY]
    middle = statistics.median(ratio for (ratio, _, _), _ in ratios)
    print(
        f"{len(ratios)} doors, n = {given.n} each: median ratio {middle:.3f}, {len(outside)} outside 0.8-1.25"
    )


def _world(folder: Path, kilobytes: int) -> World:
    """Return a server whose administrator's records are large."""
    server = Served(lay_out(folder / "handbook"))
    page = "# Rules\n\n" + "Rule by rule, the hall opens at nine and shuts at five. " * (kilobytes * 18)
    (folder / "handbook" / "documents" / "leave.md").write_text(page)
    server.running.start("add", {"paths": [], "is_sync": True})
    server.running.workers.wait()
    world = World(server)
    kinds = (
        "response", "chat", "chat_completion", "conversation", "eval", "eval_run", "batch", "answer",
        "feedback",
    )  # fmt: skip
    padding = {"padding": [{"text": "word " * 20}] * (kilobytes * 8)}
    for kind in kinds:
        records = server.running.records(kind)
        for record in records.all():
            if record.id in world.ids.values() or record.id.rpartition("/")[2] in world.ids.values():
                records.change(record.id, lambda body: {**body, "metadata_of_test": json.dumps(padding)})
    return world


def _ratio(world: World, call: Call, n: int) -> tuple[float, float, float]:
    """Return the ratio of the medians of processor time, and both in milliseconds."""
    absent = world.absent()
    spent: dict[str, list[float]] = {"hidden": [], "missing": []}
    for turn in range(n + 2):
        for name in ("hidden", "missing") if turn % 2 else ("missing", "hidden"):
            before = time.process_time()
            world.as_guest(call, world.ids if name == "hidden" else absent)
            spent[name].append((time.process_time() - before) * 1e3)
    hidden, missing = (statistics.median(times[2:]) for times in spent.values())
    return hidden / missing, hidden, missing


if __name__ == "__main__":
    main()
