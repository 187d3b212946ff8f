"""CLAP: audio and text in one embedding space, so that a phrase is near the audio that it describes."""

import os
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np

from core.audio.crops import read_crops
from core.config import setting
from core.errors import ConfigError
from core.features.extractor import AudioExtractor, TextEncoder
from core.features.pretrained.hub import cache_last, load_complete, load_pretrained
from core.features.pretrained.sentence import BATCH, LONGEST, count_tokens, cut_text
from core.progress import Progress, silent

DEFAULT = "laion/clap-htsat-unfused"
WINDOW = 77
"""Tokens of a text that the published models were trained on, special tokens included."""


@dataclass(frozen=True)
class ClapAudio(AudioExtractor):
    """Embedding of CLAP's audio tower: the mean over a few crops, in the space that it shares with text.

    Each crop is as long as the model's input (10 s at 48 kHz in the published ones), so that the published
    front end takes no random crop. Crop embeddings and their mean have unit length.

    References
    ----------
    Wu et al., "Large-scale contrastive language-audio pretraining with feature fusion and keyword-to-caption
    augmentation", ICASSP 2023. Elizalde et al., "CLAP: learning audio concepts from natural language
    supervision", ICASSP 2023.
    """

    name: ClassVar[str] = "clap"

    model: str = setting(
        DEFAULT,
        title="Model",
        help="Name or folder of a ClapModel in the format of the transformers library, with its feature "
        "extractor.",
    )
    n_crops: int = setting(
        3,
        low=1,
        title="Crops",
        help="Evenly spaced crops per track; one shorter than a crop is repeated as the feature extractor "
        "is set to.",
    )

    @property
    def weights(self) -> str:
        """Name or folder of the pretrained weights."""
        return self.model

    def extract(self, path: str | os.PathLike) -> np.ndarray:
        """Read a track's crops and return the unit-length mean of their embeddings. Thread-safe.

        Returns
        -------
        ndarray of float32, shape=(d,)
            ``d`` is the model's ``projection_dim``, 512 in the published ones.

        Raises
        ------
        AudioError
            With the reason, where the audio can't be used.
        ConfigError
            When the model can't be loaded.
        """
        front = load_clap(self.model).front
        sr, n_samples = front.sampling_rate, front.nb_max_samples
        crops, length = read_crops(path, sr=sr, n_samples=n_samples, n_crops=self.n_crops)
        if length <= n_samples:
            crops = crops[:1, : max(1, length)]  # all crops are the whole track
        return _unit(self.encode(list(crops)).mean(axis=0))

    def encode(self, crops: list[np.ndarray]) -> np.ndarray:
        """Encode mono crops at the model's sample rate, none longer than its input.

        Returns
        -------
        ndarray of float32, shape=(n, d)
            Rows of unit length.
        """
        import torch

        clap = load_clap(self.model)
        read = clap.front(crops, sampling_rate=clap.front.sampling_rate, return_tensors="pt")
        longer = torch.zeros(len(crops), 1, dtype=torch.bool)  # the library marks one at random where none is
        with torch.inference_mode():
            out = clap.net.get_audio_features(input_features=read["input_features"].float(), is_longer=longer)
        return _unit(out.pooler_output.numpy())


@dataclass(frozen=True)
class ClapText(TextEncoder):
    """Embedding of CLAP's text tower, of unit length, in the space that it shares with audio.

    The published models were trained on captions of at most 77 tokens; a longer text is cut into pieces of
    whole lines, and their embeddings are averaged.

    References
    ----------
    Wu et al. 2023, as for :class:`ClapAudio`.
    """

    name: ClassVar[str] = "clap-text"

    model: str = setting(
        DEFAULT, title="Model", help="Name or folder of a ClapModel, as for the audio tower."
    )

    def extract_texts(self, texts: list[str], progress: Progress = silent) -> np.ndarray:
        """Encode each text on its own.

        Returns
        -------
        ndarray of float32, shape=(n_texts, d)
            Rows of unit length; a blank text gives zeros.

        Raises
        ------
        ConfigError
            When the model can't be loaded.
        """
        clap = load_clap(self.model)
        X = np.zeros((len(texts), clap.net.config.projection_dim), np.float32)
        full = [i for i, text in enumerate(texts) if text.strip()]
        for done, i in enumerate(full, start=1):
            X[i] = _unit(
                self._encode_pieces(
                    cut_text(texts[i].strip()[:LONGEST], partial(count_tokens, clap.tokenizer), clap.window)
                ).mean(axis=0)
            )
            progress(done, len(full), "encoding texts")
        return X

    def _encode_pieces(self, pieces: list[str]) -> np.ndarray:
        """Encode texts that fit the window; shape=(n, d), rows of unit length."""
        import torch

        clap, parts = load_clap(self.model), []
        for start in range(0, len(pieces), BATCH):
            some = pieces[start : start + BATCH]
            read = clap.tokenizer(
                some, padding=True, truncation=True, max_length=clap.window + 2, return_tensors="pt"
            )
            with torch.inference_mode():
                out = clap.net.get_text_features(
                    input_ids=read["input_ids"], attention_mask=read["attention_mask"]
                )
            parts.append(out.pooler_output.numpy())
        return _unit(np.concatenate(parts))


@dataclass(frozen=True, eq=False)
class Clap:
    """Both towers, the feature extractor of one and the tokenizer of the other."""

    net: Any
    front: Any
    tokenizer: Any

    @property
    def window(self) -> int:
        """Tokens of a piece, special tokens excluded."""
        text = self.net.config.text_config
        # RoBERTa numbers positions from the padding token's on.
        positions = text.max_position_embeddings - (text.pad_token_id or 0) - 1
        return max(1, min(WINDOW, positions) - 2)


@cache_last
def load_clap(model: str) -> Clap:
    """Load both towers of a model for inference; once for all threads.

    Raises
    ------
    ConfigError
        When the model is not on this machine and the hub can't be reached, or a folder holds none.
    """
    return load_pretrained(
        model,
        _load_from,
        kind="CLAP model",
        marker="config.json",
        error=ConfigError,
        save=f'ClapModel.from_pretrained("{model}").save_pretrained("FOLDER") and the same with '
        "ClapProcessor",
    )


def _load_from(place: str, local_files_only: bool) -> Clap:
    """Load from a name or a folder; missing weights are refused."""
    from transformers import AutoTokenizer, ClapFeatureExtractor, ClapModel

    net = load_complete(
        ClapModel,
        place,
        local_files_only,
        title="CLAP",
        consequence="its audio and text embeddings share no space",
    )
    front = ClapFeatureExtractor.from_pretrained(place, local_files_only=local_files_only)
    tokenizer = AutoTokenizer.from_pretrained(place, local_files_only=local_files_only)
    return Clap(net, front, tokenizer)


def _unit(X: np.ndarray) -> np.ndarray:
    """Scale vectors to unit length, zeros unchanged; float32."""
    return (X / np.maximum(np.linalg.norm(X, axis=-1, keepdims=True), 1e-12)).astype(np.float32)
