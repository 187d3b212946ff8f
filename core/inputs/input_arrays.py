"""Arrays that a model reads of a collection."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from core import store
from core.collection import Collection
from core.features import extract_features, spec_of
from core.features.concatenation import Concatenation, components
from core.features.extraction.extract import join_features
from core.features.extractor import ExtractorConfig, Features
from core.inputs.input_names import build_input, data_kinds_of, parts_of, side_by_side
from core.inputs.weighted_parts import InputPart
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
        ``name`` and ``config`` of the extractors, as a checkpoint stores them, by modality where there are
        two, and by extractor where several are side by side; then ``parts`` has each one's
        :class:`core.inputs.weighted_parts.InputPart`.
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
        missing = [" or no ".join(kinds[part]) for part, mask in self.present.items() if not mask[row]]
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
    arrays, present, configs, parts = {}, {}, {}, {}
    failed: dict[str, str] = {}
    keys = []
    for modality, names in parts_of(name).items():
        extractor = build_input(names).as_model_input()
        found = [
            extract_features(collection, one, text_field=text_field, progress=progress)
            for one in components(extractor)
        ]
        features = found[0]
        if isinstance(extractor, Concatenation):
            features = join_features(extractor, found)
            parts[modality] = _describe_parts(extractor, found, names)
        arrays[modality], present[modality] = as_read(extractor, features.X), features.present
        failed |= features.failed
        configs[modality] = config_of(extractor, names)
        keys.append(features.key)
    details = {"name": name, "config": configs if len(configs) == 2 else configs["x"]}
    if parts:
        details["parts"] = parts
    return Input(arrays, present, failed, details, store.key_of(*keys))


def config_of(extractor: ExtractorConfig, names: str) -> dict[str, Any]:
    """Return an extractor's config as a checkpoint stores it, by name where several are side by side."""
    if isinstance(extractor, Concatenation):
        return {part.rep: asdict(one) for part, one in zip(side_by_side(names), extractor.parts)}
    return asdict(extractor)


def _describe_parts(extractor: Concatenation, found: list[Features], names: str) -> list[dict[str, Any]]:
    """Return size, weight and scaling of the extractors that are side by side."""
    return [
        asdict(
            InputPart(
                size=int(one.summarise(features.X[:1]).shape[1]),
                weight=part.weight,
                standardise=spec_of(one).may_standardise,
            )
        )
        for part, one, features in zip(side_by_side(names), extractor.parts, found)
    ]


def as_read(extractor: ExtractorConfig, X: np.ndarray) -> np.ndarray:
    """Return what a model reads of extracted rows: as they are beyond two axes, else summarised, float32."""
    return X if X.ndim > 2 else np.asarray(extractor.summarise(X), np.float32)
