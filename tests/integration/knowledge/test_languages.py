"""Documents in several languages in one index, each embedded by the model that was made for it."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lorewright.documents import Document
from lorewright.knowledge import Collection
from lorewright.knowledge.model_choice import OtherModel
from lorewright.models.fakes import HashingEmbedder
from lorewright.settings import Retrieval

LEAVE = Document("leave.md", "Leave", "Everybody at the office has thirty days of holiday in the year.")
URLAUB = Document(
    "urlaub.md", "Urlaub", "Die Mitarbeiter haben im Jahr dreißig Tage Urlaub und sie nehmen sie."
)
REISEN = Document("reisen.md", "Reisen", "Die Reisen werden mit der Bahn gemacht und nicht mit dem Auto.")


class English(HashingEmbedder):
    """A model that was made for English."""

    languages = ("English",)


class Multilingual(HashingEmbedder):
    """A model for every language that knows what no shared word tells: German leave is English leave."""

    def __init__(self) -> None:
        super().__init__(32)
        self.name = "multilingual"
        self.n_asked = 0

    def embed_query(self, text: str) -> NDArray[np.float32]:
        self.n_asked += 1
        return super().embed_query("Urlaub" if "holiday" in text else text)


def collection(folder: Path, other: OtherModel | None) -> Collection:
    return Collection(folder / "index", English(64), Retrieval(), other=other)


def found(pages: Collection, query: str) -> list[tuple[str, bool]]:
    """Return the documents of the hits, and whether meaning found them."""
    return [(hit.chunk.document_id, hit.cosine is not None) for hit in pages.search(query)]


def test_every_document_is_found_by_the_model_for_its_language(tmp_path: Path) -> None:
    """An English model tells nothing about German pages, and they cost those in English nothing."""
    model = Multilingual()
    pages = collection(tmp_path, lambda: model)

    pages.add([LEAVE, URLAUB, REISEN])

    assert found(pages, "How many days of holiday does everybody have in the year?")[:2] == [
        ("leave.md", True), ("urlaub.md", True),
    ]  # fmt: skip
    assert found(pages, "Wie viele Tage Urlaub haben die Mitarbeiter im Jahr?")[0] == ("urlaub.md", True)


def test_a_question_is_embedded_by_no_model_that_the_index_does_not_use(tmp_path: Path) -> None:
    """Whoever has English pages alone must not wait for a second model to load."""
    model = Multilingual()
    pages = collection(tmp_path, lambda: model)
    pages.add([LEAVE])

    pages.search("days of holiday")

    assert model.n_asked == 0


def test_without_their_model_other_languages_are_found_by_their_words(tmp_path: Path) -> None:
    pages = collection(tmp_path, lambda: None)
    pages.add([LEAVE, URLAUB, REISEN])

    assert sorted(pages.found_by_words()) == ["reisen.md", "urlaub.md"]
    assert found(pages, "Wie viele Tage Urlaub haben die Mitarbeiter im Jahr?")[0] == ("urlaub.md", False)
    assert found(pages, "days of holiday at the office")[0] == ("leave.md", True)


def test_once_the_model_is_here_what_lacks_it_counts_as_not_indexed(tmp_path: Path) -> None:
    """So the next sync embeds it, and goes on where it was stopped."""
    without = collection(tmp_path, lambda: None)
    without.add([LEAVE, URLAUB, REISEN])
    assert without.text_hashes()["urlaub.md"] == URLAUB.text_hash

    model = Multilingual()
    pages = collection(tmp_path, lambda: model)
    version = pages.version
    assert pages.text_hashes() == {"leave.md": LEAVE.text_hash, "urlaub.md": "", "reisen.md": ""}

    pages.add([URLAUB])
    assert pages.text_hashes() == {
        "leave.md": LEAVE.text_hash, "urlaub.md": URLAUB.text_hash, "reisen.md": "",
    }  # fmt: skip

    pages.add([REISEN])
    assert pages.found_by_words() == []
    assert pages.version != version


def test_a_model_that_is_chosen_embeds_everything(tmp_path: Path) -> None:
    """`models.embedding` says so: also what was embedded by another model before is embedded again."""
    model = Multilingual()
    collection(tmp_path, lambda: model).add([LEAVE, URLAUB])

    chosen = collection(tmp_path, None)

    assert chosen.text_hashes() == {"leave.md": LEAVE.text_hash, "urlaub.md": ""}
    chosen.add([URLAUB])
    assert chosen.text_hashes()["urlaub.md"] == URLAUB.text_hash
    assert chosen.found_by_words() == []


def test_an_index_built_before_goes_on_and_takes_other_models_in(tmp_path: Path) -> None:
    """An index of an earlier release has no column for a second model."""
    import lancedb

    pages = collection(tmp_path, None)
    pages.add([LEAVE])
    lancedb.connect(tmp_path / "index").open_table("chunk").drop_columns(["embedder"])

    model = Multilingual()
    pages = collection(tmp_path, lambda: model)
    assert found(pages, "days of holiday") == [("leave.md", True)]
    pages.add([URLAUB])
    pages.compact()

    assert pages.text_hashes() == {"leave.md": LEAVE.text_hash, "urlaub.md": URLAUB.text_hash}
    assert ("urlaub.md", True) in found(pages, "Wie viele Tage Urlaub haben die Mitarbeiter im Jahr?")
    assert ("leave.md", True) in found(pages, "days of holiday for everybody")


def test_other_forms_of_the_words_are_found(tmp_path: Path) -> None:
    """Polish has a dozen endings for a noun: of them a question and its answer rarely share one."""
    pages = collection(tmp_path, lambda: None)
    pages.add(
        [
            Document("ksiazki.md", "Regulamin", "Za zgubione książki płaci się dwukrotność ich ceny."),
            Document("psy.md", "Park", "Psom wolno biegać bez smyczy na wybiegu przy stawie."),
            Document("odpady.md", "Odpady", "Odpadów zmieszanych pozbywamy się w środy, a szkła w piątki."),
        ]
    )

    assert found(pages, "Jaka jest kara za zgubioną książkę?")[0][0] == "ksiazki.md"
    assert found(pages, "Gdzie może biegać pies bez smyczy?")[0][0] == "psy.md"
    assert found(pages, "Kiedy odbiera się odpady zmieszane?")[0][0] == "odpady.md"


def test_a_page_of_another_language_than_the_index_is_found_by_other_forms(tmp_path: Path) -> None:
    """Most pages are English: a Czech one among them was found by the very same words only."""
    english = [
        Document(
            f"{n}.md", "Rules", f"The rule {n} is that all of the rooms are to be left as they were found."
        )
        for n in range(5)
    ]
    pages = collection(tmp_path, lambda: None)
    pages.add(
        [*english, Document("kniha.md", "Řád", "Čtenářům se půjčuje nejvýše osm knih, a to na čtyři týdny.")]
    )

    assert found(pages, "Jak dlouho má čtenář půjčenou knihu?")[0][0] == "kniha.md"
