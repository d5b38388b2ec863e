"""Models that llama.cpp does not have, in this process through transformers: several times slower."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor
from transformers import AutoModelForCausalLM, AutoTokenizer

from lorewright.errors import BadParameter, Permanent, PromptTooLong
from lorewright.messages import Message
from lorewright.models.chat_request import check_chat, text_turns
from lorewright.models.conversion import PLAIN_TEMPLATE, text_start
from lorewright.models.engine import OWN_TEMPERATURE, OWN_TOP_P, Piece, Sampling, Stopped, Usage, never
from lorewright.whole_files import sha256_of

_PREFIX = "base_model.model."  # PEFT's, before every name
_HALF = "\ufffd"  # the beginning of a letter whose end comes with the next token


class TransformersEngine:
    """A model of transformers, with an adapter in PEFT's form or without; one prompt at a time.

    It draws text and tells log-probabilities. Forms of the text and tools are not held, since no
    grammar guides it: a request that asks for one is refused.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str = "",
        sha256: str = "",
        adapter: Path | None = None,
        context_tokens: int = 4096,
        n_threads: int = 1,
    ) -> None:
        """Load the model; raise `Permanent` when transformers cannot."""
        torch.set_num_threads(n_threads)
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
            self._model: Any = AutoModelForCausalLM.from_pretrained(
                folder, dtype="auto", use_safetensors=True, trust_remote_code=False
            )
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise Permanent(
                f"transformers cannot load {folder}: {str(error).splitlines()[0]}",
                hint="Its architecture may be too new, or it may need code of its own, which is never run.",
            ) from error
        _ready(self._model)
        if not self._tokenizer.chat_template:
            self._tokenizer.chat_template = PLAIN_TEMPLATE
        self._start = text_start(folder)
        self.name = name or folder.name
        self.fingerprint = f"sha256:{sha256 or folder.name}"
        if adapter is not None:
            _merge(self._model, adapter)
            self.fingerprint += f"+sha256:{sha256_of(adapter)}"
        trained = getattr(self._model.config, "max_position_embeddings", None) or context_tokens
        self.context_tokens = min(context_tokens, int(trained))
        self._ends = _ends(self._model, self._tokenizer)
        self._busy = threading.Lock()

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling, stopped: Stopped = never
    ) -> Iterator[Piece]:
        """Yield the completion piece by piece; raise `PromptTooLong` for one longer than the context."""
        request = {
            **sampling.more,
            "max_tokens": sampling.max_tokens,
            "temperature": sampling.temperature,
            "seed": sampling.seed,
            "stop": list(sampling.stop),
        }
        for text, usage, reason, _ in self._generate([m.to_json() for m in messages], request, stopped):
            yield Piece(text, usage, reason)

    def chat(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:
        """Yield the chunks of a chat completion, both in OpenAI's words."""
        check_chat(request)
        for name, plain in (("tools", []), ("response_format", {"type": "text"})):
            if request.get(name) not in (None, plain):
                raise BadParameter(name, f"{self.name} runs on transformers, which does not support {name}.")
        begun: dict[str, Any] = {"role": "assistant"}
        drawn = {"temperature": OWN_TEMPERATURE, "top_p": OWN_TOP_P, **request}
        for text, usage, reason, logprobs in self._generate(text_turns(request["messages"]), drawn, stopped):
            if text or reason:
                delta = {**begun, **({"content": text} if text else {})}
                choice = {"index": 0, "delta": delta, "finish_reason": reason}
                told = {"logprobs": {"content": logprobs}} if request.get("logprobs") and logprobs else {}
                yield {"choices": [choice | told]}
                begun = {}
            if usage:
                yield {"choices": [], "usage": _usage_json(usage)}

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return how many tokens the prompt made of `messages` takes, the chat template included."""
        return len(self._prompt([message.to_json() for message in messages]))

    def close(self) -> None:
        """Give back memory."""
        with self._busy:
            del self._model

    def _prompt(self, turns: Sequence[Mapping[str, Any]]) -> list[int]:
        text = self._tokenizer.apply_chat_template(list(turns), tokenize=False, add_generation_prompt=True)
        ids: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return [self._start, *ids] if self._start is not None and ids[0] != self._start else ids

    def _generate(
        self, turns: Sequence[Mapping[str, Any]], request: Mapping[str, Any], stopped: Stopped
    ) -> Iterator[tuple[str, Usage | None, str | None, list[dict[str, Any]]]]:
        """Yield text with the log-probabilities of its tokens; the last one carries usage and reason."""
        prompt = self._prompt(turns)
        if len(prompt) >= self.context_tokens:
            raise PromptTooLong(
                f"The prompt has {len(prompt)} tokens; the context of {self.name} is limited to "
                f"{self.context_tokens}.",
                hint="Raise models.context_tokens, or lower retrieval.n_kept or prompt.n_few_shot.",
            )
        asked = request.get("max_completion_tokens") or request.get("max_tokens")
        longest = self.context_tokens - len(prompt)
        longest = longest if asked is None else min(int(asked), longest)
        stops = request.get("stop") or []
        stops = [stops] if isinstance(stops, str) else list(stops)
        written, told, reason, waiting = [], "", "length", []
        with self._busy, torch.inference_mode():
            for token, logprobs in self._tokens(prompt, longest, request):
                if stopped():
                    return
                if token in self._ends:
                    reason = "stop"
                    break
                written.append(token)
                waiting.append(logprobs)
                text = self._tokenizer.decode(written)
                cut = min((place for stop in stops if (place := text.find(stop)) >= 0), default=-1)
                if cut >= 0:
                    text, reason = text[:cut], "stop"
                if cut >= 0 or not (text.endswith(_HALF) or any(map(text.endswith, _beginnings(stops)))):
                    yield text[len(told) :], None, None, waiting
                    told, waiting = text, []
                if cut >= 0:
                    break
            else:
                text = self._tokenizer.decode(written)
        rest = "" if not written else text[len(told) :]
        yield rest, Usage(len(prompt), len(written)), reason, waiting

    def _tokens(
        self, prompt: Sequence[int], n: int, request: Mapping[str, Any]
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield at most `n` tokens after the prompt, each with its log-probability."""
        draw = torch.Generator().manual_seed(int(request.get("seed") or 0))
        ids, cache = torch.tensor([list(prompt)], device=self._model.device), None  # (1, tokens)
        for _ in range(n):
            out = self._model(input_ids=ids, cache=cache, use_cache=True, logits_to_keep=1)
            cache, logits = out.cache, out.logits[0, -1].float().cpu()  # (vocabulary,)
            token = _drawn(logits, request, draw)
            wants = bool(request.get("logprobs"))
            yield token, self._told(logits, token, int(request.get("top_logprobs") or 0)) if wants else {}
            ids = torch.tensor([[token]], device=self._model.device)

    def _told(self, logits: Tensor, token: int, n_top: int) -> dict[str, Any]:
        logprobs = torch.log_softmax(logits, dim=-1)

        def entry(number: int) -> dict[str, Any]:
            text = self._tokenizer.decode([number])
            return {"token": text, "logprob": float(logprobs[number]), "bytes": list(text.encode())}

        top = logprobs.topk(n_top).indices.tolist() if n_top else []
        return {**entry(token), "top_logprobs": [entry(number) for number in top]}


def _ready(model: Any) -> None:
    """Take a model out of training, onto the GPU where torch sees one."""
    model.eval()
    if torch.cuda.is_available():
        model.to("cuda")


def _drawn(logits: Tensor, request: Mapping[str, Any], draw: torch.Generator) -> int:
    """Return the next token: the likeliest, or one drawn from those that hold `top_p` of the mass."""
    temperature = float(request.get("temperature") or 0.0)
    if temperature <= 0:
        return int(logits.argmax())
    shares, tokens = torch.softmax(logits / temperature, dim=-1).sort(descending=True)
    top_p = request.get("top_p")
    if top_p is not None:
        shares = shares * (shares.cumsum(0) - shares < float(top_p))
    return int(tokens[torch.multinomial(shares, 1, generator=draw)])


def _beginnings(stops: Sequence[str]) -> list[str]:
    """Return what a text may end with where one of `stops` may follow."""
    return [stop[:n] for stop in stops for n in range(1, len(stop))]


def _ends(model: Any, tokenizer: Any) -> frozenset[int]:
    """Return the tokens that end a turn."""
    given = model.generation_config.eos_token_id
    ends = given if isinstance(given, list) else [given]
    return frozenset(end for end in [*ends, tokenizer.eos_token_id] if end is not None)


def _merge(model: Any, adapter: Path) -> None:
    """Add what an adapter in PEFT's form learned to the weights."""
    config = json.loads((adapter.parent / "adapter_config.json").read_text(encoding="utf-8"))
    scale, learned = float(config["lora_alpha"]) / int(config["r"]), load_file(adapter)
    with torch.no_grad():
        for name, a in learned.items():
            if name.endswith(".lora_A.weight"):
                b = learned[name.replace(".lora_A.", ".lora_B.")]
                module = model.get_submodule(name.removeprefix(_PREFIX).removesuffix(".lora_A.weight"))
                grown = module.weight.float() + scale * (b.float() @ a.float()).to(module.weight.device)
                module.weight.copy_(grown)


def _usage_json(usage: Usage) -> dict[str, int]:
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
    }
