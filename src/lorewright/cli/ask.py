"""Answer a question, streamed, with numbered citations and timings.

Example:
  lorewright ask "How many days of leave do I have?"
  lorewright ask "Is Python 3.8 still supported?" --arm hybrid --json
  lorewright ask "What changed in May?" --flow my-flow.json
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import note, show, show_json
from lorewright.errors import InvalidFlow, InvalidSetting
from lorewright.json_text import read_json

if TYPE_CHECKING:
    from lorewright.flows import Answer, Flow
    from lorewright.knowledge import Citation


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `ask` takes."""
    add_domain_option(parser)
    parser.add_argument("question", help="the question")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--flow", type=Path, metavar="FILE", help="answer with the flow in a JSON file")
    which.add_argument(
        "--arm", help="base, quote, nearest, few-shot, rag, rag-few-shot, tuned, naive-hybrid or hybrid"
    )
    parser.add_argument("--trace", action="store_true", help="show the output of every node of the flow")


def run(arguments: argparse.Namespace) -> int:
    """Stream the answer, then its citations and timings."""
    from lorewright.agents.packed_turns import whole_outputs
    from lorewright.evaluation import to_json
    from lorewright.messages import Message
    from lorewright.workspace.answering.disagreements import find_disagreements
    from lorewright.workspace.flows.ask import ask

    if not arguments.question.strip():
        raise InvalidSetting(
            "The question is empty.", hint="Example: lorewright ask 'How many days of leave do I have?'"
        )
    is_streamed = not arguments.json and sys.stdout.isatty()
    with open_workspace(arguments) as workspace:
        answer = ask(
            workspace,
            local_caller(),
            (Message("user", arguments.question),),
            arm=arguments.arm,
            flow=_read_flow(arguments.flow) if arguments.flow else None,
            on_text=_stream if is_streamed else _ignore,
        )
        differing = find_disagreements(workspace, local_caller(), arguments.question, answer.hits)
    if arguments.json:
        show_json(to_json(answer) | {"disagreements": differing})
        return 0
    _show(answer, is_streamed=is_streamed)
    for pair in differing:
        show("These documents disagree, the newest first:")
        for side in pair:
            page = f", page {side['page']}" if side["page"] is not None else ""
            day = f" ({side['day']})" if side["day"] else ""
            show(f"  {side['name']}{page}{day}: {' '.join(side['quote'].split())[:160]}")
    if arguments.trace:
        show_json({node_id: whole_outputs(outputs) for node_id, outputs in answer.trace.items()})
    return 0


def _read_flow(path: Path) -> "Flow":
    from lorewright.flows import flow_from_json

    try:
        return flow_from_json(read_json(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise InvalidFlow(
            f"{path} is not a flow file: {error}.", hint="Export one from the studio."
        ) from error


def _stream(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _ignore(text: str) -> None:
    """Keep quiet until the whole answer is there."""


def _show(answer: "Answer", *, is_streamed: bool) -> None:
    """Print the answer (again, when grounding changed what was streamed), its citations and timings."""
    if is_streamed:
        show("\n")
    show(with_numbers(answer))
    for citation in answer.citations:
        show(f"  [{citation.number}] {_with_quote(citation)}")
    show_nearest(answer)
    if answer.left_out:
        counts = ", ".join(f"{count} {name}" for name, count in answer.left_out.items())
        note(f"Left out because the prompt was too long: {counts}.")
    timings = ", ".join(f"{name} {ms:.0f} ms" for name, ms in answer.timings_ms.items())
    note(f"{answer.arm}: {answer.latency_ms:.0f} ms ({timings}); "
         f"{answer.usage.prompt_tokens} + {answer.usage.completion_tokens} tokens")  # fmt: skip


def show_nearest(answer: "Answer") -> None:
    """Print the place that comes closest to a question that was refused."""
    for citation in answer.nearest:
        show("The nearest passage, which may not answer it:")
        show(f"  {_with_quote(citation)}")


def _with_quote(citation: "Citation") -> str:
    return f"{place_of(citation)}: {' '.join(citation.quote.split())[:160]}"


def place_of(citation: "Citation") -> str:
    """Return the document of a citation, and its page if it has any."""
    return f"{citation.document_id}{f', page {citation.page}' if citation.page is not None else ''}"


def with_numbers(answer: "Answer") -> str:
    """Return the answer's text with the numbers of its citations where they belong."""
    text = answer.text
    for citation in sorted(answer.citations, key=lambda one: -one.position):
        text = f"{text[: citation.position]} [{citation.number}]{text[citation.position :]}"
    return text
