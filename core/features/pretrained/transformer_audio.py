"""An audio network of the transformers library with its feature extractor: loading, and its hidden states."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import ConfigError

INPUTS = ("input_values", "input_features")
"""Names of a network's input that mean audio."""
UNUSED_WEIGHTS = ("masked_spec_embed",)
"""Weights that only training uses, which published files may lack."""


@dataclass(frozen=True, eq=False)
class TransformerAudio:
    """An encoder and its feature extractor.

    Attributes
    ----------
    sr : int
        Sampling rate in Hz.
    longest : int
        Samples that the feature extractor reads at most; 0 where it reads any number.
    is_padded : bool
        The feature extractor pads to ``longest``, and the states follow the samples evenly (Whisper).
    """

    net: Any
    front: Any
    sr: int
    longest: int = 0
    is_padded: bool = False

    def hidden_states(self, chunks: np.ndarray) -> list[np.ndarray]:
        """Return the states of every layer, the input embeddings first, and then the encoder's output.

        Parameters
        ----------
        chunks : ndarray, shape=(n, n_samples)

        Returns
        -------
        list of ndarray of float32, shape=(n, n_frames, d)
        """
        import torch

        read = self.front(list(chunks), sampling_rate=self.sr, return_tensors="pt")
        name = next(name for name in INPUTS if name in read)
        with torch.inference_mode():
            out = self.net(read[name].float(), output_hidden_states=True)
        states = [state.float().numpy() for state in (*out.hidden_states, out.last_hidden_state)]
        if not self.is_padded:
            return states
        share = min(1.0, chunks.shape[1] / self.longest)  # the rest is padding
        return [state[:, : max(1, math.ceil(share * state.shape[1]))] for state in states]


def load_network(place: str, local_files_only: bool) -> TransformerAudio:
    """Load an audio encoder from a name or a folder; weights from safetensors or without pickled objects.

    Raises
    ------
    ConfigError
        When it needs code of its own, is no audio encoder, or lacks weights.
    OSError
        When it isn't there.
    """
    from transformers import AutoConfig, AutoFeatureExtractor, AutoModel

    options: dict[str, Any] = {"local_files_only": local_files_only, "trust_remote_code": False}
    try:
        config = AutoConfig.from_pretrained(place, **options)
        kind = config.model_type
        net, found = AutoModel.from_pretrained(
            place, config=config, output_loading_info=True, weights_only=True, **options
        )
    except ValueError as reason:
        raise ConfigError(_explain(place, str(reason))) from reason
    missing = sorted(key for key in found["missing_keys"] if not key.endswith(UNUSED_WEIGHTS))
    if missing:
        raise ConfigError(
            f"the audio encoder {place} lacks {len(missing)} of its weights, {missing[0]} for one; was it "
            "saved completely?"
        )
    if kind == "clap":
        raise ConfigError(f"{place} is a CLAP model: its name here is clap:{place}")
    if net.main_input_name not in INPUTS:
        raise ConfigError(
            f"{place} holds a model of the kind {kind!r}, which reads {net.main_input_name}, no audio"
        )
    front = AutoFeatureExtractor.from_pretrained(place, **options)
    if config.is_encoder_decoder:
        net = net.get_encoder()
    return _check(place, kind, _describe(net.eval().requires_grad_(False), front))


def _describe(net: Any, front: Any) -> TransformerAudio:
    """Return an encoder with the limits of its feature extractor."""
    from transformers import ASTFeatureExtractor, WhisperFeatureExtractor

    sr = int(front.sampling_rate)
    if isinstance(front, WhisperFeatureExtractor):
        return TransformerAudio(net, front, sr, front.n_samples, is_padded=True)
    if isinstance(front, ASTFeatureExtractor):  # frames of 10 ms
        return TransformerAudio(net, front, sr, front.max_length * sr // 100)
    return TransformerAudio(net, front, sr)


def _check(place: str, kind: str, encoder: TransformerAudio) -> TransformerAudio:
    """Return an encoder that gives hidden states for half a second of silence.

    Raises
    ------
    ConfigError
        Where it doesn't.
    """
    try:
        states = encoder.hidden_states(np.zeros((1, encoder.sr // 2), np.float32))
    except Exception as reason:  # whatever a network that reads something else makes the library raise
        raise ConfigError(
            f"{place} holds a model of the kind {kind!r}, which gives no hidden states of audio: {reason}"
        ) from reason
    if any(state.ndim != 3 for state in states):
        raise ConfigError(
            f"{place} holds a model of the kind {kind!r}, whose hidden states have shape {states[-1].shape}, "
            "not (n, n_frames, d)"
        )
    return encoder


def _explain(place: str, reason: str) -> str:
    """Say why the library can't load a model whose config it has read."""
    if "trust_remote_code" in reason or "custom code" in reason:
        return (
            f"{place} needs Python code from its own repository, which is never run here; choose an encoder "
            "that the transformers library has a class for, such as AST, wav2vec 2.0, HuBERT or Whisper"
        )
    return (
        f"{place} holds no model that the transformers library has a class for: "
        f"{' '.join(reason.split())[:200]}"
    )
