"""Questions that the documents nearly answer: a property, a version or a year that they do not have."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from lorewright.evaluation.suggested.draft import Draft, Evidence
from lorewright.evaluation.suggested.english_cells import ask_value, entity_name, inside
from lorewright.evaluation.suggested.outline import hash_of, is_topic
from lorewright.evaluation.suggested.tables import Cell

_AGE = 7
_MOST_OF_ONE_KIND = 200


def unanswerable(cells: Sequence[Cell], answerable: Sequence[Draft]) -> Iterator[Draft]:
    """Yield near misses in English; whether the documents really hold no answer is for the checks to say."""
    yield from _absent_properties(cells)
    yield from _unknown_versions(cells)
    yield from _other_subjects(answerable)
    yield from _other_terms(answerable)
    for draft in answerable:
        yield from _other_year(draft)


def _absent_properties(cells: Sequence[Cell]) -> Iterator[Draft]:
    """Ask for a property that a thing's neighbours of the same kind have and it has not."""
    things: dict[str, dict[str, Cell]] = defaultdict(dict)
    for cell in cells:
        things[entity_name(cell.topic, cell.label_name, cell.label)].setdefault(cell.column, cell)
    having: dict[str, list[str]] = defaultdict(list)
    for thing, properties in things.items():
        for column in properties:
            having[column].append(thing)
    n_made = 0
    for column, owners in having.items():
        if len(owners) < 2 or len(column.split()) > 3:
            continue
        example = things[owners[0]][column]
        kin = {name for owner in owners[:20] for name in things[owner]} - {column}
        for thing, properties in things.items():
            if not thing or column in properties or not kin & set(properties) or n_made >= _MOST_OF_ONE_KIND:
                continue
            question = ask_value(thing, column, example.value)
            if question:
                n_made += 1
                own = next(iter(properties.values()))
                yield _missing(question, own.evidence, (thing, column))


def _unknown_versions(cells: Sequence[Cell]) -> Iterator[Draft]:
    """Ask for the version after next of a product whose versions a table lists."""
    tables: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        if re.fullmatch(r"\d+(?:\.\d+)?", cell.label):
            tables[cell.topic, cell.column].append(cell)
    for (topic, column), rows in tables.items():
        numbers = {cell.label for cell in rows}
        if len(numbers) < 2 or not topic:
            continue
        major, dot, minor = max(
            numbers, key=lambda label: [int(part) for part in label.split(".")]
        ).partition(".")
        if len(major) > 3:
            continue  # years
        label = f"{major}.{int(minor) + 7}" if dot else str(int(major) + 3)
        question = ask_value(f"{topic} {label}", column, rows[0].value)
        if question:
            yield _missing(question, rows[0].evidence, (topic, label))


def _other_subjects(answerable: Sequence[Draft]) -> Iterator[Draft]:
    """Ask of the thing that one document is about what another document says of its own."""
    titles = {draft.evidence[0].title: draft for draft in answerable if _is_subject(draft)}
    names = sorted(titles, key=hash_of)
    n_made = 0
    for draft in answerable:
        own = draft.evidence[0].title
        is_own = own in titles and own in draft.question and draft.language == "English"
        if draft.kind != "field" or not is_own:
            continue
        other = next(
            (one for one in names[hash_of(draft.question) % (len(names) or 1) :] if _is_like(one, own)), ""
        )
        if other and n_made < _MOST_OF_ONE_KIND:
            n_made += 1
            asked = " ".join(draft.question.replace(own, " ").rstrip("?").split()[1:])
            yield _missing(draft.question.replace(own, other), titles[other].evidence[0], (other, asked))


def _other_terms(answerable: Sequence[Draft]) -> Iterator[Draft]:
    """Ask of a term what the documents say of another one with the same last word: "X syndrome"."""
    terms: dict[str, list[str]] = defaultdict(list)
    for draft in answerable:
        match = re.fullmatch(r"What is (?:an? )?((?:[\w-]+ ){1,3}[\w-]+)\?", draft.question)
        if match and draft.kind in ("definition", "heading") and draft.language == "English":
            terms[match[1].split()[-1].lower()].append(match[1])
    n_made = 0
    for draft in answerable:
        for name in terms.get(_last_of_subject(draft.question), ()):
            kin = [one for one in terms[name.split()[-1].lower()] if one.lower() != name.lower()]
            if not kin or draft.question.startswith("What is " + name) or name not in draft.question:
                continue
            other = kin[hash_of(draft.question) % len(kin)]
            n_made += 1
            asked = " ".join(draft.question.replace(name, " ").rstrip("?").split()[1:])
            if n_made <= _MOST_OF_ONE_KIND:
                yield _missing(draft.question.replace(name, other), draft.evidence[0], (other, asked))


def _last_of_subject(question: str) -> str:
    """Return the last word of what a question of a usual form is about."""
    match = re.search(
        r"(?:(?:of|for|to|with|in|is|are|causes) )((?:[\w-]+ ){1,3}[\w-]+?)(?: caused by| used for)?\?$",
        question,
    )
    return match[1].split()[-1].lower() if match else ""


def _is_subject(draft: Draft) -> bool:
    return draft.language == "English" and is_topic(draft.evidence[0].title)


def _is_like(name: str, other: str) -> bool:
    """Return whether two titles name things of one kind, by their form."""
    return (
        name != other
        and name.istitle() == other.istitle()
        and abs(len(name.split()) - len(other.split())) <= 1
    )


def _other_year(draft: Draft) -> Iterator[Draft]:
    """Ask the same for a year that no document names."""
    years = re.findall(r"\b(?:19|20)\d{2}\b", draft.question)
    if len(years) == 1 and draft.kind in ("sentence", "table") and draft.language == "English":
        other = str(int(years[0]) - _AGE)
        yield _missing(draft.question.replace(years[0], other), draft.evidence[0], (other,))


def _missing(question: str, evidence: Evidence, absent: tuple[str, ...]) -> Draft:
    return Draft(
        kind="unanswerable",
        question=question,
        answer="",
        evidence=(evidence,),
        absent=tuple(map(inside, absent)),
    )
