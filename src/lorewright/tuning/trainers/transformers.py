"""Tuning with torch on models of transformers: a short loop of our own."""

import math
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from lorewright.errors import Cancelled, TooFewExamples, UnfitBase, UserError
from lorewright.peak_memory import peak_bytes
from lorewright.progress import Progress, Say, quiet, silent
from lorewright.tuning.base import read_base
from lorewright.tuning.batches import batches, tokens_per_batch
from lorewright.tuning.curve import CurveFile, Look
from lorewright.tuning.fit import kept_states_bytes
from lorewright.tuning.recipe import PreferenceMethod, PreferenceRecipe, Recipe
from lorewright.tuning.record import find_finished, run_key, save_finished
from lorewright.tuning.row import Row
from lorewright.tuning.trainer import Adapter, OnStep, TrainingMetrics, unheard
from lorewright.tuning.trainers.checkpoint import (
    Position,
    load_checkpoint,
    read_position,
    remove_checkpoint,
    save_checkpoint,
)
from lorewright.tuning.trainers.dpo import PreferenceObjective
from lorewright.tuning.trainers.export import export, load_weights
from lorewright.tuning.trainers.group import Group
from lorewright.tuning.trainers.kto import RatingObjective
from lorewright.tuning.trainers.loading import (
    is_bfloat16_faster,
    load_empty_model,
    load_model,
    load_model_4bit,
    load_tokenizer,
)
from lorewright.tuning.trainers.lora import add_lora
from lorewright.tuning.trainers.objective import Encoded, Objective
from lorewright.tuning.trainers.orpo import OddsRatioObjective
from lorewright.tuning.trainers.pace import Clock, Looking
from lorewright.tuning.trainers.samples import SampleWriter
from lorewright.tuning.trainers.sharding import return_freed_memory, shard, share_held
from lorewright.tuning.trainers.supervised import SupervisedObjective

N_HELD_OUT = 8  # rows that a look at the model on the way measures the loss on


class TransformersTrainer:
    """Tunes models of transformers: lora, lora-last-layers, full, and qlora on CUDA."""

    def __init__(
        self,
        *,
        checkpoint_seconds: float = 15.0,
        objective: Objective | None = None,
        n_threads: int = 0,
        group: Group | None = None,
    ) -> None:
        """Make a trainer; without an `objective` the recipe says it, without `n_threads` all are used.

        It learns together with the other processes of a `group`, whose leader calls `train` with the
        folder of the run; the others call `follow`.
        """
        self._checkpoint_seconds = checkpoint_seconds
        self._objective = objective
        self._group = group or Group()
        self._n_threads = n_threads or len(os.sched_getaffinity(0))

    def train(
        self,
        rows: Sequence[Row],
        *,
        validation: Sequence[Row],
        recipe: Recipe,
        base: Path,
        folder: Path,
        init_from: Path | None = None,
        progress: Progress = quiet,
        say: Say = silent,
        on_step: OnStep = unheard,
    ) -> Adapter:
        """Return the adapter learned from `rows`; see `Trainer`."""
        key = run_key(rows, validation, recipe, base, init_from)
        finished = find_finished(folder, key)
        if finished is not None:
            return finished
        facts = read_base(base)
        if recipe.name == "full" and not facts.architecture:
            raise UnfitBase(
                f"{base.name} cannot be converted to GGUF, so a whole tuned model of it would not run here.",
                hint='Set recipe = "lora" under [tuning].',
            )
        folder.mkdir(parents=True, exist_ok=True)
        run = self._prepared(rows, validation, recipe, base, say, folder=folder, key=key, init_from=init_from)
        run.learn(progress, say, on_step, checkpoint_seconds=self._checkpoint_seconds)
        metrics = replace(run.metrics(), n_base_parameters=facts.n_parameters)
        adapter = export(run.model, recipe, facts, base=base, folder=folder, metrics=metrics)
        save_finished(folder, key, adapter)
        remove_checkpoint(folder)
        return adapter

    def follow(self, rows: Sequence[Row], *, validation: Sequence[Row], recipe: Recipe, base: Path) -> None:
        """Do this process's share of a run that another one of the group leads."""
        run = self._prepared(rows, validation, recipe, base, silent, folder=None, key="", init_from=None)
        run.learn(quiet, silent, unheard, checkpoint_seconds=self._checkpoint_seconds)

    def _prepared(
        self,
        rows: Sequence[Row],
        validation: Sequence[Row],
        recipe: Recipe,
        base: Path,
        say: Say,
        *,
        folder: Path | None,
        key: str,
        init_from: Path | None,
    ) -> "_Run":
        torch.set_num_threads(self._n_threads)
        objective = self._objective or _objective(recipe, is_alone=self._group.n == 1)
        material = _encode(objective, rows, validation, recipe, base, say)
        check_shares(len(material.rows), self._group.n)
        run = _Run(recipe, objective, material, self._group, folder, key)
        run.tell_shares(say)
        run.prepare(base, init_from, say)
        return run


@dataclass(frozen=True, kw_only=True, slots=True)
class _Material:
    """Rows as token ids; those that are too long are counted and left out."""

    rows: tuple[Encoded, ...]
    validation: tuple[Encoded, ...]
    n_too_long: int
    speaking: SampleWriter


def check_shares(n_rows: int, n_processes: int) -> None:
    """Raise `TooFewExamples` where a process would find no row."""
    if n_rows < n_processes:
        raise TooFewExamples(
            f"{n_processes} processes cannot share {n_rows} rows.",
            hint="Lower processes or hosts under [tuning]; one process is right for so few.",
        )


def _objective(recipe: Recipe, *, is_alone: bool) -> Objective:
    if not isinstance(recipe, PreferenceRecipe):
        return SupervisedObjective(most_kept_bytes=kept_states_bytes(recipe) if is_alone else 0)
    objectives: dict[PreferenceMethod, Callable[[float], Objective]] = {
        "dpo": PreferenceObjective, "kto": RatingObjective, "orpo": OddsRatioObjective,
    }  # fmt: skip
    return objectives[recipe.method](recipe.beta)


def _encode(
    objective: Objective,
    rows: Sequence[Row],
    validation: Sequence[Row],
    recipe: Recipe,
    base: Path,
    say: Say,
) -> _Material:
    tokenizer = load_tokenizer(base)
    if len(rows) > recipe.max_rows:
        say(f"Training on {recipe.max_rows} of {len(rows)} rows, drawn at random.")
        rows = random.Random(recipe.seed).sample(rows, recipe.max_rows)  # noqa: S311 - a sample, not a secret
    encoded = objective.encode(tokenizer, rows)
    kept = tuple(row for row in encoded if row.n_longest <= recipe.max_row_tokens)
    n_too_long = len(encoded) - len(kept)
    if not kept:
        raise TooFewExamples(
            f"All {len(encoded)} rows are longer than {recipe.max_row_tokens} tokens.",
            hint="Shorten the examples, or retrieve fewer or shorter chunks.",
        )
    if n_too_long:
        say(f"Skipping {n_too_long} of {len(encoded)} rows with more than {recipe.max_row_tokens} tokens.")
    held_out = objective.encode(tokenizer, validation[: recipe.max_validation_rows])
    return _Material(
        rows=kept,
        validation=tuple(row for row in held_out if row.n_longest <= recipe.max_row_tokens),
        n_too_long=n_too_long,
        speaking=SampleWriter(tokenizer, (*validation, *rows), longest=recipe.max_row_tokens),
    )


class _Run:
    """One run under way: the model, what it learns, and how far it is."""

    def __init__(
        self,
        recipe: Recipe,
        objective: Objective,
        material: _Material,
        group: Group,
        folder: Path | None,
        key: str,
    ) -> None:
        """Go to where the run in the folder stands; who has none follows the group's leader."""
        self.recipe = recipe
        self._objective = objective
        self._material = material
        self._group = group
        self._folder = folder
        self._plan = _plan(material.rows, recipe)
        known = read_position(folder, key) if folder else None
        self._position = _agreed(known or Position(key=key), group)
        self._is_resumed = self._position.n_steps > 0
        self._elsewhere = (0.0, 0.0)  # CPU seconds and peak memory of the other processes
        self._validation_loss: float | None = None
        self._held_out = _spread(material.validation, N_HELD_OUT)
        self._is_looking = folder is not None or group.is_sharded  # at the model, between steps
        self._agreed: Callable[[Any], Any] = group.share if group.is_sharded else _own
        self._begun = time.perf_counter() - self._position.seconds
        self._cpu_begun = time.process_time() - self._position.cpu_seconds

    def tell_shares(self, say: Say) -> None:
        """Say where processes will wait because a batch has fewer rows than they are."""
        n_short = sum(len(batch) < self._group.n for batch in self._plan)
        if n_short:
            say(
                f"In {n_short} of {len(self._plan)} steps there are fewer rows than processes, so that some "
                "wait: long rows are better learned in fewer processes."
            )

    def prepare(self, base: Path, init_from: Path | None, say: Say) -> None:
        """Load the base, add what learns, and go to where the run stands."""
        recipe, position = self.recipe, self._position
        self._device = self._group.device
        self._dtype = torch.bfloat16 if position.precision == "bfloat16" else torch.float32
        self.model = self._loaded(base)
        if recipe.name != "full":
            add_lora(
                self.model,
                rank=recipe.rank,
                alpha=recipe.alpha,
                layers_share=recipe.layers_share,
                seed=recipe.seed,
            )
        if init_from is not None:
            load_weights(self.model, init_from)
        if self._group.is_sharded:
            shard(self.model, self._group)
            held = max(self._group.each(share_held(self.model)))
            say(f"Each of {self._group.n} processes holds {held:.0%} of the base's weights.")
        self._weights = {name: part for name, part in self.model.named_parameters() if part.requires_grad}
        self._optimizer = torch.optim.AdamW(
            self._weights.values(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay, fused=True
        )
        self._group.share_weights(self._weights.values())
        rows = (*self._material.rows, *self._material.validation)
        with self._in_precision():
            self._objective.begin(self.model, rows, batch_tokens=recipe.batch_tokens)
        if self._is_resumed:
            if self._folder:
                load_checkpoint(self._folder, self._weights, self._optimizer)
            self._group.share_weights(self._weights.values(), self._optimizer)

    def _loaded(self, base: Path) -> nn.Module:
        """Return the base; where it will be sharded, the leader's on the CPU, and those of others empty."""
        if self.recipe.name == "qlora":
            return load_model_4bit(base)
        # Weights that learn keep 32 bits: a small step would be lost in the rounding of 16.
        stored = torch.float32 if self.recipe.name == "full" else self._dtype
        if not self._group.is_sharded:
            return load_model(base, dtype=stored, device=self._device)
        return_freed_memory()
        if self._group.is_leader:
            return load_model(base, dtype=stored, device=self._device, place=torch.device("cpu"))
        return load_empty_model(base, dtype=stored, device=self._device)

    def learn(self, progress: Progress, say: Say, on_step: OnStep, *, checkpoint_seconds: float) -> None:
        """Take every step that is left, saving on the way."""
        position, rows = self._position, self._material.rows
        step_tokens = self._step_tokens()
        n_done, n_all = sum(step_tokens[: position.n_steps]), sum(step_tokens)
        if self._is_resumed:
            say(f"Continuing at step {position.n_steps} of {len(self._plan)}.")
        elif self._is_looking:
            position.validation_loss_before = self._validate(self._material.validation)
        curve = self._folder and CurveFile(
            self._folder, n_steps=len(self._plan), n_held_out=len(self._held_out), n_done=position.n_steps
        )
        clock = Clock(n_done, checkpoint_seconds)
        looking = Looking(len(self._plan), lambda: self._look_into(curve or None), self._agreed)
        if not self._is_resumed:
            looking.look(0)
        say_every = max(1, len(self._plan) // 10)
        self.model.train()
        for step in range(position.n_steps, len(self._plan)):
            self._report_or_save(progress, n_done, n_all)
            position.losses.append(self._step(step, [rows[place] for place in self._plan[step]]))
            n_done += step_tokens[step]
            on_step(step + 1, len(self._plan), position.losses[-1])
            seconds = time.perf_counter() - self._begun
            if curve:
                curve.step(step + 1, position.losses[-1], n_tokens=n_done, seconds=seconds)
            looking.look(step + 1)
            if (step + 1) % say_every == 0 or step + 1 == len(self._plan):
                loss = _mean(position.losses[-say_every:])
                say(f"Step {step + 1} of {len(self._plan)}: loss {loss:.3f}, {clock.speed(n_done)}.")
            if clock.is_time_to_save():
                clock.saved(self._save())
        progress(n_all, n_all)
        if self._is_looking:
            self._tell_validation(say)

    def _tell_validation(self, say: Say) -> None:
        """Say what the run did to the loss on rows that it did not learn from."""
        position = self._position
        self._validation_loss = self._validate(self._material.validation)
        before, after = position.validation_loss_before, self._validation_loss
        if before is not None and after is not None:
            say(f"Loss on {len(self._material.validation)} validation rows: {before:.3f} -> {after:.3f}.")
            if after > before:
                say("The adapter does worse on validation rows than the base: use fewer epochs.")

    def metrics(self) -> TrainingMetrics:
        """Return what the run took and how it went."""
        position = self._position
        done = [self._material.rows[place] for batch in self._plan for place in batch]
        self._take_stock()
        return TrainingMetrics(
            losses=tuple(position.losses),
            step_tokens=tuple(self._step_tokens()),
            validation_loss_before=position.validation_loss_before,
            validation_loss=self._validation_loss,
            n_rows=len(self._material.rows),
            n_validation_rows=len(self._material.validation),
            n_rows_too_long=self._material.n_too_long,
            n_tokens=sum(row.n_tokens for row in done),
            n_completion_tokens=sum(row.n_completion for row in done),
            precision=position.precision,
            seconds=position.seconds,
            cpu_seconds=position.cpu_seconds,
            peak_bytes=position.peak_bytes,
        )

    def _step(self, step: int, rows: Sequence[Encoded]) -> float:
        """Learn from one batch and return its mean loss, over all processes."""
        for group in self._optimizer.param_groups:
            group["lr"] = self.recipe.learning_rate * _rate(step, len(self._plan), self.recipe.warmup_share)
        loss_sum, n = self._share_of_loss(rows)
        total, n_all = self._group.sum(loss_sum.item(), n)
        if loss_sum.requires_grad:
            (loss_sum / n_all).backward()  # type: ignore[no-untyped-call]
        self._group.add_gradients(self._weights.values())
        loss = total / n_all
        norm = nn.utils.clip_grad_norm_(self._weights.values(), self.recipe.max_gradient_norm)
        if not (math.isfinite(loss) and math.isfinite(norm.item())):
            raise UserError(
                f"Training diverged at step {step + 1} of {len(self._plan)}: its loss is no longer a number.",
                hint=f"Lower tuning.learning_rate (it was {self.recipe.learning_rate:g}); a tenth is a good "
                "next try.",
            )
        self._optimizer.step()
        self._optimizer.zero_grad()
        return loss

    def _share_of_loss(self, rows: Sequence[Encoded]) -> tuple[Tensor, int]:
        """Return the summed loss of this process's rows of a batch, and by how many things to divide it.

        Who has none, while the others need its part of the base, computes with a row that counts nothing.
        """
        if mine := self._group.mine(rows):
            return self._loss(mine)
        if self._group.is_sharded:
            return 0.0 * self._loss(rows[:1])[0], 0
        return torch.zeros((), device=self._device), 0

    def _report_or_save(self, progress: Progress, n_done: int, n_all: int) -> None:
        """Report progress; where that cancels the work, in whichever process, save and stop in all."""
        stopped: Cancelled | None = None
        try:
            progress(n_done, n_all)
        except Cancelled as error:
            stopped = error
        mine = (time.process_time(), float(peak_bytes()))
        n_stopped, *spent = self._group.sum(float(stopped is not None), *mine)
        self._elsewhere = (spent[0] - mine[0], spent[1] - mine[1])
        if n_stopped:
            self._save()
            raise stopped or Cancelled("Another process of the run was cancelled.")

    def _loss(self, rows: Sequence[Encoded]) -> tuple[Tensor, int]:
        """Return the summed loss of encoded rows, and by how many things to divide it."""
        with self._in_precision():
            return self._objective.loss(self.model, rows)

    def _in_precision(self) -> torch.autocast:
        """Return where weights that are stored in more bits than they are multiplied in are cast."""
        is_needed = self.recipe.name == "full" and self._dtype == torch.bfloat16
        return torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=is_needed)

    @torch.no_grad()
    def _look_into(self, curve: CurveFile | None) -> None:
        if self._is_looking:
            look = self._look()
            if curve:
                curve.look(look)

    def _look(self) -> Look:
        """Return how the model does now: its loss on a small held-out part, and what it says."""
        loss = self._validate(self._held_out)
        self.model.eval()
        with self._in_precision():
            samples = self._material.speaking.samples(self.model, agreed=self._agreed)
        self.model.train()
        return Look(step=self._position.n_steps, loss=loss, samples=samples)

    @torch.no_grad()
    def _validate(self, held_out: Sequence[Encoded]) -> float | None:
        """Return the mean loss over held-out rows."""
        rows = sorted(held_out, key=lambda row: row.n_tokens)
        if not rows:
            return None
        self.model.eval()
        total, n_all = 0.0, 0
        for batch in batches(
            [row.n_tokens for row in rows], batch_tokens=self.recipe.batch_tokens, seed=0, epoch=0
        ):
            loss, n = self._loss([rows[place] for place in batch])
            total, n_all = total + loss.item(), n_all + n
        self.model.train()
        return total / n_all

    def _step_tokens(self) -> list[int]:
        rows = self._material.rows
        return [sum(rows[place].n_tokens for place in batch) for batch in self._plan]

    def _save(self) -> float:
        """Save a checkpoint and return the seconds that took."""
        if self._folder is None:
            return 0.0
        begun = time.perf_counter()
        self._take_stock()
        save_checkpoint(self._folder, self._position, self._weights, self._optimizer)
        return time.perf_counter() - begun

    def _take_stock(self) -> None:
        position = self._position
        position.seconds = time.perf_counter() - self._begun
        position.cpu_seconds = time.process_time() - self._cpu_begun + self._elsewhere[0]
        position.peak_bytes = max(position.peak_bytes, peak_bytes() + int(self._elsewhere[1]))


def _agreed(position: Position, group: Group) -> Position:
    """Return where the leader's run stands, and in which precision all of them go on."""
    if group.is_leader:
        position.precision = position.precision or ("bfloat16" if is_bfloat16_faster() else "float32")
    return Position(**group.share(asdict(position)))


def _own(value: Any) -> Any:
    """Agree with nobody."""
    return value


def _plan(rows: Sequence[Encoded], recipe: Recipe) -> list[tuple[int, ...]]:
    """Return the batches of all steps; the last epoch may be a part of one."""
    lengths = [row.n_tokens for row in rows]
    batch_tokens = tokens_per_batch(
        recipe.epochs * sum(lengths), most=recipe.batch_tokens, least_steps=recipe.least_steps
    )
    plan: list[tuple[int, ...]] = []
    for epoch in range(math.ceil(recipe.epochs)):
        made = batches(lengths, batch_tokens=batch_tokens, seed=recipe.seed, epoch=epoch)
        plan.extend(made[: max(1, round(min(1.0, recipe.epochs - epoch) * len(made)))])
    return plan


def _rate(step: int, n_steps: int, warmup_share: float) -> float:
    """Return the learning rate's share of its peak: up over the first steps, then down to zero."""
    n_warmup = max(1, round(warmup_share * n_steps))
    if step < n_warmup:
        return (step + 1) / n_warmup
    return (n_steps - step) / (n_steps - n_warmup + 1)


def _spread(rows: Sequence[Encoded], n: int) -> list[Encoded]:
    """Return at most `n` rows, from all over the list: always the same ones."""
    return list(rows[:: max(1, -(-len(rows) // n))])


def _mean(losses: Sequence[float]) -> float:
    return sum(losses) / len(losses)
