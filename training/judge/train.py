"""Train the judge: one encoder that reads a question or a claim with a text, and five small heads.

python -m training.judge.train --data DATA --trunk FOLDER --out FOLDER
python -m training.judge.train --data DATA --trunk FOLDER_OF_THE_FIRST --out FOLDER --course second
"""

import argparse
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from training.judge.near_misses import near_miss_pairs
from training.judge.pairs import Pair
from training.judge.recipe import all_pairs
from transformers import BertConfig, BertModel

MAX_TOKENS = 224
MAX_ASKED = 80
N_FROZEN = 2  # a fifth faster, and the lowest layers hardly move
N_PAIR_LOGITS = 5  # relevance, answerability, contradicted, not stated, supported
N_TOKEN_LOGITS = 2  # the claim is wrong here; the text answers here


class JudgeModel(nn.Module):
    """The trunk with its heads: logits of a pair, and logits of each token."""

    def __init__(self, trunk: BertModel) -> None:
        super().__init__()
        self.trunk = trunk
        hidden = trunk.config.hidden_size
        self.pair = nn.Linear(2 * hidden, N_PAIR_LOGITS)
        self.token = nn.Linear(hidden, N_TOKEN_LOGITS)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits (pairs, 5) and (pairs, tokens, 2)."""
        hidden = self.trunk(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        seen = mask[..., None].to(hidden.dtype)
        mean = (hidden * seen).sum(1) / seen.sum(1)
        pooled = torch.cat([hidden[:, 0], mean], dim=-1)
        return self.pair(pooled), self.token(hidden)


def load_model(folder: Path) -> JudgeModel:
    """Return the model with the trunk's weights and new heads, or one that was trained."""
    config = BertConfig.from_dict(json.loads((folder / "config.json").read_text()))
    model = JudgeModel(BertModel(config, add_pooling_layer=False))
    weights = load_file(folder / "model.safetensors")
    if "pair.weight" in weights:
        model.load_state_dict(weights)
    else:
        model.trunk.load_state_dict(
            {k: v for k, v in weights.items() if not k.startswith("pooler")}, strict=False
        )
        nn.init.normal_(model.pair.weight, std=0.02)
        nn.init.normal_(model.token.weight, std=0.02)
    return model


def encoded(tokenizer: Tokenizer, pair: Pair) -> dict[str, Any]:
    """Return the token ids and types of a pair, its targets, and the targets of its tokens (-1: none)."""
    asked = tokenizer.encode(pair.asked, add_special_tokens=False)
    text = tokenizer.encode(pair.text, add_special_tokens=False)
    n_asked = min(len(asked.ids), MAX_ASKED)
    n_text = min(len(text.ids), MAX_TOKENS - 3 - n_asked)
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    ids = [cls, *asked.ids[:n_asked], sep, *text.ids[:n_text], sep]
    types = [0] * (n_asked + 2) + [1] * (n_text + 1)
    wrong = [-1, *_marks(asked.offsets[:n_asked], pair.wrong), -1] + [-1] * (n_text + 1)
    answer = [-1] * (n_asked + 2) + [*_marks(text.offsets[:n_text], pair.answer), -1]
    return {
        "ids": ids, "types": types, "wrong": wrong, "answer": answer,
        "relevance": -1.0 if pair.relevance is None else pair.relevance,
        "answerable": -1.0 if pair.answerable is None else pair.answerable,
        "support": -1 if pair.support is None else pair.support,
    }  # fmt: skip


def _marks(offsets: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]] | None) -> list[int]:
    if spans is None:
        return [-1] * len(offsets)
    return [int(any(start < e and end > s for s, e in spans)) for start, end in offsets]


def batches(rows: list[dict[str, Any]], n_tokens: int, draw: random.Random) -> Iterator[list[dict[str, Any]]]:
    """Yield batches of pairs of like length, in random order."""
    rows = sorted(rows, key=lambda row: len(row["ids"]) + draw.random() * 8)
    made: list[list[dict[str, Any]]] = [[]]
    for row in rows:
        if made[-1] and (len(made[-1]) + 1) * len(row["ids"]) > n_tokens:
            made.append([])
        made[-1].append(row)
    draw.shuffle(made)
    yield from made


def _padded(rows: list[dict[str, Any]], key: str, filler: int) -> Tensor:
    longest = max(len(row["ids"]) for row in rows)
    return torch.tensor([row[key] + [filler] * (longest - len(row[key])) for row in rows])


def loss_of(model: JudgeModel, rows: list[dict[str, Any]]) -> Tensor:
    """Return what the model gets wrong on the targets that are known."""
    ids = _padded(rows, "ids", 0)
    mask = torch.tensor([[1] * len(row["ids"]) + [0] * (ids.shape[1] - len(row["ids"])) for row in rows])
    pair, token = model(ids, _padded(rows, "types", 0), mask)
    pair, token = pair.float(), token.float()
    total = pair.sum() * 0
    for place, key in enumerate(("relevance", "answerable")):
        target = torch.tensor([row[key] for row in rows])
        known = target >= 0
        if known.any():
            total = total + functional.binary_cross_entropy_with_logits(
                pair[known, place], target[known], reduction="sum"
            )
    support = torch.tensor([row["support"] for row in rows])
    if (support >= 0).any():
        total = total + functional.cross_entropy(
            pair[support >= 0, 2:], support[support >= 0], reduction="sum"
        )
    total = total / len(rows)
    for place, key in enumerate(("wrong", "answer")):
        target = _padded(rows, key, -1)
        known = target >= 0
        if known.any():
            each = functional.binary_cross_entropy_with_logits(
                token[..., place], target.clamp(min=0).float(), reduction="none"
            )
            each = each * torch.where(target == 1, 3.0, 1.0)
            per_pair = (each * known).sum(1) / known.sum(1).clamp(min=1)
            total = total + 1.5 * per_pair.sum() / len(rows)
    return total


def train(
    model: JudgeModel, rows: list[dict[str, Any]], out: Path, *, n_epochs: float, peak: float, n_tokens: int,
    seed: int, minutes: float, bf16: bool,
) -> None:  # fmt: skip
    """Train until the epochs or the minutes are over; the rate warms up and falls to zero either way."""
    draw = random.Random(seed)
    for frozen in (model.trunk.embeddings, *model.trunk.encoder.layer[:N_FROZEN]):
        frozen.requires_grad_(requires_grad=False)
    heads = [*model.pair.parameters(), *model.token.parameters()]
    layers = [weight for weight in model.trunk.encoder.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": layers, "lr": peak, "base": peak}, {"params": heads, "lr": peak * 4, "base": peak * 4}],
        weight_decay=0.01, betas=(0.9, 0.98),
    )  # fmt: skip
    total = sum(1 for _ in batches(rows, n_tokens, random.Random(0))) * n_epochs
    begun, step, running, saved = time.time(), 0, 0.0, time.time()
    model.train()
    while True:
        for batch in batches(rows, n_tokens, draw):
            share = max(step / total, (time.time() - begun) / 60 / minutes)
            if share >= 1:
                _save(model, out)
                return
            rate = min(1.0, (step + 1) / 60) * max(0.02, 1 - share)
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * rate
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
                loss = loss_of(model, batch)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            step += 1
            running = loss.item() if step == 1 else 0.98 * running + 0.02 * loss.item()
            if step % 25 == 0:
                print(
                    f"{share:.3f} done, {step} steps, loss {running:.4f}, {time.process_time():.0f} CPU-s",
                    flush=True,
                )
            if time.time() - saved > 240:
                _save(model, out)
                saved = time.time()


def _save(model: JudgeModel, out: Path) -> None:
    part = out / "model.part"
    save_file({key: value.contiguous() for key, value in model.state_dict().items()}, part)
    part.replace(out / "model.safetensors")


def main() -> None:
    """Train and save; the folder then holds what `training.judge.export` reads."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the open sets")
    parser.add_argument(
        "--trunk", type=Path, required=True, help="model.safetensors, config.json, tokenizer.json"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--batch-tokens", type=int, default=2600)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--course", choices=("first", "second"), default="first")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    given.out.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "tokenizer.json"):
        (given.out / name).write_bytes((given.trunk / name).read_bytes())
    tokenizer = Tokenizer.from_file(str(given.trunk / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    pairs = (
        all_pairs(given.data, seed=given.seed)
        if given.course == "first"
        else near_miss_pairs(given.data, given.trunk, seed=given.seed)
    )
    rows = [encoded(tokenizer, pair) for pair in pairs]
    mean = sum(len(row["ids"]) for row in rows) / len(rows)
    print(f"{len(rows)} pairs, {mean:.0f} tokens on average", flush=True)
    train(
        load_model(given.trunk), rows, given.out, n_epochs=given.epochs, peak=given.rate,
        n_tokens=given.batch_tokens, seed=given.seed, minutes=given.minutes, bf16=given.bf16,
    )  # fmt: skip


if __name__ == "__main__":
    main()
