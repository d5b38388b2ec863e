"""The judge on onnxruntime: one int8 encoder that reads a question or a claim with a text."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from lorewright.errors import UnusableJudge
from lorewright.models.judge import Reading, Span, Support
from lorewright.models.threads import n_processors, threads_for

Verdict = TypeVar("Verdict")

SHIPPED_SHA256 = "1ff03ae4c2843c5c0277fa74ff1e0715b3d1d43e620ebaf1176184bbe5ff2dcd"
MAX_TOKENS = 224
MAX_ASKED_TOKENS = 80
_N_KEPT = 64
"""How many pairs stay read: whoever asks for both a reading and the support of a pair runs the model once."""
_ANSWER_FROM = -0.7
"""The logit from which a word looks like a part of the answer."""
_AGAIN = "Reinstall it with: pip install --force-reinstall --no-deps lorewright"


class OnnxJudge:
    """Judges with the graph in `path`, which carries its tokenizer.

    One pair per call of the runtime: activations are quantised by the range of the whole input, so
    a pair would get another verdict in other company. `n_threads` pairs run side by side,
    as many as there are processors where it is 0.
    """

    def __init__(self, path: Path, *, n_threads: int = 0) -> None:
        self.max_tokens = MAX_TOKENS
        self._n_threads = n_threads or threads_for(n_processors()).embedding
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(str(path), options)
            described = self._session.get_modelmeta().custom_metadata_map
            self._tokenizer = Tokenizer.from_str(described["tokenizer"])
        except Exception as error:  # onnxruntime and tokenizers raise classes of their own
            raise UnusableJudge(f"The judge in {path} cannot be loaded: {error}", hint=_AGAIN) from error
        self.name = described["name"]
        self._run = lru_cache(maxsize=_N_KEPT)(self._run_once)
        self._cls, self._sep = (self._tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """Return what each text is worth for the question, in order."""
        return self._all([(question, text) for text in texts], self._reading)

    def support(self, claims: Sequence[tuple[str, str]]) -> list[Support]:
        """Return for each claim and text whether the text bears the claim, in order."""
        return self._all(claims, self._support)

    def _all(self, pairs: Sequence[tuple[str, str]], judged: Callable[[str, str], Verdict]) -> list[Verdict]:
        if len(pairs) < 2 or self._n_threads == 1:
            return [judged(*pair) for pair in pairs]
        with ThreadPoolExecutor(self._n_threads) as threads:
            return list(threads.map(lambda pair: judged(*pair), pairs))

    def _reading(self, question: str, text: str) -> Reading:
        pair, tokens, _, offsets = self._run(question, text)
        return Reading(_sigmoid(pair[0]), _sigmoid(pair[1]), _answer(tokens[:, 1], offsets))

    def _support(self, claim: str, text: str) -> Support:
        pair, tokens, offsets, _ = self._run(claim, text)
        shares = np.exp(pair[2:] - pair[2:].max())
        contradicted, not_stated, supported = (float(share) for share in shares / shares.sum())
        doubts = 1 / (1 + np.exp(-tokens[1 : 1 + len(offsets), 0]))
        spans = [span for span, doubt in zip(offsets, doubts, strict=True) if doubt > 0.5]
        return Support(
            supported, contradicted, not_stated, float(doubts.max(initial=0.0)), _joined(spans, claim)
        )

    def _run_once(
        self, question: str, text: str
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], list[Span], list[Span]]:
        """Return the logits of the pair, those of its tokens, and the spans of both sides' tokens."""
        first, second = self._tokens(question), self._tokens(text)
        n_first = min(len(first.ids), MAX_ASKED_TOKENS)
        n_second = min(len(second.ids), MAX_TOKENS - 3 - n_first)
        ids = [self._cls, *first.ids[:n_first], self._sep, *second.ids[:n_second], self._sep]
        types = [0] * (n_first + 2) + [1] * (n_second + 1)
        pair, tokens = self._session.run(
            None, {"ids": np.array(ids, dtype=np.int64), "types": np.array(types, dtype=np.int64)}
        )
        return pair, tokens, first.offsets[:n_first], second.offsets[:n_second]

    def _tokens(self, text: str) -> Encoding:
        return self._tokenizer.encode(text, add_special_tokens=False)


@cache
def checked(path: Path) -> Path:
    """Return the path of a file that is as it was shipped; raises `UnusableJudge` otherwise."""
    if not path.is_file():
        raise UnusableJudge(f"The judge's file {path} is missing.", hint=_AGAIN)
    if sha256(path.read_bytes()).hexdigest() != SHIPPED_SHA256:
        raise UnusableJudge(f"The judge's file {path} is damaged: its SHA-256 does not match.", hint=_AGAIN)
    return path


def _sigmoid(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


def _answer(logits: NDArray[np.float32], offsets: list[Span]) -> Span | None:
    """Return the span of the text's tokens around the likeliest one that look like the answer."""
    own = logits[len(logits) - 1 - len(offsets) : -1]  # before them stands the question, behind them a mark
    if not len(own) or own.max() < _ANSWER_FROM:
        return None
    first = last = int(own.argmax())
    while first > 0 and own[first - 1] > _ANSWER_FROM:
        first -= 1
    while last + 1 < len(own) and own[last + 1] > _ANSWER_FROM:
        last += 1
    return offsets[first][0], offsets[last][1]


def _joined(spans: list[Span], text: str) -> tuple[Span, ...]:
    """Return neighbouring spans as one."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)
