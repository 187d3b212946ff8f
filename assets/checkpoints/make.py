"""Train the checkpoints that are shipped with the demo, and keep its vectors and first maps beside it.

    python assets/checkpoints/make.py            # everything: some minutes on two cores
    python assets/checkpoints/make.py --no-train # vectors and maps only, after a change of code between them

Run it again whenever the demo's sound or text, a front end or a model changes; tests/assets/test_shipped.py says
when that is due.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

TRAINED = {"conv-vae": "mel", "conv-ae": "mel", "cvae": "mel", "pca": "mel", "mlp-vae": "sentence"}
"""Model and what it reads, each with its published defaults."""

VECTORS = {
    "musicnn": "audio", "mel": "audio", "mfcc": "audio", "conv-vae": "audio", "conv-ae": "audio", "cvae": "audio", "pca": "audio",
    "sentence": "text", "mlp-vae": "text",
}  # fmt: skip
"""Representations whose vectors are shipped, with their modality."""


def train_all() -> None:
    """Train every shipped model on the demo and write it in half precision."""
    from core import work
    from core.checkpoints import SHIPPED
    from core.terminal import progress_line
    from core.training.checkpoint import load_checkpoint, save_checkpoint

    for name, reads in TRAINED.items():
        with progress_line() as progress, tempfile.TemporaryDirectory() as folder:
            made = work.train_model("demo", f"{name}:{reads}", out=str(Path(folder) / "made.safetensors"), progress=progress)
            model, meta = load_checkpoint(Path(made["path"]))
        path = save_checkpoint(SHIPPED / f"demo-{name}.safetensors", model, meta, float16=True)
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, {made['seconds']} s")


def opening_choices(collection) -> list:
    """Return what Explore shows of a collection before anything is changed: sound, words, both."""
    from core.pipeline import Choice
    from core.ui.words import list_representations

    audio, text = (next(iter(list_representations(collection, modality))) for modality in ("audio", "text"))
    return [Choice(audio=audio), Choice(audio=None, text=text), Choice(audio=audio, text=text)]


def keep_maps(collection) -> None:
    """Draw the maps that the demo opens with."""
    from core.pipeline import SHIPPED_LAYOUTS, build_space, draw_map, layout_key

    shutil.rmtree(SHIPPED_LAYOUTS, ignore_errors=True)
    SHIPPED_LAYOUTS.mkdir(parents=True)
    for choice in opening_choices(collection):
        space = build_space(collection, choice)
        np.save(SHIPPED_LAYOUTS / f"{layout_key(space, choice)}.npy", draw_map(space, choice))


def main() -> None:
    """Do it in a store of its own."""
    with tempfile.TemporaryDirectory() as place:
        os.environ.setdefault("SONGSCAPE_CACHE", place)
        from core import collection as collections
        from core.representation import ship_latents

        demo = collections.add("demo", "demo")
        if "--no-train" not in sys.argv:
            train_all()
        for path in ship_latents(demo, VECTORS):
            print(f"{path.name}: {path.stat().st_size / 1e3:.0f} kB")
        keep_maps(demo)


if __name__ == "__main__":
    main()
