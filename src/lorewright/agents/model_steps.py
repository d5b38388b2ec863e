"""The steps of a task for models: which call comes next, and what the answer is once all were made."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lorewright.agents.model_tasks import ModelStep, ModelTask, resolved
from lorewright.agents.passages import Passage, Result
from lorewright.agents.values import words_of, words_of_place

N_PASSAGES = 4
_MOST_MARKERS = 3
Call = tuple[str, dict[str, Any]]


def plan_of(task: ModelTask) -> Call:
    """Return the plan of a task for models."""
    items = [
        f"Look up: {step.name}" if step.kind == "question" else f"Give the text to {step.name}"
        for step in task.steps
    ]
    return "plan", {"items": items}


def next_calls(task: ModelTask, results: Sequence[Result], tools: set[str]) -> list[Call]:
    """Return the calls of the next step, none where all were made; `results` are those of the calls so far.

    A question is asked with what the model before it said, and passages are looked for beside it: the
    nearest is shown where the question is not answered.
    """
    done = _by_step(task, results, tools)
    if len(done) >= len(task.steps):
        return []
    step = task.steps[len(done)]
    if step.kind == "model":
        return [(step.name, {"text": _text_for(step, task, done)})]
    label = _label(task, done)
    question = resolved(step.name, label)
    query = question if label else f"{question} {task.text}"
    calls: list[Call] = [("search", {"query": query, "n": N_PASSAGES}), ("ask", {"question": question})]
    return [call for call in calls if call[0] in tools]


def answer_of_models(task: ModelTask, results: Sequence[Result], tools: set[str]) -> str:
    """Return what the models said and what was found, with its places; what was written last stands first."""
    done = _by_step(task, results, tools)
    lines = [_line(step, told) for step, told in zip(task.steps, done, strict=False)]
    if len(lines) > 1 and task.steps[len(lines) - 1].writes:
        lines = [lines[-1], *lines[:-1]]
    return "\n\n".join(lines)


def _by_step(task: ModelTask, results: Sequence[Result], tools: set[str]) -> list[Result]:
    """Return what each step came to so far: of a question the answer, or else passages that were found."""
    done: list[Result] = []
    left = list(results)
    for step in task.steps:
        n_calls = 1 if step.kind == "model" else len({"ask", "search"} & tools)
        if not left or not n_calls:
            break
        of_step, left = left[:n_calls], left[n_calls:]
        answer = of_step[-1]
        if n_calls > 1 and not answer.is_found and of_step[0].passages:
            answer = replace(of_step[0], passages=_nearest(of_step[0], _label(task, done)), is_found=False)
        done.append(answer)
    return done


def _nearest(found: Result, label: str) -> tuple[Passage, ...]:
    """Return passages with those first whose document or headings are called as the label."""
    wanted = words_of(label)
    return tuple(sorted(found.passages, key=lambda passage: -len(wanted & words_of_place(passage.place))))


def _label(task: ModelTask, results: Sequence[Result]) -> str:
    """Return what the last model that sorts said, '' where it failed or none did."""
    said = [
        _said(result)
        for step, result in zip(task.steps, results, strict=False)
        if step.kind == "model" and not step.writes and not result.error
    ]
    return said[-1] if said else ""


def _text_for(step: ModelStep, task: ModelTask, results: Sequence[Result]) -> str:
    if not step.writes:
        return task.text
    found = [
        _in_one_line(result.told)
        for before, result in zip(task.steps, results, strict=False)
        if before.kind == "question" and result.is_found
    ]
    return "\n\n".join([task.text, *found])


def _in_one_line(text: str) -> str:
    """Return quoted sentences as a writer reads them: without the heading that they stand under."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(lines[1:] if len(lines) > 1 and lines[0].endswith(":") else lines)


def _line(step: ModelStep, result: Result) -> str:
    if step.kind == "question" and not result.is_found:
        missing = f"{step.name}: {result.error or 'not found in the documents.'}"
        if not result.passages:
            return missing
        nearest = result.passages[0]
        return f"{missing} The nearest passage, which may not answer it: {nearest.text} [{nearest.number}]"
    if not result.passages:
        return result.error or result.told
    text = _said(result) if step.kind == "model" else result.told
    cited = [passage for passage in result.passages if text in passage.text] or result.passages
    return f"{text}{''.join(f' [{passage.number}]' for passage in cited[:_MOST_MARKERS])}"


def _said(result: Result) -> str:
    return result.passages[0].text if result.passages else result.told
