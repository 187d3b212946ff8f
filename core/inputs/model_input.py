"""What a model reads of a collection, by name: one extractor (``mel``), or two joined by "+" (``clip+passages``).

Sound stands before the "+", words after it. An extractor that takes a name of its own (``sentence:NAME``) may
stand wherever the plain one may.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from core import store
from core.collection import Collection
from core.errors import ConfigError
from core.features import EXTRACTORS, extract_features, extractor_spec, get_extractor
from core.progress import Progress, silent

JOIN = "+"
THINGS = {"file": "sound", "table": "numbers", "text": "words", "corpus": "words"}
"""What an extractor reads, in plain words."""
GETTING = {
    "sound": "sound comes from a folder of sound files (added as it is, or beside a table with --audio "
    "FOLDER)",
    "numbers": "numbers come from the columns of a table (add a .csv file)",
    "words": "words come from a table (--text FILE.csv when adding), or from captions (python -m core "
    "caption)",
}
"""How a collection comes by each."""


def parts_of(name: str) -> dict[str, str]:
    """Return the extractors' names by what they stand for: ``x`` alone, or ``audio`` and ``text``.

    >>> parts_of("mel"), parts_of("clip+passages")
    ({'x': 'mel'}, {'audio': 'clip', 'text': 'passages'})
    """
    audio, joined, text = name.partition(JOIN)
    return {"audio": audio, "text": text} if joined and audio in EXTRACTORS else {"x": name}


def is_joint(name: str) -> bool:
    """Say whether a model that reads this reads sound and words."""
    return len(parts_of(name)) == 2


def match_input(inputs: Sequence[str], wanted: str) -> str | None:
    """Return ``wanted`` where it is one of a model's inputs or one with a name of its own, else None.

    >>> match_input(("clip+passages", "tfidf"), "clip+passages:roberta-base")
    'clip+passages:roberta-base'
    """
    plain = JOIN.join(part.split(":")[0] for part in parts_of(wanted).values())
    return wanted if wanted in inputs or plain in inputs else None


def modalities_of(name: str) -> tuple[str, ...]:
    """Return what an input is made of: ("audio",), ("text",) or both."""
    return tuple(extractor_spec(part).modality for part in parts_of(name).values())


def has_input(collection: Collection, name: str) -> bool:
    """Say whether a collection has something for each part of an input."""
    return set(things_of(name).values()) <= _things_in(collection)


def things_of(name: str) -> dict[str, str]:
    """Return what each part of an input is made of, in plain words.

    >>> things_of("table+passages")
    {'audio': 'numbers', 'text': 'words'}
    """
    return {part: THINGS[extractor_spec(extractor).reads] for part, extractor in parts_of(name).items()}


def _things_in(collection: Collection) -> set[str]:
    """Return which of sound, numbers and words a collection has."""
    has = {
        "sound": any(collection.audio_paths()),
        "numbers": collection.table is not None,
        "words": any(collection.texts()),
    }
    return {thing for thing, there in has.items() if there}


def default_input(collection: Collection, inputs: Sequence[str]) -> str:
    """Return the first of a model's inputs that a collection has something for.

    Raises
    ------
    ConfigError
        When there is none; says what the model reads, what is lacking and where that comes from.
    """
    for name in inputs:
        if has_input(collection, name):
            return name
    ways, there = (
        list(dict.fromkeys(tuple(things_of(name).values()) for name in inputs)),
        _things_in(collection),
    )
    fewest = min(len(set(way) - there) for way in ways)
    lacking = list(
        dict.fromkeys(
            thing for way in ways if len(set(way) - there) == fewest for thing in way if thing not in there
        )
    )
    raise ConfigError(
        f"this model reads {', or '.join(' and '.join(way) for way in ways)}, and the collection "
        f"{collection.name!r} has "
        f"{' and '.join(f'no {thing}' for thing in lacking)}; "
        f"{'; '.join(GETTING[thing] for thing in lacking)}"
    )


@dataclass(frozen=True, eq=False)
class Input:
    """What a model reads, for every track.

    Attributes
    ----------
    arrays : dict of ndarray, shape=(n_tracks[, n_crops], …)
        ``x``, or ``audio`` and ``text``; zeros where a track has none.
    present : dict of ndarray of bool, shape=(n_tracks,)
        By the same names.
    failed : dict
        Reason by track id for sound that could not be read.
    told : dict
        ``name`` and ``config`` of the extractors, as a checkpoint keeps them; by part where there are two.
    key : str
    """

    arrays: dict[str, np.ndarray]
    present: dict[str, np.ndarray]
    failed: dict[str, str]
    told: dict
    key: str

    def rows(self, *, needs_both: bool) -> np.ndarray:
        """Return where a track has what a model needs, shape=(n_tracks,), bool."""
        return (np.all if needs_both else np.any)(list(self.present.values()), axis=0)

    def lack_of(self, row: int) -> str:
        """Say what a track has nothing of, by its place."""
        things = things_of(self.told["name"])
        gone = [things[part] for part, there in self.present.items() if not there[row]]
        return f"has neither {' nor '.join(gone)}" if len(gone) > 1 else f"has no {gone[0]}"

    def take(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        """Return the training data of some tracks, as :func:`core.training.loop.train` takes it."""
        data = {name: X[rows] for name, X in self.arrays.items()}
        if len(self.arrays) == 2:
            data |= {f"{name}_present": there[rows] for name, there in self.present.items()}
        return data


def read_input(
    collection: Collection, name: str, *, text_field: str | None = None, progress: Progress = silent
) -> Input:
    """Extract what a model reads.

    Raises
    ------
    ConfigError
        When the collection has nothing that one of the extractors reads.
    """
    arrays, present, failed, configs, keys = {}, {}, {}, {}, []
    for part, extractor_name in parts_of(name).items():
        extractor = get_extractor(extractor_name)
        features = extract_features(collection, extractor, text_field=text_field, progress=progress)
        arrays[part], present[part] = input_of(extractor, features), features.present
        failed |= features.failed
        configs[part] = asdict(extractor)
        keys.append(features.key)
    told = {"name": name, "config": configs if len(configs) == 2 else configs["x"]}
    return Input(arrays, present, failed, told, store.key_of(*keys))


def input_of(extractor, features) -> np.ndarray:
    """Return what a model reads of features: whole where a row has more than one axis, vectors as they are clustered.

    Shape (n_tracks, …), zeros where a track has none.
    """
    return as_read(extractor, features.X)


def as_read(extractor, X: np.ndarray) -> np.ndarray:
    """Return what a model reads of rows that an extractor made, shape (n, …)."""
    return X if X.ndim > 2 else np.asarray(extractor.summarise(X), np.float32)
