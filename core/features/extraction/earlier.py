"""Rows computed by an earlier version of an extractor: used until recomputation is requested.

An upgrade must not cost a night of extraction unasked. So a track's row of the present version is used where
there is one, else the newest of an earlier version with the same config; the number of such tracks is
reported (``Features.n_outdated``).
"""

import functools
import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from core import store
from core.collection.sources.folder import hash_file
from core.features.extractor import ExtractorConfig
from core.store.hashing.keys import feed, feed_config
from core.store.hashing.source import source_hash
from core.store.row_tables.rows import Rows, rows_like

BLOCK = 256
"""Rows read at a time."""

VERSIONS_0_1 = {
    "Musicnn": ("core.features.musicnn.Musicnn", "b2da277948184c57"),
    "Mel": ("core.features.mel.Mel", "f37c17b460c54954"),
    "Clip": ("core.features.clip.Clip", "2b8aa24aa34de887"),
    "Fbank": ("core.features.fbank.Fbank", "44c37ac99d1d5ef7"),
    "Mfcc": ("core.features.mfcc.Mfcc", "8fe5250658fedec5"),
    "Descriptors": ("core.features.descriptors.Descriptors", "805241b52a22bc06"),
    "Sentence": ("core.features.sentence.Sentence", "bb9cedf2680517af"),
    "Passages": ("core.features.passages.Passages", "078d2292c009ae86"),
    "Tokens": ("core.features.tokens.Tokens", "b1d43b4e030a0e93"),
    "Wordpieces": ("core.features.wordpieces.Wordpieces", "e7171348b5b1981f"),
    "ClapAudio": ("core.features.clap.ClapAudio", "88ef9ac50f7dfe6d"),
    "ClapText": ("core.features.clap.ClapText", "71469f6763bd7c13"),
}
"""Place of each extractor in version 0.1.0 and the hash of its source: both are part of its table's name."""


def present_rows(extractor: ExtractorConfig) -> Rows:
    """Return the rows of a per-track extractor in its present config, weights and code."""
    return Rows(extractor.name, f"{_config_key(extractor)}-{source_hash(type(extractor))}")


def _config_key(extractor: ExtractorConfig) -> str:
    """Return the key of a config, and of the files in the folder of its weights, where they have one."""
    folder = Path(os.path.expanduser(extractor.weights)) if extractor.weights else None
    if folder is None or not folder.is_dir():
        return store.key_of(extractor)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    content = [
        (path.relative_to(folder).as_posix(), _hash_once(path, path.stat().st_size, path.stat().st_mtime_ns))
        for path in files
    ]
    return store.key_of(extractor, content)


@functools.lru_cache(maxsize=512)
def _hash_once(path: Path, size: int, mtime_ns: int) -> str:
    """Hash a file once per size and modification time."""
    return hash_file(path)


def earlier_rows(extractor: ExtractorConfig) -> list[Rows]:
    """Return the rows of earlier versions with the same config, newest first."""
    present = present_rows(extractor)
    of_config = present.name.rpartition("-")[0]
    found = [rows for rows in rows_like(f"{of_config}-") if rows.name != present.name]
    if type(extractor).__name__ in VERSIONS_0_1:
        found.append(Rows(extractor.name, _key_0_1(extractor)))
    return [rows for rows in found if rows.shape() is not None]


class VersionedRows:
    """Rows of an extractor by id: of its present version, else of an earlier one.

    Parameters
    ----------
    ids : iterable of str
        Tracks, or hashes of texts.
    recompute : bool
        Use the present version alone.

    Attributes
    ----------
    present : Rows
    earlier : dict of Rows
        By id, for ids that only an earlier version has a row of; all of one shape.
    """

    def __init__(self, extractor: ExtractorConfig, ids: Iterable[str], *, recompute: bool = False):
        self.present = present_rows(extractor)
        self.earlier: dict[str, Rows] = {}
        left, shape = set(ids) - self.present.ids(), self.present.shape()
        for rows in earlier_rows(extractor) if left and not recompute else ():
            if shape in (None, rows.shape()):
                found = left & _finite_ids(rows)
                self.earlier |= dict.fromkeys(found, rows)
                left -= found
                shape = rows.shape() if found else shape

    def ids(self) -> set[str]:
        """Return the ids that have a row."""
        return {*self.present.ids(), *self.earlier}

    def read(self, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the rows of the ids that have one, by id."""
        found = self.present.read(ids)
        for rows in set(self.earlier.values()):
            found |= rows.read([i for i in ids if self.earlier.get(i) is rows])
        return found

    def key(self, ids: Sequence[str]) -> str:
        """Return a key of the rows of these ids: the ids, and the version that computed each row."""
        return store.key_of(
            f"{self.present.name}.lance",
            list(ids),
            {i: f"{self.earlier[i].name}.lance" for i in ids if i in self.earlier},
        )

    def fit_together(self) -> bool:
        """Return whether rows of all versions have one shape."""
        return not self.earlier or self.present.shape() in (None, next(iter(self.earlier.values())).shape())


def _finite_ids(rows: Rows) -> set[str]:
    """Return the ids whose rows are finite (earlier versions stored others); checked once per table."""
    ids = sorted(rows.ids())

    def find_others() -> dict:
        blocks = (rows.read(ids[start : start + BLOCK]) for start in range(0, len(ids), BLOCK))
        return {
            "not_finite": [i for block in blocks for i, row in block.items() if not np.isfinite(row).all()]
        }

    return set(ids) - set(
        store.cached("finite", store.key_of(f"{rows.name}.lance", ids), find_others)["not_finite"]
    )


def _key_0_1(extractor: ExtractorConfig) -> str:
    """Return the key under which version 0.1.0 stored an extractor's rows."""
    place, version = VERSIONS_0_1[type(extractor).__name__]
    digest = hashlib.blake2b(digest_size=16)
    feed_config(digest, place, extractor)
    feed(digest, version)
    return digest.hexdigest()
