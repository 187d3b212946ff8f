"""TF-IDF: weights as the formula says, and dimensions that bear standardising."""

import math

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from core.errors import ConfigError, TextError
from core.features.tfidf import Tfidf, spread


def cosine(a, b):
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def test_weights_equal_the_formula():
    """Words worked by hand; n-grams as long as no word is leave only the padded word itself."""
    texts = ["sun sun rain", "sun moon", "rain"]
    X = Tfidf(shortest=9, longest=9, n_components=0).extract_corpus(texts)
    # char_wb pads a word with blanks and gives one shorter than n whole, so each word counts once more as an
    # n-gram
    idf = {word: 1 + math.log(4 / (1 + df)) for word, df in {"sun": 2, "rain": 2, "moon": 1}.items()}
    rows = [
        {"sun": (1 + math.log(2)) * idf["sun"], "rain": idf["rain"]},
        {"sun": idf["sun"], "moon": idf["moon"]},
        {"rain": idf["rain"]},
    ]
    dense = np.array([[row.get(word, 0) for word in ("moon", "rain", "sun")] for row in rows])
    dense /= np.linalg.norm(dense, axis=1, keepdims=True)
    assert X.shape == (3, 6) and X.dtype == np.float32
    np.testing.assert_allclose(X @ X.T, dense @ dense.T, atol=1e-6)


def test_rows_without_reduction_have_length_one():
    X = Tfidf(n_components=0).extract_corpus(["one two three", "four five", "six"])
    np.testing.assert_allclose(np.linalg.norm(X, axis=1), 1, atol=1e-6)


def test_inflected_words_are_near_through_their_letters():
    near, far, other = Tfidf(n_components=0).extract_corpus(["singing", "singers", "মেঘলা আকাশ"])
    assert cosine(near, far) > 0.2 and cosine(near, other) == 0


def test_max_features_bounds_the_width():
    texts = [f"word{i} other{i}" for i in range(50)]
    assert Tfidf(max_features=20, n_components=0).extract_corpus(texts).shape == (50, 40)


def test_reduction_keeps_distances_and_evens_out_variance():
    rng = np.random.default_rng(0)
    Z = rng.normal(size=(200, 64))
    X = (Z - Z.mean(0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(Z.T)).T) * np.geomspace(10, 0.01, 64)
    Y = spread(X)
    np.testing.assert_allclose(Y @ Y.T, X @ X.T, atol=1e-8)
    np.testing.assert_allclose(Y.var(0), Y.var(0).mean(), rtol=1e-6)
    assert X.var(0).max() / X.var(0).min() > 1000


def languages():
    """Forty short texts in two made-up vocabularies, with words in common."""
    rng = np.random.default_rng(1)
    alphabets = ("aeioustrnl", "কখগঘচছজঝটড")
    vocabulary = [["".join(rng.choice(list(letters), 5)) for _ in range(60)] for letters in alphabets]
    truth = np.arange(40) % 2
    return [
        " ".join([*rng.choice(vocabulary[kind], 30), *(f"n{i}" for i in rng.integers(0, 300, 10))])
        for kind in truth
    ], truth


def test_components_of_their_own_scale_tell_languages_apart():
    texts, truth = languages()

    def agreement(X):
        return adjusted_rand_score(truth, KMeans(2, n_init=5, random_state=0).fit_predict(X))

    X = Tfidf().extract_corpus(texts)
    Z = (X - X.mean(0)) / X.std(0)
    assert agreement(Z) < 0.5  # the control: standardised, the last components weigh as much as the first
    assert agreement(X) == 1
    np.testing.assert_allclose(np.linalg.norm(X, axis=1), 1, rtol=1e-5)


def test_rotated_components_may_be_standardised():
    texts, truth = languages()
    X = Tfidf(rotate=True).extract_corpus(texts)
    Z = (X - X.mean(0)) / X.std(0)
    assert adjusted_rand_score(truth, KMeans(2, n_init=5, random_state=0).fit_predict(Z)) == 1


def test_same_seed_same_result_and_order_of_texts_does_not_matter():
    texts, _ = languages()
    order = np.random.default_rng(2).permutation(len(texts))
    X, shuffled = Tfidf().extract_corpus(texts), Tfidf().extract_corpus([texts[i] for i in order])
    np.testing.assert_array_equal(X, Tfidf().extract_corpus(texts))
    np.testing.assert_allclose(shuffled @ shuffled.T, (X @ X.T)[np.ix_(order, order)], atol=0.02)


@pytest.mark.parametrize(("n", "width"), [(2, 2), (3, 3), (5, 5)])
def test_few_texts_give_few_dimensions(n, width):
    X = Tfidf().extract_corpus([f"a text about number{i}" for i in range(n)])
    assert X.shape == (n, width) and np.isfinite(X).all()


def test_a_text_without_words_is_zero():
    X = Tfidf().extract_corpus(["some words", "…!", "other words"])
    assert not X[1].any() and X[0].any()


def test_no_words_at_all_says_so():
    with pytest.raises(TextError, match="none of the 2 texts"):
        Tfidf().extract_corpus(["!!!", "…"])


def test_summarise_gives_the_rows():
    X = Tfidf().extract_corpus(["one two", "three"])
    np.testing.assert_array_equal(Tfidf().summarise(X), X)


@pytest.mark.parametrize("bad", [{"max_features": 0}, {"shortest": 4}, {"shortest": 0}, {"n_components": -1}])
def test_bad_settings_are_named(bad):
    with pytest.raises(ConfigError, match=f"{next(iter(bad))}={next(iter(bad.values()))}"):
        Tfidf(**bad)
