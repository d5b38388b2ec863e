"""A domain in short: its name, how much of everything there is, and its settings without secrets."""

import re
from typing import Any

from lorewright.access import Caller
from lorewright.datasets import read_examples
from lorewright.errors import InvalidExamples
from lorewright.evaluation import read_questions, to_json
from lorewright.flows.arm_names import ADAPTERS
from lorewright.workspace.comparisons.listing import list_comparisons
from lorewright.workspace.dataset.sources import is_row_readable
from lorewright.workspace.deployments.records import stored_deployments
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.flows.library import own_names
from lorewright.workspace.server.server import Server

_USERINFO = re.compile(r"(?<=://)[^/@\s]+@")


def domain_summary(server: Server, caller: Caller) -> dict[str, Any]:
    """Return the served domain in short, as JSON; documents and deployments as far as a key sees them.

    Examples and questions count as they stand in their files; lines that cannot be read do not.
    """
    caller.need("read")
    workspace = server.workspace
    allowed = readable(workspace, caller)
    n_documents = workspace.documents.count(allowed)
    examples = read_examples(workspace.examples_folder, on_bad_line=_ignore).examples
    questions = read_questions(workspace.questions_folder, on_bad_line=_ignore)
    return {
        "id": server.name,
        "object": "domain",
        "counts": {
            "documents": n_documents,
            "chunks": workspace.collection.count(allowed) if n_documents else 0,
            "examples": sum(is_row_readable(example, allowed) for example in examples),
            "questions": sum(is_row_readable(question, allowed) for question in questions),
            "comparisons": len(list_comparisons(workspace, caller)),
            "flows": len(own_names(workspace)),
            "deployments": sum(caller.may_use_model(one.name) for one in stored_deployments(workspace)),
        },
        "adapters": [kind for kind in ADAPTERS if workspace.runs.latest(kind) is not None],
        "settings": _without_secrets(to_json(workspace.settings)),
    }


def _ignore(_bad: InvalidExamples) -> None:
    """Count what can be read."""


def _without_secrets(value: Any) -> Any:
    """Return settings without the passwords that a URL may carry."""
    if isinstance(value, dict):
        return {name: _without_secrets(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_without_secrets(item) for item in value]
    return _USERINFO.sub("***@", value) if isinstance(value, str) else value
