"""From two modalities to one representation of shape (n_tracks, d).

A fusion is a frozen dataclass in a file of its own with

- ``name``, ``title``, ``description``, ``paper`` (plain strings), ``weighted`` (True where it takes ``text_weight``),
  ``wants_cues`` (True where it looks at the cues of :mod:`core.cues`), ``explains`` (True where what it returns says
  more than X); one that is a network's also names the models whose own latent it takes (``takes_latent_of``) and the code
  that it rests on (``built_on``);
- ``fuse(audio, text, audio_present=None, text_present=None, *, cues=None, seed=0, progress=silent)``, as below; one that
  doesn't look at cues, seed or progress takes them as ``**context``.

``fuse``: one representation of two modalities.

Parameters
----------
audio, text : ndarray, shape=(n_tracks, d_audio) and (n_tracks, d_text)
    The same tracks in the same order. Rows of a modality that a track lacks may hold anything.
audio_present, text_present : ndarray of bool, shape=(n_tracks,), optional
    Which tracks have which modality, all of them where left out. One that is lacking stands at its mean (zeros).
cues : DataFrame, shape=(n_tracks, n_cues), optional
    In [0, 1], 1 trusts the audio, nan is unknown; see :mod:`core.cues`.
seed : int
progress : callable

Returns
-------
Fused
    X of shape (n_tracks, d), float32, and what there is to tell of it; see :class:`core.fusion.fused.Fused`.

Raises
------
ConfigError
    When the shapes don't fit, a present row is not finite, or there are too few or too many tracks for it.
TrainingError
    Where a network is trained, and training fails.

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
