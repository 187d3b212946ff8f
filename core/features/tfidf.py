"""TF-IDF of words and character n-grams, in any language and script, without a pretrained model."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from core.config import setting
from core.errors import ConfigError, TextError
from core.features.extractor import ExtractorConfig
from core.text.words import split_words

LONGEST = 20_000
"""Characters of a text that are read: more than any song has, to bound memory and time."""


@dataclass(frozen=True)
class Tfidf(ExtractorConfig):
    """TF-IDF of words and character n-grams, reduced by latent semantic analysis.

    Weights are ``(1 + ln tf) · (1 + ln((1 + n) / (1 + df)))``, each text's words and its n-grams scaled to
    length 1 and given half the squared length each. ``n_components`` dimensions of latent semantic analysis
    (a truncated singular value decomposition) are kept, and each text's vector is scaled to length 1. The
    dimensions keep their own variances: standardising them would scale the weak last components, which are
    mostly noise, up to the first.

    References
    ----------
    Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988. Deerwester et al.,
    "Indexing by latent semantic analysis", 1990.
    """

    name: ClassVar[str] = "tfidf"
    earlier_values: ClassVar[Mapping[str, object]] = {"rotate": True}
    modality: ClassVar[str] = "text"
    reads: ClassVar[str] = "corpus"

    max_features: int = setting(
        10_000,
        low=1,
        title="Vocabulary size",
        help="Words, and as many n-grams, that are kept: the most frequent in the collection.",
    )
    shortest: int = setting(
        2, low=1, title="Shortest n-gram", help="Characters; n-grams don't reach over a word's end."
    )
    longest: int = setting(3, low=1, title="Longest n-gram", help="Characters.")
    n_components: int = setting(
        32,
        low=0,
        title="Dimensions",
        help="After latent semantic analysis; 0 keeps a dimension per word and n-gram.",
    )
    rotate: bool = setting(
        False,
        title="Rotate to equal variance",
        help="Rotates the dimensions to equal variance instead of scaling texts to length 1, as version 0.1 "
        "did; for checkpoints trained on that.",
    )
    seed: int = setting(0, low=0, title="Seed", help="Of the decomposition's random projection.")

    def __post_init__(self):
        super().__post_init__()
        if self.shortest > self.longest:
            raise ConfigError(f"shortest={self.shortest} must be at most longest={self.longest}")

    def as_model_input(self) -> "Tfidf":
        """Return the rotated form: models standardise each input dimension."""
        return replace(self, n_components=64, rotate=True)

    def extract_corpus(self, texts: list[str]) -> np.ndarray:
        """Fit TF-IDF and its reduction to all texts.

        Returns
        -------
        ndarray of float32, shape=(n_texts, d)
            ``d`` is ``n_components``, or less where there are fewer texts or words; rotated, it is rounded up
            to a power of two. A text without letters or digits gives zeros.

        Raises
        ------
        TextError
            When no text has a letter or a digit.
        """
        from scipy.sparse import hstack
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.preprocessing import normalize

        words = [" ".join(split_words(text[:LONGEST])) for text in texts]
        if not any(words):
            raise TextError(
                f"none of the {len(texts)} texts has a letter or a digit, so there are no words to count"
            )
        shared = {
            "lowercase": False,
            "sublinear_tf": True,
            "max_features": self.max_features,
            "dtype": np.float32,
        }
        by_word = TfidfVectorizer(analyzer=str.split, **shared).fit_transform(words)
        n_grams = (self.shortest, self.longest)
        by_character = TfidfVectorizer(analyzer="char_wb", ngram_range=n_grams, **shared).fit_transform(words)
        X = hstack([by_word, by_character], format="csr") * np.float32(np.sqrt(0.5))
        d = min(self.n_components, *X.shape)
        if not d:
            return X.toarray()
        Z = TruncatedSVD(d, random_state=self.seed).fit_transform(X)
        return (spread(Z) if self.rotate else normalize(Z)).astype(np.float32)


def spread(X: np.ndarray) -> np.ndarray:
    """Rotate uncorrelated dimensions by a Hadamard matrix, so that all have the same variance.

    Distances don't change, and standardising each dimension then leaves them as they are.

    Parameters
    ----------
    X : ndarray, shape=(n, d)

    Returns
    -------
    ndarray, shape=(n, d')
        ``d'`` is the next power of two.
    """
    from scipy.linalg import hadamard

    size = 1 << (X.shape[1] - 1).bit_length()
    return X @ hadamard(size)[: X.shape[1]] / np.sqrt(size)
