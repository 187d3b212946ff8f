"""From two modalities to one representation of shape (n_tracks, d).

A fusion is a frozen dataclass with ``fuse(audio, text, audio_present, text_present)``. A new one costs a file
and a line in :data:`FUSIONS`.
"""

from core.errors import ConfigError
from core.fusion.concat import Concat
from core.fusion.standardise import standardise, standardise_alone
from core.fusion.weighted import Weighted

FUSIONS: dict[str, type] = {"weighted": Weighted, "concat": Concat}


def get_fusion(name: str) -> type:
    """Return the fusion's config class; an unknown name lists the valid ones."""
    if name not in FUSIONS:
        raise ConfigError(f"unknown fusion {name!r}; choose from {', '.join(FUSIONS)}")
    return FUSIONS[name]


__all__ = ["FUSIONS", "Concat", "Weighted", "get_fusion", "standardise", "standardise_alone"]
