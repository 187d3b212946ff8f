"""Benchmark: the demo's masked autoencoder on held-out tracks, and fine-tuned with few labels."""

import numpy as np
import pandas as pd

from core.bench.own_store import own_store
from core.progress import Progress, silent

CHECKPOINT = "demo-mae"
MASK_RATIO = 0.75
N_DEALS = 999
N_SEEDS, PER_GENRE = 5, 3
MODALITIES = ("both", "audio")
TUNING = {"epochs": "40", "lr": "1e-3"}
"""Training settings with and without pretraining."""


def run(progress: Progress = silent) -> dict:
    """Evaluate the shipped checkpoint on the held-out fifth of the demo, and fine-tune it.

    Returns
    -------
    dict
        Those of :func:`judge_unseen`; ``both_pretrained`` and ``both_from_nothing``, mean average precision
        over genres after fine-tuning on three tracks of each, the centre crop alone, on all others (means of
        five seeds, which choose the tracks; without their genres most of these were seen in pretraining, as
        in the paper); ``gain``, the 95 % t-interval of the difference over seeds.
    """
    from core import collection as collections
    from core.bench.fusion import interval_of
    from core.inputs.input_arrays import read_input

    with own_store():
        demo = collections.add("demo", "demo", progress=progress)
        data = read_input(demo, "fbank+wordpieces", progress=progress).take(np.arange(demo.n_tracks))
        figures = judge_unseen(*load_shipped(demo.n_tracks), data)
        rows = []
        for seed in range(N_SEEDS):
            rows.append(
                {
                    key: value
                    for modalities in MODALITIES
                    for key, value in tune_on_few(data, demo.genre_matrix(), seed, modalities).items()
                }
            )
            progress(seed + 1, N_SEEDS, f"few labels, seed {seed}")
    table = pd.DataFrame(rows)
    figures |= {name: round(float(table[name].mean()), 4) for name in table}
    figures |= {
        f"{m}_gain": interval_of(table[f"{m}_pretrained"] - table[f"{m}_from_nothing"]) for m in MODALITIES
    }
    return {**figures, "n_labelled": PER_GENRE * len(set(demo.labels()))}


def load_shipped(n_tracks: int):
    """Return the shipped model and the rows of the demo that were held out from it."""
    from core.checkpoints.catalogue import SHIPPED
    from core.checkpoints.checkpoint import load_checkpoint
    from core.models.train_config import TrainConfig
    from core.training.loop import split_tracks

    model, meta = load_checkpoint(SHIPPED / f"{CHECKPOINT}.safetensors")
    return model, *split_tracks(n_tracks, TrainConfig(**meta["training"]))


def judge_unseen(model, kept: np.ndarray, held: np.ndarray, data: dict[str, np.ndarray]) -> dict:
    """Evaluate inpainting of masked patches and retrieval of texts on held-out tracks.

    Parameters
    ----------
    kept, held : ndarray of int
        Rows that the model learnt from, and those it never saw.
    data : dict
        ``audio`` (n_tracks, n_crops, n_mels, n_frames), ``text`` (n_tracks, 1, n_tokens), and which tracks
        have them.

    Returns
    -------
    dict
        Mean squared errors of hidden patches in deviations, three quarters hidden: ``drawn``; ``mean_patch``
        of what it learnt from; ``mean_patch_of_band``, the same by pitch. ``recall_at_1`` and
        ``recall_at_10``: how often a sound's own words are the nearest, or among the ten nearest, of
        ``n_held_out``; ``_shuffled``: the same when words are dealt anew among the sounds; ``chance_at_1``;
        ``p_value``: the share of such deals in which own words come as early on average (a permutation test).
    """
    from core.models.masked.masking import unpatchify
    from core.training.encode import encode
    from core.training.examples import as_tensor

    encoder, size, n_mels = model.encoder, model.config.patch, data["audio"].shape[2]
    learnt = encoder.patches(as_tensor(data["audio"][kept, 0]))  # (n, n_patches, size²)
    by_band = learnt.view(len(kept), n_mels // size, -1, size * size).mean((0, 2), keepdim=True)
    guesses = {
        "mean_patch": learnt.mean((0, 1)).expand_as(learnt[:1]),
        "mean_patch_of_band": by_band.expand(1, -1, learnt.shape[1] * size // n_mels, -1).reshape(
            1, -1, size * size
        ),
    }
    words, errors = as_tensor(data["text"][held, 0]), {"drawn": [], **{name: [] for name in guesses}}
    for crop in range(data["audio"].shape[1]):
        x = as_tensor(data["audio"][held, crop])
        restored, hidden = model.inpaint(x, mask_ratio=MASK_RATIO, seed=crop, text=words)
        true = ((x - encoder.mean) / encoder.deviation)[hidden]
        errors["drawn"].append(
            (((restored - encoder.mean) / encoder.deviation)[hidden] - true).square().mean().item()
        )
        for name, patches in guesses.items():
            errors[name].append(
                (unpatchify(patches, n_mels, size).expand_as(x)[hidden] - true).square().mean().item()
            )
    sound, text = (_unit(encode(model, data[m][held], modality=m)) for m in ("audio", "text"))
    same = (data["text"][held, 0][:, None] == data["text"][held, 0][None]).all(2)
    rng = np.random.default_rng(0)
    cosine = sound @ text.T
    ranks, deals = (
        _ranks(cosine, same),
        np.stack([_ranks(cosine[rng.permutation(len(held))], same) for _ in range(N_DEALS)]),
    )
    found = {
        f"recall_at_{k}{tail}": float((r < k).mean())
        for k in (1, 10)
        for tail, r in (("", ranks), ("_shuffled", deals))
    }
    found["p_value"] = float((1 + (deals.mean(1) <= ranks.mean()).sum()) / (1 + N_DEALS))
    figures = {
        **{name: float(np.mean(values)) for name, values in errors.items()},
        **found,
        "chance_at_1": float(same.mean()),
    }
    return {name: round(value, 4) for name, value in figures.items()} | {"n_held_out": len(held)}


def _unit(Z: np.ndarray) -> np.ndarray:
    """Scale each row to length 1."""
    return Z / np.linalg.norm(Z, axis=1, keepdims=True).clip(1e-12)


def tune_on_few(
    data: dict[str, np.ndarray], genres: tuple[list[str], np.ndarray], seed: int, modalities: str
) -> dict[str, float]:
    """Return the mean average precision with three labels per genre, with and without pretraining."""
    from core.scoring.multilabel import evaluate
    from core.training.fit import fit_model
    from core.training.predict import predict_genres

    names, truth = genres
    rng = np.random.default_rng(seed)
    few = np.unique(
        np.concatenate([rng.permutation(np.flatnonzero(truth[:, c]))[:PER_GENRE] for c in range(len(names))])
    )
    rest = np.setdiff1d(np.arange(len(truth)), few)
    centre = {name: X[:, [X.shape[1] // 2]] if name in ("audio", "text") else X for name, X in data.items()}
    found = {}
    for name, start in (("pretrained", CHECKPOINT), ("from_nothing", "")):
        model, _ = fit_model(
            "mae-classifier",
            {key: X[few] for key, X in centre.items()},
            input_extractor={"name": "fbank+wordpieces"},
            label_names=names,
            genres=truth[few],
            settings={**TUNING, "seed": str(seed), "start": start, "modalities": modalities},
        )
        found[f"{modalities}_{name}"] = evaluate(
            truth[rest], predict_genres(model, {key: X[rest] for key, X in centre.items()})
        )["mean_average_precision"]
    return found


def _ranks(similarity: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Return the rank of each row's own text, equal texts included, from 0."""
    best = np.where(same, similarity, -np.inf).max(1, keepdims=True)
    return ((similarity > best) & ~same).sum(1)
