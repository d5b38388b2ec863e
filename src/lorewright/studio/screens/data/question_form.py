"""A held-out question as a form: what is asked, every acceptable answer, what was right before, documents."""

from nicegui import ui

from lorewright.evaluation import Question
from lorewright.evaluation.question_edit import QuestionEdit
from lorewright.studio.i18n import t
from lorewright.studio.parts.table import icon_button
from lorewright.studio.parts.text import Text, h3, muted


class QuestionForm:
    """The fields of a question; `edit` is what they say now."""

    def __init__(self, question: Question, known: list[str], *, may_change: bool) -> None:
        lock = "" if may_change else " readonly"
        for turn in question.conversation[:-1]:
            with ui.element("div").classes("dat-like"):
                Text("span", turn.role, classes="lw-muted lw-small")
                Text("span", turn.content[:2000], classes="lw-pre")
        self._question = ui.textarea(t("Question"), value=question.text).props(f"outlined autogrow{lock}")
        self._targets = _Texts(
            t("Acceptable answers"), t("Answer"), question.targets, may_change=may_change,
            description=t("The first one is displayed."), least=1,
        )  # fmt: skip
        self._answerable = ui.switch(
            t("Answerable from the documents (off: the correct answer is a refusal)"),
            value=question.answerable,
        )
        self._answerable.set_enabled(may_change)
        self._documents = ui.input(
            t("Documents with the answer (comma-separated)"), value=", ".join(question.document_ids),
            autocomplete=known,
        ).props(f"outlined dense{lock}")  # fmt: skip
        self._stale = _Texts(
            t("Outdated answers"), t("Outdated answer"), question.stale_targets,
            may_change=may_change, least=0,
            description=t("Correct before a fact changed; they count as wrong and stale."),
        )  # fmt: skip
        tags = ", ".join(f"{name}: {value}" for name, value in question.metadata.items())
        if tags:
            muted(t("Other fields: {fields}", fields=tags[:600]))

    @property
    def edit(self) -> QuestionEdit:
        """Return what the fields say."""
        names = str(self._documents.value or "").split(",")
        return QuestionEdit(
            question=str(self._question.value or ""),
            targets=self._targets.texts,
            stale_targets=self._stale.texts,
            document_ids=tuple(name.strip() for name in names if name.strip()),
            answerable=bool(self._answerable.value),
        )


class _Texts:
    """Several texts, each in a field of its own, more and fewer at will."""

    def __init__(
        self,
        title: str,
        label: str,
        texts: tuple[str, ...],
        *,
        may_change: bool,
        description: str,
        least: int,
    ) -> None:
        self._label, self._may_change, self._least = label, may_change, least
        self._held = list(texts) or [""] * least
        if not self._held and not may_change:
            return
        with ui.element("div").classes("lw-stack lw-tight lw-full"):
            h3(title)
            muted(description).classes("lw-small")
            self._place = ui.element("div").classes("lw-stack lw-tight lw-full")
            if may_change:
                more = ui.button(t("Add another"), icon="add", on_click=self._add)
                more.props("flat dense no-caps").classes("lw-start")
                more.props["aria-label"] = t("Add another: {what}", what=label)
        self._show()

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the texts that are not empty."""
        return tuple(text.strip() for text in self._held if text.strip())

    def _show(self) -> None:
        self._place.clear()
        with self._place:
            for place, text in enumerate(self._held):
                self._field(place, text)

    def _field(self, place: int, text: str) -> None:
        def keep_text(now: str | None) -> None:
            self._held[place] = now or ""

        def remove() -> None:
            del self._held[place]
            self._show()

        name = f"{self._label} {place + 1}"
        with ui.element("div").classes("lw-row dat-text-row"):
            field = ui.textarea(name, value=text, on_change=lambda event: keep_text(event.value))
            field.props("outlined autogrow" if self._may_change else "outlined autogrow readonly")
            field.classes("lw-grow")
            if self._may_change and len(self._held) > self._least:
                icon_button("close", t("Remove {what}", what=name), remove)

    def _add(self) -> None:
        self._held.append("")
        self._show()
