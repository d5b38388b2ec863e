"""Suggest held-out questions from the documents; accept, change or reject them; write one.

Suggested questions are measured with only once they are accepted, and stay marked as synthetic.
They are made by templates over sentences, tables, fields and headings (English, German, French,
Spanish), or by the chat model where it is another one than the small default.

Example:
  lorewright questions suggest --n 30
  lorewright questions
  lorewright questions accept qsug_5e0d1c6a9b3f7a21 qsug_0b9a6c1d2e3f4a55
  lorewright questions edit qsug_5e0d1c6a9b3f7a21 --question "How long is the warranty?"
  lorewright questions accept --all --into examples
  lorewright questions reject --all
  lorewright questions add --question "Who approves travel?" --answer "The head of department"
"""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import note, show, show_json
from lorewright.errors import InvalidSetting

if TYPE_CHECKING:
    from lorewright.workspace.dataset.suggestions import Suggestion
    from lorewright.workspace.server.server import Server

_N_USUAL = 30

USES = {
    "questions": ("action", "status"),
    "questions suggest": ("action", "n", "kind", "how"),
    "questions accept": ("action", "ids", "all", "into"),
    "questions reject": ("action", "ids", "all"),
    "questions edit": ("action", "ids", "question", "answer"),
    "questions add": ("action", "question", "answer", "document"),
}


def action_in(arguments: argparse.Namespace) -> str:
    """Return which of them is asked for."""
    return "questions" if arguments.action == "list" else f"questions {arguments.action}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `questions` takes."""
    add_domain_option(parser)
    parser.add_argument(
        "action", nargs="?", choices=("list", "suggest", "accept", "reject", "edit", "add"), default="list"
    )
    parser.add_argument("ids", nargs="*", metavar="ID", help="suggested questions, as listed")
    parser.add_argument("--n", type=int, default=_N_USUAL, help="how many to suggest (default: 30)")
    parser.add_argument(
        "--kind", action="append", default=[], metavar="KIND", help="only questions of this kind"
    )
    parser.add_argument(
        "--how", choices=("auto", "templates", "model"), default="auto", help="what makes the questions"
    )
    parser.add_argument("--all", action="store_true", help="accept or reject every pending suggestion")
    parser.add_argument(
        "--into", choices=("questions", "examples"), default="questions",
        help="accept them to measure with (questions) or to learn from (examples)",
    )  # fmt: skip
    parser.add_argument("--status", choices=("waiting", "accepted", "rejected"), default="waiting")
    parser.add_argument("--question", help="the question to write, or the new wording")
    parser.add_argument("--answer", help="the correct answer; '' for a question without one")
    parser.add_argument(
        "--document", action="append", default=[], metavar="ID", help="a document with the answer"
    )


def run(arguments: argparse.Namespace) -> int:
    """Suggest, list, accept, reject, change or write questions."""
    if arguments.action == "suggest":
        return _suggest(arguments)
    with _server(arguments) as server:
        if arguments.action == "add":
            return _add(arguments, server)
        listed = _changed(arguments, server)
    if arguments.json:
        show_json({"suggestions": [asdict(one) for one in listed]})
        return 0
    if arguments.action in ("accept", "reject"):
        is_accepted = arguments.action == "accept" and bool(listed)
        place = f"; they are in {arguments.into}/suggested.jsonl" if is_accepted else ""
        show(f"{len(listed)} {arguments.action}ed{place}.")
        return 0
    _show(listed)
    return 0


def _suggest(arguments: argparse.Namespace) -> int:
    from lorewright.cli.watch import watch
    from lorewright.workspace.dataset.suggesting import suggestion_order

    order = suggestion_order(arguments.n, arguments.kind, arguments.how)
    with open_workspace(arguments) as workspace:
        result = watch(workspace, "suggest", order)
    if arguments.json:
        show_json(result)
        return 0
    kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(result["kinds"].items()))
    n = result["n_suggested"]
    show(f"{n} questions suggested from {result['n_documents']} documents{f': {kinds}' if kinds else ''}.")
    if n < arguments.n:
        note("The documents gave no more questions that passed every check.")
    if n:
        show("Next: lorewright questions, then: lorewright questions accept ID …")
    return 0


@contextmanager
def _server(arguments: argparse.Namespace) -> "Iterator[Server]":
    from lorewright.workspace.server.server import Server

    with open_workspace(arguments) as workspace:
        server = Server(workspace.folder, workspace=workspace)
        try:
            yield server
        finally:
            server.close()


def _changed(arguments: argparse.Namespace, server: "Server") -> "Sequence[Suggestion]":
    from lorewright.workspace.dataset import suggestions

    caller, action = local_caller(), arguments.action
    if action == "list":
        return suggestions.list_suggestions(server, caller, status=arguments.status)
    if action == "edit":
        return [_edited(arguments, server)]
    ids = arguments.ids
    if arguments.all and ids:
        raise InvalidSetting(f"Give ids or --all to {action}, not both.")
    if arguments.all:
        ids = [one.id for one in suggestions.list_suggestions(server, caller, status="waiting")]
    elif not ids:
        raise InvalidSetting(
            f"Missing questions to {action}.",
            hint=f"Give their ids, as in: lorewright questions {action} ID …",
        )
    if action == "reject":
        return suggestions.reject_suggestions(server, caller, ids)
    return suggestions.accept_suggestions(server, caller, ids, side=arguments.into)


def _edited(arguments: argparse.Namespace, server: "Server") -> "Suggestion":
    from lorewright.workspace.dataset.suggestions import edit_suggestion

    if len(arguments.ids) != 1:
        raise InvalidSetting(
            "Give the id of one question to change.",
            hint="Example: lorewright questions edit ID --question …",
        )
    answerable = None if arguments.answer is None else bool(arguments.answer.strip())
    return edit_suggestion(
        server, local_caller(), arguments.ids[0], question=arguments.question, answer=arguments.answer,
        answerable=answerable,
    )  # fmt: skip


def _add(arguments: argparse.Namespace, server: "Server") -> int:
    from lorewright.evaluation.question_json import question_to_json
    from lorewright.workspace.dataset.judged_questions import add_question

    answer = arguments.answer or ""
    is_refused = arguments.answer is not None and not answer.strip()
    added = add_question(
        server,
        local_caller(),
        arguments.question or "",
        answer,
        arguments.document,
        answerable=not is_refused,
    )
    if arguments.json:
        show_json(question_to_json(added))
    else:
        show(f"Saved {added.text!r} to questions/judged.jsonl.")
    return 0


def _show(listed: "Sequence[Suggestion]") -> None:
    if not listed:
        show("There are none. Suggest some with: lorewright questions suggest")
        return
    for one in listed:
        show(f"{one.id}  {one.kind}")
        show(f"  {one.question}")
        show(
            f"  = {one.answer}"
            if one.answerable
            else "  = (not in the documents: the right answer is a refusal)"
        )
        for place in one.evidence if one.answerable else ():
            show(f"  {place.document_id}: {_short(place.text)}")


def _short(text: str, most: int = 140) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
