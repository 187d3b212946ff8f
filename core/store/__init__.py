"""The store: user data and everything derived from them, below one folder (:func:`root`).

User data are in :data:`OWNED` folders (collections, checkpoints, selections …) and are never deleted to free
space. What can be recomputed is below ``derived/``:

- ``derived/arrays/KIND/KEY.{npy,parquet,json}``: one value per key (latents, layouts, labels, scores), see
  :func:`cached`;
- ``derived/rows/NAME-KEY.lance``: one row per track (features), appended during extraction, see
  :class:`core.store.row_tables.rows.Rows`; on object storage where ``SONGSCAPE_ROWS`` says so
  (:mod:`core.store.row_tables.object_storage`);
- ``derived/{excerpts,exports,known,numba}``: audio excerpts, files that pages made to be downloaded,
  metadata of known files, compiled code.

A key hashes the content of the input, the config and the source code of the step
(:mod:`core.store.hashing`), so no entry is ever stale. The library versions that computed a value are stored
beside it (:func:`provenance`). Every file is written under a temporary name and renamed, so readers never
see a partial file and a killed writer leaves only a temporary one. No other module writes below the root.

Recently read values stay in memory (:data:`recent`); a file that changed is read again. Callers that can't
wait look values up within :func:`cached_only`.
"""

from core.store.cache import NotCached, cached, cached_only, check_may_compute, peek, provenance, put, recent
from core.store.disk_usage import clear_derived, free_bytes, sizes
from core.store.files import create_numbered, json_values, publish, read_json, write_json
from core.store.hashing.keys import key_of
from core.store.owned import load_owned, load_owned_table, save_owned, save_owned_table
from core.store.places import DERIVED, OWNED, SHIPPED, folder, lock, path_of, root

__all__ = [
    "DERIVED",
    "OWNED",
    "SHIPPED",
    "NotCached",
    "cached",
    "cached_only",
    "check_may_compute",
    "clear_derived",
    "create_numbered",
    "folder",
    "free_bytes",
    "json_values",
    "key_of",
    "load_owned",
    "load_owned_table",
    "lock",
    "path_of",
    "peek",
    "provenance",
    "publish",
    "put",
    "read_json",
    "recent",
    "root",
    "save_owned",
    "save_owned_table",
    "sizes",
    "write_json",
]
