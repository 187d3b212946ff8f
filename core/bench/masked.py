"""Benchmark: the demo's masked autoencoder on held-out tracks, and fine-tuned with few labels."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.bench.temporary_store import temporary_store
from core.progress import Progress, silent

if TYPE_CHECKING:
    from core.models.masked.mae import MAE

CHECKPOINT = "demo-mae"
MASK_RATIO = 0.75
N_PERMUTATIONS = 999
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
    from core.scoring.t_interval import interval_of

    with temporary_store():
        demo = collections.add("demo", "demo", progress=progress)
        data = read_input(demo, "fbank+wordpieces", progress=progress).take(np.arange(demo.n_tracks))
        figures: dict[str, float | tuple[float, float]] = {}
        figures |= evaluate_held_out(*load_shipped_mae(demo.n_tracks), data)
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


def load_shipped_mae(n_tracks: int) -> "tuple[MAE, np.ndarray, np.ndarray]":
    """Load the shipped model, and return it with the training and held-out rows of the demo."""
    from core.checkpoints.catalogue import SHIPPED
    from core.checkpoints.checkpoint import load_checkpoint
    from core.models.masked.mae import MAE
    from core.models.train_config import TrainConfig
    from core.training.loop import split_tracks

    model, meta = load_checkpoint(SHIPPED / f"{CHECKPOINT}.safetensors")
    assert isinstance(model, MAE)
    training, held_out = split_tracks(n_tracks, TrainConfig(**meta["training"]))
    return model, training, held_out


def evaluate_held_out(
    model: "MAE", training: np.ndarray, held_out: np.ndarray, data: dict[str, np.ndarray]
) -> dict[str, float]:
    """Evaluate inpainting of masked patches and retrieval of texts on held-out tracks.

    Parameters
    ----------
    training, held_out : ndarray of int
        Rows of the training and of the held-out tracks.
    data : dict
        ``audio`` (n_tracks, n_crops, n_mels, n_frames), ``text`` (n_tracks, 1, n_tokens), and valid masks.

    Returns
    -------
    dict
        Mean squared error of the masked patches in standard deviations, at a mask ratio of 0.75: ``drawn``
        (the reconstruction), ``mean_patch`` (baseline: mean patch of the training tracks),
        ``mean_patch_of_band`` (baseline: their mean patch per frequency band). Retrieval of the text
        of a track by its audio among ``n_held_out``: ``recall_at_1``, ``recall_at_10``; ``_shuffled``, the
        same with permuted texts; ``chance_at_1``; ``p_value`` of a permutation test of the mean rank.
    """
    figures = _inpainting_errors(model, training, held_out, data) | _retrieval_figures(model, held_out, data)
    return {name: round(value, 4) for name, value in figures.items()} | {"n_held_out": len(held_out)}


def _inpainting_errors(
    model: "MAE", training: np.ndarray, held_out: np.ndarray, data: dict[str, np.ndarray]
) -> dict[str, float]:
    """Return the errors of the reconstruction and of the two baselines."""
    from core.models.masked.masking import unpatchify
    from core.training.examples import as_tensor

    encoder, size, n_mels = model.encoder, model.config.patch, data["audio"].shape[2]
    patches = encoder.patches(as_tensor(data["audio"][training, 0]))  # (n, n_patches, size²)
    by_band = patches.view(len(training), n_mels // size, -1, size * size).mean((0, 2), keepdim=True)
    baselines = {
        "mean_patch": patches.mean((0, 1)).expand_as(patches[:1]),
        "mean_patch_of_band": by_band.expand(1, -1, patches.shape[1] * size // n_mels, -1).reshape(
            1, -1, size * size
        ),
    }
    text = as_tensor(data["text"][held_out, 0])
    errors: dict[str, list[float]] = {"drawn": [], **{name: [] for name in baselines}}
    for crop in range(data["audio"].shape[1]):
        x = as_tensor(data["audio"][held_out, crop])
        recon_x, mask = model.inpaint(x, mask_ratio=MASK_RATIO, seed=crop, text=text)
        target = ((x - encoder.mean) / encoder.deviation)[mask]
        errors["drawn"].append(
            (((recon_x - encoder.mean) / encoder.deviation)[mask] - target).square().mean().item()
        )
        for name, baseline in baselines.items():
            errors[name].append(
                (unpatchify(baseline, n_mels, size).expand_as(x)[mask] - target).square().mean().item()
            )
    return {name: float(np.mean(values)) for name, values in errors.items()}


def _retrieval_figures(model: "MAE", held_out: np.ndarray, data: dict[str, np.ndarray]) -> dict[str, float]:
    """Return recall of a track's own text by its audio, with permuted texts and by chance."""
    from core.training.encode import encode

    audio, text = (_unit(encode(model, data[m][held_out], modality=m)) for m in ("audio", "text"))
    same = (data["text"][held_out, 0][:, None] == data["text"][held_out, 0][None]).all(2)
    rng = np.random.default_rng(0)
    cosine = audio @ text.T
    ranks = _ranks(cosine, same)
    shuffled = np.stack([_ranks(cosine[rng.permutation(len(held_out))], same) for _ in range(N_PERMUTATIONS)])
    figures = {
        f"recall_at_{k}{suffix}": float((r < k).mean())
        for k in (1, 10)
        for suffix, r in (("", ranks), ("_shuffled", shuffled))
    }
    figures["p_value"] = float((1 + (shuffled.mean(1) <= ranks.mean()).sum()) / (1 + N_PERMUTATIONS))
    figures["chance_at_1"] = float(same.mean())
    return figures


def _unit(Z: np.ndarray) -> np.ndarray:
    """Scale each row to length 1."""
    return Z / np.linalg.norm(Z, axis=1, keepdims=True).clip(1e-12)


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


def _ranks(similarity: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Return the rank, from 0, of each row's own text; equal texts count as its own."""
    best = np.where(same, similarity, -np.inf).max(1, keepdims=True)
    return ((similarity > best) & ~same).sum(1)
