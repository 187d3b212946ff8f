"""GTZAN: ten folders of 100 clips, named after their genres, and the fault-filtered split.

On disk: ``genres/blues/blues.00000.au`` (``genres.tar.gz``) or ``Data/genres_original/blues/blues.00000.wav``
(Kaggle). Of Kaggle's copy ``jazz.00054.wav`` can't be decoded; it is listed among the problems.

The split by Kereliuk, Sturm and Larsen (443, 197 and 290 tracks, without repetitions, mislabelled and
distorted clips, and with no artist in two parts) is read from ``train_filtered.txt``, ``valid_filtered.txt``
and ``test_filtered.txt`` beside the audio. The 70 tracks that it leaves out are kept with an empty ``split``,
so that results on all 1,000 tracks stay comparable with the earlier ones.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from core.audio.endings import is_audio_name
from core.collection.datasets.annotations import add_labels, add_splits, describe, read_audio, stem_of
from core.collection.datasets.dataset_layout import Places, Read, subfolders_of
from core.progress import Progress

GENRES = ("blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae", "rock")
SPLITS = ("train", "valid", "test")
"""Parts of the split, which are words in the names of its files."""
_FOLDERS = (".", "genres_original", "genres", "Data/genres_original")
_NAME = re.compile(rf"({'|'.join(GENRES)})\.\d{{5}}")
_UNREADABLE = "jazz.00054"
_LEAST = 2  # folders of genres, so that a part of the dataset is recognised, too


class Gtzan:
    """The layout of GTZAN."""

    def locate(self, folder: Path) -> Places | None:
        """Find folders of genres whose files are called ``blues.00000``, and the lists of the split."""
        for audio in dict.fromkeys((folder / name).resolve() for name in _FOLDERS):
            genres = [sub for sub in subfolders_of(audio) if sub.name in GENRES]
            if len(genres) >= _LEAST and all(map(_holds_clips, genres)):
                return {"audio": audio, **_split_files([audio, audio.parent, folder])}
        return None

    def read(self, places: Places, progress: Progress) -> Read:
        """Read the clips, their genres from the folders, and the split."""
        tracks, problems, counts = read_audio(places["audio"], progress)
        problems = [
            replace(problem, reason=f"{problem.reason} (a known fault of the copy on Kaggle)")
            if problem.kind == "error" and stem_of(problem.path) == _UNREADABLE
            else problem
            for problem in problems
        ]
        tracks, labels = add_labels(tracks, [file.rpartition("/")[0] for file in tracks["file"]], "folder")
        listed = {part: _read_list(places[part]) for part in SPLITS if part in places}
        tracks, splits = add_splits(tracks, listed)
        return tracks, problems, counts | {"labels": labels} | describe(places, splits=splits)


def _holds_clips(folder: Path) -> bool:
    """Return whether the first audio file of a genre's folder is called as in GTZAN."""
    names = sorted(path.name for path in folder.iterdir() if is_audio_name(path.name) and path.name[0] != ".")
    return bool(names) and bool(_NAME.fullmatch(stem_of(names[0])))


def _split_files(folders: Iterable[Path]) -> dict[str, Path]:
    """Return the lists of the fault-filtered split in the first folder that has any."""
    for folder in folders:
        files = sorted(folder.glob("*filtered*.txt"))
        found = {part: path for part in SPLITS for path in files if part in path.name.lower()}
        if found:
            return found
    return {}


def _read_list(path: Path) -> list[str]:
    """Return the names of the clips in a list with lines such as ``blues/blues.00029.wav``."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return [stem_of(line.split("\t")[0].strip()) for line in lines if line.strip()]
