"""Arrays that a model reads of a collection."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from core import store
from core.collection import Collection
from core.features import extract_features, get_extractor
from core.features.extractor import ExtractorConfig
from core.inputs.input_names import data_kinds_of, parts_of
from core.progress import Progress, silent


@dataclass(frozen=True, eq=False)
class Input:
    """Data of every track that a model reads.

    Attributes
    ----------
    arrays : dict of ndarray, shape=(n_tracks[, n_crops], …)
        ``x``, or ``audio`` and ``text``; zeros where a track has none.
    present : dict of ndarray of bool, shape=(n_tracks,)
        Valid mask of each array.
    failed : dict
        Reason by track id for audio that could not be read.
    details : dict
        ``name`` and ``config`` of the extractors, as a checkpoint stores them; by part where there are two.
    key : str
    """

    arrays: dict[str, np.ndarray]
    present: dict[str, np.ndarray]
    failed: dict[str, str]
    details: dict[str, Any]
    key: str

    def rows(self, *, needs_both: bool) -> np.ndarray:
        """Return a mask of the tracks that have what a model needs, shape=(n_tracks,), bool."""
        return (np.all if needs_both else np.any)(list(self.present.values()), axis=0)

    def missing_reason(self, row: int) -> str:
        """Return which data a track has none of."""
        kinds = data_kinds_of(self.details["name"])
        missing = [kinds[part] for part, mask in self.present.items() if not mask[row]]
        return f"has neither {' nor '.join(missing)}" if len(missing) > 1 else f"has no {missing[0]}"

    def take(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        """Return the training data of some tracks, as :func:`core.training.loop.train` takes it."""
        data = {name: X[rows] for name, X in self.arrays.items()}
        if len(self.arrays) == 2:
            data |= {f"{name}_present": mask[rows] for name, mask in self.present.items()}
        return data


def read_input(
    collection: Collection, name: str, *, text_field: str | None = None, progress: Progress = silent
) -> Input:
    """Extract the features that a model reads.

    Raises
    ------
    ConfigError
        When the collection has nothing that one of the extractors reads.
    """
    arrays, present, configs = {}, {}, {}
    failed: dict[str, str] = {}
    keys = []
    for part, extractor_name in parts_of(name).items():
        extractor = get_extractor(extractor_name).as_model_input()
        features = extract_features(collection, extractor, text_field=text_field, progress=progress)
        arrays[part], present[part] = as_read(extractor, features.X), features.present
        failed |= features.failed
        configs[part] = asdict(extractor)
        keys.append(features.key)
    details = {"name": name, "config": configs if len(configs) == 2 else configs["x"]}
    return Input(arrays, present, failed, details, store.key_of(*keys))


def as_read(extractor: ExtractorConfig, X: np.ndarray) -> np.ndarray:
    """Return what a model reads of extracted rows: as they are beyond two axes, else summarised, float32."""
    return X if X.ndim > 2 else np.asarray(extractor.summarise(X), np.float32)
