"""Texts whole and in three passages, by stored vectors and by tokens, from any encoder by name or folder."""

import numpy as np
import pytest

from core.errors import ConfigError, TextError
from core.features import get_extractor
from core.features.pretrained.passages import Passages, cut_passages
from core.features.pretrained.sentence import Sentence
from core.features.pretrained.tokens import Tokens, load_transformer
from tests.features.pretrained.transformer_folder import save_bert, save_roberta

CAPTION = "The mood is sad. It is about a journey! This slow folk song is wistful."


@pytest.fixture(autouse=True)
def no_hub(monkeypatch):
    """Fail at once where a test would reach the network."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


@pytest.fixture(scope="module", params=[save_bert, save_roberta], ids=["bert", "roberta"])
def folder(request, tmp_path_factory):
    return request.param(tmp_path_factory.mktemp("transformer"))


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        (CAPTION, ["The mood is sad.", "It is about a journey!", "This slow folk song is wistful."]),
        ("Bonanza", ["Bonanza"] * 3),
        ("One. Two.", ["One.", "Two.", "One."]),
        ("a\nb\n\nc\nd\ne\nf", ["a\nb", "c\nd", "e\nf"]),
        ("long line here\nb\nc", ["long line here", "b", "c"]),
        (
            "b\nc\nd\na very long line at the very end of it all",
            ["b\nc", "d", "a very long line at the very end of it all"],
        ),
        (" \n", ["", "", ""]),
    ],
)
def test_three_passages(text, passages):
    assert cut_passages(text) == passages


def test_no_line_is_lost_and_no_passage_is_empty():
    rng = np.random.default_rng(0)
    for n in range(3, 30):
        lines = ["w" * int(rng.integers(1, 60)) for _ in range(n)]
        passages = cut_passages("\n".join(lines))
        assert len(passages) == 3 and all(passages) and "\n".join(passages).split("\n") == lines


def test_rows_are_the_whole_and_its_passages():
    X = Passages().extract_texts([CAPTION, "Bonanza"])
    alone = Sentence().extract_texts([CAPTION, "It is about a journey!", "Bonanza"])
    assert X.shape == (2, 4, 512) and X.dtype == np.float32
    np.testing.assert_allclose(X[0, 0], alone[0], atol=1e-5)
    np.testing.assert_allclose(X[0, 2], alone[1], atol=1e-5)
    np.testing.assert_allclose(X[1], np.tile(alone[2], (4, 1)), atol=1e-5)
    np.testing.assert_array_equal(Passages().summarise(X), X[:, 0])


def test_a_plain_transformer_in_a_folder_is_read_by_the_mean_over_its_tokens(folder):
    X = get_extractor(f"passages:{folder}").extract_texts(["abc", "hello world " * 9])
    assert X.shape == (2, 4, 16)
    np.testing.assert_allclose(np.linalg.norm(X, axis=-1), 1, atol=1e-5)
    np.testing.assert_allclose(X[0, 0], Sentence(str(folder)).extract_texts(["abc"])[0], atol=1e-6)


def test_an_incomplete_sentence_encoder_is_no_plain_transformer(tmp_path):
    save_bert(tmp_path)
    (tmp_path / "config_sentence_transformers.json").write_text("{}")
    with pytest.raises(TextError, match="modules.json"):
        Sentence(str(tmp_path)).extract_texts(["a"])


def test_tokens_are_the_tokenizers_numbers_plus_one(folder):
    from transformers import AutoTokenizer

    extractor = get_extractor(f"tokens:{folder}")
    X = Tokens(extractor.model, n_tokens=8).extract_texts(["ab", "abcdefghijklmnop"])
    ids = AutoTokenizer.from_pretrained(folder)("ab")["input_ids"]
    assert X.shape == (2, 4, 8) and X.dtype == np.int32
    assert X[0, 0].tolist() == [i + 1 for i in ids] + [0] * (8 - len(ids))
    assert (X[1] > 0).all()
    assert load_transformer(extractor.model).config.hidden_size == 16


def test_the_packaged_tokens_need_no_name():
    assert get_extractor("tokens").extract_texts(["the water is wide"]).shape == (1, 4, 96)


def test_tokens_are_no_representation():
    with pytest.raises(ConfigError, match="choose sentence"):
        Tokens().summarise(np.zeros((1, 4, 8), np.int32))


@pytest.mark.parametrize("bad", [{"model": " "}, {"n_tokens": 1}])
def test_settings_out_of_range_are_refused_by_name(bad):
    with pytest.raises(ConfigError, match=next(iter(bad))):
        Tokens(**bad)


@pytest.mark.parametrize("model", ["bert-base-nowhere", "/no/such/folder"])
def test_what_is_not_there_says_so(model):
    with pytest.raises(TextError, match="not on this machine|there is no folder"):
        Tokens(model).extract_texts(["a"])
