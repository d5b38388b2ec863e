"""Chat with the documents at the prompt: every answer streamed, with its sources.

Example:
  lorewright chat
  lorewright chat --arm rag
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lorewright.cli.ask import place_of, show_nearest, with_numbers
from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import note, show, show_json
from lorewright.errors import LorewrightError

if TYPE_CHECKING:
    from lorewright.flows import Answer
    from lorewright.knowledge import Citation
    from lorewright.messages import Message
    from lorewright.workspace import Workspace

COMMANDS = {
    "/arm NAME": "answer with another arm; without a name, show which one answers",
    "/sources": "show the passages that the last answer rests on",
    "/new": "begin a new conversation",
    "/help": "show these commands",
    "/quit": "leave, as Ctrl-D does",
}
_PROMPT = "> "
_MARKER = re.compile(r"\s*\[\d+\]")
_HISTORY, _MOST_LINES = "chat_history", 1_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `chat` takes."""
    add_domain_option(parser)
    parser.add_argument("--arm", default="", help="the arm that answers (default: the recommended one)")


def run(arguments: argparse.Namespace) -> int:
    """Answer one question after the other, until the input ends."""
    from lorewright.workspace.flows.ask import usual_arm

    with open_workspace(arguments) as workspace:
        workspace.keeps_prompts = True  # a turn reads what it adds, and not the chat again
        arm = arguments.arm or usual_arm(workspace, local_caller())
        chat = Chat(workspace, arm, is_json=arguments.json)
        is_typed = sys.stdin.isatty()
        if is_typed:
            note(f"{workspace.folder.name}, answered by {chat.arm}. /help shows the commands, /quit leaves.")
        with _history(workspace.state_folder / _HISTORY if is_typed else None):
            for line in _lines(is_typed=is_typed):
                if not chat.hear(line):
                    break
    return 0


@dataclass
class Chat:
    """A conversation at the prompt."""

    workspace: "Workspace"
    arm: str
    turns: "list[Message]" = field(default_factory=list)
    answer: "Answer | None" = None
    is_json: bool = False

    def hear(self, line: str) -> bool:
        """Do what a line says; return whether to go on."""
        entry = line.strip()
        name, _, rest = entry.partition(" ")
        if name in ("/quit", "/exit"):
            return False
        try:
            if entry.startswith("/"):
                self._command(name, rest.strip())
            elif entry:
                self._ask(entry)
        except LorewrightError as error:
            note(f"{error} {error.hint}".strip())
        except KeyboardInterrupt:
            note("\nStopped.")
        return True

    def _command(self, name: str, rest: str) -> None:
        if name == "/arm":
            self._choose(rest)
        elif name == "/sources":
            self._show_sources()
        elif name == "/new":
            self.turns, self.answer = [], None
            show("A new conversation.")
        elif name == "/help":
            for command, description in COMMANDS.items():
                show(f"  {command:<10} {description}")
        else:
            note(f"There is no command {name}. /help shows those there are.")

    def _choose(self, name: str) -> None:
        from lorewright.workspace.flows.catalogue import usable_flow

        if name:
            usable_flow(self.workspace, local_caller(), name)  # raises what keeps it from answering
            self.arm = name
        show(f"Answered by {self.arm}.")

    def _ask(self, question: str) -> None:
        """Stream an answer and its sources; one that was stopped leaves the conversation as it was."""
        from lorewright.evaluation import to_json
        from lorewright.flows.arm_names import STANDARD
        from lorewright.messages import Message
        from lorewright.progress import silent
        from lorewright.workspace.flows.ask import ask

        # Passages shown word for word come all at once: then with the numbers of their sources.
        is_at_once = self.is_json or any(arm.name == self.arm and not arm.generates for arm in STANDARD)
        conversation = (*self.turns, Message("user", question))
        echo = _Echo()
        try:
            answer = ask(
                self.workspace,
                local_caller(),
                conversation,
                arm=self.arm,
                on_text=silent if is_at_once else echo.hear,
            )
        finally:
            if echo.text:
                show()
        self.turns = [*conversation, Message("assistant", answer.text)]
        self.answer = answer
        if self.is_json:
            show_json(to_json(answer))
            return
        if _MARKER.sub("", echo.text).strip() != answer.text.strip():
            show(with_numbers(answer))  # not streamed, or changed by the checks
        for citation in _in_order(answer):
            note(f"  {_place(citation)}")
        show_nearest(answer)
        if answer.left_out:
            counts = ", ".join(f"{count} {name}" for name, count in answer.left_out.items())
            note(f"  Left out because the prompt was too long: {counts}.")

    def _show_sources(self) -> None:
        citations = _in_order(self.answer) if self.answer else []
        for citation in citations:
            show(f"  {_place(citation)}: {' '.join(citation.quote.split())}")
        if not citations:
            show("No sources." if self.answer else "Nothing was answered yet.")


def _in_order(answer: "Answer") -> "list[Citation]":
    return sorted(answer.citations, key=lambda citation: citation.number)


def _place(citation: "Citation") -> str:
    return f"[{citation.number}] {place_of(citation)}"


@dataclass
class _Echo:
    """What was streamed so far."""

    text: str = ""

    def hear(self, piece: str) -> None:
        """Print a piece of an answer."""
        self.text += piece
        sys.stdout.write(piece)
        sys.stdout.flush()


def _lines(*, is_typed: bool, read: Callable[[str], str] = input) -> Iterator[str]:
    """Yield what is typed, until Ctrl-D; Ctrl-C takes back what stands at the prompt."""
    while True:
        try:
            yield read(_PROMPT if is_typed else "")
        except EOFError:
            if is_typed:
                show()
            return
        except KeyboardInterrupt:
            show()


@contextmanager
def _history(path: Path | None) -> Iterator[None]:
    """Let lines typed before be had with the arrow keys; they are kept for their owner only."""
    if path is None:
        yield
        return
    with suppress(ImportError, OSError):
        import readline

        readline.set_history_length(_MOST_LINES)
        readline.read_history_file(path)
    try:
        yield
    finally:
        with suppress(ImportError, OSError):
            import readline

            readline.write_history_file(path)
