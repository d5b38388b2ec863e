"""How much meaning counts follows from a domain's examples, where enough of them name their documents."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from lorewright.access.readable import EVERYTHING
from lorewright.datasets import Example
from lorewright.documents import Document
from lorewright.knowledge import Hit
from lorewright.messages import Message
from lorewright.settings import AUTO_DENSE_WEIGHT
from lorewright.workspace import Workspace, init_domain
from lorewright.workspace.collections import weight_fit
from lorewright.workspace.collections.weight_fit import best_weight, keep_fitted
from lorewright.workspace.domain.settings_file import write_settings

WORDS_WIN = {tenth / 10: 1.0 if tenth < 2 else 0.5 for tenth in range(11)}
NO_DIFFERENCE = {tenth / 10: 0.7 for tenth in range(11)}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A domain of pages about one room each, with the embedder that counts words."""
    folder = init_domain(tmp_path / "rooms")
    (folder / "lorewright.toml").write_text('[models]\nembedding = "hashing"\n')
    with Workspace(folder) as workspace:
        pages = [Document(f"{n}.md", "Rooms", f"Room R-{n} has {n} chairs and one door.") for n in range(40)]
        for page in pages:
            workspace.documents.save(page, file_hash=page.id)
        workspace.collection.add(pages)
        yield workspace


def examples(n: int) -> list[Example]:
    return [
        Example(f"e{at}", (Message("user", f"How many chairs has room R-{at}?"),), f"{at}", (f"{at}.md",))
        for at in range(n)
    ]


def test_a_weight_is_left_for_one_that_ranks_better() -> None:
    assert best_weight([WORDS_WIN] * 30) == 0.1


def test_a_handful_of_examples_and_equal_weights_decide_nothing() -> None:
    """A weight that moves with every example would make two comparisons of one domain differ."""
    assert best_weight([NO_DIFFERENCE] * 100) == AUTO_DENSE_WEIGHT
    assert best_weight([WORDS_WIN, *[NO_DIFFERENCE] * 3]) != 0.0


def test_the_weight_is_fitted_once_and_holds_in_every_search(workspace: Workspace) -> None:
    fitted = keep_fitted(workspace, examples(35))

    assert fitted is not None
    assert fitted.n_examples == 35
    assert max(fitted.words, fitted.meaning) - 0.05 <= fitted.ndcg <= 1.0
    assert workspace.usual_dense_weight == fitted.weight
    assert workspace.collection.dense_weight("How many chairs?") == fitted.weight
    assert keep_fitted(workspace, examples(35), progress=refuse) == fitted


def refuse(done: int, total: int) -> None:
    """Fail where anything is measured again."""
    raise AssertionError(f"measured again: {done} of {total}")


def test_other_examples_or_many_new_documents_have_it_fitted_anew(workspace: Workspace) -> None:
    first = keep_fitted(workspace, examples(35))
    other = keep_fitted(workspace, examples(36))
    assert (first and first.n_examples, other and other.n_examples) == (35, 36)

    for n in range(40, 60):
        workspace.documents.save(Document(f"{n}.md", "Rooms", f"Room {n}"), file_hash=str(n))
    with pytest.raises(AssertionError, match="measured again"):
        keep_fitted(workspace, examples(36), progress=refuse)


def last_first(_question: str, hits: Sequence[Hit], **_: object) -> list[Hit]:
    """Return hits in an order that helps nobody."""
    return list(reversed(hits))


def asked_first(question: str, hits: Sequence[Hit], **_: object) -> list[Hit]:
    """Return the hits with that of the room first which the length of the last word means."""
    room = len(question.split()[-1]) - 3
    return sorted(hits, key=lambda hit: f"Room R-{room} " not in hit.chunk.text)


@pytest.mark.parametrize(("order", "is_better"), [(asked_first, True), (last_first, False)])
def test_hits_come_in_the_order_of_their_parts_where_examples_prove_it_better(
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    order: Callable[..., list[Hit]],
    is_better: bool,
) -> None:
    """What helps in one domain harms in another: nobody should have to know which."""
    monkeypatch.setattr(weight_fit, "ordered_by_parts", order)
    asked = [
        replace(one, prompt=(Message("user", f"Which room has a door? {'x' * (at + 3)}"),))
        for at, one in enumerate(examples(35))
    ]

    fitted = keep_fitted(workspace, asked)

    assert fitted is not None
    assert fitted.reranked is not None
    assert (fitted.reranked > fitted.ndcg) is is_better
    assert fitted.reranks is workspace.reranks is is_better
    assert keep_fitted(workspace, asked, progress=refuse) == fitted
    assert workspace.searchable_by(EVERYTHING).version.endswith("reranked") is is_better


def test_whether_hits_are_put_into_a_new_order_can_be_set(workspace: Workspace) -> None:
    plain = workspace.searchable_by(EVERYTHING).search("one door", n=25)
    write_settings(workspace, {"retrieval.rerank": "parts"})

    reranked = workspace.searchable_by(EVERYTHING).search("one door", n=25)
    few = workspace.searchable_by(EVERYTHING).search("one door", n=5)

    assert {hit.chunk.id for hit in reranked} == {hit.chunk.id for hit in plain}
    assert [hit.chunk.id for hit in few] == [hit.chunk.id for hit in reranked[:5]]
    write_settings(workspace, {"retrieval.rerank": "off"})
    assert workspace.reranks is False


def test_with_few_examples_or_a_weight_that_is_set_nothing_is_fitted(workspace: Workspace) -> None:
    """Held-out questions never stand in for the examples that are missing."""
    keep_fitted(workspace, examples(35))

    assert keep_fitted(workspace, examples(29)) is None
    assert workspace.usual_dense_weight == AUTO_DENSE_WEIGHT

    write_settings(workspace, {"retrieval.dense_weight": 0.7})
    assert keep_fitted(workspace, examples(35)) is None
    assert workspace.usual_dense_weight == 0.7
