"""Small real models that need no weights: for tests, and for a first start without any model."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from lorewright.errors import BadParameter
from lorewright.messages import Message, last_user_turn
from lorewright.models.chat_request import text_turns
from lorewright.models.engine import Piece, Sampling, Stopped, Usage, never
from lorewright.models.judge import Reading, Support

Script = Mapping[str, str] | Callable[[Sequence[Message]], str]

_WORD_WITH_SPACE = re.compile(r"\s*\S+\s*\Z|\s*\S+")


class ScriptedEngine:
    """Says what its script says: a mapping from what the user said last, or a function of the messages.

    A user's turn that the mapping lacks is answered with `otherwise`. A token is a word; `seen`
    holds every prompt, in order.
    """

    def __init__(
        self,
        script: Script,
        *,
        otherwise: str = "",
        name: str = "scripted",
        fingerprint: str = "",
    ) -> None:
        self.name = name
        self.fingerprint = fingerprint or sha256(f"{name}\0{script!r}".encode()).hexdigest()
        self.seen: list[tuple[Message, ...]] = []
        self._script = script
        self._otherwise = otherwise

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling, stopped: Stopped = never
    ) -> Iterator[Piece]:
        """Yield the scripted text word by word until it ends or `stopped()` is true."""
        self.seen.append(tuple(messages))
        words = _WORD_WITH_SPACE.findall(_before_stop(self._reply_to(messages), sampling.stop))
        n_said = 0
        for word in words[: sampling.max_tokens]:
            if stopped():
                break
            n_said += 1
            yield Piece(word)
        usage = Usage(prompt_tokens=self.count_tokens(messages), completion_tokens=n_said)
        yield Piece("", usage, "length" if n_said == sampling.max_tokens < len(words) else "stop")

    def chat(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:
        """Yield the scripted text as the chunks of a chat completion."""
        messages = [Message(turn["role"], turn["content"]) for turn in text_turns(request["messages"])]
        max_tokens = request.get("max_completion_tokens") or request.get("max_tokens") or 256
        delta: dict[str, Any] = {"role": "assistant"}
        stop = request.get("stop") or ()
        sampling = Sampling(max_tokens=max_tokens, stop=(stop,) if isinstance(stop, str) else tuple(stop))
        for piece in self.stream(messages, sampling=sampling, stopped=stopped):
            delta |= {"content": piece.text} if piece.text else {}
            yield {"choices": [{"index": 0, "delta": delta, "finish_reason": piece.finish_reason}]}
            delta = {}
            if piece.usage:
                yield {"choices": [], "usage": {
                    "prompt_tokens": piece.usage.prompt_tokens,
                    "completion_tokens": piece.usage.completion_tokens,
                    "total_tokens": piece.usage.prompt_tokens + piece.usage.completion_tokens,
                }}  # fmt: skip

    def complete(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:
        """Yield what the script says to a prompt; a word is the less likely the longer it is."""
        prompt = request["prompt"]
        try:
            prompt = prompt if isinstance(prompt, str) else self.text_of(prompt)
        except (ValueError, OverflowError) as error:
            raise BadParameter("prompt", f"{error}.") from error
        words = _WORD_WITH_SPACE.findall(prompt)
        for word in words if request.get("echo") else ():
            yield {"choices": [{"text": word, "logprobs": _as_likely(word), "finish_reason": None}]}
        chat = {**request, "messages": [{"role": "user", "content": prompt}]}
        for chunk in self.chat(chat, stopped=stopped) if request.get("max_tokens") != 0 else ():
            for choice in chunk["choices"]:
                text = choice["delta"].get("content") or ""
                yield {"choices": [choice | {"text": text, "logprobs": _as_likely(text)}]}
            if chunk.get("usage"):
                yield chunk

    def tokens(self, text: str) -> list[int]:
        """Return the tokens of a text: the numbers of its letters."""
        return [ord(letter) for letter in text]

    def text_of(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens; raise `ValueError` for an id that is no letter's."""
        return "".join(chr(token) for token in tokens)

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return how many words the messages have."""
        return sum(len(message.content.split()) for message in messages)

    def close(self) -> None:
        """Give back nothing: there is nothing to give back."""

    def _reply_to(self, messages: Sequence[Message]) -> str:
        if isinstance(self._script, Mapping):
            return self._script.get(last_user_turn(messages), self._otherwise)
        return self._script(messages)


def _as_likely(word: str) -> dict[str, Any] | None:
    return {"content": [{"token": word, "logprob": -float(len(word)), "top_logprobs": []}]} if word else None


class HashingEmbedder:
    """Counts hashed words: the same text gives the same vector on every machine."""

    def __init__(self, n_dimensions: int = 256, *, max_tokens: int = 512) -> None:
        self.name = f"hashing-{n_dimensions}"
        self.n_dimensions = n_dimensions
        self.max_tokens = max_tokens

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector per text, in order: (texts, dimensions); a text without words gives zeros."""
        vectors = np.zeros((len(texts), self.n_dimensions), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for start, end in self.token_offsets(text)[: self.max_tokens]:
                row[crc32(text[start:end].lower().encode()) % self.n_dimensions] += 1.0
            row /= np.linalg.norm(row) or 1.0
        return vectors

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector to search with: (dimensions,)."""
        vector: NDArray[np.float32] = self.embed([text])[0]
        return vector

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        r"""Return the character span of every word (`\w+`) of `text`."""
        return [match.span() for match in re.finditer(r"\w+", text)]

    def text_of(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens: each is the word of its number."""
        return " ".join(str(token) for token in tokens)


class WordJudge:
    """Judges by shared words alone: what a text has of a question's or a claim's words, it bears.

    A number of the claim that the text lacks is a contradiction where the text has other numbers.
    """

    def __init__(self) -> None:
        self.name = "words"
        self.max_tokens = 512

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """Return the share of the question's words that each text has, for both values."""
        question_words = _long_words(question)
        shares = [len(question_words & _long_words(text)) / (len(question_words) or 1) for text in texts]
        return [Reading(share, share) for share in shares]

    def support(self, claims: Sequence[tuple[str, str]]) -> list[Support]:
        """Return the share of each claim's words that its text has."""
        return [_word_support(claim, text) for claim, text in claims]


def _word_support(claim: str, text: str) -> Support:
    claim_words = _long_words(claim)
    held = len(claim_words & _long_words(text)) / (len(claim_words) or 1)
    known = set(re.findall(r"\d+", text))
    wrong = tuple(match.span() for match in re.finditer(r"\d+", claim) if match.group() not in known)
    if wrong and known:
        return Support(0.0, held, 1 - held, 1.0, wrong)
    return Support(held, 0.0, 1 - held)


def _long_words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3 or word.isdigit()}


def _before_stop(text: str, stop: Sequence[str]) -> str:
    """Return what comes before the first stop sequence."""
    ends = [text.find(sequence) for sequence in stop if sequence in text]
    return text[: min(ends)] if ends else text
