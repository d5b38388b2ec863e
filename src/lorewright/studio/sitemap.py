"""The pages of the studio: where each is, what shows it, and what it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from lorewright.studio.i18n import t

Show = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One entry of the navigation: its path, its name, an icon, and the verb that a visitor needs."""

    path: str
    name: str
    icon: str
    verb: str = "read"


def nav_entries() -> dict[str, list[NavEntry]]:
    """Return the entries of the navigation by their group, in the visitor's language."""
    return {
        "": [
            NavEntry("/", t("Home"), "home"),
            NavEntry("/chat", t("Chat"), "forum", "chat"),
            NavEntry("/agent", t("Agent"), "smart_toy", "chat"),
            NavEntry("/documents", t("Documents"), "description"),
        ],
        t("Lab"): [
            NavEntry("/data", t("Data"), "dataset"),
            NavEntry("/tuning", t("Tuning"), "tune"),
            NavEntry("/compare", t("Compare"), "leaderboard"),
            NavEntry("/advise", t("Advise"), "fact_check"),
        ],
        t("Build"): [
            NavEntry("/flows", t("Flows"), "account_tree"),
            NavEntry("/deployments", t("Deployments"), "rocket_launch"),
            NavEntry("/asked", t("Questions asked"), "contact_support", "tune"),
        ],
        t("System"): [
            NavEntry("/models", t("Models"), "memory"),
            NavEntry("/jobs", t("Jobs"), "pending_actions"),
            NavEntry("/settings", t("Settings"), "settings"),
        ],
    }


def reader_entries() -> dict[str, list[NavEntry]]:
    """Return the entries for somebody who only chats and reads."""
    return {
        "": [
            NavEntry("/chat", t("Chat"), "forum", "chat"),
            NavEntry("/documents", t("Documents"), "description"),
            NavEntry("/settings/account", t("My account"), "manage_accounts"),
        ],
    }


SCREENS: dict[str, str] = {
    "/": "home.screen:show",
    "/documents": "documents.screen:show",
    "/documents/view": "documents.document:show",
    "/documents/test": "retrieval.screen:show",
    "/chat": "chat.screen:show",
    "/chat/{chat_id}": "chat.screen:show_one",
    "/agent": "agent.screen:show",
    "/agent/{agent_run_id}": "agent.run:show",
    "/shared/{token}": "chat.screen:show_shared",
    "/answers/{answer_id}": "answer:show",
    "/asked": "asked:show",
    "/flows": "flows.screen:show",
    "/flows/edit": "flows.editor_page:show",
    "/data": "data.screen:show",
    "/data/questions": "data.screen:show_questions",
    "/data/questions/new": "data.writing:show",
    "/data/suggested": "data.suggested:show",
    "/data/examples/new": "data.example_writing:show",
    "/data/import": "data.importing:show",
    "/data/feedback": "data.feedback:show",
    "/data/versions": "data.versions:show",
    "/data/versions/{version_id}": "data.version_difference:show",
    "/tuning": "tuning.screen:show",
    "/tuning/new": "tuning.new:show",
    "/tuning/compare": "tuning.two_runs:show",
    "/tuning/runs/{run_id}": "tuning.run:show",
    "/tuning/jobs/{job_id}": "tuning.api_job:show",
    "/deployments": "deployments.screen:show",
    "/deployments/{name}": "deployments.deployment:show",
    "/advise": "advise.screen:show",
    "/advise/ask": "advise.interview:show",
    "/compare": "compare.screen:show",
    "/compare/new": "compare.new:show",
    "/compare/run/{job_id}": "compare.progress:show",
    "/compare/{comparison_id}": "compare.verdict_page:show",
    "/compare/{comparison_id}/against/{other_id}": "compare.two_comparisons:show",
    "/domains/new": "new_domain:show",
    "/models": "models:show",
    "/settings": "settings.screen:show",
    "/settings/{part}": "settings.screen:show",
    "/jobs": "jobs:show",
    "/jobs/{job_id}": "jobs:show_one",
}
"""By path: the module below `screens` and its function, called as `(visit, **parameters)`.

A path may hold `{names}`; queries reach the function as parameters with the same names.
"""


def load(target: str) -> Show:
    """Return the function that shows a screen; its module is imported when it is first shown."""
    module, name = target.split(":")
    screen: Show = getattr(import_module(f"lorewright.studio.screens.{module}"), name)
    return screen
