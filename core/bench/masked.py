"""Benchmark: the demo's masked autoencoder on held-out tracks, and fine-tuned with few labels."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.bench.retrieval import evaluate_retrieval, held_out_rows
from core.bench.temporary_store import temporary_store
from core.progress import Progress, silent
from core.reconstruction.inpaint import inpaint_by_interpolation, inpaint_by_mean
from core.scoring.ranking import same_rows
from core.scoring.statistics.t_interval import interval_of

if TYPE_CHECKING:
    from core.collection import Collection
    from core.models.masked.mae import MAE

CHECKPOINT = "demo-mae"
MASK_RATIO = 0.75
N_SEEDS, PER_GENRE = 5, 3
MODALITIES = ("both", "audio")
TUNING = {"epochs": "40", "lr": "1e-3"}
"""Training settings with and without pretraining."""


def run(progress: Progress = silent) -> dict:
    """Evaluate the shipped checkpoint on the held-out fifth of the demo, and fine-tune it.

    Returns
    -------
    dict
        The figures of :func:`evaluate_held_out`; ``M_pretrained`` and ``M_from_nothing`` (random
        initialisation) for the modalities M ``both`` and ``audio``: mean average precision over genres on the
        other tracks after training on the centre crops of three tracks per genre, mean over five seeds, which
        select the tracks (most were in the pretraining data without labels, as in the paper); ``M_gain``: the
        95 % t-interval of the difference over seeds; ``n_labelled``.
    """
    from core import collection as collections
    from core.inputs.input_arrays import read_input

    with temporary_store():
        demo = collections.add("demo", "demo", progress=progress)
        data = read_input(demo, "fbank+wordpieces", progress=progress).take(np.arange(demo.n_tracks))
        figures: dict[str, float | tuple[float, float]] = {}
        figures |= evaluate_held_out(*load_shipped_mae(demo), data)
        rows = []
        for seed in range(N_SEEDS):
            rows.append(
                {
                    key: value
                    for modalities in MODALITIES
                    for key, value in fine_tune_few_labels(
                        data, demo.genre_matrix(), seed, modalities
                    ).items()
                }
            )
            progress(seed + 1, N_SEEDS, f"few labels, seed {seed}")
    table = pd.DataFrame(rows)
    figures |= {name: round(float(table[name].mean()), 4) for name in table}
    figures |= {
        f"{m}_gain": interval_of(table[f"{m}_pretrained"] - table[f"{m}_from_nothing"]) for m in MODALITIES
    }
    return {**figures, "n_labelled": PER_GENRE * len(set(demo.labels()))}


def load_shipped_mae(demo: "Collection") -> "tuple[MAE, np.ndarray]":
    """Load the shipped model, and return it with the rows of the tracks that were held out from it."""
    from core.checkpoints.catalogue import SHIPPED
    from core.checkpoints.checkpoint import load_checkpoint
    from core.models.masked.mae import MAE

    model, meta = load_checkpoint(SHIPPED / f"{CHECKPOINT}.safetensors")
    assert isinstance(model, MAE)
    return model, held_out_rows(demo, meta)


def evaluate_held_out(model: "MAE", held_out: np.ndarray, data: dict[str, np.ndarray]) -> dict:
    """Evaluate inpainting of masked patches and retrieval of texts on held-out tracks.

    Parameters
    ----------
    held_out : ndarray of int
        Rows of the held-out tracks.
    data : dict
        ``audio`` (n_tracks, n_crops, n_mels, n_frames), ``text`` (n_tracks, 1, n_tokens), and valid masks.

    Returns
    -------
    dict
        Mean squared error of the masked patches in standard deviations, at a mask ratio of 0.75, in the crop
        from the middle of each track: ``drawn`` (the reconstruction); ``visible_mean_of_band`` (baseline: the
        mean of the crop's own visible patches in the same frequency band); ``interpolated`` (stronger
        baseline: each mel band over time between its visible frames); ``drawn_difference``, the 95 %
        t-interval over tracks of the model minus the stronger baseline; ``n_better``, the tracks on which the
        model is better than it; with ``_all_crops`` the means over all crops, of which the last one falls
        silent with the track: there any constant is a bad guess.
        :func:`evaluate_retrieval` of the tracks that have a text, ``n_pairs``.
    """
    from core.training.encode import encode

    audio, text = data["audio"][held_out], data["text"][held_out, 0]
    middle = audio.shape[1] // 2
    errors = inpainting_errors(model, audio[:, [middle]], text)
    of_all = inpainting_errors(model, audio, text)
    difference = errors["drawn"] - errors["interpolated"]
    pairs = held_out[data["text_present"][held_out]]
    audio, text = (encode(model, data[m][pairs], modality=m) for m in ("audio", "text"))
    figures = {name: float(values.mean()) for name, values in errors.items()}
    figures |= {f"{name}_all_crops": float(values.mean()) for name, values in of_all.items()}
    figures |= evaluate_retrieval(audio, text, same_rows(data["text"][pairs]))
    return {name: round(value, 4) for name, value in figures.items()} | {
        "drawn_difference": interval_of(difference),
        "n_better": int((difference < 0).sum()),
        "n_held_out": len(held_out),
        "n_pairs": len(pairs),
    }


def inpainting_errors(model: "MAE", audio: np.ndarray, text: np.ndarray) -> dict[str, np.ndarray]:
    """Return each track's error with the model and without, over its crops, shape=(n_tracks,)."""
    from core.training.examples import as_tensor

    mean, deviation = model.encoder.mean.numpy(), model.encoder.deviation.numpy()
    errors: dict[str, list[np.ndarray]] = {"drawn": [], "visible_mean_of_band": [], "interpolated": []}
    for crop in range(audio.shape[1]):
        x = as_tensor(audio[:, crop])
        recon_x, mask = model.inpaint(x, mask_ratio=MASK_RATIO, seed=crop, text=as_tensor(text))
        target, masked = ((x.numpy() - mean) / deviation), mask.numpy()
        seen = np.where(masked, np.nan, target)
        guesses = {
            "drawn": (recon_x.numpy() - mean) / deviation,
            "visible_mean_of_band": np.stack([inpaint_by_mean(one) for one in seen]),
            "interpolated": np.stack([inpaint_by_interpolation(one) for one in seen]),
        }
        for name, guess in guesses.items():
            squared = np.square(guess - target)
            errors[name].append(squared.mean((1, 2), where=masked))
    return {name: np.mean(values, axis=0) for name, values in errors.items()}


def fine_tune_few_labels(
    data: dict[str, np.ndarray], genres: tuple[list[str], np.ndarray], seed: int, modalities: str
) -> dict[str, float]:
    """Return the mean average precision with three tracks per genre, with and without pretraining."""
    from core.scoring.multilabel import evaluate
    from core.training.encode import predict_genres
    from core.training.fit import fit_model

    names, truth = genres
    rng = np.random.default_rng(seed)
    few = np.unique(
        np.concatenate([rng.permutation(np.flatnonzero(truth[:, c]))[:PER_GENRE] for c in range(len(names))])
    )
    rest = np.setdiff1d(np.arange(len(truth)), few)
    centre = {name: X[:, [X.shape[1] // 2]] if name in ("audio", "text") else X for name, X in data.items()}
    figures = {}
    for name, start in (("pretrained", CHECKPOINT), ("from_nothing", "")):
        model, _ = fit_model(
            "mae-classifier",
            {key: X[few] for key, X in centre.items()},
            input_extractor={"name": "fbank+wordpieces"},
            label_names=names,
            genres=truth[few],
            settings={**TUNING, "seed": str(seed), "start": start, "modalities": modalities},
        )
        figures[f"{modalities}_{name}"] = evaluate(
            truth[rest], predict_genres(model, {key: X[rest] for key, X in centre.items()})
        )["mean_average_precision"]
    return figures
