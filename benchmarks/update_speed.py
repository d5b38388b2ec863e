"""How fast a changed page arrives: from `lorewright add` to the right answer of `rag`.

    python benchmarks/update_speed.py --changes 5

Uses the bundled version desk: its pages are added, then single pages are replaced by the ones of a
year later. Prints, per change, the seconds of `add` as a user runs it (a whole process), the
seconds of the answer, and whether the answer holds the new fact and not the old one; then the same
inside a running process, as a server would do it.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from lorewright.messages import Message
from lorewright.progress import Progress, quiet
from lorewright.workspace import Workspace
from lorewright.workspace.add import add
from lorewright.workspace.ask import ask
from lorewright.workspace.demo import lay_out_demo


class Unheard:
    """Steps that nobody follows."""

    def progress(self, _label: str) -> Progress:
        """Return a callback that tells nobody."""
        return quiet

    def say(self, _line: str) -> None:
        """Tell nobody."""


def main() -> None:
    """Change pages one by one and ask about each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--changes", type=int, default=5)
    n_changes = parser.parse_args().changes
    with tempfile.TemporaryDirectory() as place:
        folder = lay_out_demo(Path(place) / "desk")
        lorewright(folder, "add", "--sync")
        lines = (folder / "update" / "questions.jsonl").read_text().splitlines()
        questions = list({q["document_ids"][0]: q for q in map(json.loads, lines)}.values())
        print("as commands:")
        report(changed_by_command(folder, question) for question in questions[:n_changes])
        print("in a running process:")
        with Workspace(folder) as workspace:
            ask(workspace, (Message("user", "Is Node.js 16 fine?"),), arm="rag")
            report(
                changed_in_process(workspace, question) for question in questions[n_changes : 2 * n_changes]
            )


def changed_by_command(folder: Path, question: dict[str, object]) -> tuple[float, float, bool]:
    """Replace the page, then ask; both as a user would at a terminal."""
    lay_over(folder, question)
    begun = time.perf_counter()
    lorewright(folder, "add", str(page(folder / "documents", question)))
    added = time.perf_counter()
    answer = json.loads(lorewright(folder, "ask", str(question["question"]), "--arm", "rag", "--json"))
    return added - begun, time.perf_counter() - added, is_new(json.dumps(answer["hits"]), question)


def changed_in_process(workspace: Workspace, question: dict[str, object]) -> tuple[float, float, bool]:
    """Replace the page, then ask, as a running server would."""
    lay_over(workspace.folder, question)
    begun = time.perf_counter()
    paths = [str(page(workspace.documents_folder, question))]
    add(workspace, {"paths": paths, "is_sync": False}, Unheard())  # type: ignore[arg-type]
    added = time.perf_counter()
    answer = ask(workspace, (Message("user", str(question["question"])),), arm="rag")
    seconds = time.perf_counter() - added
    return added - begun, seconds, is_new(" ".join(hit.chunk.text for hit in answer.hits), question)


def report(changes: object) -> None:
    """Print every change and the medians."""
    rows = list(changes)  # type: ignore[call-overload]
    for add_seconds, ask_seconds, right in rows:
        print(f"  add {add_seconds:5.2f} s  answer {ask_seconds:5.2f} s  new fact in the prompt: {right}")
    print(
        f"  median: add {median(row[0] for row in rows):.2f} s, "
        f"add and answer {median(row[0] + row[1] for row in rows):.2f} s, "
        f"new fact {sum(row[2] for row in rows)} of {len(rows)}"
    )


def lay_over(folder: Path, question: dict[str, object]) -> None:
    """Put the page of a year later in the place of the old one."""
    shutil.copyfile(page(folder / "update" / "documents", question), page(folder / "documents", question))


def page(folder: Path, question: dict[str, object]) -> Path:
    """Return the page that holds the answer."""
    return folder / str(question["document_ids"][0])  # type: ignore[index]


def is_new(text: str, question: dict[str, object]) -> bool:
    """Return whether a date or version of the new answer that the old one lacks stands in the text."""
    new, old = str(question["answers"][0]).split(), str(question["stale_answers"][0]).split()  # type: ignore[index]
    fresh = [word for word in new if word not in old and any(c.isdigit() for c in word)]
    return any(word in text for word in fresh) or not fresh


def lorewright(folder: Path, *words: str) -> str:
    """Run the command line and return what it printed."""
    command = [sys.executable, "-m", "lorewright.cli", words[0], "--domain", str(folder), *words[1:]]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
