"""The settings of a recipe that follow from the effort unless an expert sets them."""

from collections.abc import Awaitable, Callable
from typing import Any, get_args, get_type_hints

from nicegui import ui

from lorewright.settings import Tuning
from lorewright.studio.i18n import t
from lorewright.studio.parts.text import h3, muted


class Tree:
    """Fields for everything below `[tuning]`; `on_change` is called when one changes."""

    def __init__(self, tuning: Tuning, on_change: Callable[..., Awaitable[None]]) -> None:
        self._before, self._on_change = tuning, on_change
        auto = t("0 for auto (from the effort)")
        h3(t("What is trained"))
        with ui.element("div").classes("lw-fields lw-full"):
            names = {
                "lora": t("LoRA on all layers"),
                "lora-last-layers": t("LoRA on the last half of the layers (less memory)"),
                "full": t("All weights (most memory)"), "qlora": t("QLoRA, 4-bit (needs a CUDA GPU)"),
            }  # fmt: skip
            kinds = {name: names[name] for name in get_args(get_type_hints(Tuning)["recipe"])}
            methods = {
                "auto": t("Classifier where answers are labels, else LoRA"),
                "lora": t("Language model with LoRA"),
                "classifier": t("Classifier"),
            }
            self._method = ui.select(methods, value=tuning.method, label=t("Method"), on_change=on_change)
            self._method.props("outlined dense")
            self._recipe = ui.select(kinds, value=tuning.recipe, label=t("Recipe"), on_change=on_change)
            self._recipe.props("outlined dense")
            self._rank = self._number(t("Rank"), tuning.rank, t("capacity of the adapter"), step=1)
            self._base = ui.input(t("Base model"), value=tuning.base).props(
                f'outlined dense debounce=400 hint="{t("leave empty for the chat model")}"'
            )
            self._base.on_value_change(on_change)
        h3(t("Training length"))
        with ui.element("div").classes("lw-fields lw-full"):
            self._epochs = self._number(t("Epochs"), tuning.epochs, auto, step=0.5)
            self._most = self._number(t("Maximum examples"), tuning.max_examples, auto, step=1)
            self._least = self._number(t("Minimum examples"), tuning.min_examples,
                                       t("with fewer, the run does not start"), step=1)  # fmt: skip
        h3(t("Optimization"))
        with ui.element("div").classes("lw-fields lw-full"):
            self._rate = self._number(
                t("Learning rate"), tuning.learning_rate, t("0.001 for LoRA"), step=0.0001
            )
            self._refusals = self._number(
                t("Refusal share"), tuning.no_gold_share, t("-1 for auto (from the examples)"), step=0.05,
                least=-1,
            )  # fmt: skip
            self._seed = self._number(t("Seed"), tuning.seed, t("order of the training rows"), step=1)
        muted(t("These settings are saved for this domain and also apply to comparisons.")).classes(
            "lw-small"
        )

    def value(self) -> Tuning:
        """Return what was set; an empty field is what it was before."""
        before = self._before
        return Tuning(
            method=self._method.value,
            recipe=self._recipe.value,
            trainer=before.trainer,
            base=str(self._base.value or "").strip(),
            epochs=_float(self._epochs.value, before.epochs),
            max_examples=int(_float(self._most.value, before.max_examples)),
            min_examples=int(_float(self._least.value, before.min_examples)),
            learning_rate=_float(self._rate.value, before.learning_rate),
            rank=max(1, int(_float(self._rank.value, before.rank))),
            seed=int(_float(self._seed.value, before.seed)),
            no_gold_share=min(1.0, _float(self._refusals.value, before.no_gold_share)),
        )

    def _number(self, label: str, value: float, hint: str, *, step: float, least: float = 0) -> ui.number:
        field = ui.number(label, value=value, min=least, step=step, on_change=self._on_change)
        return field.props(f'outlined dense debounce=400 hint="{hint}"')


def _float(value: Any, before: float) -> float:
    return float(before if value is None else value)
