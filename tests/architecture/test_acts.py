"""The audit: one list of acts, each written in one place, and no use case changes anything without one."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from tests.fixtures.use_cases import ROOT, UseCase, door_files, use_cases

from lorewright.workspace.domain.acts import Act

TALK = (
    "anthropic.messages:message_events", "anthropic.messages:whole_message", "chats.asking:ask",
    "chats.asking:ask_again", "chats.chats:change_chat", "chats.chats:new_chat", "chats.judging:vote",
    "chats.turns:select_branch", "openai.chat_completions:chat", "openai.chat_completions:chat_chunks",
    "openai.chat_completions:finish_chat", "openai.responses.background:begin_background",
    "openai.responses.background:cancel_response", "openai.responses.background:current_response",
    "openai.responses.background:followed", "openai.responses.conversations:create_conversation",
    "openai.responses.conversations:create_items", "openai.responses.conversations:delete_item",
    "openai.responses.conversations:update_conversation", "openai.responses.respond:response_events",
    "openai.responses.respond:whole_response", "openai.stored_completions:label_chat",
    "openai.completions:completion_pieces", "openai.completions:whole_completion",
)  # fmt: skip
"""What comes and goes with every talk; that a chat, a response, a conversation is removed is written down."""
SILENT: Mapping[str, str] = dict.fromkeys(TALK, "a talk") | {
    "agents.overdue:go_on_overdue": "time did it: the agent is told that nobody decided",
    "agents.runs:fail_run": "keeps why the work ended that was written down when it began",
    "agents.runs:tool_list": "lists tools; none of them is called",
    "accounts.preferences:set_preference": "light or dark, for nobody else",
    "collections.batches:state_of_batch": "remembers its counts once nothing of the batch is under way",
    "collections.files:list_files": "files whose time is over go",
    "collections.stores:search_store": "remembers when the store was used",
    "collections.uploads:add_part": "a part of an upload, whose beginning and end are written down",
    "comparisons.advice:write_report": "a report, which can be written again",
    "comparisons.llm_judge:write_to_rate": "answers to rate, in a file that the caller names",
    "dataset.versions:version_difference": "unpacks a version into a folder that goes at once",
    "flows.drafts:keep_draft": "every stroke on the canvas; what is saved is written down",
    "flows.drafts:new_draft": "a draft, until it is saved",
    "flows.drafts:open_draft": "a draft, until it is saved",
    "openai.responses.respond:begin_response": "remembers when a store was used",
    "retrieval.former:search_as_of": "keeps an index of former texts, which can be made again",
    "retrieval.former:search_then": "keeps an index of former texts, which can be made again",
}
"""The use cases that change something and leave no trace, each with its reason."""

KEPT = re.compile(
    r"[rR]ecords|\b_names\b|\.(keys|users|groups|sessions|runs|comparisons|documents|queue|blobs|store|collection)$"
)
"""What is written to: the code before the last dot."""
WRITING = {
    "add",
    "change",
    "put",
    "remove",
    "remove_all",
    "save",
    "promote",
    "let_go",
    "revoke",
    "make",
    "submit",
    "end",
    "begin",
}
"""How: the name after the last dot."""
FILES = {
    "write_settings",
    "write_bytes",
    "write_whole",
    "rewrite_rows",
    "unfinished_file",
    "write_file",
    "replace_document_file",
    "write_feedback_row",
    "delete_feedback_row",
    "keep",
    "rmtree",
    "unlink",
    "copyfile",
    "copytree",
}
"""Functions and methods that change files."""

CACHES = {"_remember"}
"""Functions that keep what they worked out, to be quicker the next time: nothing changed for anybody."""

Place = tuple[str, str]


@pytest.mark.parametrize("act", list(Act), ids=str)
def test_an_act_is_written_in_one_place(act: Act) -> None:
    """Two places that write one act soon say different things; an act that nobody writes is a lie."""
    places = [place for name, place in _written() if name == act.name]

    assert len(places) == 1, f"{act} is written in {places}"


def test_an_act_says_what_was_done_in_words() -> None:
    """The log is read by people who know no names of ours."""
    assert [act for act in Act if not act.description or act.description.endswith(".")] == []
    assert len({act.description for act in Act}) == len(Act)


def test_doors_write_no_audit() -> None:
    """An act that a screen writes is missing when the same is done over the API."""
    writing = [
        path.name for path in door_files() if re.search(r"\baudit\(", path.read_text(encoding="utf-8"))
    ]

    assert writing == []


@pytest.mark.parametrize("case", use_cases(), ids=lambda case: case.path)
def test_a_use_case_that_changes_something_leaves_a_trace(case: UseCase) -> None:
    """Whoever is asked what happened to a document, a row or a run must be able to tell."""
    reached = _reached((case.module, case.name))
    writes = sorted({write for place in reached if place[1] not in CACHES for write in _writes(place)})
    is_noted = any(_notes(place) for place in reached)

    if case.path in SILENT:
        assert writes
        assert not is_noted, f"{case.path} leaves a trace: take it out of SILENT"
    else:
        assert is_noted or not writes, f"{case.path} writes and leaves no trace: {writes[:6]}"


@cache
def _written() -> list[tuple[str, str]]:
    """Return every act that is written, by its member's name, with where."""
    found = []
    for path in sorted((ROOT / "workspace").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "audit":
                found += [
                    (part.attr, f"{path.relative_to(ROOT).as_posix()}:{part.lineno}")
                    for part in ast.walk(node)
                    if isinstance(part, ast.Attribute) and getattr(part.value, "id", "") == "Act"
                ]
    return found


@cache
def _functions() -> dict[Place, ast.FunctionDef]:
    """Return every function of the workspace by module and name."""
    found = {}
    for module, tree in _modules().items():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                found[module, node.name] = node
    return found


@cache
def _modules() -> dict[str, ast.Module]:
    return {
        ".".join(("lorewright", *path.relative_to(ROOT).with_suffix("").parts)): ast.parse(
            path.read_text(encoding="utf-8")
        )
        for path in sorted((ROOT / "workspace").rglob("*.py"))
    }


@cache
def _names(module: str) -> dict[str, Place]:
    """Return what the names in a module stand for: its own functions, and those that it imports."""
    names = {name: (owner, name) for owner, name in _functions() if owner == module}
    for node in ast.walk(_modules()[module]):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                target = (node.module, alias.name)
                if target in _functions():
                    names[alias.asname or alias.name] = target
                inner = f"{node.module}.{alias.name}"
                names |= {
                    f"{alias.name}.{name}": (inner, name) for owner, name in _functions() if owner == inner
                }
    return names


@cache
def _reached(start: Place) -> frozenset[Place]:
    """Return a function and all that it calls, as far as names tell."""
    seen, waiting = set[Place](), [start]
    while waiting:
        place = waiting.pop()
        if place in seen or place not in _functions():
            continue
        seen.add(place)
        waiting += [
            _names(place[0])[name] for name in _called(_functions()[place]) if name in _names(place[0])
        ]
    return frozenset(seen)


def _called(function: ast.FunctionDef) -> Iterator[str]:
    """Yield every name that a function calls, or hands on to be called."""
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def _writes(place: Place) -> Iterator[str]:
    """Yield what a function itself writes to."""
    for node in ast.walk(_functions()[place]):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            if (node.func.attr in WRITING and KEPT.search(owner)) or node.func.attr in FILES:
                yield f"{place[1]}: {owner}.{node.func.attr}"
        elif getattr(node.func, "id", "") in FILES:
            yield f"{place[1]}: {ast.unparse(node.func)}"


def _notes(place: Place) -> bool:
    return any(
        isinstance(node, ast.Call) and getattr(node.func, "id", "") == "audit"
        for node in ast.walk(_functions()[place])
    )


def test_the_walk_sees_what_is_written() -> None:
    """A walk that finds nothing would find no hole either."""
    reached = _reached(("lorewright.workspace.deployments.deploy", "deploy"))

    assert any(write for place in reached for write in _writes(place))
    assert Path(ROOT / "workspace").is_dir()


def test_the_list_of_silent_use_cases_holds_nothing_that_is_gone() -> None:
    """A list of exceptions that nobody tidies up hides the next hole."""
    assert set(SILENT) <= {case.path for case in use_cases()}
