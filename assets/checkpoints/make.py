"""Train the checkpoints that are shipped with the demo, and keep its vectors and first maps beside it.

    python assets/checkpoints/make.py            # everything: some minutes on two cores
    python assets/checkpoints/make.py --no-train # vectors and maps only, after a change of front ends
    python assets/checkpoints/make.py --maps     # clusters, scores and maps only, after other changes
    python assets/checkpoints/make.py --only contrastive # this checkpoint and its vectors, no maps

All are trained with their model's defaults but demo-contrastive: musicnn's vectors and the texts' passages,
objective scl, temperature 0.3 (both the defaults here), and 10 epochs for 30; and demo-mae (preset tiny, 30
epochs), from which a fifth of the tracks is held out, so that what it can do on tracks it never saw can be
tested.

Run it again whenever the demo's sound or text, a front end or a model changes; tests/assets/test_shipped.py
says when that is due.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

TRAINED = {
    "conv-vae": "mel",
    "conv-ae": "mel",
    "cvae": "mel",
    "pca": "mel",
    "mlp-vae": "sentence",
    "contrastive": "musicnn+passages",
    "mae": "fbank+wordpieces",
}
"""Model and what it reads, each with its defaults but for what SETTINGS says."""

SETTINGS = {
    "contrastive": {"epochs": "10"},
    "mae": {"preset": "tiny", "held_out": "0.2", "keep": "last", "epochs": "30"},
}
"""What differs from a model's defaults: 10 epochs where the towers' default is 30, because held-out tracks of
the demo said so; and see above."""

VECTORS = {
    "musicnn": "audio",
    "musicnn-mtt": "audio",
    "mel": "audio",
    "mfcc": "audio",
    "conv-vae": "audio",
    "conv-ae": "audio",
    "cvae": "audio",
    "pca": "audio",
    "sentence": "text",
    "mlp-vae": "text",
    "contrastive": "audio+text",
    "mae": "audio+text",
}
"""Representations whose vectors are shipped, with their modalities."""


def train_all(models: dict[str, str]) -> None:
    """Train shipped models on the demo and write them in half precision."""
    from core.checkpoints.catalogue import SHIPPED
    from core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
    from core.cli.terminal import progress_line
    from core.training.train_collection import train_model

    for name, reads in models.items():
        with progress_line() as progress, tempfile.TemporaryDirectory() as folder:
            out = str(Path(folder) / "made.safetensors")
            made = train_model(
                "demo", f"{name}:{reads}", settings=SETTINGS.get(name), out=out, progress=progress
            )
            model, meta = load_checkpoint(Path(made["path"]))
        path = save_checkpoint(SHIPPED / f"demo-{name}.safetensors", model, meta, float16=True)
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, {made['seconds']} s")


def keep_first_looks(demo) -> None:
    """Walk through what Explore shows before anything is changed, and keep what the store then holds."""
    from core import store
    from core.pipeline.first_choice import first_choices
    from core.pipeline.layouts import layout, layout_chain
    from core.pipeline.space import build_space
    from core.pipeline.stages import find_clusters, score, score_fully

    for choice in first_choices(demo):
        space = build_space(demo, choice)
        score(demo, space, find_clusters(space, choice))
        score_fully(demo, space, choice)
        layout(demo, space, choice)
        if space.family:
            layout_chain(demo, choice)
    shutil.rmtree(store.SHIPPED, ignore_errors=True)
    for kind in ("spaces", "clusters", "scores", "layouts"):
        shutil.copytree(store.path_of("arrays", kind), store.SHIPPED / kind)


def ship_latents(demo, reps: dict[str, str]) -> None:
    """Compute the demo's vectors and write them to ``assets/demo/latents``."""
    from core.representation.represent import represent
    from core.representation.shipped_latents import record_provenance, save_latents, shipped_files

    for rep, modality, path in shipped_files(reps):
        save_latents(demo, represent(demo, rep, modality=modality, recompute=True), path)
        print(f"{path.name}: {path.stat().st_size / 1e3:.0f} kB")
    record_provenance(demo, reps)


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Return the options; an unknown one ends with status 2 before anything is trained."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    steps = parser.add_mutually_exclusive_group()
    steps.add_argument("--no-train", action="store_true", help="keep the checkpoints")
    steps.add_argument("--maps", action="store_true", help="keep the checkpoints and the vectors")
    parser.add_argument("--only", choices=VECTORS, help="one representation, without maps")
    args = parser.parse_args(argv)
    if args.maps and args.only:
        parser.error("--maps makes the maps of all representations: leave out --only")
    return args


def main() -> None:
    """Do it in a store of its own."""
    args = parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ["SONGSCAPE_CACHE"] = place
        from core import collection as collections
        from core import store
        from core.representation.shipped_latents import record_provenance

        if not args.only:
            shutil.rmtree(store.SHIPPED, ignore_errors=True)
        demo = collections.add("demo", "demo")
        if args.maps:
            record_provenance(demo, VECTORS)  # tests/assets/test_shipped.py compares the vectors with it
            keep_first_looks(demo)
            return
        if not args.no_train:
            train_all({name: reads for name, reads in TRAINED.items() if args.only in (None, name)})
        ship_latents(demo, {args.only: VECTORS[args.only]} if args.only else VECTORS)
        if not args.only:
            keep_first_looks(demo)


if __name__ == "__main__":
    main()
