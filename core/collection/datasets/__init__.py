"""Published datasets as they lie on disk after the download: which files hold audio, labels, text and splits.

A layout is a class with ``locate`` and ``read`` in its own file (see
:class:`core.collection.datasets.dataset_layout.DatasetLayout`). A new one needs that file and an entry here.

mirdata is not used: of these datasets its version 1.0 knows GTZAN and the mood and theme tags of MTG-Jamendo,
it downloads an index of file names before it reads anything, and it depends on the clients of three cloud
stores.
"""

from pathlib import Path

from core.collection.datasets.dataset_layout import LayoutSpec, Places, Read
from core.errors import CollectionError
from core.progress import Progress, silent
from core.registry import find, register

LAYOUTS: dict[str, LayoutSpec] = {}
PLAIN = "plain"
"""The choice of no layout: a folder of audio, whatever it looks like."""


@register(
    LAYOUTS,
    LayoutSpec,
    name="gtzan",
    title="GTZAN",
    help="Ten genres from the folders, and the fault-filtered split where its lists lie beside the audio.",
    source="Tzanetakis and Cook 2002; split: Kereliuk, Sturm and Larsen 2015",
    expected="folders blues, classical … rock with files such as blues.00000.wav or .au, in the folder "
    "itself, genres_original or genres",
)
def _gtzan():
    from core.collection.datasets.gtzan import Gtzan

    return Gtzan


_FMA = "fma_{} and fma_metadata/tracks.csv, below the folder or beside it"
_FMA_SOURCE = "Defferrard et al. 2017, FMA: A dataset for music analysis"


@register(
    LAYOUTS,
    LayoutSpec,
    name="fma-small",
    title="FMA small",
    help="8,000 clips of eight genres, balanced, with the official metadata and split.",
    source=_FMA_SOURCE,
    expected=_FMA.format("small (or fma_medium, fma_large)"),
)
def _fma_small():
    from core.collection.datasets.fma import FmaSmall

    return FmaSmall


@register(
    LAYOUTS,
    LayoutSpec,
    name="fma-medium",
    title="FMA medium",
    help="25,000 clips of 16 genres, with the official metadata and split.",
    source=_FMA_SOURCE,
    expected=_FMA.format("medium (or fma_large)"),
)
def _fma_medium():
    from core.collection.datasets.fma import FmaMedium

    return FmaMedium


@register(
    LAYOUTS,
    LayoutSpec,
    name="fma-large",
    title="FMA large",
    help="106,574 clips of 161 genres, with the official metadata and split.",
    source=_FMA_SOURCE,
    expected=_FMA.format("large"),
)
def _fma_large():
    from core.collection.datasets.fma import FmaLarge

    return FmaLarge


@register(
    LAYOUTS,
    LayoutSpec,
    name="fma-full",
    title="FMA full",
    help="106,574 tracks of 161 genres in full length, with the official metadata and split.",
    source=_FMA_SOURCE,
    expected=_FMA.format("full"),
)
def _fma_full():
    from core.collection.datasets.fma import FmaFull

    return FmaFull


@register(
    LAYOUTS,
    LayoutSpec,
    name="music4all",
    title="Music4All",
    help="Clips with lyrics, several genres, tags and language.",
    source="Santana et al. 2020, Music4All: A new music database and its applications",
    expected="audios, id_information.csv and id_genres.csv",
)
def _music4all():
    from core.collection.datasets.music4all import Music4All

    return Music4All


@register(
    LAYOUTS,
    LayoutSpec,
    name="mtg-jamendo",
    title="MTG-Jamendo",
    help="Tracks with tags of genres, instruments, and moods or themes.",
    source="Bogdanov et al. 2019, The MTG-Jamendo dataset for automatic music tagging",
    expected="autotagging.tsv or autotagging_….tsv (in data) and folders of audio such as 48/948.mp3",
)
def _mtg_jamendo():
    from core.collection.datasets.mtg_jamendo import MtgJamendo

    return MtgJamendo


@register(
    LAYOUTS,
    LayoutSpec,
    name="jamendolyrics",
    title="JamendoLyrics",
    help="Songs in four languages with their lyrics and genre.",
    source="Durand, Stoller and Ewert 2023, Contrastive learning-based audio to lyrics alignment for "
    "multiple languages",
    expected="JamendoLyrics.csv and mp3",
)
def _jamendolyrics():
    from core.collection.datasets.jamendolyrics import JamendoLyrics

    return JamendoLyrics


def check_layout(name: str, kind: str) -> None:
    """Check that there is a layout of this name, or "plain", and that the source is a folder.

    Raises
    ------
    CollectionError
        When there is no such layout, or the source is of another kind.
    """
    if name not in (*LAYOUTS, PLAIN):
        raise CollectionError(f"unknown dataset layout {name!r}; choose from {', '.join(LAYOUTS)}, {PLAIN}")
    if kind != "folder" and name != PLAIN:
        raise CollectionError(f"--as {name} reads the folder of a dataset; this source is no folder ({kind})")


def recognise(folder: str | Path) -> str | None:
    """Return the name of the layout that a folder looks like by names of files, None for no dataset.

    Of several sizes of a dataset the largest.
    """
    return next((name for name in reversed(LAYOUTS) if _locate(name, Path(folder))), None)


def locate(name: str, folder: str | Path) -> Places:
    """Return the folders and files of a dataset by their role.

    Raises
    ------
    CollectionError
        When the folder doesn't look like the dataset; says what was looked for.
    """
    found = _locate(name, Path(folder))
    if found is None:
        spec = find(LAYOUTS, name, "dataset layout")
        other = recognise(folder)
        raise CollectionError(
            f"{folder} doesn't look like {spec.title}, for which these are looked for: {spec.expected}"
            + (f"; it looks like {other}" if other else "")
        )
    return found


def _locate(name: str, folder: Path) -> Places | None:
    """Return the places of a dataset, None where it is not there or its folders can't be listed."""
    try:
        return find(LAYOUTS, name, "dataset layout").load()().locate(folder)
    except OSError:
        return None


def read_dataset(name: str, folder: str | Path, progress: Progress = silent) -> Read:
    """Read a dataset from the folder that holds it.

    Raises
    ------
    CollectionError
        When the folder doesn't look like the dataset, or can't be read as such.
    """
    places = locate(name, folder)
    tracks, problems, info = find(LAYOUTS, name, "dataset layout").load()().read(places, progress)
    return tracks, problems, info | {"dataset": {"layout": name} | info["dataset"]}
