"""From two modalities to one representation of shape (n_tracks, d).

A fusion is a frozen dataclass in a file of its own with

- ``name``, ``title``, ``description``, ``paper`` (plain strings), ``weighted`` (True where it takes ``text_weight``),
  ``wants_cues`` (True where it looks at the cues of :mod:`core.cues`), ``explains`` (True where what it returns says
  more than X); one that is a network's also names the models whose own latent it takes (``takes_latent_of``) and the code
  that it rests on (``built_on``);
- ``fuse(audio, text, audio_present, text_present, *, cues=None, seed=0, progress=silent)``, which returns
  :class:`core.fusion.fused.Fused`. ``cues`` is a table of columns in [0, 1], a row per track, nan where unknown; 1
  trusts the sound.

A new one costs a file and a line in :data:`FUSIONS`.
"""

from core.errors import ConfigError
from core.fusion.attention import Attention
from core.fusion.auto import Auto
from core.fusion.concat import Concat
from core.fusion.fused import Fused
from core.fusion.graph import Graph
from core.fusion.joint import Joint
from core.fusion.learned import Learned
from core.fusion.per_track import PerTrack
from core.fusion.standardise import standardise, standardise_alone
from core.fusion.weighted import Weighted

FUSIONS: dict[str, type] = {
    "weighted": Weighted, "auto": Auto, "per-track": PerTrack, "graph": Graph, "learned": Learned, "joint": Joint,
    "attention": Attention, "concat": Concat,
}  # fmt: skip


def get_fusion(name: str) -> type:
    """Return the fusion's config class; an unknown name lists the valid ones."""
    if name not in FUSIONS:
        raise ConfigError(f"unknown fusion {name!r}; choose from {', '.join(FUSIONS)}")
    return FUSIONS[name]


__all__ = [
    "FUSIONS", "Attention", "Auto", "Concat", "Fused", "Graph", "Joint", "Learned", "PerTrack", "Weighted", "get_fusion", "standardise", "standardise_alone",
]  # fmt: skip
