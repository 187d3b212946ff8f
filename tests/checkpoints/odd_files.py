"""Files that call themselves checkpoints: written byte by byte, so that anything can stand in them."""

import json
import os
import struct
from pathlib import Path

META = {
    "format": 1,
    "model": "mlp-vae",
    "config": {"latent_dim": 2, "hidden": [3], "decoder_hidden": [3], "beta": 1.0, "scaling": "normalised"},
    "input": {"name": "table", "config": {"prefix": ""}},
    "input_shape": [4],
    "n_labels": 0,
    "latent_dim": 2,
    "n_parameters": 9,
    "sees_labels": False,
    "created": "2026-11-21T03:37:09+00:00",
    "labels": ["a", "b"],
    "training": {"epochs": 2, "lr": 0.1, "keep": "best"},
    "started_from": "nothing",
    "collection": {"name": "songs", "n_tracks": 5, "source": "/music"},
    "n_tracks": 5,
    "n_examples": 5,
    "seconds": 1.5,
    "history": {
        "rows": [{"epoch": 1, "train_total": 2.0, "seconds": 0.1}, {"epoch": 2, "train_total": None}],
        "best_epoch": None,
        "stopped_early": False,
    },
    "figures": {
        "active_units": 1,
        "latent_dim": 2,
        "kl_per_dimension": [0.5, None],
        "effective_rank": 2.0,
        "spread": 0.5,
    },
    "folds": {
        "rows": [
            {
                "fold": 1,
                "n_tracks": 5,
                "accuracy": 0.5,
                "precision": 0.5,
                "recall": None,
                "f1": 0.5,
                "mean_average_precision": 0.5,
            }
        ],
        **{
            part: {
                "accuracy": 0.5,
                "precision": 0.5,
                "recall": 0.5,
                "f1": 0.5,
                "mean_average_precision": None,
            }
            for part in ("mean", "deviation", "control")
        },
        "average_precision": {"rock": 0.5, "folk": None},
        "n_folds": 2,
        "seed": 0,
        "threshold": 0.18,
    },
}
"""All fields that are written today."""

TENSOR = {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}


def write(
    path: Path, meta=META, tensors: dict | None = None, n_bytes: int = 24, *, header: str | None = None
) -> Path:
    """Write a file from metadata (JSON-able or text), tensor entries and a number of bytes; or any header."""
    text = meta if isinstance(meta, str) else json.dumps(meta)
    head = (
        header
        if header is not None
        else json.dumps({"__metadata__": {"songscape": text}, **(tensors or {"w": TENSOR})})
    ).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(head)) + head + bytes(n_bytes))
    return path


def fill(folder: Path) -> list[str]:
    """Put into a folder everything that must stop nobody; return the names."""
    before = set(folder.glob("*"))
    deep = "[" * 5_000 + "]" * 5_000
    write(folder / "created.safetensors", META | {"created": 5})
    write(folder / "collection.safetensors", META | {"collection": "x"})
    write(folder / "model.safetensors", META | {"model": ["pca"]})
    write(folder / "list.safetensors", [META])
    write(folder / "deep.safetensors", deep)
    write(folder / "nested.safetensors", META | {"note": json.loads("[" * 50 + "]" * 50)})
    write(folder / "deep-header.safetensors", header='{"a":' * 5_000 + "1" + "}" * 5_000)
    write(folder / "extractor.safetensors", META | {"input": {"name": "nonsense"}})
    write(folder / "half.safetensors", META | {"collection": {"name": "\ud800"}})
    (folder / "empty.safetensors").touch()
    (folder / "folder.safetensors").mkdir()
    (folder / "folder.safetensors" / "inside").write_text("x")
    (folder / "dangling.safetensors").symlink_to(folder / "nowhere")
    (folder / "circle.safetensors").symlink_to(folder / "circle.safetensors")
    os.mkfifo(folder / "fifo.safetensors")
    (folder / os.fsdecode(b"caf\xe9.safetensors")).write_bytes(b"")
    return sorted(
        path.name.encode("utf-8", "backslashreplace").decode() for path in set(folder.glob("*")) - before
    )
