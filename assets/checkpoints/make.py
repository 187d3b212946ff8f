"""Train the checkpoints that are shipped with the demo, and keep its vectors and first maps beside it.

    python assets/checkpoints/make.py --songs FOLDER --work FOLDER # everything; see README.md
    python assets/checkpoints/make.py --only mae --songs FOLDER    # this checkpoint and its vectors, no maps
    python assets/checkpoints/make.py --no-train # vectors and maps only, after a change of front ends
    python assets/checkpoints/make.py --maps     # clusters, scores and maps only, after other changes

What is trained with which settings stands in train_shipped.py, what is held out from all of it in
held_out.py. Without `--songs` no model is pretrained.

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
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

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
    "tfidf": "text",
    "mlp-vae": "text",
    "contrastive": "audio+text",
    "mae": "audio+text",
}
"""Representations whose vectors are shipped, with their modalities."""


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
    parser.add_argument("--songs", type=Path, help="renderings of other songs, to pretrain on")
    parser.add_argument(
        "--work",
        type=Path,
        help="store of features and unfinished trainings, from which a stopped run resumes",
    )
    args = parser.parse_args(argv)
    if args.maps and args.only:
        parser.error("--maps makes the maps of all representations: leave out --only")
    return args


def train_all(only: str | None, songs: Path | None) -> None:
    """Train the shipped models, or one of them."""
    from train_shipped import TRAINED, train_checkpoint

    from core import collection as collections

    demo = collections.add("demo", "demo")
    for name in TRAINED:
        if only in (None, name):
            train_checkpoint(demo, name, songs)


def main() -> None:
    """Do it in a store of its own; the maps in a new one, of which nothing else is kept."""
    args = parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ["SONGSCAPE_CACHE"] = str(args.work or place)
        from core import collection as collections
        from core import store
        from core.representation.shipped_latents import record_provenance

        if not (args.no_train or args.maps):
            train_all(args.only, args.songs)
        demo = collections.add("demo", "demo")
        if not args.maps:
            ship_latents(demo, {args.only: VECTORS[args.only]} if args.only else VECTORS)
        if args.only:
            return
        os.environ["SONGSCAPE_CACHE"] = place
        shutil.rmtree(store.SHIPPED, ignore_errors=True)
        demo = collections.add("demo", "demo")
        if args.maps:
            record_provenance(demo, VECTORS)  # tests/assets/test_shipped.py compares the vectors with it
        keep_first_looks(demo)


if __name__ == "__main__":
    main()
