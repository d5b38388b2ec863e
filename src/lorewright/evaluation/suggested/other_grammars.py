"""How German, French and Spanish ask: what a sentence counts, dates or defines, and for properties."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lorewright.evaluation.suggested.english import Asked
from lorewright.evaluation.suggested.english_clause import Spelling
from lorewright.evaluation.suggested.values import kind_of

_LOOSE = re.compile(r"[;:()\[\]\"“”„«»|]| — | – ")  # noqa: RUF001
_MASCULINE = re.compile(r"(?:días|\w+[mt]as|mapas)\b")
_SHORTEST, _LONGEST = 4, 32
_MOST_SUBJECT_WORDS = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherGrammar:
    """How one of these languages asks; see `Grammar`."""

    ask: Callable[[str, Spelling], Iterator[Asked]]
    ask_value: Callable[[str, str, str], str]
    entity_name: Callable[[str, str, str], str]
    about: Callable[[str, str], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Language:
    verbs: re.Pattern[str]
    no_subject: re.Pattern[str]
    articles: re.Pattern[str]
    units: str
    dates: re.Pattern[str]
    defines: re.Pattern[str]
    how_many: str
    when: str
    what_is: str


_GERMAN = _Language(
    verbs=re.compile(
        r"(?:ist|sind|war|waren|wird|werden|wurde|wurden|hat|haben|kann|können|muss|müssen|darf|dürfen|soll|sollen|erhält|"
        r"erhalten|beträgt|betragen|kostet|kosten|dauert|dauern|umfasst|umfassen|enthält|enthalten|beginnt|beginnen|"
        r"endet|enden|gilt|gelten|findet|finden|schließt|öffnet|bietet|bieten|benötigt|benötigen|braucht|zahlt|zahlen|"
        r"liegt|liegen|steht|stehen|arbeiten|arbeitet|beschäftigt|verfügt|besitzt|bekommt|bekommen|läuft|erfolgt|tritt|trat|"
        r"eröffnete|begann|endete|erschien|starb|gewann)"
    ),
    no_subject=re.compile(
        r"(?:es|er|sie|dies\w*|das(?= (?:ist|sind|war|wird|kann))|jene\w*|hier|dort|dabei|dazu|damit"
        r"|dann|wenn|falls|weil|"
        r"für|in|im|am|an|auf|bei|mit|nach|vor|aus|zu|zum|zur|seit|bis|ab|von|durch|wer|was|wie|wo|auch|nur|so|man|"
        r"beide|solche\w*|seit|während|als|außerdem|darüber|sein\w*|ihr\w*|bitte|um)\b",
        re.IGNORECASE,
    ),
    articles=re.compile(r"(?:Der|Die|Das|Ein|Eine|Jeder|Jede|Jedes|Alle|Unsere?|Ihre?|Den|Dem)\b"),
    units=r"[A-ZÄÖÜ]\w+(?: [A-ZÄÖÜ]\w+)?",
    dates=re.compile(
        r"(?:am|um|bis zum|seit|ab|im|seit dem|ab dem) (?P<date>\d{1,2}\. ?(?:\w+|\d{1,2}\.)(?: "
        r"?\d{4})?|\d{1,2}[:.]\d{2} Uhr|"
        r"\d{1,2} Uhr|Jahre? \d{4}|(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober"
        r"|November|Dezember)"
        r"(?: \d{4})?)"
    ),
    defines=re.compile(r"(?P<x>(?:[A-ZÄÖÜ][\w-]+ ?){1,4}) ist (?P<y>(?:ein|eine|der|die|das) .+)"),
    how_many="Wie viele {unit} {verb} {subject}{rest}?",
    when="Wann {verb} {subject}{rest}?", what_is="Was ist {x}?",
)  # fmt: skip
_FRENCH = _Language(
    verbs=re.compile(
        r"(?:est|sont|était|étaient|a|ont|a été|ont été|peut|peuvent|doit|doivent|reçoit|reçoivent"
        r"|coûte|coûtent|dure|durent|"
        r"comprend|comprennent|contient|contiennent|commence|commencent|se termine|expire|expirent"
        r"|ouvre|ouvrent|ferme|"
        r"ferment|offre|offrent|compte|comptent|emploie|dispose|disposent|paie|paient|bénéficie|bénéficient)"
    ),
    no_subject=re.compile(
        r"(?:il|elle|ils|elles|ce|cela|ceci|cet|cette|ces|c'|on|nous|vous|pour|dans|en|à|au|aux|avec|sans|sur|si|quand|lorsque|"
        r"afin|ainsi|de|depuis|jusqu|après|avant|selon|par|son|sa|ses|leur|leurs|qui|que|où|y)\b",
        re.IGNORECASE,
    ),
    articles=re.compile(r"(?:Le|La|Les|L|Un|Une|Des|Chaque|Tous|Toutes|Notre|Nos|Votre|Vos)\b"),
    units=r"[a-zéèêàç]\w+s(?: de [a-zéèê]\w+)?",
    dates=re.compile(
        r"(?:le|en|depuis|jusqu'au|à partir du|à) (?P<date>\d{1,2}(?:er)? (?:janvier|février|mars"
        r"|avril|mai|juin|juillet|août|"
        r"septembre|octobre|novembre|décembre)(?: \d{4})?|\d{1,2} ?h(?: ?\d{2})?|(?:janvier|février"
        r"|mars|avril|mai|juin|juillet|"
        r"août|septembre|octobre|novembre|décembre) \d{4}|\d{4})"
    ),
    defines=re.compile(r"(?P<x>(?:(?:Le|La|L')\s?)?[A-ZÉÈ]?[\w'-]+(?: [\w'-]+){0,3}) est (?P<y>(?:une?"
    r"|le|la|l') ?.+)"),
    how_many="Combien de {unit} est-ce que {subject} {verb}{rest} ?",
    when="Quand est-ce que {subject} {verb}{rest} ?",
    what_is="Qu'est-ce que {x} ?",
)  # fmt: skip
_SPANISH = _Language(
    verbs=re.compile(
        r"(?:es|son|era|fue|fueron|ha sido|está|están|tiene|tienen|puede|pueden|debe|deben|recibe"
        r"|reciben|cuesta|cuestan|"
        r"dura|duran|incluye|incluyen|contiene|contienen|comienza|empieza|termina|vence|abre|abren|cierra|cierran|ofrece|"
        r"ofrecen|cuenta con|emplea|dispone de|paga|pagan)"
    ),
    no_subject=re.compile(
        r"(?:él|ella|ellos|ellas|esto|esta|este|estos|estas|eso|esa|ese|se|para|en|con|sin|por|si|cuando|a|al|de|del|desde|"
        r"hasta|según|su|sus|que|quien|donde|también|lo|además|así)\b",
        re.IGNORECASE,
    ),
    articles=re.compile(r"(?:El|La|Los|Las|Un|Una|Cada|Todos|Todas|Nuestro|Nuestra|Nuestros|Su)\b"),
    units=r"[a-záéíóúñ]\w+s(?: de [a-záéíóúñ]\w+)?",
    dates=re.compile(
        r"(?:el|en|desde el|hasta el|a las|a partir del) (?P<date>\d{1,2} de (?:enero|febrero|marzo"
        r"|abril|mayo|junio|julio|agosto|"
        r"septiembre|octubre|noviembre|diciembre)(?: de \d{4})?|\d{1,2}:\d{2}(?: horas)?|(?:enero"
        r"|febrero|marzo|abril|mayo|junio|"
        r"julio|agosto|septiembre|octubre|noviembre|diciembre) de \d{4}|\d{4})"
    ),
    defines=re.compile(r"(?P<x>(?:(?:El|La) )?[\w-]+(?: [\w-]+){0,3}) es (?P<y>(?:una?|el|la) .+)"),
    how_many="¿Cuánt{ending}s {unit} {verb} {subject}{rest}?",
    when="¿Cuándo {verb} {subject}{rest}?", what_is="¿Qué es {x}?",
)  # fmt: skip


def _asker(language: _Language, *, is_german: bool = False) -> Callable[[str, Spelling], Iterator[Asked]]:
    """Return what asks for the numbers, dates and definitions of a sentence."""
    clause = re.compile(rf"^(?P<subject>\w.*?) (?P<verb>{language.verbs.pattern}) (?P<rest>.+)$")
    amount = re.compile(
        rf"^(?P<before>(?:bis zu|maximal|mindestens|höchstens|nur|jusqu'à|au moins|au plus|hasta|al "
        rf"menos|como máximo)? ?)"
        rf"(?P<number>\d[\d.,]*|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|deux|trois|quatre|cinq|six|sept|huit|dix|"
        rf"dos|tres|cuatro|cinco|seis|siete|ocho|diez) (?P<unit>{language.units})(?P<rest>.*)$"
    )

    def ask(sentence: str, _spelling: Spelling) -> Iterator[Asked]:
        text = sentence.rstrip(" .")
        if (
            not _SHORTEST <= len(text.split()) <= _LONGEST
            or not sentence.endswith(".")
            or _LOOSE.search(text)
        ):
            return
        defined = language.defines.fullmatch(text)
        if defined and not language.no_subject.match(defined["x"]) and len(defined["y"].split()) > 4:
            name = _lower_article(defined["x"].strip(), language)
            yield Asked(language.what_is.format(x=name), defined["y"], is_definition=True)
            return
        match = clause.match(text)
        if not match or language.no_subject.match(match["subject"]) or "," in match["subject"]:
            return
        subject, verb = _lower_article(match["subject"], language), match["verb"]
        if len(subject.split()) > _MOST_SUBJECT_WORDS or (is_german and subject[0].isdigit()):
            return
        counted, dates = amount.match(match["rest"]), list(language.dates.finditer(match["rest"]))
        if counted and "," not in counted["rest"]:
            ending = (
                "a"
                if re.search(r"(?:as|ones|dades)$", counted["unit"].split()[0])
                and not _MASCULINE.match(counted["unit"])
                else "o"
            )
            question = language.how_many.format(
                unit=counted["unit"], verb=verb, subject=subject, rest=counted["rest"], ending=ending
            )
            yield Asked(question, f"{counted['before']}{counted['number']} {counted['unit']}".strip())
        elif len(dates) == 1 and "," not in match["rest"]:
            [date] = dates
            rest = (match["rest"][: date.start()] + match["rest"][date.end() :]).rstrip()
            rest = f" {' '.join(rest.split())}" if rest.strip() else ""
            yield Asked(language.when.format(verb=verb, subject=subject, rest=rest), date["date"])

    return ask


def _lower_article(text: str, language: _Language) -> str:
    return text[0].lower() + text[1:] if language.articles.match(text) else text


def _ask_german(entity: str, name: str, value: str) -> str:
    kind = kind_of(value)
    if re.fullmatch(r"(?:\w+)?(?:preis|kosten|gebühr)e?", name, re.IGNORECASE) and kind in (
        "money",
        "number",
    ):
        return (
            f"Was kostet {entity}?"
            if name.lower() in ("preis", "kosten")
            else f"Wie hoch: {name} bei {entity}?"
        )
    return f"Was gilt bei {entity} für „{name}“?" if _is_name(name) else ""


def _ask_french(entity: str, name: str, _value: str) -> str:
    if re.fullmatch(r"(?:prix|coût|tarif)", name, re.IGNORECASE):
        return f"Combien coûte {entity} ?"
    return f"Pour {entity}, qu'est-ce qui est indiqué sous « {name} » ?" if _is_name(name) else ""


def _ask_spanish(entity: str, name: str, _value: str) -> str:
    if re.fullmatch(r"(?:precio|coste|costo|tarifa)", name, re.IGNORECASE):
        return f"¿Cuánto cuesta {entity}?"
    return f"¿Qué se indica en «{name}» para {entity}?" if _is_name(name) else ""


def _is_name(name: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d_][\w'’ .%/-]{2,40}", name)) and len(name.split()) <= 4  # noqa: RUF001


def _entity(topic: str, _label_name: str, label: str) -> str:
    return f"{topic} {label}".strip() if re.fullmatch(r"[vV]?\d[\w.]*", label) else label


GRAMMARS: Mapping[str, OtherGrammar] = {
    "German": OtherGrammar(
        ask=_asker(_GERMAN, is_german=True), ask_value=_ask_german, entity_name=_entity,
        about=lambda question, topic: f"Zu {topic}: {question}",
    ),
    "French": OtherGrammar(
        ask=_asker(_FRENCH), ask_value=_ask_french, entity_name=_entity,
        about=lambda question, topic: f"À propos de {topic} : {question[0].lower()}{question[1:]}",
    ),
    "Spanish": OtherGrammar(
        ask=_asker(_SPANISH), ask_value=_ask_spanish, entity_name=_entity,
        about=lambda question, topic: f"Sobre {topic}: {question}",
    ),
}  # fmt: skip
