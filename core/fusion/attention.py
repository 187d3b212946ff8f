"""Fusion by cross-modal attention."""

from dataclasses import dataclass
from typing import ClassVar

from core.fusion.joint import Joint


@dataclass(frozen=True)
class Attention(Joint):
    """Take one latent from parts of the sound that look at parts of the words and back.

    As :class:`core.fusion.joint.Joint`, with the network of :mod:`core.models.vae.cross_attention`; a track's
    weight of text is the share of attention on its words.

    References
    ----------
    Tsai et al., "Multimodal Transformer for Unaligned Multimodal Language Sequences", 2019. Siddique, Hybrid
    Audio–Text Clustering for Music, names cross-modal attention as future work.
    """

    name: ClassVar[str] = "attention"
    model: ClassVar[str] = "cross-attention"

    def network(self) -> type:
        """Return the network's class."""
        from core.models.vae.cross_attention import CrossAttention

        return CrossAttention
