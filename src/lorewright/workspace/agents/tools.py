"""What agents may do with a domain."""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from lorewright.access import Caller
from lorewright.advisor import render_text
from lorewright.errors import BadParameter, InvalidSetting
from lorewright.evaluation import Comparison, to_json
from lorewright.jobs import Job
from lorewright.workspace.agents.lines import line_of
from lorewright.workspace.agents.runs import RunRequest, find_run, run_entries, start_run
from lorewright.workspace.comparisons.advice import advise
from lorewright.workspace.comparisons.listing import all_comparisons
from lorewright.workspace.comparisons.start import start_comparison
from lorewright.workspace.documents.uploads import upload_documents
from lorewright.workspace.flows.ask import usual_arm
from lorewright.workspace.jobs.process import progress_of
from lorewright.workspace.openai.chat_completions import chat
from lorewright.workspace.retrieval.search import search
from lorewright.workspace.server.jobs import find_job, is_interrupted, job_events, wait_for
from lorewright.workspace.server.requests import read_request
from lorewright.workspace.server.server import Server


class DomainTools:
    """The tools of a domain, as JSON in and out; `caller` says who calls at this moment.

    Each raises `NotAllowed` where the caller's key has not the right for it. The docstrings are
    what a model reads to choose among them.
    """

    def __init__(self, server: Server, caller: Callable[[], Caller]) -> None:
        self._server = server
        self._caller = caller

    def search(self, query: str, n: int = 5) -> dict[str, Any]:
        """Find passages of the domain's documents: score, document, page, heading path, text."""
        hits = search(self._server.workspace, self._caller(), query, n=n)
        return {
            "hits": [
                {
                    "document": hit.chunk.document_id, "page": hit.chunk.page, "score": hit.score,
                    "heading_path": list(hit.chunk.heading_path), "start": hit.chunk.start,
                    "end": hit.chunk.end, "text": hit.chunk.text,
                }
                for hit in hits
            ]
        }  # fmt: skip

    def ask(self, question: str, model: str = "") -> dict[str, Any]:
        """Answer a question from the domain, with citations and provenance.

        `model` is an arm (base, quote, nearest, few-shot, rag, rag-few-shot, tuned, naive-hybrid, hybrid), a
        deployment, or any other served model; by default the recommended arm.
        """
        if not question.strip():
            raise InvalidSetting("The question is empty.", hint="Provide a question.")
        caller = self._caller()
        name = model or f"{self._server.name}/{usual_arm(self._server.workspace, caller)}"
        body = {"model": name, "messages": [{"role": "user", "content": question}]}
        completion = chat(self._server, caller, body)
        message = completion["choices"][0]["message"]
        return {
            "answer": message["content"],
            "model": name,
            "citations": [
                _citation(annotation["url_citation"]) for annotation in message.get("annotations", ())
            ],
            "refused": completion.get("lorewright", {}).get("refused", False),
            "provenance": completion.get("lorewright", {}).get("provenance"),
            "usage": completion["usage"],
        }

    def add_document(self, name: str, text: str, replace: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002
        """Add a text (Markdown, or what the name's suffix says) to the domain's documents.

        From then on it can be retrieved and cited. `replace` adds a new version of the document
        with the same name.
        """
        return add_text(self._server, self._caller(), name, text, is_replacing=replace)

    def list_comparisons(self) -> dict[str, Any]:
        """List the comparisons measured so far, newest first: arms, correctness, recommended arm."""
        comparisons = all_comparisons(self._server.workspace, self._caller())
        return {"comparisons": [_comparison(comparison) for comparison in comparisons]}

    def run_comparison(self, arms: list[str] | None = None, limit: int = 0) -> dict[str, Any]:
        """Start a comparison of arms on held-out questions and return the id of its job; see job_status.

        By default all arms that can be built are measured, and missing adapters are trained first,
        which can take long. `limit` is the maximum number of held-out questions, 0 for all.
        """
        if limit < 0:
            raise InvalidSetting(f"limit is {limit}.", hint="It must be at least 0.")
        order = {"arms": arms, "limit": limit, "is_drilled": True}
        caller = self._caller()
        return self._job_json(caller, start_comparison(self._server, caller, order))

    def job_status(self, job_id: str) -> dict[str, Any]:
        """Return the state of a job, its latest progress, and its result or error."""
        caller = self._caller()
        job = find_job(self._server, caller, job_id)
        events = job_events(self._server, caller, job)
        progress = [progress_of(event) for event in events if event.kind == "progress"]
        label, done, total = progress[-1] if progress else ("", 0, 0)
        return {
            **self._job_json(caller, job),
            "progress": {"label": label, "done": done, "total": total},
            "lines": [str(event.body["text"]) for event in events if event.kind == "line"][-20:],
        }

    def recommendation(self) -> dict[str, Any]:
        """Return which arm to use and why, from everything known now, measured or not."""
        comparison, recommended = advise(self._server.workspace, self._caller())
        return {"text": render_text(comparison, recommended), "recommendation": to_json(recommended)}

    def run_agent(self, task: str, max_steps: int = 0) -> dict[str, Any]:
        """Give a task of several steps to an agent and return the id of its run; see agent_run.

        The agent searches, reads and compares documents, and calculates. `max_steps` limits its steps,
        0 for the domain's own limit.
        """
        budget = {"steps": float(max_steps)} if max_steps else {}
        run = start_run(
            self._server, self._caller(), read_request(RunRequest, {"task": task, "budget": budget})
        )
        return {"run_id": run.id, "state": run.state}

    def agent_run(self, run_id: str) -> dict[str, Any]:
        """Return the state of an agent's run, its newest steps, and its result with citations."""
        caller = self._caller()
        run = find_run(self._server, caller, run_id)
        steps = [line for entry in run_entries(self._server, caller, run_id) if (line := line_of(entry))]
        return {**run.to_json(), "steps": steps[-20:]}

    def _job_json(self, caller: Caller, job: Job) -> dict[str, Any]:
        state = "interrupted" if is_interrupted(self._server, caller, job) else job.state
        return {
            "job_id": job.id, "kind": job.kind, "state": state,
            "result": job.result, "error": dict(job.error) or None,
        }  # fmt: skip

    @property
    def reading(self) -> tuple[Callable[..., dict[str, Any]], ...]:
        """The tools that change nothing."""
        return (
            self.search,
            self.ask,
            self.list_comparisons,
            self.job_status,
            self.recommendation,
            self.agent_run,
        )

    @property
    def changing(self) -> tuple[Callable[..., dict[str, Any]], ...]:
        """The tools that change something."""
        return (self.add_document, self.run_comparison, self.run_agent)


def _citation(citation: dict[str, Any]) -> dict[str, Any]:
    return {
        "document": citation["title"], "page": citation["page"], "quote": citation["quote"],
        "url": citation["url"], "position": citation["end_index"],
    }  # fmt: skip


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "id": comparison.id,
        "created_at": comparison.created_at,
        "n_questions": comparison.n_questions,
        "correctness_means": comparison.primary,
        "arms": {report.arm: to_json(report.correctness) for report in comparison.reports},
        "recommended_arm": comparison.recommended_arm,
    }


SUFFIXES = (".md", ".markdown", ".txt", ".html", ".csv", ".json", ".jsonl", ".rst")
"""What texts may be named."""


def add_text(
    server: Server, caller: Caller, name: str, text: str, *, is_replacing: bool = False
) -> dict[str, Any]:
    """Write a text into the documents folder, add it, and return what changed.

    A name without a suffix becomes Markdown. Raises `BadParameter` for a name that leads out of the
    folder or belongs to no kind of text, and `InUse` for one that is taken unless `is_replacing`.
    """
    if not text.strip():
        raise BadParameter("text", "The text is empty.")
    path = PurePosixPath(name.strip())
    whole = name.strip() if path.suffix or not path.name else f"{name.strip()}.md"
    if path.suffix and path.suffix.lower() not in SUFFIXES:
        raise BadParameter("name", f"{name!r} is not a text file name. Supported: {', '.join(SUFFIXES)}.")
    [document], job = upload_documents(server, caller, [(whole, [text.encode()])], is_replacing=is_replacing)
    return {"document": document, **wait_for(server, caller, job)}
