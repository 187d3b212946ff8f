"""Sentence embeddings of a text and of three passages: the input of the contrastive text tower."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import setting
from core.features.extractor import TextEncoder
from core.features.pretrained.sentence import Sentence
from core.progress import Progress, silent
from core.text.sentences import split_sentences

N_PASSAGES = 3


@dataclass(frozen=True)
class Passages(TextEncoder):
    """Four embeddings of unit length per text: the whole text, then three passages of it.

    The passages of a caption of three sentences are its sentences (Sideras, Multimodal Pretraining for Music
    Audio, section 4.4.2); lyrics are cut into three parts. The encoder is frozen: its embeddings are stored
    once, and only the tower above them is trained, hundreds of times faster than encoding the texts in every
    epoch. To train the encoder, too, see :class:`core.features.pretrained.tokens.Tokens`.

    References
    ----------
    Sideras, "Multimodal Pretraining for Music Audio", 2024, section 4.4.
    """

    name: ClassVar[str] = "passages"

    model: str = setting(
        "use-multilingual",
        title="Model",
        help="As for sentence embeddings: packaged, or any sentence-transformers model, BERT and RoBERTa "
        "included.",
    )

    def extract_texts(self, texts: list[str], progress: Progress = silent) -> np.ndarray:
        """Encode each text and its passages.

        Returns
        -------
        ndarray of float32, shape=(n_texts, 4, d)
            Rows of unit length; a blank text gives zeros.

        Raises
        ------
        TextError
            When the encoder can't be loaded.
        """
        strings = [[text.strip(), *cut_passages(text)] for text in texts]
        different = list(dict.fromkeys(string for row in strings for string in row))
        vectors = dict(zip(different, Sentence(self.model).extract_texts(different, progress)))
        return np.stack([[vectors[string] for string in row] for row in strings])

    def summarise(self, X: np.ndarray) -> np.ndarray:
        """Return the embedding of the whole text, shape=(n_texts, d), float32, as ``sentence`` does."""
        return X[:, 0].astype(np.float32)


def cut_passages(text: str, n_passages: int = N_PASSAGES) -> list[str]:
    """Cut a text into consecutive passages of about equal length, between lines or else between sentences.

    A text with fewer lines and sentences than passages repeats them in turn.

    >>> cut_passages("It is sad. It is about the sea! A slow waltz.")
    ['It is sad.', 'It is about the sea!', 'A slow waltz.']
    >>> cut_passages("Bonanza")
    ['Bonanza', 'Bonanza', 'Bonanza']
    """
    units = [line.strip() for line in text.splitlines() if line.strip()]
    if len(units) < n_passages:
        units = [sentence for line in units for sentence in split_sentences(line)] or [""]
    if len(units) <= n_passages:
        return [units[i % len(units)] for i in range(n_passages)]
    ends = np.cumsum([len(unit) for unit in units])
    cuts = [0]
    for i in range(1, n_passages):  # after the unit that ends nearest to i / n_passages of the letters
        nearest = int(np.abs(ends - ends[-1] * i / n_passages).argmin()) + 1
        cuts.append(min(max(nearest, cuts[-1] + 1), len(units) - n_passages + i))
    return ["\n".join(units[a:b]) for a, b in zip(cuts, [*cuts[1:], len(units)])]
