"""A text whole and in three passages: what the contrastive text tower reads, as a pretrained encoder understands it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import setting
from core.features.extractor import ExtractorConfig
from core.features.pretrained.sentence import Sentence
from core.progress import Progress, silent
from core.text.sentences import split_sentences

N_PASSAGES = 3


@dataclass(frozen=True)
class Passages(ExtractorConfig):
    """Four vectors of length 1 per text: the whole, then three passages of it.

    A caption of three sentences gives its sentences (Sideras, Multimodal Pretraining for Music Audio, section
    4.4.2); lyrics are cut into three parts. The encoder is frozen: its vectors are stored once, and only the
    tower above them learns, hundreds of times faster than reading the texts again in every epoch. Where the
    encoder is to learn too, see :class:`core.features.pretrained.tokens.Tokens`.

    References
    ----------
    Sideras, "Multimodal Pretraining for Music Audio", 2024, section 4.4.
    """

    name: ClassVar[str] = "passages"
    modality: ClassVar[str] = "text"
    reads: ClassVar[str] = "text"

    model: str = setting(
        "use-multilingual",
        title="Model",
        help="As for sentence embeddings: packaged, or any sentence-transformers model, BERT and RoBERTa "
        "included.",
    )

    def __post_init__(self):
        super().__post_init__()
        Sentence(self.model)

    @property
    def encoder_name(self) -> str:
        return self.model

    def extract_texts(self, texts: list[str], progress: Progress = silent) -> np.ndarray:
        """Encode each text and its passages.

        Returns
        -------
        ndarray of float32, shape=(n_texts, 4, d)
            Rows of length 1; a text of nothing but white space gives zeros.

        Raises
        ------
        TextError
            When the encoder can't be had.
        """
        strings = [[text.strip(), *cut_passages(text)] for text in texts]
        different = list(dict.fromkeys(string for row in strings for string in row))
        vectors = dict(zip(different, Sentence(self.model).extract_texts(different, progress)))
        return np.stack([[vectors[string] for string in row] for row in strings])

    def summarise(self, X: np.ndarray) -> np.ndarray:
        """Return the vector of the whole text, shape=(n_texts, d), float32: what ``sentence`` gives."""
        return X[:, 0].astype(np.float32)


def cut_passages(text: str, n_passages: int = N_PASSAGES) -> list[str]:
    """Cut a text into consecutive passages of about the same length, between lines or else between sentences.

    A text of fewer lines and sentences than that repeats them in turn.

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
