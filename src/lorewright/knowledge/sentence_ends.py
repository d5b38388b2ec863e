"""Whether a full stop ends a sentence, or a short form, or a number that counts."""

import re

_SHORT_FORM = re.compile(
    r"\b(?:e\.g|i\.e|etc|vs|cf|approx|Dr|Mr|Mrs|Ms|Prof|St|No|Nos|Fig|Inc|Ltd|[A-Z]"
    r"|bzw|ca|vgl|ggf|inkl|zzgl|evtl|Nr|Abs|Ziff|Mio|Mrd|Hr|Sr|Sra|Mme|[zdusp]\. ?[BhaoäU]|p\. ?e[xj])\.\Z"
)
"""What no sentence ends with."""
_BEFORE_NUMBER = re.compile(
    r"\b(?:[Aa]rt|[Ss]ec|[Pp]ar|[Cc]h|[Vv]ol|[Ee]q|fig|no|pp?|max|min|env|núm|pág|[Tt]el|[Ee]xt"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.\Z"
)
"""What a sentence may end with, unless a number follows."""
_NAMED_BY_LETTER = re.compile(
    r"\b(?:annex|appendix|schedule|exhibit|table|section|option|zone|class|vitamin|plan|group|part|level|type|"
    r"anhang|anlage|gruppe|klasse|tabelle|annexe)\s[A-Z]\.\Z",
    re.IGNORECASE,
)
_LETTER = re.compile(r"\b[a-zäöü]\.\Z")
_NEXT_LETTER = re.compile(r"[^\W\d_]{1,2}\.")
_NUMBER = re.compile(r"(?:\A|(?<=[\s(]))\d{1,2}\.\Z")
_COUNTED = re.compile(
    r"\b(?:am|ab|bis|dem|den|der|des|die|das|im|vom|zum|zur|seit|vor|nach|beim|und|jeder|jedes|jeden)"
    r"\s+\d{1,2}\.\Z",
    re.IGNORECASE,
)
"""Words of German, Danish and Norwegian before an ordinal number, which these write with a full stop."""
_MONTH = re.compile(
    r"(?:januar|jänner|februar|märz|mars|april|mai|maj|juni|juli|august|september|oktober|november|dezember"
    r"|desember|december|jan|feb|mär|apr|jun|jul|aug|sept?|okt|nov|dez|des|dec)\b"
)
_LOOK_BACK, _LOOK_AHEAD = 16, 12


def is_inside(text: str, start: int, end: int) -> bool:
    """Tell whether the white space from `start` to `end`, behind a full stop, lies within a sentence."""
    before, after = text[max(0, start - _LOOK_BACK) : start], text[end : end + _LOOK_AHEAD]
    if _NAMED_BY_LETTER.search(before):
        return False
    if _SHORT_FORM.search(before) or (_LETTER.search(before) and _NEXT_LETTER.match(after)):
        return True
    if after[:1].isdigit() and _BEFORE_NUMBER.search(before):
        return True
    number = _NUMBER.search(before)
    if number is None:
        return False
    line = text.rfind("\n", 0, start) + 1
    is_marker = not text[line : start - len(number.group())].strip()
    is_date = _MONTH.match(after.lower()) is not None
    return is_marker or is_date or after[:1].islower() or _COUNTED.search(before) is not None
