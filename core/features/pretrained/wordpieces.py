"""A whole text as one row of word pieces, for transformers that learn words themselves."""

import unicodedata
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import setting
from core.errors import ConfigError
from core.features.extractor import ExtractorConfig
from core.features.pretrained.tokens import PACKAGED, load_tokenizer
from core.progress import Progress, silent


@dataclass(frozen=True)
class Wordpieces(ExtractorConfig):
    """A text without its repetitions, cut into word pieces.

    Lines that were there before are left out first, so that a refrain doesn't fill the row.

    References
    ----------
    Wu et al., "Google's Neural Machine Translation System", 2016; Devlin et al., "BERT", 2019.
    """

    name: ClassVar[str] = "wordpieces"
    modality: ClassVar[str] = "text"
    reads: ClassVar[str] = "text"

    model: str = setting(
        PACKAGED,
        title="Tokenizer",
        help="minilm (packaged; BERT-base-uncased's 30,522 word pieces), or the name or folder of another "
        "tokenizer.",
    )
    n_tokens: int = setting(
        256,
        low=4,
        high=4096,
        title="Tokens",
        help="Word pieces that are read, marks of beginning and end included; the rest is cut off.",
    )
    english_only: bool = setting(
        False,
        title="English only",
        help="True as published: a text in another language becomes an empty row, as the word pieces were "
        "made of English.",
    )

    def __post_init__(self):
        super().__post_init__()
        if not self.model.strip():
            raise ConfigError(f"model={self.model!r} must be {PACKAGED}, or a tokenizer's name or folder")

    @property
    def encoder_name(self) -> str:
        return self.model

    def extract_texts(self, texts: list[str], progress: Progress = silent) -> np.ndarray:
        """Cut each text into pieces.

        Returns
        -------
        ndarray of int32, shape=(n_texts, 1, n_tokens)
            The tokenizer's numbers plus 1; 0 where there is no piece. One row a text, as sound has its crops.

        Raises
        ------
        TextError
            When the tokenizer can't be had.
        """
        tokenizer = load_tokenizer(self.model)
        read = [without_repetition(text) for text in texts]
        if self.english_only:
            from core.text.language import detect_languages

            read = [text if language == "en" else "" for text, language in zip(read, detect_languages(read))]
        X = np.zeros((len(texts), self.n_tokens), np.int32)
        rows = [row for row, text in enumerate(read) if text]
        pieces = (
            tokenizer([read[row] for row in rows], truncation=True, max_length=self.n_tokens)["input_ids"]
            if rows
            else []
        )
        for row, ids in zip(rows, pieces):
            X[row, : len(ids)] = np.asarray(ids) + 1
        progress(len(texts), len(texts), "cutting texts into word pieces")
        return X[:, None]

    def summarise(self, X: np.ndarray) -> np.ndarray:
        """Refuse: numbers of word pieces are no vectors that could be compared.

        Raises
        ------
        ConfigError
        """
        raise ConfigError(
            "word pieces are numbers of words for a model to read, no representation; choose sentence, or a "
            "model trained on them"
        )


def without_repetition(text: str) -> str:
    """Return a text without the lines that were there before, and so without paragraphs that were; what is compared are letters and digits.

    >>> without_repetition("One\\nTwo\\n\\nOne,\\ntwo!\\n\\nThree\\nOne")
    'One\\nTwo\\nThree'
    """
    first = {_heard(line): line.strip() for line in reversed(text.splitlines())}
    return "\n".join(
        line
        for line in dict.fromkeys(text.strip() for text in text.splitlines())
        if _heard(line) and first[_heard(line)] == line
    )


def _heard(line: str) -> str:
    """Return a line's letters, the signs that belong to them (vowels of Bangla or Hindi), and digits, as words."""
    return " ".join(
        "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in line.casefold()).split()
    )
