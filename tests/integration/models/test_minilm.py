"""Embedding with a BERT encoder, on a tiny one with random weights."""

import json
from math import erf, sqrt
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from lorewright.errors import UnknownModel
from lorewright.models import EmbeddingModel
from lorewright.models.engines.bert_graph import bert_graph
from lorewright.models.engines.minilm import MiniLM

HIDDEN, HEADS, LAYERS, INNER = 32, 4, 2, 64
CONFIG = {
    "hidden_size": HIDDEN,
    "num_attention_heads": HEADS,
    "num_hidden_layers": LAYERS,
    "intermediate_size": INNER,
    "layer_norm_eps": 1e-12,
}
_VOCABULARY = "[PAD] [UNK] [CLS] [SEP] the cat sat on a mat and dog ran off with my hat un ##der"
WORDS = _VOCABULARY.split()

Weights = dict[str, NDArray[np.float32]]


@pytest.fixture(scope="module")
def weights() -> Weights:
    return random_weights()


@pytest.fixture
def folder(tmp_path: Path, weights: Weights) -> Path:
    """A model folder as it comes out of a package, its tokenizer set to pad and cut at 8 tokens."""
    save_file(weights, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    tokenizer = Tokenizer(models.WordPiece({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.enable_truncation(8)
    tokenizer.enable_padding(length=8)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


def test_the_graph_computes_what_bert_computes(weights: Weights) -> None:
    ids = np.array([2, 5, 6, 7, 8, 9, 3])
    session = onnxruntime.InferenceSession(bert_graph(weights, CONFIG, precision="fp32"))

    vector = session.run(None, {"ids": ids})[0]

    np.testing.assert_allclose(vector, bert(weights, ids), atol=1e-5)


def test_int8_stays_close_to_full_precision(folder: Path, weights: Weights) -> None:
    vector = MiniLM(folder).embed_query("the cat sat on a mat")

    assert vector @ bert(weights, np.array([2, 4, 5, 6, 7, 8, 9, 3])) > 0.99
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)


def test_a_text_gets_the_same_vector_in_any_company(folder: Path) -> None:
    """The index and a query made tomorrow must agree on it."""
    model: EmbeddingModel = MiniLM(folder)

    together = model.embed(["the cat", "my dog ran off with the hat", "a mat"])

    assert np.array_equal(together[0], MiniLM(folder).embed(["the cat"])[0])
    assert np.array_equal(together[0], model.embed_query("the cat"))
    assert model.embed([]).shape == (0, 32)


def test_whoever_got_a_vector_cannot_change_it(folder: Path) -> None:
    """It is kept for the next one who asks for the same text."""
    model = MiniLM(folder)

    with pytest.raises(ValueError, match="read-only"):
        model.embed_query("the cat")[0] = 1.0


def test_all_of_a_text_counts_up_to_256_tokens(folder: Path) -> None:
    """The packaged tokenizer would cut much earlier."""
    model = MiniLM(folder)
    long = "the cat sat on a mat " * 40

    assert not np.allclose(model.embed_query(long + "hat"), model.embed_query("the cat"))
    assert not np.allclose(model.embed_query("cat " * 200 + "hat"), model.embed_query("cat " * 201))
    assert np.array_equal(model.embed_query(long * 2 + "hat"), model.embed_query(long * 2 + "dog"))


def test_token_offsets_cover_the_whole_text(folder: Path) -> None:
    text = "The cat under the mat " * 30

    offsets = MiniLM(folder).token_offsets(text)

    assert [text[start:end] for start, end in offsets[:6]] == ["The", "cat", "un", "der", "the", "mat"]
    assert len(offsets) == 6 * 30


def test_the_graph_is_built_once_and_again_for_other_weights(folder: Path) -> None:
    before = MiniLM(folder).embed_query("the cat")
    assert len(list(folder.glob("*.onnx"))) == 1
    assert np.array_equal(MiniLM(folder).embed_query("the cat"), before)

    save_file(random_weights(seed=1), folder / "model.safetensors")

    assert not np.allclose(MiniLM(folder).embed_query("the cat"), before)


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownModel, match=r"contains no config\.json"):
        MiniLM(tmp_path)


def random_weights(seed: int = 0) -> Weights:
    draw = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS), HIDDEN),
        "embeddings.position_embeddings.weight": (512, HIDDEN),
        "embeddings.token_type_embeddings.weight": (2, HIDDEN),
    }
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            shapes[f"{name}.attention.{part}.weight"] = (HIDDEN, HIDDEN)
        shapes[f"{name}.intermediate.dense.weight"] = (INNER, HIDDEN)
        shapes[f"{name}.output.dense.weight"] = (HIDDEN, INNER)
    shapes |= {name.replace("weight", "bias"): shape[:1] for name, shape in shapes.items() if "layer" in name}
    weights = {name: draw.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}
    for name in (
        "embeddings",
        *(f"encoder.layer.{i}{part}" for i in range(2) for part in (".attention.output", ".output")),
    ):
        weights[f"{name}.LayerNorm.weight"] = draw.normal(1, 0.1, HIDDEN).astype(np.float32)
        weights[f"{name}.LayerNorm.bias"] = draw.normal(0, 0.1, HIDDEN).astype(np.float32)
    return weights


def bert(weights: Weights, ids: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the sentence embedding as the paper has it, in plain numpy."""
    n_tokens, n_heads = len(ids), HEADS

    def linear(values: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        return np.asarray(values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"], dtype=np.float32)

    def normalised(values: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        centred = values - values.mean(-1, keepdims=True)
        scaled = centred / np.sqrt(values.var(-1, keepdims=True) + 1e-12)
        return np.asarray(scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"], dtype=np.float32)

    hidden = weights["embeddings.word_embeddings.weight"][ids]
    hidden = hidden + weights["embeddings.position_embeddings.weight"][:n_tokens]
    hidden = normalised(
        hidden + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm"
    )
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        query, key, value = (
            linear(hidden, f"{name}.attention.self.{part}").reshape(n_tokens, n_heads, -1).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        scores = query @ key.swapaxes(1, 2) / np.sqrt(query.shape[-1])
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        mixed = (shares @ value).swapaxes(0, 1).reshape(n_tokens, -1)
        mixed = linear(mixed, f"{name}.attention.output.dense")
        hidden = normalised(mixed + hidden, f"{name}.attention.output.LayerNorm")
        inner = linear(hidden, f"{name}.intermediate.dense")
        inner = linear(gelu(inner), f"{name}.output.dense")
        hidden = normalised(inner + hidden, f"{name}.output.LayerNorm")
    mean = hidden.mean(0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def gelu(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(values * 0.5 * (1 + np.vectorize(erf)(values / sqrt(2))), dtype=np.float32)
