"""Subtitles: what is said, below what the file says of itself."""

import re
from dataclasses import replace
from pathlib import Path

from lorewright.documents.content import Content
from lorewright.documents.readers.office import read_office
from lorewright.encoding import decode

_HEAD = re.compile(r"\A\ufeff?(?P<head>WEBVTT[ \t]+\S.*?|WEBVTT\s*\n\S.*?)(?:\n\s*\n|\Z)", re.DOTALL)
_NOTE = re.compile(r"(?:\A|\n\s*\n)NOTE[ \t\n]+(?P<note>.*?)(?=\n\s*\n|\Z)", re.DOTALL)

_CUE = re.compile(
    r"^(?P<when>(?:\d+:)?\d{2}:\d{2})[.,]\d{3}[ \t]*-->[^\n]*\n(?P<said>(?:[^\n]*\S[^\n]*(?:\n|\Z))+)",
    re.MULTILINE,
)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_TAG = re.compile(r"</?[a-z][^<>]*>")
_SPEAKER = re.compile(r"(?P<who>[^\W\d_][^:\n<>]{0,40}):\s+(?=\S)")
_SHARE = 0.5


def read_subtitles(path: Path) -> Content:
    """Return what is said in subtitles, with the head of the file and its notes."""
    text = decode(path.read_bytes()).replace("\r\n", "\n").replace("\r", "\n")
    said = _said(text)
    content = Content(said) if said else read_office(path)
    head = _HEAD.match(text)
    about = [head["head"].strip()] if head and "-->" not in head["head"] else []
    about += [note["note"].strip() for note in _NOTE.finditer(text)]
    return replace(content, text="\n\n".join(part for part in (*about, content.text) if part))


def _said(text: str) -> str:
    """Return what is said as lines with who says it and when; '' where few cues name a speaker."""
    cues = [
        (cue["when"], _TAG.sub("", _VOICE.sub(r"\1: ", " ".join(cue["said"].split()))))
        for cue in _CUE.finditer(text)
    ]
    named = [(when, _SPEAKER.match(said), said) for when, said in cues]
    if not cues or sum(speaker is not None for _, speaker, _ in named) < _SHARE * len(cues):
        return ""
    lines: list[str] = []
    last = ""
    for when, speaker, said in named:
        if speaker is None and lines:
            lines[-1] += f" {said.strip()}"
        elif speaker is None:
            lines.append(said.strip())
        elif speaker["who"] == last:
            lines[-1] += f" {said[speaker.end() :].strip()}"
        else:
            last = speaker["who"]
            lines.append(f"{last} ({when}): {said[speaker.end() :].strip()}")
    return "\n".join(lines)
