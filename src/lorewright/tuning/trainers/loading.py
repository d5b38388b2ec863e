"""A base model and its tokenizer, from a GGUF file or a folder with safetensors."""

import time
import warnings
from pathlib import Path
from typing import Any, cast

import torch
from torch import nn
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, GgufConfig
from transformers.utils import logging

from lorewright.errors import UnfitBase, UserError
from lorewright.models.conversion import PLAIN_TEMPLATE, text_start
from lorewright.tuning.trainers import attention

logging.set_verbosity_error()  # type: ignore[no-untyped-call]
logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def load_tokenizer(base: Path) -> Any:
    """Return the base's tokenizer with its chat template; `start_id` begins every text, if one does."""
    if base.is_dir():
        tokenizer = AutoTokenizer.from_pretrained(base, trust_remote_code=False)
        tokenizer.start_id = text_start(base)
        if not tokenizer.chat_template:
            tokenizer.chat_template = PLAIN_TEMPLATE
        return tokenizer
    tokenizer = AutoTokenizer.from_pretrained(base.parent, gguf_file=base.name)
    first = tokenizer("a")["input_ids"][0]
    has_start = first == tokenizer.bos_token_id and getattr(tokenizer, "add_bos_token", False)
    tokenizer.start_id = first if has_start else None
    return tokenizer


def load_model(
    base: Path, *, dtype: torch.dtype, device: torch.device, place: torch.device | None = None
) -> nn.Module:
    """Return the base, unpacked to `dtype`, to compute on `device`; its weights are there, or at `place`."""
    kernel = _kernel(device)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # transformers warns of its own deprecations
        if base.is_dir():
            model = AutoModelForCausalLM.from_pretrained(
                base, dtype=dtype, use_safetensors=True, trust_remote_code=False, attn_implementation=kernel
            )
        else:
            unpacked = GgufConfig(dequantize=True)
            model = AutoModelForCausalLM.from_pretrained(
                base.parent,
                gguf_file=base.name,
                quantization_config=unpacked,
                dtype=torch.float32,
                attn_implementation=kernel,
            )
    return cast(nn.Module, model).to(device=place or device, dtype=dtype)


def load_empty_model(base: Path, *, dtype: torch.dtype, device: torch.device) -> nn.Module:
    """Return the base's layers without their weights, which takes no memory, to compute on `device`."""
    with warnings.catch_warnings(), torch.device("meta"):
        warnings.simplefilter("ignore")  # transformers warns of its own deprecations
        config = (
            AutoConfig.from_pretrained(base, trust_remote_code=False)
            if base.is_dir()
            else AutoConfig.from_pretrained(base.parent, gguf_file=base.name)
        )
        model = AutoModelForCausalLM.from_config(  # type: ignore[no-untyped-call]
            config, attn_implementation=_kernel(device), trust_remote_code=False
        )
    return cast(nn.Module, model).to(dtype=dtype)


def _kernel(device: torch.device) -> str:
    return "sdpa" if device.type == "cuda" else attention.NAME


def load_model_4bit(base: Path) -> nn.Module:
    """Return the base with its linear layers in 4 bits (QLoRA, Dettmers et al., 2023): CUDA only."""
    if not torch.cuda.is_available():
        raise UserError("The recipe qlora needs a CUDA GPU; none was found.", hint='Set recipe = "lora".')
    if not base.is_dir():
        raise UnfitBase(
            f"The recipe qlora quantizes weights itself; {base.name} is already quantized.",
            hint="Set a base with safetensors (hf:org/name) under [tuning].",
        )
    from transformers import BitsAndBytesConfig  # needs bitsandbytes, which only this recipe does

    packed = BitsAndBytesConfig(  # type: ignore[no-untyped-call]
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16
    )
    model: nn.Module = AutoModelForCausalLM.from_pretrained(
        base,
        quantization_config=packed,
        device_map={"": torch.cuda.current_device()},
        dtype=torch.bfloat16,
        use_safetensors=True,
    )
    return model


def is_bfloat16_faster() -> bool:
    """Return whether this machine multiplies 16-bit matrices clearly faster than 32-bit ones."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    single, half = (_multiply_seconds(dtype) for dtype in (torch.float32, torch.bfloat16))
    return half < 0.8 * single


def _multiply_seconds(dtype: torch.dtype) -> float:
    """Return the shortest of some products, in CPU-seconds: neighbours on this machine do not count."""
    left, right = torch.ones(512, 512, dtype=dtype), torch.ones(512, 1024, dtype=dtype)
    seconds = []
    for _ in range(6):
        begun = time.process_time()
        for _ in range(4):
            left @ right
        seconds.append(time.process_time() - begun)
    return min(seconds[1:])  # the first prepares kernels
