"""Train the shipped checkpoints on four fifths of the demo, two of them after pretraining on other songs."""

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from held_out import held_out_rows

TRAINED = {
    "contrastive": "musicnn+passages",
    "mae": "fbank+wordpieces",
    "conv-vae": "mel",
    "conv-ae": "mel",
    "cvae": "mel",
    "pca": "mel",
    "mlp-vae": "sentence",
}
"""Model and what it reads, with its defaults but for the following."""

MAE = {"preset": "tiny", "batch_size": "12", "text_mask_ratio": "0.15"}
"""As many word pieces are masked as in BERT: predicting them takes most of the time that a batch takes."""

PRETRAINING = {
    "contrastive": {"epochs": "8", "held_out": "0.1"},
    "mae": {**MAE, "epochs": "1"},
}
"""Settings on the other songs; a tenth of them decides after which epoch the towers are kept."""

TRAINING = {
    "contrastive": {"epochs": "10"},
    "mae": {**MAE, "epochs": "8", "halve_from": "6", "halve_every": "1"},
    "conv-vae": {"epochs": "10"},
    "conv-ae": {"epochs": "4"},
    "cvae": {"epochs": "4"},
}
"""Settings on the demo; more epochs of the last four need a machine of one's own, or an hour."""

SAME_TEXT = 0.5
"""Share of common words (Jaccard) from which two texts are taken for the same poem."""


def train_checkpoint(demo, name: str, songs: Path | None) -> Path:
    """Train one model, on the songs first where it pretrains and they are given, and ship it.

    A run that was stopped goes on after its last epoch when it is started again with the same store.
    """
    from core.checkpoints.catalogue import SHIPPED

    held = held_out_rows(demo.tracks)
    settings = TRAINING.get(name, {})
    if name in PRETRAINING and songs is not None:
        others = other_songs(songs, demo, held)
        rows = np.arange(others.n_tracks)
        start = _fit(others, rows, name, PRETRAINING[name], f"songs-{name}")
        settings = {**settings, "start": str(start)}
    kept = np.setdiff1d(np.arange(demo.n_tracks), held)
    facts = {"held_out": demo.tracks["track_id"].iloc[held].tolist()}
    made = _fit(demo, kept, name, settings, f"demo-{name}", facts, float16=True)
    shutil.copyfile(made, SHIPPED / made.name)
    return SHIPPED / made.name


def other_songs(folder: Path, demo, held: np.ndarray):
    """Return the renderings in `folder` as a collection, without songs on a poem of a held-out track.

    Their composers are none of the held-out tracks' where they were rendered with ``--without``; this is
    checked.

    Raises
    ------
    ValueError
        When a rendering's composer is one of the held-out tracks'.
    """
    from core import collection as collections

    found = collections.add(str(folder), "songs", text=folder / "songs.csv", on="file")
    tests = demo.tracks.iloc[held]
    if both := sorted(set(tests["artist"]) & set(found.tracks["artist"]) - {"", "Traditional", "Anonymous"}):
        raise ValueError(
            f"{folder} has songs of composers whose tracks are held out: {', '.join(both)}; render it with "
            "--without"
        )
    poems = [_words(text) for text in tests["lyrics"] if text]
    clean = [
        all(len(words & poem) < SAME_TEXT * len(words | poem) for poem in poems)
        for words in map(_words, found.tracks["lyrics"])
    ]
    tracks = found.tracks[clean].reset_index(drop=True)
    print(f"{len(tracks)} songs to pretrain on; {len(found.tracks) - len(tracks)} on held-out poems left out")
    return collections.Collection("songs", tracks, info=found.info)


def _words(text: str) -> set[str]:
    """Return the different words of a text."""
    return set(re.findall(r"\w+", text.casefold()))


def _fit(
    collection,
    rows: np.ndarray,
    name: str,
    settings: dict[str, str],
    stem: str,
    facts: dict[str, Any] | None = None,
    float16: bool = False,
) -> Path:
    """Train a model on some tracks and return its checkpoint in the store; one that is there is kept."""
    from core import store
    from core.checkpoints.checkpoint import save_checkpoint
    from core.cli.terminal import progress_line
    from core.inputs.input_arrays import read_input
    from core.models import model_spec
    from core.training.fit import fit_model
    from core.training.targets import number_labels

    spec = model_spec(name)
    with progress_line() as progress:
        given = read_input(collection, TRAINED[name], progress=progress)
        usable = given.rows(needs_both=spec.needs_both)
        rows = rows[usable[rows]]
        start = Path(settings["start"]).read_bytes() if "start" in settings else b""
        plain = {key: value for key, value in settings.items() if key != "start"}
        state = store.folder("training", f"{stem}-{store.key_of(given.key, plain, rows, start)}")
        if not (made := state / f"{stem}.safetensors").exists():
            labels, names = number_labels(list(collection.tracks["label"].iloc[rows]))
            data = given.take(rows)
            model, meta = fit_model(
                name,
                data if spec.reads_two else data["x"],
                input_extractor=given.details,
                labels=labels,
                label_names=names,
                settings=settings,
                collection={"name": collection.name, "n_tracks": len(rows), **(facts or {})},
                progress=progress,
                state_path=state / "state.safetensors",
            )
            with tempfile.TemporaryDirectory(dir=state) as half:
                save_checkpoint(Path(half) / made.name, model, meta, float16=float16).rename(made)
            (state / "state.safetensors").unlink(missing_ok=True)
            print(f"{made.name}: {made.stat().st_size / 1e6:.1f} MB, {len(rows)} tracks, {meta['seconds']} s")
    return made
