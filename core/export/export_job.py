"""The job that writes a large file for a page to offer as a download."""

import time
from dataclasses import asdict, replace

from core import collection as collections
from core import store
from core.export.export_file import make_format, write_taken
from core.export.formats import format_spec
from core.export.subset import Subset
from core.export.track_files import safe_name
from core.pipeline.choice import Choice
from core.pipeline.kept_map import Keep
from core.progress import Progress, silent


def export_for_page(
    collection: str,
    choice: dict,
    format: str,
    settings: dict | None = None,
    subset: dict | None = None,
    numbering: list[int] | None = None,
    keep: Keep = "",
    progress: Progress = silent,
) -> dict:
    """Write tracks to a file in the store.

    Parameters
    ----------
    choice : dict
        Of :func:`describe_fields_of`.
    format : str
        A key of :data:`core.export.formats.FORMATS`.
    settings : dict, optional
        Options of the format.
    subset : dict, optional
        Fields of :class:`core.export.subset.Subset`.
    numbering : list of int, optional
    keep : {"", "keep", "anew"}
        See :func:`core.export.taken.take`.

    Returns
    -------
    dict
        As :func:`core.export.export_file.export_collection`; ``format``; ``file_name``, its name as a
        download; ``out`` is its path in the store; ``created``, in nanoseconds since 1970.
    """
    spec = format_spec(format)
    form = replace(make_format(spec, settings or {}), **spec.for_page)  # type: ignore[type-var]
    wanted = Subset(**(subset or {}))
    loaded = collections.load(collection)
    taken = wanted.take(loaded, read_choice(choice), numbering=numbering, keep=keep, progress=progress)
    name = file_name(collection, wanted, spec.suffixes[0])
    key = store.key_of(collection, choice, format, settings, subset, numbering, keep)
    out = store.folder("exports", key) / name
    report = write_taken(taken, spec, form, out, progress)
    return {**report, "format": format, "file_name": name, "created": time.time_ns()}


def file_name(collection: str, subset: Subset, suffix: str) -> str:
    """Return the name of a download.

    >>> file_name("mine", Subset(cluster=3), ".csv"), file_name("a/b", Subset(), ".html")
    ('mine cluster 3.csv', 'a_b.html')
    """
    part = "" if subset.is_whole else " selection"
    part = part if subset.cluster is None else f" cluster {subset.cluster}"
    return safe_name(f"{collection}{part}") + suffix


def describe_fields_of(choice: Choice) -> dict:
    """Return a choice as JSON values."""
    return store.json_values(asdict(choice))


def read_choice(values: dict) -> Choice:
    """Return the choice of :func:`describe_fields_of`."""
    pairs = {name: tuple(map(tuple, values.get(name, ()))) for name in ("settings", "fusion_settings")}
    return Choice(**{**values, **pairs})
