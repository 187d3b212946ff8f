"""Word piece ids of a whole text, for models that learn word embeddings."""

import unicodedata
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import setting
from core.features.pretrained.tokens import PACKAGED, TokenExtractor
from core.progress import Progress, silent


@dataclass(frozen=True)
class Wordpieces(TokenExtractor):
    """Word piece ids of a text without repeated lines, so that a refrain doesn't fill the row.

    References
    ----------
    Wu et al., "Google's Neural Machine Translation System", 2016; Devlin et al., "BERT", 2019.
    """

    name: ClassVar[str] = "wordpieces"

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
        help="Word pieces that are read, special tokens included; the rest is truncated.",
    )
    english_only: bool = setting(
        False,
        title="English only",
        help="True as published: a text in another language becomes an empty row, as the word pieces are "
        "English.",
    )

    def extract_texts(self, texts: list[str], progress: Progress = silent) -> np.ndarray:
        """Tokenize each text.

        Returns
        -------
        ndarray of int32, shape=(n_texts, 1, n_tokens)
            Token ids plus 1; 0 is padding. One row per text, as audio has crops.

        Raises
        ------
        TextError
            When the tokenizer can't be loaded.
        """
        read = [without_repetition(text) for text in texts]
        if self.english_only:
            from core.text.language import detect_languages

            read = [text if language == "en" else "" for text, language in zip(read, detect_languages(read))]
        X = np.zeros((len(texts), self.n_tokens), np.int32)
        rows = [row for row, text in enumerate(read) if text]
        X[rows] = self.tokenize([read[row] for row in rows])
        progress(len(texts), len(texts), "tokenizing texts")
        return X[:, None]


def without_repetition(text: str) -> str:
    r"""Return a text without lines that occurred before; letters and digits alone are compared.

    >>> without_repetition("One\nTwo\n\nOne,\ntwo!\n\nThree\nOne")
    'One\nTwo\nThree'
    """
    first = {_normalize(line): line.strip() for line in reversed(text.splitlines())}
    return "\n".join(
        line
        for line in dict.fromkeys(text.strip() for text in text.splitlines())
        if _normalize(line) and first[_normalize(line)] == line
    )


def _normalize(line: str) -> str:
    """Return a line's casefolded letters, marks (vowel signs of Bangla or Hindi) and digits, as words."""
    return " ".join(
        "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in line.casefold()).split()
    )
