"""A state in a word: colour and sign say it too, never colour alone."""

from typing import Literal

from nicegui import ui

from lorewright.studio.i18n import t, tn

Tone = Literal["good", "warn", "bad", "busy", "plain"]
_ICONS: dict[Tone, str] = {
    "good": "check_circle",
    "warn": "warning",
    "bad": "error",
    "busy": "hourglass_top",
    "plain": "radio_button_unchecked",
}


def badge(text: str, tone: Tone = "plain") -> ui.element:
    """Show a state: what it is called and how good that is."""
    with ui.element("span").classes(f"lw-badge lw-{tone}") as whole:
        ui.icon(_ICONS[tone]).props('aria-hidden="true"')
        ui.label(text)
    return whole


def job_badge(state: str, *, n_problems: int = 0) -> ui.element:
    """Show the state of a job; one that is done but for some problems is not all good."""
    if state == "finished" and n_problems:
        return badge(tn("done, {n} problem", "done, {n} problems", n_problems), "warn")
    tones: dict[str, Tone] = {
        "finished": "good", "failed": "bad", "cancelled": "warn", "running": "busy", "stopping": "busy",
    }  # fmt: skip
    names = {
        "queued": t("waiting"), "running": t("running"), "finished": t("done"), "failed": t("failed"),
        "cancelled": t("cancelled"), "stopping": t("stopping"),
    }  # fmt: skip
    return badge(names.get(state, state), tones.get(state, "plain"))


def job_name(kind: str) -> str:
    """Return what a kind of job does, for people."""
    names = {
        "add": t("Adding documents"), "pull": t("Downloading a model"), "tune": t("Tuning"),
        "compare": t("Comparing"), "suggest": t("Suggesting questions"), "fine-tune": t("Fine-tuning"),
        "index-files": t("Indexing files"), "eval-run": t("Evaluating"), "batch": t("Answering a batch"),
        "agent": t("Agent"),
    }  # fmt: skip
    return names.get(kind, kind)
