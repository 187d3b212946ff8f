"""The formats that tracks are exported in; each is a config with its options, in a file of its own."""

from core.errors import ConfigError
from core.export.formats.format_spec import FormatSpec
from core.registry import find, register

FORMATS: dict[str, FormatSpec] = {}


@register(
    FORMATS,
    FormatSpec,
    name="html",
    title="Map as one HTML file",
    help="The map with excerpts to hear, clusters and scores; it opens from disk without Songscape.",
    suffixes=(".html",),
    mime="text/html",
    for_map={},
    is_sized=True,
)
def _html():
    from core.export.formats.html_map import HtmlMap

    return HtmlMap


@register(
    FORMATS,
    FormatSpec,
    name="playlist",
    title="Playlist (M3U)",
    help="The paths of the audio files, for any player; cluster by cluster, hits of a search best first.",
    suffixes=(".m3u8", ".m3u"),
    mime="audio/x-mpegurl",
    for_page={"base": "common"},
)
def _playlist():
    from core.export.formats.playlist import Playlist

    return Playlist


@register(
    FORMATS,
    FormatSpec,
    name="csv",
    title="Table (CSV)",
    help="Metadata and cluster of each track for a spreadsheet; cells that are formulas there become text.",
    suffixes=(".csv",),
    mime="text/csv",
    for_map={"positions": True},
)
def _csv():
    from core.export.formats.csv_file import CsvTable

    return CsvTable


@register(
    FORMATS,
    FormatSpec,
    name="parquet",
    title="Table with vectors (Parquet)",
    help="Metadata, cluster and vector of each track; add reads it as a collection with these vectors.",
    suffixes=(".parquet",),
    mime="application/vnd.apache.parquet",
    for_map={"positions": True, "vectors": False},
)
def _parquet():
    from core.export.formats.parquet_file import ParquetTable

    return ParquetTable


@register(
    FORMATS,
    FormatSpec,
    name="rekordbox",
    title="Rekordbox collection (XML)",
    help="The tracks with one playlist per cluster, for DJ software that imports Rekordbox XML.",
    source="Pioneer DJ, XML format for Rekordbox, version 1.0.0",
    suffixes=(".xml",),
    mime="application/xml",
)
def _rekordbox():
    from core.export.formats.rekordbox import Rekordbox

    return Rekordbox


@register(
    FORMATS,
    FormatSpec,
    name="png",
    title="Map as a picture (PNG)",
    help="The map with title and legend, for documents and slides.",
    suffixes=(".png",),
    mime="image/png",
    for_map={},
)
def _png():
    from core.export.formats.picture import Picture

    return Picture


@register(
    FORMATS,
    FormatSpec,
    name="svg",
    title="Map as a vector graphic (SVG)",
    help="The map with title and legend, which stays sharp at any size and can be edited.",
    suffixes=(".svg",),
    mime="image/svg+xml",
    for_map={},
)
def _svg():
    from core.export.formats.picture import VectorGraphic

    return VectorGraphic


@register(
    FORMATS,
    FormatSpec,
    name="zip",
    title="Excerpts (ZIP)",
    help="An excerpt of each track as MP3, or the whole files, in one folder per cluster, with a playlist.",
    suffixes=(".zip",),
    mime="application/zip",
    is_sized=True,
)
def _zip():
    from core.export.formats.audio_archive import AudioArchive

    return AudioArchive


@register(
    FORMATS,
    FormatSpec,
    name="folder",
    title="Copies of the files (folder)",
    help="Copies the audio files into a new folder, with one folder per cluster and a playlist.",
    suffixes=("",),
    mime="",
    is_sized=True,
)
def _folder():
    from core.export.formats.file_copies import FileCopies

    return FileCopies


def format_spec(name: str) -> FormatSpec:
    """Return the spec of a format.

    Raises
    ------
    ConfigError
        When there is no such format; lists those there are.
    """
    return find(FORMATS, name, "export format")


def format_of(suffix: str, *, for_map: bool = False) -> FormatSpec:
    """Return the spec of the format of an ending, in any case.

    Raises
    ------
    ConfigError
        When no format has it; lists those there are.
    """
    offered = [spec for spec in FORMATS.values() if spec.for_map is not None or not for_map]
    for spec in offered:
        if suffix.lower() in spec.suffixes:
            return spec
    raise ConfigError(f"a file can't end in {suffix!r} here; it must end in {list_endings(for_map=for_map)}")


def list_endings(*, for_map: bool = False) -> str:
    """List the endings of files."""
    specs = [spec for spec in FORMATS.values() if spec.for_map is not None or not for_map]
    return ", ".join(ending for spec in specs for ending in spec.suffixes if ending)
