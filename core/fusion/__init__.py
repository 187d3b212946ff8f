"""Fusion of two modalities into one representation of shape (n_tracks, d).

A fusion is a frozen config in its own file that implements :class:`core.fusion.fuser.Fusion`. A new one
needs that file and an entry here.
"""

from core.fusion.fuser import FusionSpec
from core.models import joint_models
from core.registry import find, register

FUSIONS: dict[str, FusionSpec] = {}


@register(
    FUSIONS,
    FusionSpec,
    name="weighted",
    title="Weighted",
    takes_weight=True,
    help="Weighted concatenation: both modalities are scaled to the same energy, so the text weight is "
    "text's share of every squared distance.",
    source="Audio-Lyrics Multimodal Fusion for Music Genre Clustering with Dynamic Modality Weighting (ITM "
    "Web of Conferences 84, 2026, article 03025) weights each track individually; here one weight serves all",
)
def _weighted():
    from core.fusion.weighted import Weighted

    return Weighted


@register(
    FUSIONS,
    FusionSpec,
    name="auto",
    title="Auto",
    wants_cues=True,
    explains=True,
    makes_graph=True,
    help="Chooses among weighted, per-track weights, similarity network fusion and learned gate by how well "
    "the clusters replicate on other tracks, without labels.",
    source="Lange et al., Stability-Based Validation of Clustering Solutions, 2004",
)
def _auto():
    from core.fusion.auto import Auto

    return Auto


@register(
    FUSIONS,
    FusionSpec,
    name="per-track",
    title="Per-track",
    wants_cues=True,
    explains=True,
    help="Dynamic modality weighting: a text weight per track, from its instrumentalness, its energy and the "
    "quality of its audio and text.",
    source="Audio-Lyrics Multimodal Fusion for Music Genre Clustering with Dynamic Modality Weighting (ITM "
    "Web of Conferences 84, 2026, article 03025)",
)
def _per_track():
    from core.fusion.per_track import PerTrack

    return PerTrack


@register(
    FUSIONS,
    FusionSpec,
    name="graph",
    title="Graph (similarity network fusion)",
    makes_graph=True,
    help="Diffuses the neighbour graphs of audio and text into each other and embeds the fused graph.",
    source="Wang et al., Similarity network fusion, Nature Methods 2014",
)
def _graph():
    from core.fusion.graph import Graph

    return Graph


@register(
    FUSIONS,
    FusionSpec,
    name="learned",
    title="Learned (gate)",
    explains=True,
    help="Learns a text weight per track without labels: a modality that contradicts what both share gets "
    "less weight.",
    source="Arevalo et al., Gated Multimodal Units for Information Fusion, 2017",
)
def _learned():
    from core.fusion.learned import Learned

    return Learned


@register(
    FUSIONS,
    FusionSpec,
    name="joint",
    title="Joint latent",
    explains=True,
    joint_latent_of=tuple(joint_models()),
    help="One network encodes audio and text into one latent: the trained checkpoint where both "
    "representations are the same joint model, otherwise a gated joint VAE trained on these tracks.",
    source="Arevalo et al., Gated Multimodal Units for Information Fusion, 2017",
)
def _joint():
    from core.fusion.joint import Joint

    return Joint


@register(
    FUSIONS,
    FusionSpec,
    name="attention",
    title="Cross-modal attention",
    explains=True,
    joint_latent_of=("cross-attention",),
    help="Audio attends to text and text to audio, and both are encoded into one latent: by the trained "
    "checkpoint where both representations are the same one, otherwise by a network trained on these tracks.",
    source="Tsai et al., Multimodal Transformer for Unaligned Multimodal Language Sequences, 2019",
)
def _attention():
    from core.fusion.joint import Attention

    return Attention


@register(
    FUSIONS,
    FusionSpec,
    name="concat",
    title="Concatenation",
    help="Concatenates the standardised dimensions of both modalities; the one with more dimensions has "
    "more weight.",
    source="Siddique, Hybrid Audio–Text Clustering for Music, section 3.2.5",
)
def _concat():
    from core.fusion.concat import Concat

    return Concat


def fusion_spec(name: str) -> FusionSpec:
    """Return a fusion's spec without importing it; an unknown name lists the valid ones."""
    return find(FUSIONS, name, "fusion")
