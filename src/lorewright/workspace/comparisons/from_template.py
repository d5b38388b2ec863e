"""A template, made one's own in one step: its files, what was measured on them, and its documents indexed."""

from dataclasses import dataclass

from lorewright.access import Caller
from lorewright.jobs import Job
from lorewright.workspace.comparisons.bundled import is_measured, load_bundled_comparison
from lorewright.workspace.domain.fill import load_template
from lorewright.workspace.server.jobs import start_job
from lorewright.workspace.server.server import Server


@dataclass(frozen=True, kw_only=True, slots=True)
class StartedTemplate:
    """What came of it: the job that indexes the documents, and the kept comparison, '' without one."""

    job: Job
    comparison_id: str


def start_from_template(server: Server, caller: Caller, name: str) -> StartedTemplate:
    """Fill an empty domain from a template, and start to index its documents.

    The comparison that was kept with it comes along for who may evaluate.
    """
    caller.need("documents")
    load_template(server.workspace, caller, name)
    comparison_id = ""
    if is_measured(name) and caller.may("evaluate"):
        comparison_id = load_bundled_comparison(server.workspace, caller).id
    job = start_job(server, caller, "add", {"paths": [], "is_sync": True})
    return StartedTemplate(job=job, comparison_id=comparison_id)
