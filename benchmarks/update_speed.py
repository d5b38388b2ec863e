"""How fast a changed page arrives: from `lorewright add` to the right answer of `rag`.

    python -m benchmarks.update_speed

Ten pages of a house handbook are added; then one fact of each is changed, one page after the
other. Prints, per change, the seconds of `add`, the seconds of the answer, and whether the answer
says the new fact and not the old one: first as two commands, each a whole process, then inside a
running process, as a server does it.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from lorewright.access import LOCAL
from lorewright.messages import Message
from lorewright.progress import Progress, quiet
from lorewright.workspace import Workspace, init_domain
from lorewright.workspace.documents.add import add
from lorewright.workspace.flows.ask import ask

QUIET_DESK = "Ask at the front desk if anything is unclear; it is staffed on working days."


@dataclass(frozen=True, slots=True)
class Page:
    """One page with a fact that changes."""

    title: str
    fact: str
    question: str
    old: str
    new: str

    def text(self, value: str) -> str:
        """Return the page with `value` as the fact."""
        return f"# {self.title}\n\n{self.fact.format(value)}\n\n{QUIET_DESK}\n"


PAGES = (
    Page("Car park", "The car park closes at {}.", "When does the car park close?", "22:00", "23:30"),
    Page("Canteen", "A lunch in the canteen costs {} euros.", "What does a lunch cost?", "6.40", "7.10"),
    Page("Wireless", "The guest network is called {}.", "What is the guest network called?",
         "heron-guest", "plover-guest"),
    Page("Holidays", "Every employee has {} days of leave a year.", "How many days of leave are there?",
         "28", "31"),
    Page("Lost property", "Lost property is kept for {} days.", "How long is lost property kept?",
         "60", "45"),
    Page("First aid", "The first-aid room is room {}.", "Which room is the first-aid room?",
         "B114", "C203"),
    Page("Travel", "A hotel room may cost up to {} euros a night.", "How much may a hotel room cost?",
         "120", "145"),
    Page("Library", "Books from the library are lent for {} weeks.", "For how many weeks are books lent?",
         "4", "6"),
    Page("Printing", "The colour printer stands on floor {}.", "On which floor is the colour printer?",
         "2", "5"),
    Page("Keys", "A lost key costs {} euros.", "What does a lost key cost?", "35", "50"),
)  # fmt: skip


class Unheard:
    """Steps that nobody follows."""

    def progress(self, _label: str) -> Progress:
        """Return a callback that tells nobody."""
        return quiet

    def say(self, _line: str) -> None:
        """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one change took, and whether the answer was right."""

    add_seconds: float
    answer_seconds: float
    is_right: bool
    answer: str


def main() -> None:
    """Change pages one by one and ask about each."""
    with tempfile.TemporaryDirectory() as place:
        domain = handbook(Path(place) / "commands")
        lorewright(domain, "ask", PAGES[0].question)  # the model is fetched and converted once
        report("as two commands", (changed(domain, page, *commands(domain)) for page in PAGES))
        domain = handbook(Path(place) / "process")
        with Workspace(domain) as workspace:
            ask(workspace, LOCAL, (Message("user", PAGES[0].question),), arm="rag")
            report(
                "in a running process",
                (changed(domain, page, *calls(workspace)) for page in PAGES),
            )


def handbook(folder: Path) -> Path:
    """Return a new domain with the pages as they were."""
    init_domain(folder)
    for page in PAGES:
        path(folder, page).write_text(page.text(page.old), encoding="utf-8")
    lorewright(folder, "add", "--sync")
    return folder


def changed(
    domain: Path, page: Page, add_page: Callable[[Path], object], answer_to: Callable[[str], str]
) -> Change:
    """Change the page's fact, add it, and ask for it."""
    path(domain, page).write_text(page.text(page.new), encoding="utf-8")
    begun = time.perf_counter()
    add_page(path(domain, page))
    added = time.perf_counter()
    answer = answer_to(page.question)
    seconds = time.perf_counter() - added
    return Change(added - begun, seconds, page.new in answer and page.old not in answer, answer)


def commands(domain: Path) -> tuple[Callable[[Path], object], Callable[[str], str]]:
    """Return adding and asking as a user does it at a terminal."""
    return (
        lambda file: lorewright(domain, "add", str(file)),
        lambda question: json.loads(lorewright(domain, "ask", question, "--arm", "rag", "--json"))["text"],
    )


def calls(workspace: Workspace) -> tuple[Callable[[Path], object], Callable[[str], str]]:
    """Return adding and asking as a running server does it."""
    return (
        lambda file: add(workspace, {"paths": [str(file)], "is_sync": False}, Unheard()),  # type: ignore[arg-type]
        lambda question: ask(workspace, LOCAL, (Message("user", question),), arm="rag").text,
    )


def report(how: str, changes: Iterable[Change]) -> None:
    """Print every change, the medians, and how many answers were right."""
    print(f"{how}:")
    found = []
    for change in changes:
        found.append(change)
        said = " ".join(change.answer.split())[:60]
        print(
            f"  add {change.add_seconds:5.2f} s  answer {change.answer_seconds:5.2f} s  "
            f"{'right' if change.is_right else 'WRONG'}  {said}"
        )
    right = [change.add_seconds + change.answer_seconds for change in found if change.is_right]
    print(
        f"  right {len(right)} of {len(found)}; median: add {median(c.add_seconds for c in found):.2f} s, "
        f"answer {median(c.answer_seconds for c in found):.2f} s; "
        f"both, where right: {median(right):.2f} s, at most {max(right):.2f} s"
    )


def path(domain: Path, page: Page) -> Path:
    """Return the file of a page."""
    return domain / "documents" / f"{page.title.lower().replace(' ', '-')}.md"


def lorewright(domain: Path, verb: str, *words: str) -> str:
    """Run the command line and return what it printed."""
    command = [sys.executable, "-m", "lorewright.cli", verb, "--domain", str(domain), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
