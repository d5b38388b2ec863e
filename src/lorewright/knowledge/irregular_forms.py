"""Forms of English verbs, and nouns of theirs, that no ending tells: "forgot" is a form of "forget"."""

from collections.abc import Mapping
from functools import cache

_FORMS = """
    become: became become; begin: began begun; break: broke broken; bring: brought brought;
    build: built built; buy: bought bought; catch: caught caught; choose: chose chosen; come: came come;
    cost: cost cost; deal: dealt dealt; draw: drew drawn; drive: drove driven; eat: ate eaten;
    fall: fell fallen; feel: felt felt; fight: fought fought; fly: flew flown; forget: forgot forgotten;
    freeze: froze frozen; get: got got; give: gave given; go: went gone; grow: grew grown; hide: hid hidden;
    hold: held held; keep: kept kept; know: knew known; lead: led led; leave: left left; lend: lent lent;
    lie: lay lain; lose: lost lost; make: made made; mean: meant meant; meet: met met; pay: paid paid;
    ride: rode ridden; rise: rose risen; run: ran run; say: said said; see: saw seen; sell: sold sold;
    send: sent sent; set: set set; show: showed shown; sing: sang sung; sit: sat sat; sleep: slept slept;
    speak: spoke spoken; spend: spent spent; stand: stood stood; steal: stole stolen; strike: struck struck;
    swim: swam swum; take: took taken; teach: taught taught; tell: told told; think: thought thought;
    throw: threw thrown; wear: wore worn; win: won won; withdraw: withdrew withdrawn; write: wrote written
"""
_NOUNS = """
    pay: payment; weigh: weight heavy; wide: width; deep: depth; tall: height; strong: strength; warm: warmth;
    safe: safety; certain: certainty; lose: loss; sell: sale; fly: flight; advise: advice; serve: service;
    choose: choice; enter: entry entrance; maintain: maintenance; occupy: occupancy; extend: extension extent;
    divide: division; decide: decision; permit: permission; submit: submission; admit: admission;
    conclude: conclusion; include: inclusion; exclude: exclusion; receive: receipt; expire: expiry;
    retain: retention; complain: complaint; respond: response; expend: expense; comply: compliance;
    grow: growth; prove: proof; believe: belief; succeed: success; exceed: excess; absent: absence;
    present: presence; different: difference; distant: distance; frequent: frequency; urgent: urgency;
    private: privacy; use: usage; liable: liability; able: ability; young: youth; hot: heat; die: death;
    bear: birth born; deliver: delivery
"""
"""Nouns, and adjectives, that say what a verb or another adjective says: "How heavy?" asks for a weight."""
_OTHER_WORDS = frozenset(("left", "lay", "rose", "saw"))
"""Forms that are words of their own as well."""


@cache
def verb_forms() -> Mapping[str, tuple[str, str]]:
    """Return the simple past and the participle of verbs by their base."""
    verbs = (line.split(":") for line in _FORMS.split(";"))
    forms = {base.strip(): rest.split() for base, rest in verbs}
    return {base: (past, participle) for base, (past, participle) in forms.items()}


def base_form(word: str) -> str:
    """Return the verb that an irregular form or noun in lower case belongs to; other words as they are."""
    return _bases().get(word, word)


@cache
def _bases() -> Mapping[str, str]:
    pairs = ((form, base) for base, forms in verb_forms().items() for form in forms)
    verbs = {form: base for form, base in pairs if form not in _OTHER_WORDS}
    nouns = (line.split(":") for line in _NOUNS.split(";"))
    return verbs | {noun: base.strip() for base, others in nouns for noun in others.split()}
