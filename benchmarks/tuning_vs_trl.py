"""Our trainer against TRL's SFTTrainer: real tokens per CPU-second at the same held-out loss.

The same base, rows, epochs, rows a step, LoRA (rank 16 on all linear layers), learning rate and
schedule, loss on completions only, 16-bit autocast, no gradient checkpointing; one process each,
one after the other. Only the steps are timed: loading counts for neither. Both adapters are then
scored by one function on the same held-out examples.

TRL lives in an environment of its own (torch first, then trl, datasets, accelerate, peft):
    python benchmarks/tuning_vs_trl.py --data DIR --base model.gguf --trl-python /path/to/python
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ENVIRONMENT = {
    "OMP_WAIT_POLICY": "PASSIVE",
    "TOKENIZERS_PARALLELISM": "false",
    "TQDM_DISABLE": "1",
    "PYTHONWARNINGS": "ignore",
}
N_THREADS = len(os.sched_getaffinity(0))


def main() -> None:
    """Train on both sides, score both, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="a file or folder of examples")
    parser.add_argument("--base", type=Path, required=True, help="a GGUF file")
    parser.add_argument("--trl-python", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=100)
    parser.add_argument("--held-out", type=int, default=50)
    parser.add_argument("--epochs", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        order = write_order(asked, Path(folder))
        here = Path(sys.executable)
        for side, python in (("lorewright", here), ("trl", asked.trl_python), ("score", here)):
            command = [python, __file__, "--side", side, order]
            subprocess.run(command, env={**os.environ, **ENVIRONMENT}, check=True)
        show(Path(folder))


def write_order(asked: argparse.Namespace, folder: Path) -> Path:
    """Write what both sides are to do, and return the file."""
    from lorewright.datasets import read_examples

    examples = list(read_examples(asked.data).examples)
    random.Random(asked.seed).shuffle(examples)
    rows = [
        {"messages": [turn.to_json() for turn in one.prompt], "completion": one.completion}
        for one in examples
    ]
    body = {
        "folder": str(folder),
        "base": str(asked.base),
        "rows": rows[: asked.rows],
        "held_out": rows[asked.rows : asked.rows + asked.held_out],
        "epochs": asked.epochs,
        "seed": asked.seed,
    }
    order = folder / "order.json"
    order.write_text(json.dumps(body), encoding="utf-8")
    return order


def train_with_lorewright(order: dict[str, Any]) -> dict[str, Any]:
    """Train with our trainer; its progress callback is the clock."""
    from lorewright.tuning import load_trainer

    clock: list[tuple[float, float]] = []

    def tick(done: int, total: int) -> None:
        if done in (0, total):
            clock.append((time.process_time(), time.perf_counter()))

    adapter = load_trainer("transformers").train(
        rows_of(order["rows"]),
        validation=[],
        recipe=recipe_of(order),
        base=Path(order["base"]),
        folder=Path(order["folder"]) / "lorewright",
        progress=tick,
    )
    metrics = adapter.metrics
    return {
        "cpu_seconds": clock[-1][0] - clock[0][0],
        "seconds": clock[-1][1] - clock[0][1],
        "n_tokens": metrics.n_tokens,
        "n_steps": len(metrics.losses),
        "adapter": str(adapter.folder),
    }


def train_with_trl(order: dict[str, Any]) -> dict[str, Any]:
    """Train with TRL on the same rows, as many a step as ours had on average."""
    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig
    from trl import SFTConfig, SFTTrainer

    torch.set_num_threads(N_THREADS)
    ours = json.loads((Path(order["folder"]) / "lorewright.json").read_text(encoding="utf-8"))
    n_rows = len(order["rows"])
    base = Path(order["base"])
    tokenizer = AutoTokenizer.from_pretrained(base.parent, gguf_file=base.name)
    model: Any = AutoModelForCausalLM.from_pretrained(
        base.parent,
        gguf_file=base.name,
        dtype=torch.float32,
        quantization_config=GgufConfig(dequantize=True),
    )
    # The rows are as they are; the weights are unpacked, so nothing is left of the file's packing.
    model.is_quantized = False
    turns = [
        {"prompt": row["messages"], "completion": [{"role": "assistant", "content": row["completion"]}]}
        for row in order["rows"]
    ]
    folder = Path(order["folder"]) / "trl"
    settings = SFTConfig(
        output_dir=str(folder),
        num_train_epochs=order["epochs"],
        per_device_train_batch_size=max(1, round(n_rows * order["epochs"] / ours["n_steps"])),
        learning_rate=1e-3,
        lr_scheduler_type="linear",
        warmup_steps=max(1, round(0.05 * ours["n_steps"])),
        weight_decay=0.0,
        max_grad_norm=1.0,
        max_length=2048,
        completion_only_loss=True,
        gradient_checkpointing=False,
        bf16=True,
        use_cpu=True,
        seed=order["seed"],
        save_strategy="no",
        report_to="none",
        logging_strategy="no",
        dataloader_pin_memory=False,
    )
    trainer = SFTTrainer(
        model=model,
        args=settings,
        train_dataset=Dataset.from_list(turns),
        processing_class=tokenizer,
        peft_config=LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM"),
    )
    cpu_begun, begun = time.process_time(), time.perf_counter()
    trainer.train()
    took = {"cpu_seconds": time.process_time() - cpu_begun, "seconds": time.perf_counter() - begun}
    trainer.save_model(str(folder))
    return {
        **took,
        "n_tokens": ours["n_tokens"],
        "n_steps": trainer.state.global_step,
        "adapter": str(folder),
    }


def score_both(order: dict[str, Any]) -> dict[str, Any]:
    """Return the held-out loss of the base and of both adapters, in 32 bits, by one function."""
    import torch

    from lorewright.tuning.trainers.encoding import encode_rows
    from lorewright.tuning.trainers.export import load_weights
    from lorewright.tuning.trainers.loading import load_model, load_tokenizer
    from lorewright.tuning.trainers.lora import add_lora

    base = Path(order["base"])
    rows = encode_rows(load_tokenizer(base), rows_of(order["held_out"]))
    model = load_model(base, dtype=torch.float32, device=torch.device("cpu"))
    add_lora(model, rank=16, alpha=32.0, layers_share=1.0, seed=0)

    @torch.inference_mode()
    def loss() -> float:
        total, n_tokens = 0.0, 0
        for row in rows:
            logits = model(input_ids=torch.tensor([row.ids])).logits[0, row.n_prompt - 1 : -1]
            target = torch.tensor(row.ids[row.n_prompt :])
            total += torch.nn.functional.cross_entropy(logits, target, reduction="sum").item()
            n_tokens += row.n_completion
        return total / n_tokens

    losses = {"base": loss()}
    for side in ("lorewright", "trl"):
        result = json.loads((Path(order["folder"]) / f"{side}.json").read_text(encoding="utf-8"))
        load_weights(model, Path(result["adapter"]))
        losses[side] = loss()
    return {"losses": losses, "n_rows": len(rows)}


def recipe_of(order: dict[str, Any]) -> Any:
    """Return the recipe both sides follow."""
    from lorewright.tuning import Recipe

    return Recipe(epochs=order["epochs"], seed=order["seed"], max_rows=len(order["rows"]))


def rows_of(rows: list[dict[str, Any]]) -> list[Any]:
    """Return rows as our trainer takes them."""
    from lorewright.messages import conversation_from_json
    from lorewright.tuning import Row

    return [Row(conversation_from_json(row["messages"]), row["completion"]) for row in rows]


def show(folder: Path) -> None:
    """Print both sides and their ratio."""
    read = {
        name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("lorewright", "trl", "score")
    }
    losses = read["score"]["losses"]
    print(f"held-out loss of the base: {losses['base']:.3f} (n={read['score']['n_rows']} examples)")
    speeds = {}
    for side in ("lorewright", "trl"):
        took = read[side]
        speeds[side] = took["n_tokens"] / took["cpu_seconds"]
        work = f"{took['n_tokens']:,} tokens in {took['n_steps']} steps, {took['cpu_seconds']:.1f} CPU-s"
        print(f"{side:11} {work}: {speeds[side]:.0f} tokens per CPU-s, held-out loss {losses[side]:.3f}")
    print(f"ratio       {speeds['lorewright'] / speeds['trl']:.2f}")


SIDES = {"lorewright": train_with_lorewright, "trl": train_with_trl, "score": score_both}

if __name__ == "__main__":
    if "--side" in sys.argv:
        side, path = sys.argv[2], Path(sys.argv[3])
        order = json.loads(path.read_text(encoding="utf-8"))
        (path.parent / f"{side}.json").write_text(json.dumps(SIDES[side](order)), encoding="utf-8")
    else:
        main()
