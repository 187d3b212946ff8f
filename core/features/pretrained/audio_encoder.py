"""Audio encoders of the transformers library by name or folder, such as AST, wav2vec 2.0 and HuBERT."""

import math
import os
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from core.audio.crops import read_crops
from core.audio.decode import open_audio
from core.config import setting
from core.errors import ConfigError
from core.features.extractor import AudioExtractor
from core.features.pretrained.hub import cache_last, load_pretrained
from core.features.pretrained.transformer_audio import TransformerAudio, load_network

DEFAULT = "MIT/ast-finetuned-audioset-10-10-0.4593"
BATCH = 4
SHORTEST_S = 0.1
"""A shorter track is padded with silence to this length, in seconds."""


@dataclass(frozen=True)
class AudioEncoder(AudioExtractor):
    """Hidden states of a pretrained audio encoder, pooled over time, the mean over chunks of a track.

    Sampling rate and front end are the model's own. A layer's states are pooled over time; *mean* averages
    the pooled states of all layers, the input embeddings included.

    References
    ----------
    Gong, Chung and Glass, "AST: Audio Spectrogram Transformer", Interspeech 2021. Baevski et al., "wav2vec
    2.0", NeurIPS 2020. Hsu et al., "HuBERT", TASLP 2021. Radford et al., "Robust speech recognition via
    large-scale weak supervision", ICML 2023.
    """

    name: ClassVar[str] = "encoder"

    model: str = setting(
        DEFAULT,
        title="Model",
        help="Name or folder of an audio encoder that the transformers library has a class for, with its "
        "feature extractor.",
    )
    layer: str = setting(
        "mean",
        title="Layer",
        help="*last*; *mean*: the mean over all layers; or a layer's number, 0 for the input embeddings.",
    )
    pooling: Literal["mean", "mean-std"] = setting(
        "mean",
        title="Pooling",
        help="Over time: the mean, or mean and standard deviation.",
    )
    chunk_s: float = setting(
        10.0,
        low=0.5,
        high=60,
        title="Chunk",
        help="Seconds that the model reads at once; at most its own limit (AST 10.24 s, Whisper 30 s).",
    )
    n_chunks: int = setting(
        3, low=0, title="Chunks", help="Evenly spaced chunks per track; 0 covers the whole track."
    )

    def __post_init__(self):
        super().__post_init__()
        if self.layer not in ("last", "mean") and not self.layer.isdecimal():
            raise ConfigError(
                f"layer={self.layer!r} must be last, mean, or the number of a layer (0 for the input "
                "embeddings)"
            )

    @property
    def weights(self) -> str:
        """Name or folder of the pretrained weights."""
        return self.model

    def extract(self, path: str | os.PathLike) -> np.ndarray:
        """Read a track's chunks and return the mean of their pooled states. Thread-safe.

        Returns
        -------
        ndarray of float32, shape=(d,)
            ``d`` is the model's hidden size, or twice that with the standard deviation.

        Raises
        ------
        AudioError
            With the reason, where the audio can't be used.
        ConfigError
            When the model can't be loaded, or has no such layer.
        """
        encoder = load_audio_encoder(self.model)
        sr = encoder.sr
        n_samples = min(round(self.chunk_s * sr), encoder.longest or math.inf)
        n_chunks = self.n_chunks
        if not n_chunks:
            with open_audio(path) as audio:
                n_chunks = max(1, math.ceil(audio.length(sr) / n_samples))
        chunks, length = read_crops(path, sr=sr, n_samples=int(n_samples), n_crops=n_chunks)
        if length <= n_samples:
            chunks = chunks[:1, : max(length, round(SHORTEST_S * sr))]  # all chunks are the whole track
        return self.encode(chunks).mean(axis=0)

    def encode(self, chunks: np.ndarray) -> np.ndarray:
        """Encode mono chunks (n, n_samples) at the model's sampling rate.

        Returns
        -------
        ndarray of float32, shape=(n, d)
        """
        encoder = load_audio_encoder(self.model)
        parts = []
        for start in range(0, len(chunks), BATCH):
            states = self._choose(encoder.hidden_states(chunks[start : start + BATCH]))
            parts.append(np.mean([self._pool(state) for state in states], axis=0))
        return np.concatenate(parts).astype(np.float32)

    def _choose(self, states: list[np.ndarray]) -> list[np.ndarray]:
        """Return the states of the chosen layers; the last of ``states`` is the encoder's output."""
        *layers, output = states
        if self.layer == "last":
            return [output]
        if self.layer == "mean":
            return layers
        if int(self.layer) >= len(layers):
            raise ConfigError(
                f"layer={self.layer} must be at most {len(layers) - 1}: {self.model} has no more"
            )
        return [layers[int(self.layer)]]

    def _pool(self, state: np.ndarray) -> np.ndarray:
        """Pool states (n, n_frames, d) over time; shape=(n, d) or (n, 2d)."""
        if self.pooling == "mean":
            return state.mean(axis=1)
        return np.concatenate([state.mean(axis=1), state.std(axis=1)], axis=1)


@cache_last
def load_audio_encoder(model: str) -> TransformerAudio:
    """Load an audio encoder for inference; once for all threads.

    Raises
    ------
    ConfigError
        When it is not on this machine and the hub can't be reached, a folder holds none, it needs code of its
        own, or is no audio encoder.
    """
    return load_pretrained(
        model,
        load_network,
        kind="audio encoder",
        marker="config.json",
        error=ConfigError,
        save=f'AutoModel.from_pretrained("{model}").save_pretrained("FOLDER") and AutoFeatureExtractor '
        "likewise",
    )
