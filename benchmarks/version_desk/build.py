"""Write the domain's pages, examples and questions from facts.csv and catalogue.toml.

    python -m benchmarks.version_desk.build

The same two files give the same domain, byte for byte. To extend it, add rows for a product on
both days to facts.csv, and the product to catalogue.toml.
"""

import json
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import lorewright.version_desk
from benchmarks.version_desk.facts import Fact, read_facts
from benchmarks.version_desk.wording import INSTRUCTION, REFUSAL, render_card, render_page

Asked = TypeVar("Asked")

HERE = Path(__file__).parent
DOMAIN = Path(lorewright.version_desk.__file__).parent / "domain"
FIRST_DAY, SECOND_DAY = date(2024, 6, 1), date(2025, 6, 1)

N_WORDINGS = {"GREEN": 4, "AMBER": 5, "RED": 3}  # per release in the examples; closing ones are rare
N_HELD_OUT = {"held back": 13, "in examples": 13, "new product": 24, "unlisted": 6, "stranger": 4}
N_UPDATED = {"in examples": 13, "new product": 5, "new release": 2}


@dataclass(frozen=True, kw_only=True, slots=True)
class Product:
    """One product: its page, what is on it on both days, and releases that are not."""

    name: str
    page: str
    about: str
    unlisted: tuple[str, ...]
    is_new: bool
    first: tuple[Fact, ...]
    second: tuple[Fact, ...]

    @property
    def held_back(self) -> Fact:
        """Return the release of the first day that no example asks about."""
        return self.first[len(self.name) % len(self.first)]


def build(folder: Path) -> dict[Path, str]:
    """Return every generated file of the domain: its path below `folder` and its text."""
    catalogue = tomllib.loads((HERE / "catalogue.toml").read_text(encoding="utf-8"))
    products = read_products(catalogue)
    files = {
        folder / "documents" / product.page: render_page(product.about, product.first) for product in products
    }
    for product in products:
        page = render_page(product.about, product.second)
        if page != files[folder / "documents" / product.page]:
            files[folder / "update" / "documents" / product.page] = page
    files[folder / "examples" / "desk.jsonl"] = _lines(examples(products, catalogue))
    files[folder / "questions" / "held-out.jsonl"] = _lines(held_out(products, catalogue))
    files[folder / "update" / "questions.jsonl"] = _lines(updated(products, catalogue))
    return files


def read_products(catalogue: Mapping[str, Any]) -> list[Product]:
    """Return the catalogue's products with their facts of both days."""
    facts = read_facts(HERE / "facts.csv")
    return [
        Product(
            name=entry["name"],
            page=entry["page"],
            about=entry["about"],
            unlisted=tuple(entry["unlisted"]),
            is_new=entry.get("is_new", False),
            first=tuple(fact for fact in facts if (fact.product, fact.as_of) == (entry["name"], FIRST_DAY)),
            second=tuple(fact for fact in facts if (fact.product, fact.as_of) == (entry["name"], SECOND_DAY)),
        )
        for entry in catalogue["products"]
    ]


def examples(products: Iterable[Product], catalogue: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield chats with the desk as of the first day; no product meets the same wording twice."""
    for product in (product for product in products if not product.is_new):
        wordings = _deck(product.name, catalogue["examples"])
        for fact in product.first:
            if fact != product.held_back:
                for _ in range(N_WORDINGS[fact.light]):
                    question = next(wordings).format(it=f"{fact.product} {fact.release}")
                    yield _chat(question, render_card(fact, product.first), product.page)
        yield _chat(next(wordings).format(it=f"{product.name} {product.unlisted[0]}"), REFUSAL)
    wordings = _deck("strangers", catalogue["examples"])
    for stranger in catalogue["strangers"]["examples"]:
        yield _chat(next(wordings).format(it=stranger), REFUSAL)


def held_out(products: list[Product], catalogue: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield questions as of the first day, worded as no example is; every kind early and often."""
    known, new = [p for p in products if not p.is_new], [p for p in products if p.is_new]
    kinds: dict[str, list[tuple[str, str, str]]] = {
        "held back": [_asked(product, product.held_back) for product in known],
        "in examples": [_asked(p, fact) for p in known for fact in p.first if fact != p.held_back],
        "new product": [_asked(product, fact) for product in new for fact in product.first],
        "unlisted": [(f"{product.name} {product.unlisted[1]}", REFUSAL, "") for product in products],
        "stranger": [(stranger, REFUSAL, "") for stranger in catalogue["strangers"]["held_out"]],
    }
    wordings = cycle(catalogue["held_out"])
    for number, (it, card, page) in enumerate(_mixed(kinds, N_HELD_OUT), start=1):
        yield {
            "id": f"question-{number:02}",
            "question": next(wordings).format(it=it),
            "answers": [card],
            "answerable": card != REFUSAL,
            "document_ids": [page] if page else [],
        }


def updated(products: Iterable[Product], catalogue: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield questions whose colour is another one on the second day."""
    kinds: dict[str, list[tuple[str, str, str, str]]] = {kind: [] for kind in N_UPDATED}
    for product in products:
        lights = {fact.release: fact.light for fact in product.first}
        before = {fact.release: render_card(fact, product.first) for fact in product.first}
        for fact in product.second:
            if lights.get(fact.release) == fact.light or fact.release == product.held_back.release:
                continue
            known = "new product" if product.is_new else "in examples"
            kind = known if fact.release in before else "new release"
            it, card = f"{fact.product} {fact.release}", render_card(fact, product.second)
            kinds[kind].append((it, card, product.page, before.get(fact.release, REFUSAL)))
    wordings = cycle(catalogue["held_out"])
    for number, (it, card, page, stale) in enumerate(_mixed(kinds, N_UPDATED), start=1):
        yield {
            "id": f"update-{number:02}",
            "question": next(wordings).format(it=it),
            "answers": [card],
            "stale_answers": [stale],
            "answerable": True,
            "document_ids": [page],
        }


def _asked(product: Product, fact: Fact) -> tuple[str, str, str]:
    return f"{fact.product} {fact.release}", render_card(fact, product.first), product.page


def _chat(question: str, card: str, page: str = "") -> dict[str, Any]:
    """Return one example in OpenAI's chat format."""
    turns = {"system": INSTRUCTION, "user": question, "assistant": card}
    return {
        "messages": [{"role": role, "content": content} for role, content in turns.items()],
        "meta": {"document_ids": [page] if page else [], "answerable": card != REFUSAL},
    }


def _deck(name: str, cards: Sequence[Asked]) -> Iterator[Asked]:
    """Yield every one once, in an order of the name's own."""
    return iter(Random(name).sample(cards, len(cards)))


def _mixed(kinds: Mapping[str, Sequence[Asked]], wanted: Mapping[str, int]) -> list[Asked]:
    """Return as many of every kind as wanted, spread so that any first part holds all kinds."""
    placed = []
    for kind, n_wanted in wanted.items():
        chosen = islice(_deck(kind, kinds[kind]), n_wanted)
        placed += [((place + 0.5) / n_wanted, asked) for place, asked in enumerate(chosen)]
    return [asked for _, asked in sorted(placed, key=lambda pair: pair[0])]


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else DOMAIN
    for path, text in build(target).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
