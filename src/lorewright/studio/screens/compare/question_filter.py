"""Which questions to read: quick choices, a search, an outcome, a tag, and right or wrong by arm."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from nicegui import ui

from lorewright.evaluation import FAILURES, Comparison, QuestionInAllArms, Selection, select, tags_in
from lorewright.studio.i18n import t


class Filter:
    """The controls; `on_change` is called with every other selection."""

    def __init__(
        self,
        comparison: Comparison,
        questions: tuple[QuestionInAllArms, ...],
        chosen: str,
        on_change: Callable[[Selection], object],
    ) -> None:
        self.selection = Selection()
        self._on_change = on_change
        self._quick: list[tuple[ui.element, Selection]] = []
        self._arms: dict[str, ui.element] = {}
        with _group(t("Quick choices")):
            for text, selection in _quick(comparison, chosen):
                n = len(select(questions, selection))
                if n or selection == Selection():
                    chip = _chip(f"{text} ({n:,})", partial(self.take, selection))
                    self._quick.append((chip, selection))
        self._fields(comparison, questions)
        with _group(t("By arm: select once for correct, twice for wrong, again for any")):
            for arm in comparison.arms:
                self._arms[arm] = _chip(arm, partial(self._turn, arm))
        self._mark()

    def take(self, selection: Selection) -> None:
        """Take another selection, and show it in the controls."""
        if selection == self.selection:
            return
        self.selection = selection
        self._search.value = selection.search
        self._failure.value = selection.failure
        self._tag.value = selection.tag
        self._mark()
        self._on_change(selection)

    def _fields(self, comparison: Comparison, questions: tuple[QuestionInAllArms, ...]) -> None:
        happened = [name for name in FAILURES if any(name in one.failures for one in comparison.reports)]
        tags = tags_in(questions)
        with ui.element("div").classes("cmp-filter"):
            self._search = ui.input(placeholder=t("Search questions, targets and answers"))
            self._search.props(f'outlined dense clearable debounce=300 aria-label="{t("Search")}"')
            self._search.classes("cmp-search")
            self._search.on_value_change(
                lambda event: self.take(replace(self.selection, search=event.value or ""))
            )
            self._failure = _choice(t("Failure"), t("Any result"), happened)
            self._failure.on_value_change(lambda event: self._fail(event.value or ""))
            self._tag = _choice(t("Tag"), t("Any"), tags)
            self._tag.on_value_change(lambda event: self.take(replace(self.selection, tag=event.value or "")))
            self._tag.set_visibility(bool(tags))

    def _fail(self, failure: str) -> None:
        """Ask for a failure of any arm; that of one arm is asked for where it is counted."""
        if failure != self.selection.failure:
            self.take(replace(self.selection, failure=failure, failed=""))

    def _turn(self, arm: str) -> None:
        """Ask for an arm to be right, then wrong, then either."""
        right, wrong = self.selection.right - {arm}, self.selection.wrong - {arm}
        if arm in self.selection.right:
            wrong = wrong | {arm}
        elif arm not in self.selection.wrong:
            right = right | {arm}
        self.take(replace(self.selection, right=right, wrong=wrong))

    def _mark(self) -> None:
        for chip, wanted in self._quick:
            _press(chip, is_pressed=wanted == self.selection)
        for arm, chip in self._arms.items():
            text = arm
            if arm in self.selection.right:
                text = t("{arm} ✓ correct", arm=arm)
            elif arm in self.selection.wrong:
                text = t("{arm} ✗ wrong", arm=arm)
            _press(chip, is_pressed=text != arm)
            label = chip.default_slot.children[0]
            assert isinstance(label, ui.label)
            label.set_text(text)


def _quick(comparison: Comparison, chosen: str) -> Iterator[tuple[str, Selection]]:
    """Yield what most readers look for first."""
    yield t("All"), Selection()
    yield t("Arms disagree"), Selection(is_disputed=True)
    others = sorted((arm for arm in comparison.arms if arm != chosen), key=lambda arm: arm != "rag")
    for other in others[:1]:
        for right, wrong in ((chosen, other), (other, chosen)):
            text = t("{right} correct, {wrong} wrong", right=right, wrong=wrong)
            yield text, Selection(right=frozenset({right}), wrong=frozenset({wrong}))
    yield t("All wrong"), Selection(wrong=frozenset(comparison.arms))
    yield t("Unsupported claim"), Selection(is_unsupported=True)


def _group(label: str) -> ui.element:
    return ui.element("div").classes("cmp-filter").props(f'role="group" aria-label="{label}"')


def _choice(label: str, every: str, names: Sequence[str]) -> ui.select:
    options = {"": every} | {name: name for name in names}
    return ui.select(options, value="", label=label).props("outlined dense")


def _chip(text: str, on_click: Callable[[], object]) -> ui.element:
    chip = ui.element("button").classes("lw-chip").props("type=button")
    chip.on("click", lambda: on_click())
    with chip:
        ui.label(text)
    return chip


def _press(chip: ui.element, *, is_pressed: bool) -> None:
    chip.props["aria-pressed"] = "true" if is_pressed else "false"
    chip.update()
