"""Tasks to begin with, about the documents that are here: one click puts one into the box."""

from collections.abc import Sequence

from lorewright.studio.i18n import t
from lorewright.studio.visit import Visit
from lorewright.workspace.documents.listing import list_documents

N_DOCUMENTS = 2


def example_tasks(titles: Sequence[str], *, is_planned: bool) -> list[str]:
    """Return tasks about documents of these titles; those of fixed steps are questions that are looked up."""
    reckoned = t("How many working days are there from 2027-03-01 to 2027-04-15?")
    if not titles:
        return [reckoned, t("What is 19 % of 2,340.50?")]
    if is_planned:
        asked = [t("What does “{title}” require?", title=title) for title in titles]
        return [" ".join(asked), t("Which deadlines are there? Which amounts are there?"), reckoned]
    tasks = [
        t("Sum up “{title}” in five points, each with its source.", title=titles[0]),
        t("List every deadline and every amount in the documents, each with its source."),
        reckoned,
    ]
    if len(titles) > 1:
        a, b = titles[:2]
        tasks.insert(1, t("Where do “{a}” and “{b}” overlap, and where do they differ?", a=a, b=b))
    return tasks


def some_titles(visit: Visit) -> list[str]:
    """Return the titles of the first documents that the visitor may read."""
    page = list_documents(visit.server.workspace, visit.caller, limit=N_DOCUMENTS)
    return [str(document["title"] or document["id"]) for document in page.documents]
