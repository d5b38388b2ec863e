"""Forms of English verbs that no ending tells: "forgot" is a form of "forget"."""

from functools import cache

_FORMS = """
    become: became; begin: began begun; break: broke broken; bring: brought; build: built; buy: bought;
    catch: caught; choose: chose chosen; come: came; deal: dealt; draw: drew drawn; drive: drove driven;
    eat: ate eaten; fall: fell fallen; feel: felt; fight: fought; fly: flew flown; forget: forgot forgotten;
    freeze: froze frozen; give: gave given; go: went gone; grow: grew grown; hide: hid hidden; hold: held;
    keep: kept; know: knew known; lead: led; lend: lent; lose: lost; make: made; meet: met; pay: paid;
    ride: rode ridden; run: ran; say: said; see: seen; sell: sold; send: sent; show: shown;
    sleep: slept; speak: spoke spoken; spend: spent; stand: stood; steal: stole stolen; strike: struck;
    swim: swam swum; take: took taken; teach: taught; tell: told; think: thought; throw: threw thrown;
    wear: wore worn; win: won; withdraw: withdrew withdrawn; write: wrote written
"""
"""Forms that are words of their own as well, such as "left" and "found", are not among them."""


def base_form(word: str) -> str:
    """Return the verb that an irregular form in lower case belongs to; other words as they are."""
    return _base_forms().get(word, word)


@cache
def _base_forms() -> dict[str, str]:
    verbs = (line.split(":") for line in _FORMS.split(";"))
    return {form: base.strip() for base, forms in verbs for form in forms.split()}
