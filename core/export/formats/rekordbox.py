"""Rekordbox XML: tracks and one playlist per cluster, which DJ software imports."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import numpy as np
import pandas as pd

from core import __version__
from core.config import Config
from core.errors import CollectionError
from core.export.taken import Taken
from core.features.known_keys import known_keys, known_tempos
from core.progress import Progress

VERSION = "1.0.0"
HOST = "file://localhost"
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Rekordbox(Config):
    """A Rekordbox collection with a playlist per cluster."""

    def write(self, taken: Taken, out: Path, progress: Progress) -> list[str]:
        """Write the tracks with audio; tempo and key where they are known.

        Raises
        ------
        CollectionError
            When no track has audio.

        References
        ----------
        Pioneer DJ, "Developer support: rekordbox XML format list", version 1.0.0.
        """
        taken = taken.by_cluster
        tempos, keys = known_tempos(taken.collection)[taken.rows], known_keys(taken.collection)
        table = taken.tracks.assign(
            bpm=tempos, tonality=[keys[row] for row in taken.rows], cluster_name=taken.cluster_names
        )
        has_audio = (table["path"] != "").to_numpy()
        if not has_audio.any():
            raise CollectionError("none of these tracks has audio, so the collection would be empty")
        table = table[has_audio].reset_index(drop=True)
        root = ElementTree.Element("DJ_PLAYLISTS", Version=VERSION)
        ElementTree.SubElement(root, "PRODUCT", Name="Songscape", Version=__version__, Company="")
        entries = ElementTree.SubElement(root, "COLLECTION", Entries=str(len(table)))
        for number, track in enumerate(table.to_dict("records"), start=1):
            ElementTree.SubElement(entries, "TRACK", _describe(number, track))
        _add_playlists(root, table, "" if not taken.is_ranked else taken.collection.name)
        ElementTree.indent(root)
        ElementTree.ElementTree(root).write(out, encoding="UTF-8", xml_declaration=True)
        return ["has no audio"] * int((~has_audio).sum())


def _describe(number: int, track: dict) -> dict[str, str]:
    """Return the attributes of a track; unknown ones are left out."""
    path = track["path"]
    duration, bpm = track["duration_s"], track["bpm"]
    attributes = {
        "TrackID": str(number),
        "Name": track["title"] or Path(path).stem,
        "Artist": track["artist"],
        "Album": track.get("album"),
        "Genre": track["label"],
        "Kind": f"{Path(path).suffix.lstrip('.').upper()} File",
        "TotalTime": str(round(duration)) if np.isfinite(duration) else "",
        "AverageBpm": f"{bpm:.2f}" if np.isfinite(bpm) else "",
        "Tonality": track["tonality"],
        "Location": location_of(path),
    }
    texts = {name: value if isinstance(value, str) else "" for name, value in attributes.items()}
    return {name: _NO_XML.sub("", text) for name, text in texts.items() if text or name == "Artist"}


def location_of(path: str) -> str:
    r"""Return a file's address as Rekordbox writes it.

    >>> location_of("/music/Å & B.mp3"), location_of("C:\\Music\\a b.mp3")
    ('file://localhost/music/%C3%85%20%26%20B.mp3', 'file://localhost/C:/Music/a%20b.mp3')
    """
    if re.match(r"[A-Za-z]:[\\/]", path):
        path = "/" + path.replace("\\", "/")
    return HOST + quote(path.encode("utf-8", "surrogateescape"), safe="/:()!,'~*")


def _add_playlists(root: ElementTree.Element, table: pd.DataFrame, name: str) -> None:
    """Add one playlist per cluster, or one of all tracks under a name, in the order of the table."""
    groups = [(name, table)] if name else list(table.groupby("cluster_name", sort=False))
    if not name:
        groups.sort(key=lambda group: (group[1]["cluster"].iloc[0] < 0, group[1]["cluster"].iloc[0]))
    tree = ElementTree.SubElement(root, "PLAYLISTS")
    top = ElementTree.SubElement(tree, "NODE", Type="0", Name="ROOT", Count=str(len(groups)))
    for title, part in groups:
        node = ElementTree.SubElement(
            top, "NODE", Name=str(title), Type="1", KeyType="0", Entries=str(len(part))
        )
        for row in part.index:
            ElementTree.SubElement(node, "TRACK", Key=str(row + 1))
