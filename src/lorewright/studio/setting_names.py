"""What settings are called where people read them."""

from lorewright.studio.i18n import t

_NAMES = {
    "n_few_shot": "few-shot examples",
    "n_kept": "chunks kept",
    "n_slots": "answers at the same time",
    "no_gold_share": "share without the right chunk",
    "n_answers_kept": "stored answers",
}
_SHORT = {
    "n": "number of",
    "max": "maximum",
    "min": "minimum",
    "env": "variable",
    "uri": "URI",
    "api": "API",
    "usd": "USD",
    "gb": "GB",
    "mb": "MB",
    "id": "ID",
    "cpu": "CPU",
    "gpu": "GPU",
}


def setting_name(name: str) -> str:
    """Return a setting's name as people read it, close to the one that stands in the file."""
    words = [_SHORT.get(word, word) for word in name.split("_")]
    text = _NAMES.get(name) or t(" ".join(words))
    return text[:1].upper() + text[1:]
