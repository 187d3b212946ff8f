"""Fusion by cross-modal attention."""

from dataclasses import dataclass
from typing import Any, ClassVar

from core.fusion.joint import Joint


@dataclass(frozen=True)
class Attention(Joint):
    """Encode both modalities into one latent with cross-modal attention.

    As :class:`core.fusion.joint.Joint`, with the network of :mod:`core.models.vae.cross_attention`; a track's
    text weight is the share of attention on its text.

    References
    ----------
    Tsai et al., "Multimodal Transformer for Unaligned Multimodal Language Sequences", 2019. Siddique, Hybrid
    Audio–Text Clustering for Music, names cross-modal attention as future work.
    """

    name: ClassVar[str] = "attention"
    model: ClassVar[str] = "cross-attention"

    def network(self) -> Any:
        """Return the network's class."""
        from core.models.vae.cross_attention import CrossAttention

        return CrossAttention
