"""A chat model of two layers with random weights: everything of a real one but sense."""

from pathlib import Path

import gguf
import numpy as np
import pytest

N_DIMENSIONS, N_LAYERS, N_HIDDEN = 32, 2, 64
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GGUF model that says random printable characters, up to 1024 tokens of context, without an end."""
    path = tmp_path_factory.mktemp("tiny") / "tiny.gguf"
    draw = np.random.default_rng(0)
    tokens = [*_letters_of_bytes(), "<|im_start|>", "<|im_end|>"]

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("Tiny")
    writer.add_license("apache-2.0")
    writer.add_context_length(1024)
    writer.add_embedding_length(N_DIMENSIONS)
    writer.add_block_count(N_LAYERS)
    writer.add_feed_forward_length(N_HIDDEN)
    writer.add_head_count(2)
    writer.add_head_count_kv(1)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(16)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.NORMAL] * 256 + [gguf.TokenType.CONTROL] * 2)
    writer.add_token_merges(["a b"])
    writer.add_eos_token_id(257)
    writer.add_bos_token_id(256)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)

    def add(name: str, *shape: int, rows: slice = slice(None)) -> None:
        weights = draw.normal(0, 0.4, shape) if len(shape) == 2 else np.ones(shape)
        kept = np.zeros(shape)
        kept[rows] = weights[rows]
        writer.add_tensor(f"{name}.weight", kept.astype(np.float32))

    add("token_embd", len(tokens), N_DIMENSIONS)
    add("output", len(tokens), N_DIMENSIONS, rows=slice(ord(" "), ord("~")))
    add("output_norm", N_DIMENSIONS)
    for layer in range(N_LAYERS):
        for name in ("attn_norm", "ffn_norm"):
            add(f"blk.{layer}.{name}", N_DIMENSIONS)
        for name in ("attn_q", "attn_output"):
            add(f"blk.{layer}.{name}", N_DIMENSIONS, N_DIMENSIONS)
        for name in ("attn_k", "attn_v"):
            add(f"blk.{layer}.{name}", N_DIMENSIONS // 2, N_DIMENSIONS)
        for name in ("ffn_gate", "ffn_up"):
            add(f"blk.{layer}.{name}", N_HIDDEN, N_DIMENSIONS)
        add(f"blk.{layer}.ffn_down", N_DIMENSIONS, N_HIDDEN)
    _write(writer)
    return path


@pytest.fixture(scope="session")
def tiny_adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A LoRA adapter of the tiny model."""
    path = tmp_path_factory.mktemp("tiny") / "adapter.gguf"
    draw = np.random.default_rng(1)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 8.0)
    for layer in range(N_LAYERS):
        for half, shape in (("a", (4, N_DIMENSIONS)), ("b", (N_DIMENSIONS, 4))):
            weights = draw.normal(0, 1, shape).astype(np.float32)
            writer.add_tensor(f"blk.{layer}.attn_q.weight.lora_{half}", weights)
    _write(writer)
    return path


def _write(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _letters_of_bytes() -> list[str]:
    """Return how GPT-2's vocabulary writes each byte: a printable letter."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {byte: chr(byte) for byte in printable}
    for n, byte in enumerate(sorted(set(range(256)) - set(printable))):
        letters[byte] = chr(256 + n)
    return [letters[byte] for byte in range(256)]
