"""How a byte-pair tokenizer splits a text before it merges, as llama.cpp calls it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

_CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_SPELT_OUT = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])"
_REST = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_SLASHED_REST = r" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_UPPER, _LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"


def _words(digits: str) -> str:
    return rf"{_CONTRACTIONS}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|{digits}|{_REST}"


def _cased_words(digits: str, contractions: str) -> str:
    start = r"[^\r\n\p{L}\p{N}]?"
    words = f"{start}{_UPPER}*{_LOWER}+{contractions}|{start}{_UPPER}+{_LOWER}*{contractions}"
    return f"{words}|{digits}|{_SLASHED_REST}"


_BY_PATTERN: Mapping[str, tuple[str, str]] = {
    _words(r"\p{N}{1,3}"): ("llama-bpe", "smaug-bpe"),
    _words(r"\p{N}"): ("", "qwen2"),
    _cased_words(r"\p{N}", ""): ("tekken", ""),
    _cased_words(r"\p{N}{1,3}", f"{_CONTRACTIONS}?"): ("", "gpt-4o"),
}
"""Names by pattern: with whole words taken from the vocabulary before merging, and without."""


def splitting_name(tokenizer: Mapping[str, Any]) -> str:
    """Return llama.cpp's name for how the tokenizer (tokenizer.json) splits, '' for one it lacks."""
    steps = _steps(tokenizer.get("pre_tokenizer"))
    kinds = [step["type"] for step in steps]
    takes_whole_words = bool(tokenizer["model"].get("ignore_merges"))
    if not kinds or kinds[-1] != "ByteLevel" or steps[-1].get("add_prefix_space"):
        return ""
    uses_gpt2 = steps[-1].get("use_regex", True)
    if kinds == ["ByteLevel"] and uses_gpt2:
        return "" if takes_whole_words else "gpt-2"
    if kinds == ["Digits", "ByteLevel"] and uses_gpt2:
        is_single = bool(steps[0].get("individual_digits"))
        return "smollm" if is_single and not takes_whole_words else ""
    if kinds == ["Split", "ByteLevel"] and not uses_gpt2:
        return _pattern_name(steps[0], takes_whole_words=takes_whole_words)
    return ""


def _steps(step: Mapping[str, Any] | None) -> Sequence[Mapping[str, Any]]:
    if step is None:
        return []
    if step["type"] == "Sequence":
        return [inner for part in step["pretokenizers"] for inner in _steps(part)]
    return [step]


def _pattern_name(step: Mapping[str, Any], *, takes_whole_words: bool) -> str:
    is_plain = step.get("behavior") in ("Isolated", "Removed") and bool(step.get("invert")) == (
        step.get("behavior") == "Removed"
    )
    pattern = step["pattern"].get("Regex", "").replace(_SPELT_OUT, _CONTRACTIONS)
    names = _BY_PATTERN.get(pattern)
    if names is None or not is_plain:
        return ""
    return names[0] if takes_whole_words else names[1]


def describe_splitting(tokenizer: Mapping[str, Any]) -> str:
    """Return what a person needs to tell which kind of tokenizer it is."""
    return json.dumps(tokenizer.get("pre_tokenizer"), ensure_ascii=False)[:200]
