"""Benchmark: text retrieval by audio with the demo's two models of both, on tracks held out from training."""

import numpy as np

from core.bench.temporary_store import temporary_store
from core.checkpoints.catalogue import SHIPPED
from core.collection import Collection
from core.progress import Progress, silent
from core.scoring.ranking import ranks_of, same_rows, unit_rows

N_PERMUTATIONS = 999
CHECKPOINTS = ("demo-contrastive", "demo-mae")


def run(progress: Progress = silent) -> dict:
    """Evaluate the shipped checkpoints of audio and text.

    Returns
    -------
    dict
        ``M_…`` for the models M ``contrastive`` and ``mae``: :func:`evaluate_retrieval` of the latents in the
        shared space; ``n_pairs``, the held-out tracks with a text.
    """
    from core import collection as collections
    from core.checkpoints.checkpoint import load_checkpoint
    from core.inputs.input_arrays import read_input
    from core.models import model_spec
    from core.training.encode import encode

    figures: dict[str, float] = {}
    with temporary_store():
        demo = collections.add("demo", "demo", progress=progress)
        for name in CHECKPOINTS:
            model, meta = load_checkpoint(SHIPPED / f"{name}.safetensors")
            tracks = demo.tracks.iloc[held_out_rows(demo, meta)].reset_index(drop=True)
            part = Collection("demo", tracks, info=demo.info)
            data = read_input(part, meta["input"]["name"], progress=progress)
            pairs = data.take(np.flatnonzero(data.rows(needs_both=True)))
            shared = model_spec(model.name).compares_text_with_audio
            audio, text = (
                encode(model, pairs[modality], modality=modality, shared=shared)
                for modality in ("audio", "text")
            )
            found = evaluate_retrieval(audio, text, same_rows(pairs["text"]))
            figures |= {f"{model.name}_{key}": round(value, 4) for key, value in found.items()}
    return {**figures, "n_pairs": len(audio)}


def held_out_rows(collection: Collection, meta: dict) -> np.ndarray:
    """Return the rows of the tracks that a checkpoint's metadata list as held out."""
    held_out = set(meta["collection"]["held_out"])
    return np.flatnonzero(collection.tracks["track_id"].isin(held_out))


def evaluate_retrieval(audio: np.ndarray, text: np.ndarray, same: np.ndarray) -> dict[str, float]:
    """Return recall of a track's own text by its audio, with permuted texts and by chance.

    Parameters
    ----------
    audio, text : ndarray, shape=(n, d)
        Compared by cosine.
    same : ndarray of bool, shape=(n, n)
        Texts that count as a track's own.

    Returns
    -------
    dict
        ``recall_at_1``, ``recall_at_10``; ``_shuffled``, the same with permuted texts; ``chance_at_1``;
        ``p_value`` of a permutation test of the mean rank.
    """
    rng = np.random.default_rng(0)
    cosine = unit_rows(audio) @ unit_rows(text).T
    ranks = ranks_of(cosine, same)
    shuffled = np.stack([ranks_of(cosine[rng.permutation(len(audio))], same) for _ in range(N_PERMUTATIONS)])
    figures = {
        f"recall_at_{k}{suffix}": float((r < k).mean())
        for k in (1, 10)
        for suffix, r in (("", ranks), ("_shuffled", shuffled))
    }
    figures["p_value"] = float((1 + (shuffled.mean(1) <= ranks.mean()).sum()) / (1 + N_PERMUTATIONS))
    figures["chance_at_1"] = float(same.mean())
    return figures
