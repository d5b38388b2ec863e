"""A two-layer llama with its tokenizer, made in a moment: as a GGUF file and as a safetensors folder."""

from pathlib import Path
from typing import Any

import gguf
import numpy as np

N_LAYERS, N_HIDDEN, N_INNER, N_HEADS, N_KEY_HEADS = 2, 64, 96, 4, 2
END = "<|im_end|>"
SPECIAL = ["<|endoftext|>", "<|im_start|>", END]
TEMPLATE = (
    "{% if messages[0]['role'] != 'system' %}<|im_start|>system\nYou are tiny.<|im_end|>\n{% endif %}"
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def byte_tokens() -> list[str]:
    """Return the 256 bytes as GPT-2 writes them, so that spaces and line ends are letters too."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    letters = {byte: chr(byte) for byte in printable}
    letters |= {byte: chr(256 + n) for n, byte in enumerate(others)}
    return [letters[byte] for byte in range(256)]


def tokens_and_merges() -> tuple[list[str], list[str]]:
    merges = ["t h", "th e", "Ġ the", "e r", "i n"]
    return SPECIAL + byte_tokens() + [merge.replace(" ", "") for merge in merges], merges


def write_tiny_gguf(path: Path, *, chat_template: str = TEMPLATE, architecture: str = "llama") -> Path:
    """Write random weights (seeded) with everything llama.cpp and transformers need to run them."""
    tokens, merges = tokens_and_merges()
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_block_count(N_LAYERS)
    writer.add_context_length(512)
    writer.add_embedding_length(N_HIDDEN)
    writer.add_feed_forward_length(N_INNER)
    writer.add_head_count(N_HEADS)
    writer.add_head_count_kv(N_KEY_HEADS)
    writer.add_rope_dimension_count(N_HIDDEN // N_HEADS)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([3] * len(SPECIAL) + [1] * (len(tokens) - len(SPECIAL)))
    writer.add_token_merges(merges)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_pad_token_id(2)
    writer.add_add_bos_token(False)
    if chat_template:
        writer.add_chat_template(chat_template)
    for name, value in _weights(len(tokens)).items():
        writer.add_tensor(name, value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _weights(n_tokens: int) -> dict[str, Any]:
    draw = np.random.default_rng(0)
    head = N_HIDDEN // N_HEADS
    shapes = {
        "attn_q": (N_HIDDEN, N_HIDDEN),
        "attn_k": (N_KEY_HEADS * head, N_HIDDEN),
        "attn_v": (N_KEY_HEADS * head, N_HIDDEN),
        "attn_output": (N_HIDDEN, N_HIDDEN),
        "ffn_gate": (N_INNER, N_HIDDEN),
        "ffn_up": (N_INNER, N_HIDDEN),
        "ffn_down": (N_HIDDEN, N_INNER),
    }
    made: dict[str, Any] = {"token_embd.weight": draw.normal(0, 0.5, (n_tokens, N_HIDDEN))}
    for layer in range(N_LAYERS):
        for name, shape in shapes.items():
            made[f"blk.{layer}.{name}.weight"] = draw.normal(0, 0.12, shape)
        made[f"blk.{layer}.attn_norm.weight"] = np.ones(N_HIDDEN)
        made[f"blk.{layer}.ffn_norm.weight"] = np.ones(N_HIDDEN)
    made["output_norm.weight"] = np.ones(N_HIDDEN)
    return {name: np.ascontiguousarray(value, dtype=np.float32) for name, value in made.items()}
