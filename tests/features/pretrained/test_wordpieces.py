"""Word pieces: the vocabulary, what is repeated, other languages, empty rows."""

import numpy as np
import pytest

from core.errors import ConfigError, TextError
from core.features import get_extractor
from core.features.pretrained.tokens import load_tokenizer
from core.features.pretrained.wordpieces import Wordpieces, without_repetition


def test_pieces_are_the_tokenizers_plus_one():
    X = get_extractor("wordpieces").extract_texts(["the water is wide", ""])
    assert X.shape == (2, 1, 256) and X.dtype == np.int32
    tokenizer = load_tokenizer("minilm")
    assert len(tokenizer) == 30_522
    row = X[0, 0]
    assert tokenizer.convert_ids_to_tokens(row[row > 0] - 1) == [
        "[CLS]",
        "the",
        "water",
        "is",
        "wide",
        "[SEP]",
    ]
    assert not X[1].any()


def test_what_is_too_long_is_cut_off():
    X = Wordpieces(n_tokens=8).extract_texts([" ".join(f"word{i}" for i in range(50))])
    assert (X > 0).all() and X.shape == (1, 1, 8)


def test_lines_and_paragraphs_are_read_once():
    song = "First we go\nLa la\n\nLa la,\n\nThen we stay\nla la!\nThen we sleep\n\nFirst we go\nLa la"
    assert without_repetition(song) == "First we go\nLa la\nThen we stay\nThen we sleep"
    assert without_repetition("one line") == "one line" and without_repetition("  \n\n ") == ""
    assert without_repetition("…\n\n—") == ""
    assert (
        without_repetition("Hello darkness\n♪") == "Hello darkness"
        and without_repetition("♪\nHello my friend\n\nHello, my friend!") == "Hello my friend"
    )
    assert without_repetition("আমি কি চাই\nআমি কা চাই\nআমি কি চাই।") == "আমি কি চাই\nআমি কা চাই", (
        "vowel signs tell words apart"
    )
    pieces = get_extractor("wordpieces").extract_texts
    assert np.array_equal(pieces([song])[0], pieces(["First we go\nLa la\nThen we stay\nThen we sleep"])[0])


def test_english_alone_leaves_others_empty():
    texts = [
        "I walked along the river and thought of you all night",
        "Ich ging am Fluss entlang und dachte die ganze Nacht an dich",
    ]
    assert list(get_extractor("wordpieces-en").extract_texts(texts).any(axis=(1, 2))) == [True, False]
    assert get_extractor("wordpieces").extract_texts(texts).any(axis=(1, 2)).all()


def test_what_cannot_be_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="not a representation"):
        Wordpieces().summarise(np.zeros((1, 1, 4)))
    with pytest.raises(ConfigError, match="n_tokens=2"):
        Wordpieces(n_tokens=2)
    with pytest.raises(TextError):
        Wordpieces(str(tmp_path)).extract_texts(["hello"])
