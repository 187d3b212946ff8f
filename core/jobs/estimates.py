"""Estimated durations of jobs: from rates measured on this machine, else from the registries' constants."""

from dataclasses import dataclass

from core.collection import Collection
from core.features import count_missing, estimate_extraction, spec_of
from core.features.concatenation import components
from core.features.extraction.row_sizes import estimate_bytes
from core.inputs.input_names import build_input, parts_of
from core.models import get_model, model_spec
from core.store import rates
from core.store.rates import seconds_per_unit
from core.training.settings import parse_settings
from core.training.training_rate import name_rate

PROCESS_START_S = 5.0
"""Starting a job's process, importing its libraries and loading weights, on the reference machine."""


@dataclass(frozen=True)
class TrainingEstimate:
    """Seconds that a training job will take.

    Attributes
    ----------
    n_missing : int
        Tracks whose input features are still to be extracted.
    extraction_s, training_s : float
    extraction_bytes : int
        Space in the store that these features need.
    """

    n_missing: int
    extraction_s: float
    training_s: float
    extraction_bytes: int = 0

    @property
    def seconds(self) -> float:
        """Duration of the whole job."""
        return self.extraction_s + self.training_s + start_seconds()


def start_seconds() -> float:
    """Return the seconds until a job does its first unit of work."""
    return PROCESS_START_S * max(1.0, rates.slowdown())


def estimate_training(
    collection: Collection, model: str, reads: str, settings: dict[str, str], *, folds: int = 0
) -> TrainingEstimate:
    """Estimate the duration of a training job.

    Parameters
    ----------
    reads : str
        The model's input.
    folds : int
        Folds of the cross-validation before, 0 for none.
    """
    spec, kind = model_spec(model), get_model(model)
    extractors = [build_input(part) for part in parts_of(reads).values()]
    missing = [count_missing(collection, extractor) for extractor in extractors]
    extraction_s = sum(estimate_extraction(extractor, n) for extractor, n in zip(extractors, missing))
    space = sum(estimate_bytes(extractor, n) for extractor, n in zip(extractors, missing))
    training_s = 0.0
    config, loop = parse_settings(kind, settings)
    if loop is not None:
        preset = vars(config)["preset"] if spec.presets else ""
        is_spectrogram = any(
            spec_of(one).is_spectrogram for extractor in extractors for one in components(extractor)
        )
        reference = 1 / spec.training_speed(preset, on_spectrograms=is_spectrogram)
        n_examples = collection.n_tracks * max(extractor.examples_per_track for extractor in extractors)
        rounds = 1 + max(folds - 1, 0)  # each of k folds trains on (k - 1) / k of the tracks
        training_s = (
            rounds * n_examples * loop.epochs * seconds_per_unit(name_rate(model, reads, preset), reference)
        )
    return TrainingEstimate(max(missing, default=0), extraction_s, training_s, space)
