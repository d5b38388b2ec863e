"""The pages of the studio: where each is, what shows it, and what it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from lorewright.studio.words import t

Show = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation: its path, its name, an icon, and the verb that a visitor needs."""

    path: str
    name: str
    icon: str
    verb: str = "read"


def places() -> dict[str, list[Place]]:
    """Return the entries of the navigation by their group, in the visitor's language."""
    return {
        "": [
            Place("/", t("Home"), "home"),
            Place("/chat", t("Chat"), "forum", "chat"),
            Place("/documents", t("Documents"), "description"),
        ],
        t("Lab"): [
            Place("/data", t("Data"), "dataset"),
            Place("/tuning", t("Tuning"), "tune"),
            Place("/compare", t("Compare"), "leaderboard"),
            Place("/advise", t("Advise"), "fact_check"),
        ],
        t("Build"): [
            Place("/flows", t("Flows"), "account_tree"),
            Place("/deployments", t("Deployments"), "rocket_launch"),
        ],
        t("System"): [
            Place("/models", t("Models"), "memory"),
            Place("/jobs", t("Jobs"), "pending_actions"),
            Place("/settings", t("Settings"), "settings"),
        ],
    }


SCREENS: dict[str, str] = {
    "/": "home:show",
    "/documents": "documents:show",
    "/documents/view": "documents_view:show",
    "/documents/test": "documents_test:show",
    "/chat": "chat:show",
    "/chat/{chat_id}": "chat:show_one",
    "/shared/{token}": "chat:show_shared",
    "/flows": "flows:show",
    "/flows/edit": "flow_edit:show",
    "/data": "data:show",
    "/data/questions": "data:show_questions",
    "/data/import": "data_import:show",
    "/data/feedback": "data_feedback:show",
    "/data/versions": "data_versions:show",
    "/data/versions/{version_id}": "data_difference:show",
    "/tuning": "tuning:show",
    "/tuning/new": "tuning_new:show",
    "/tuning/compare": "tuning_compare:show",
    "/tuning/runs/{run_id}": "tuning_run:show",
    "/tuning/jobs/{job_id}": "tuning_job:show",
    "/deployments": "deployments:show",
    "/deployments/{name}": "deployment:show",
    "/advise": "advise:show",
    "/advise/ask": "advise_ask:show",
    "/compare": "compare:show",
    "/compare/new": "compare_new:show",
    "/compare/run/{job_id}": "compare_run:show",
    "/compare/{comparison_id}": "compare_page:show",
    "/compare/{comparison_id}/against/{other_id}": "compare_against:show",
    "/models": "models:show",
    "/settings": "settings:show",
    "/settings/{part}": "settings:show",
    "/jobs": "jobs:show",
    "/jobs/{job_id}": "jobs:show_one",
}
"""By path: the module below `screens` and its function, called as `(visit, **parameters)`.

A path may hold `{names}`; queries reach the function as parameters with the same names.
"""


def load(target: str) -> Show:
    """Return the function that shows a screen; its module is imported when it is first shown."""
    module, name = target.split(":")
    shown: Show = getattr(import_module(f"lorewright.studio.screens.{module}"), name)
    return shown
