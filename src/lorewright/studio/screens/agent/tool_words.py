"""Tools in the words of those who give tasks: what one can do, and what was done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lorewright.studio.i18n import t


@dataclass(frozen=True, slots=True)
class ToolWords:
    """What a tool is called, and what is said of a call of it."""

    name: str
    did: str
    icon: str


def tool_words(tool: str) -> ToolWords:
    """Return the words of a tool; one from elsewhere goes by its own name."""
    known = {
        "search": ToolWords(t("search the documents"), t("Searched"), "search"),
        "read_document": ToolWords(t("read documents"), t("Read"), "article"),
        "list_documents": ToolWords(t("list the documents"), t("Listed the documents"), "list"),
        "compare_documents": ToolWords(t("compare two documents"), t("Compared"), "difference"),
        "query_document": ToolWords(t("query tables in documents"), t("Queried a table"), "table_chart"),
        "calculate": ToolWords(t("calculate exactly"), t("Calculated"), "calculate"),
        "current_date": ToolWords(t("look up today's date"), t("Looked up today's date"), "today"),
        "days_between": ToolWords(t("count days"), t("Counted days"), "date_range"),
        "add_to_date": ToolWords(t("calculate with dates"), t("Calculated a date"), "event"),
        "ask": ToolWords(t("ask the documents, with citations"), t("Asked the documents"), "forum"),
        "write_file": ToolWords(t("write working files"), t("Wrote a file"), "edit_note"),
        "read_file": ToolWords(t("read working files"), t("Read a file"), "description"),
        "list_files": ToolWords(t("list working files"), t("Listed the files"), "folder"),
        "delegate": ToolWords(t("delegate parts to sub-agents"), t("Delegated"), "group"),
        "http_get": ToolWords(t("fetch web pages"), t("Fetched"), "public"),
        "run_python": ToolWords(t("run Python"), t("Ran Python"), "code"),
    }  # fmt: skip
    return known.get(tool, ToolWords(tool, tool, "build"))


def can_use(tools: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what an agent with these tools can do, in the order of the tools."""
    return [tool_words(str(tool["name"])).name for tool in tools]
