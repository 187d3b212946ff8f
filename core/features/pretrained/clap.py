"""CLAP: sound and words in one space, so that a phrase is near the sound that it describes."""

import os
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.audio.crops import read_crops
from core.config import setting
from core.errors import ConfigError
from core.features.extractor import ExtractorConfig
from core.features.pretrained.hub import kept_once, load_pretrained, load_whole
from core.features.pretrained.sentence import BATCH, LONGEST, cut_text
from core.progress import Progress, silent

DEFAULT = "laion/clap-htsat-unfused"
WINDOW = 77
"""Tokens of a text that the published models were trained on, marks of beginning and end included."""


@dataclass(frozen=True)
class ClapAudio(ExtractorConfig):
    """What CLAP's audio tower hears: the mean of a few crops' vectors in the space that it shares with words.

    Each crop is as long as the model reads (10 s at 48 kHz in the published ones), so nothing is left to the
    random crop that the published front end would take from a longer sound. Crops' vectors have length 1 and
    so has their mean.

    References
    ----------
    Wu et al., "Large-scale contrastive language-audio pretraining with feature fusion and keyword-to-caption
    augmentation", ICASSP 2023. Elizalde et al., "CLAP: learning audio concepts from natural language
    supervision", ICASSP 2023.
    """

    name: ClassVar[str] = "clap"
    modality: ClassVar[str] = "audio"
    reads: ClassVar[str] = "file"

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

    def __post_init__(self):
        super().__post_init__()
        _check_name(self.model)

    @property
    def weights(self) -> str:
        return self.model

    def extract(self, path: str | os.PathLike) -> np.ndarray:
        """Read a track's crops and return the length-1 mean of their vectors. Safe in threads.

        Returns
        -------
        ndarray of float32, shape=(d,)
            ``d`` is the model's ``projection_dim``, 512 in the published ones.

        Raises
        ------
        AudioError
            With the reason, where the sound can't be used.
        ConfigError
            When the model can't be had.
        """
        front = load_clap(self.model).front
        sr, n_samples = front.sampling_rate, front.nb_max_samples
        crops, length = read_crops(path, sr=sr, n_samples=n_samples, n_crops=self.n_crops)
        if length <= n_samples:
            crops = crops[:1, : max(1, length)]  # all crops are the whole track
        return _unit(self.encode(list(crops)).mean(axis=0))

    def encode(self, crops: list[np.ndarray]) -> np.ndarray:
        """Encode mono sounds at the model's rate, none longer than it reads; shape=(n, d), rows of length 1."""
        import torch

        clap = load_clap(self.model)
        read = clap.front(crops, sampling_rate=clap.front.sampling_rate, return_tensors="pt")
        longer = torch.zeros(len(crops), 1, dtype=torch.bool)  # the library marks one at random where none is
        with torch.inference_mode():
            out = clap.net.get_audio_features(input_features=read["input_features"].float(), is_longer=longer)
        return _unit(out.pooler_output.numpy())


@dataclass(frozen=True)
class ClapText(ExtractorConfig):
    """What CLAP's text tower reads: a vector of length 1 in the space that it shares with sound.

    The published models were trained on captions of at most 77 tokens; a longer text is read in pieces of
    whole lines and the pieces' vectors are averaged.

    References
    ----------
    Wu et al. 2023, as for :class:`ClapAudio`.
    """

    name: ClassVar[str] = "clap-text"
    modality: ClassVar[str] = "text"
    reads: ClassVar[str] = "text"

    model: str = setting(
        DEFAULT, title="Model", help="Name or folder of a ClapModel, as for the audio tower."
    )

    def __post_init__(self):
        super().__post_init__()
        _check_name(self.model)

    @property
    def encoder_name(self) -> str:
        return self.model

    def extract_texts(self, texts: list[str], progress: Progress = silent) -> np.ndarray:
        """Encode each text on its own.

        Returns
        -------
        ndarray of float32, shape=(n_texts, d)
            Rows of length 1; a text of nothing but white space gives zeros.

        Raises
        ------
        ConfigError
            When the model can't be had.
        """
        clap = load_clap(self.model)
        X = np.zeros((len(texts), clap.net.config.projection_dim), np.float32)
        full = [i for i, text in enumerate(texts) if text.strip()]
        for done, i in enumerate(full, start=1):
            X[i] = _unit(
                self._encode_pieces(
                    cut_text(texts[i].strip()[:LONGEST], clap.count_tokens, clap.window)
                ).mean(axis=0)
            )
            progress(done, len(full), "reading texts")
        return X

    def _encode_pieces(self, pieces: list[str]) -> np.ndarray:
        """Encode texts that fit the window; shape=(n, d), rows of length 1."""
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
    """Both towers, what reads sound for one and what reads words for the other."""

    net: object
    front: object
    tokenizer: object

    @property
    def window(self) -> int:
        """Count the tokens of a piece, marks of beginning and end left out."""
        text = self.net.config.text_config
        positions = (
            text.max_position_embeddings - (text.pad_token_id or 0) - 1
        )  # RoBERTa counts from behind the padding's
        return max(1, min(WINDOW, positions) - 2)

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a text, marks of beginning and end left out."""
        return len(
            self.tokenizer(text, add_special_tokens=False, truncation=False, verbose=False)["input_ids"]
        )


@kept_once
def load_clap(model: str) -> Clap:
    """Load both towers of a model, ready for inference; once, whichever threads ask.

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
    """Load from a name or a folder; weights that are lacking are no model."""
    from transformers import AutoTokenizer, ClapFeatureExtractor, ClapModel

    net = load_whole(
        ClapModel, place, local_files_only, title="CLAP", so="its sound and words share no space"
    )
    front = ClapFeatureExtractor.from_pretrained(place, local_files_only=local_files_only)
    tokenizer = AutoTokenizer.from_pretrained(place, local_files_only=local_files_only)
    return Clap(net, front, tokenizer)


def _check_name(model: str) -> None:
    """Refuse a model without a name."""
    if not model.strip():
        raise ConfigError(
            f"model={model!r} must be the name or the folder of a CLAP model, {DEFAULT} for one"
        )


def _unit(X: np.ndarray) -> np.ndarray:
    """Bring vectors to length 1, zeros left as they are; float32."""
    return (X / np.maximum(np.linalg.norm(X, axis=-1, keepdims=True), 1e-12)).astype(np.float32)
