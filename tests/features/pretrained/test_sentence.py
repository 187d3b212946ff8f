"""Sentence encoders: the packaged ones, one from a folder, and those that can't be had."""

import shutil

import numpy as np
import pytest

from core.errors import Cancelled, ConfigError, TextError
from core.features import get_extractor
from core.features.pretrained.sentence import Sentence, cut_text, load_encoder, prefix_of

LYRIC = "The water is wide, I cannot get over\nAnd neither have I wings to fly"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny untrained SentenceTransformer, 16 dimensions, window of 8 tokens, saved by the library."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(0)
    here = tmp_path_factory.mktemp("bert")
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *"abcdefghijklmnopqrstuvwxyz",
        *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"),
    ]
    BertTokenizerFast(vocab={word: i for i, word in enumerate(words)}).save_pretrained(here)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
    )
    BertModel(config).save_pretrained(here)
    transformer = Transformer(str(here), max_seq_length=10)
    path = tmp_path_factory.mktemp("model")
    SentenceTransformer(modules=[transformer, Pooling(16)], device="cpu").save(str(path))
    return path


def cosine(a, b):
    return float(a @ b)


def test_default_encoder_reads_across_languages():
    X = Sentence().extract_texts(
        ["I love you, my darling", "Ich liebe dich, mein Schatz", "The train leaves at seven"]
    )
    assert X.shape == (3, 512) and X.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(X, axis=1), 1, atol=1e-5)
    assert cosine(X[0], X[1]) > cosine(X[0], X[2]) + 0.3


def test_minilm_reads_english():
    X = Sentence(model="minilm").extract_texts(
        ["I love you, my darling", "My dear, you have my heart", "The train leaves at seven"]
    )
    assert X.shape == (3, 384)
    assert cosine(X[0], X[1]) > cosine(X[0], X[2]) + 0.2


def test_empty_texts_are_zero_rows_and_change_nothing():
    alone = Sentence().extract_texts([LYRIC])
    X = Sentence().extract_texts(["", LYRIC, " \n"])
    assert not X[0].any() and not X[2].any()
    np.testing.assert_allclose(X[1], alone[0], atol=1e-5)
    assert Sentence().extract_texts(["", " "]).shape == (2, 512)
    assert Sentence().extract_texts([]).shape == (0, 512)


def test_a_row_depends_on_its_own_text_alone():
    texts = [f"verse {i} about the sea and {'the wind ' * i}" for i in range(40)]
    X = Sentence().extract_texts(texts)
    order = np.random.default_rng(0).permutation(40)
    np.testing.assert_allclose(Sentence().extract_texts([texts[i] for i in order]), X[order], atol=1e-5)


def test_a_book_is_read_in_part(monkeypatch):
    read = []
    monkeypatch.setattr(
        "core.features.pretrained.sentence.load_encoder",
        lambda model: lambda texts: read.extend(texts) or np.ones((len(texts), 4)),
    )
    X = Sentence().extract_texts(["word " * 1_000_000])
    assert X.shape == (1, 4) and len(read[-1]) <= 20_000


def test_progress_is_told_and_can_cancel(monkeypatch):
    monkeypatch.setattr(
        "core.features.pretrained.sentence.load_encoder", lambda model: lambda texts: np.ones((len(texts), 4))
    )
    told = []
    Sentence().extract_texts(["a"] * 70, lambda done, total, note="": told.append((done, total)))
    assert told == [(32, 70), (64, 70), (70, 70)]

    def cancel(done, total, note=""):
        raise Cancelled

    with pytest.raises(Cancelled):
        Sentence().extract_texts(["a"] * 70, cancel)


def test_model_from_a_folder_equals_the_library(folder):
    from sentence_transformers import SentenceTransformer

    texts = ["abc", "xyz b"]
    X = Sentence(model=str(folder)).extract_texts(texts)
    plain = SentenceTransformer(str(folder), device="cpu").encode(texts, normalize_embeddings=True)
    assert X.shape == (2, 16) and np.abs(X[0] - X[1]).max() > 1e-2
    np.testing.assert_allclose(X, plain, atol=1e-5)


def test_what_exceeds_the_window_is_read_too(folder):
    """The library alone cuts it off (the control); here the pieces' mean is taken."""
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(str(folder), device="cpu")
    short, long = "a b c d e f g h", "a b c d e f g h\nq r s t u v w x"
    cut = encoder.encode([short, long], normalize_embeddings=True)
    np.testing.assert_allclose(cut[0], cut[1], atol=1e-5)
    X = Sentence(model=str(folder)).extract_texts([short, long])
    assert np.abs(X[0] - X[1]).max() > 1e-2
    mean = encoder.encode(long.splitlines(), normalize_embeddings=True).mean(axis=0)
    np.testing.assert_allclose(X[1], mean / np.linalg.norm(mean), atol=1e-5)


def count_words(text):
    return len(text.split())


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("one two", ["one two"]),
        ("one two\nthree\nfour five", ["one two\nthree", "four five"]),
        ("one two three four five", ["one two", "three four five"]),
        ("one\n\ntwo three four", ["one", "two three four"]),
    ],
)
def test_cuts_fall_between_lines_then_words(text, pieces):
    assert cut_text(text, count_words, 3) == pieces


def test_cutting_loses_no_word():
    rng = np.random.default_rng(0)
    text = "\n".join(" ".join(f"w{i}" for i in rng.integers(0, 99, n)) for n in rng.integers(0, 40, 30))
    pieces = cut_text(text, count_words, 7)
    assert " ".join(pieces).split() == text.split()
    assert max(map(count_words, pieces)) <= 7


def test_one_endless_word_stays_whole():
    assert cut_text("a" * 50, len, 10) == ["a" * 50]


@pytest.mark.parametrize("model", ["/no/such/folder", "./nowhere", "~/nowhere-at-all"])
def test_missing_folder_says_so(model):
    with pytest.raises(TextError, match="there is no folder"):
        load_encoder(model)


def test_folder_without_a_model_says_so(tmp_path):
    with pytest.raises(TextError, match="modules.json"):
        load_encoder(str(tmp_path))


def test_damaged_model_says_so(tmp_path):
    (tmp_path / "modules.json").write_text("[")
    with pytest.raises(TextError, match="can't be loaded"):
        load_encoder(str(tmp_path))


def test_no_model_is_refused():
    with pytest.raises(ConfigError, match="model=' '"):
        Sentence(model=" ")


def test_summarise_gives_the_rows():
    X = np.eye(3, dtype=np.float32)
    np.testing.assert_array_equal(Sentence().summarise(X), X)


def test_any_model_goes_by_its_folder(folder):
    extractor = get_extractor(f"sentence:{folder}")
    assert extractor == Sentence(model=str(folder)) and extractor.modality == "text"
    assert extractor.extract_texts([LYRIC]).shape == (1, 16)
    with pytest.raises(ConfigError, match="model=''"):
        get_extractor("sentence:")


def test_e5_gets_the_prefix_of_its_model_card_before_every_piece(folder, tmp_path):
    """On disk under a name of that family; under another name there is none."""
    from sentence_transformers import SentenceTransformer

    shutil.copytree(folder, tmp_path / "multilingual-e5-small")
    library = SentenceTransformer(str(folder), device="cpu")
    texts = ["ab", "c"]  # with the prefix they fill the window
    with_prefix, plain = (
        library.encode([prefix + text for text in texts], normalize_embeddings=True)
        for prefix in ("query: ", "")
    )
    X = get_extractor(f"sentence:{tmp_path / 'multilingual-e5-small'}").extract_texts(texts)
    np.testing.assert_allclose(X, with_prefix, atol=1e-5)
    np.testing.assert_allclose(Sentence(model=str(folder)).extract_texts(texts), plain, atol=1e-5)
    assert np.abs(with_prefix - plain).max() > 1e-3
    assert [
        prefix_of(name) for name in ("intfloat/e5-base-v2", "intfloat/multilingual-e5-large-instruct")
    ] == [
        "query: ",
        "",
    ]
