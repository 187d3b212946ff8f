"""Export of a collection with its clusters to a file of any format of :mod:`core.export.formats`.

Tables count clusters from 0 (column ``cluster``, -1 is noise). The pages, names of clusters and
``only_cluster`` count from 1: cluster c of a table is "Cluster c + 1" on the pages.
"""

import os
import shutil
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from core import collection as collections
from core.collection import Collection
from core.config import settable
from core.errors import ConfigError, WriteError
from core.export.formats import format_of
from core.export.formats.format_spec import Format, FormatSpec
from core.export.fusion_report import describe_choice
from core.export.subset import Subset
from core.export.taken import Taken, take
from core.pipeline.choice import Choice
from core.pipeline.kept_map import Keep
from core.pipeline.space import Space
from core.progress import Progress, silent
from core.store import publish


def map_table(
    collection: Collection, choice: Choice, progress: Progress = silent
) -> tuple[pd.DataFrame, Space]:
    """Return one row per track on the map: its metadata, ``cluster`` (from 0), ``x`` and ``y``."""
    taken = take(collection, choice, progress=progress)
    positions = taken.positions(progress)
    return taken.tracks.assign(x=positions[:, 0], y=positions[:, 1]), taken.space


def write_map(name: str, choice: Choice, out: Path, progress: Progress = silent, **given) -> dict:
    """Write the map in a format that shows positions; see :func:`export_collection`.

    Returns
    -------
    dict
        As :func:`export_collection`, and ``n_clusters``.
    """
    spec = format_of(out.suffix, for_map=True)
    settings = {**(spec.for_map or {}), **given.pop("settings", {})}
    return export_collection(name, choice, out, progress=progress, settings=settings, **given)


def export_collection(
    name: str,
    choice: Choice,
    out: Path,
    only_cluster: int | None = None,
    progress: Progress = silent,
    *,
    subset: Subset | None = None,
    settings: dict | None = None,
    keep: Keep = "",
    announce: Callable[[int], None] | None = None,
) -> dict:
    """Write tracks of a collection to a file, or a folder, in the format of its ending.

    Parameters
    ----------
    only_cluster : int, optional
        The cluster as the pages number it, from 1; the column ``cluster`` of a table counts from 0.
    subset : Subset, optional
        Other parts of the map.
    settings : dict, optional
        Options of the format by name.
    keep : {"", "keep", "anew"}
        Whether the places and clusters of the last map of this choice are kept, see
        :mod:`core.pipeline.kept_map`.
    announce : callable, optional
        Called with the estimated size in bytes before a large format is written.

    Returns
    -------
    dict
        ``collection, choice, out``; ``n_tracks``, how many were written, and ``n_clusters`` they are in;
        ``bytes``, and ``estimated_bytes`` of large formats; ``left_out``, how many were not written by
        reason, and their number ``n_left_out``. Tracks outside the subset are not counted. With ``keep``,
        ``kept``: the status of :class:`core.pipeline.kept_map.KeptMap`.

    Raises
    ------
    ConfigError
        When no format has this ending, an option is unknown, or the folder or cluster doesn't exist.
    CollectionError
        When nothing would be written.
    """
    spec = check_path(out)
    form = make_format(spec, settings or {})
    subset = subset or Subset(cluster=only_cluster)
    taken = subset.take(collections.load(name), choice, keep=keep, progress=progress)
    return write_taken(taken, spec, form, out, progress, announce=announce)


def make_format(spec: FormatSpec, settings: dict) -> Format:
    """Return a format with options.

    Raises
    ------
    ConfigError
        When an option is unknown, lists those there are, or its value is not allowed.
    """
    kind = spec.load()
    known = [field.name for field in settable(kind)]
    if unknown := sorted(set(settings) - set(known)):
        raise ConfigError(
            f"{spec.title} has no option {unknown[0]!r}; "
            + (f"choose from {', '.join(known)}" if known else "it has none")
        )
    return kind(**settings)


def write_taken(
    taken: Taken,
    spec: FormatSpec,
    form: Format,
    out: Path,
    progress: Progress = silent,
    *,
    announce: Callable[[int], None] | None = None,
) -> dict:
    """Write what is taken; see :func:`export_collection`."""
    report: dict[str, Any] = {
        "collection": taken.collection.name,
        "choice": describe_choice(taken.choice),
    }
    if spec.is_sized:
        report["estimated_bytes"] = form.estimate(taken)  # type: ignore[attr-defined]  # Sized
        if announce:
            announce(report["estimated_bytes"])
    reasons: list[str] = []
    if "" in spec.suffixes:
        _publish_folder(out, lambda path: reasons.extend(form.write(taken, path, progress)))
    else:
        publish(out, lambda path: reasons.extend(form.write(taken, path, progress)))
    clusters = {int(label) for label in taken.labels[taken.members] if label >= 0}
    counts = Counter([*taken.reasons, *reasons])
    if taken.kept is not None:
        report["kept"] = taken.kept.status
    return {
        **report,
        "n_tracks": len(taken.members) - len(reasons),
        "n_clusters": len(clusters),
        "out": str(out),
        "bytes": _size_of(out),
        "n_left_out": counts.total(),
        "left_out": dict(counts.most_common()),
    }


def _size_of(out: Path) -> int:
    """Return the size of a file, or of the files in a folder, in bytes."""
    files = [out] if out.is_file() else [file for file in out.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)


def _publish_folder(out: Path, write: Callable[[Path], object]) -> None:
    """Write a folder under a temporary name and rename it once it is complete."""
    temporary = out.with_name(f".tmp-{uuid.uuid4().hex}")
    try:
        temporary.mkdir()
        write(temporary)
        with suppress(OSError):
            out.rmdir()  # where it is there, it is empty
        os.replace(temporary, out)
    except OSError as reason:
        raise WriteError(f"{out} can't be written: {reason.strerror or reason}") from reason
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def check_path(out: Path, *, for_map: bool = False) -> FormatSpec:
    """Return the format of a path; refuse unknown endings and paths that can't be written.

    Raises
    ------
    ConfigError
        Says what is wrong with the path.
    """
    spec = format_of(out.suffix, for_map=for_map)
    if not out.absolute().parent.is_dir():
        raise ConfigError(f"the folder {str(out.parent)!r} doesn't exist")
    if "" in spec.suffixes:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise ConfigError(f"{str(out)!r} is not an empty folder; give the name of a new one")
    elif out.is_dir():
        raise ConfigError(f"{str(out)!r} is a folder; give the name of a file in it")
    return spec
