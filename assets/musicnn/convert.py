"""Convert the published musicnn checkpoints to safetensors, and prove that our network equals the published
graph.

Run once, in an environment of its own, because TensorFlow is no dependency of Songscape::

    pip download --no-deps musicnn==0.1.0 && unzip musicnn-0.1.0-*.whl -d wheel
    python -m venv tf-env && tf-env/bin/pip install tensorflow-cpu tf_keras safetensors torch
    tf-env/bin/python assets/musicnn/convert.py wheel

It writes ``mtt.safetensors`` and ``msd.safetensors`` beside itself, runs the published graph
(``musicnn.models.build_musicnn`` of the wheel) on seeded patches, stops where our torch network differs by
more than 1e-5 of the largest value, and keeps the published outputs in
``tests/fixtures/musicnn_expected.npz`` for the tests.
"""

import os
import sys
import types
from pathlib import Path

os.environ["TF_USE_LEGACY_KERAS"] = "1"  # tf.compat.v1.layers needs the old Keras

import numpy as np
import tensorflow as tf
import torch
from safetensors.torch import load_file, save_file

HERE = Path(__file__).resolve().parent
sys.path.insert(
    0, str(HERE.parent.parent / "core" / "features")
)  # the file alone: the package asks for more than torch
from musicnn_net import MusicnnNet  # noqa: E402

FIXTURE = HERE.parent.parent / "tests" / "fixtures" / "musicnn_expected.npz"
TOLERANCE = 1e-5

# TensorFlow numbers its layers in the order in which build_musicnn makes them
BLOCKS = [
    "timbral.0",
    "timbral.1",
    "temporal.0",
    "temporal.1",
    "temporal.2",
    "midend.0",
    "midend.1",
    "midend.2",
]
NORMS = ["input_norm", *(f"{block}.norm" for block in BLOCKS), "pool_norm", "dense_norm"]
DENSE = ["dense", "output"]


def numbered(name: str, number: int) -> str:
    """Spell a layer as TensorFlow does: ``conv2d``, ``conv2d_1`` …"""
    return f"{name}_{number}" if number else name


def convert(folder: Path) -> dict[str, torch.Tensor]:
    """Read one checkpoint and return it under our names and in torch's order of axes."""
    read = tf.compat.v1.train.NewCheckpointReader(f"{folder}/").get_tensor
    weights: dict[str, np.ndarray] = {}
    for number, ours in enumerate(NORMS):
        theirs = numbered("batch_normalization", number)
        for name, variable in (
            ("weight", "gamma"),
            ("bias", "beta"),
            ("running_mean", "moving_mean"),
            ("running_var", "moving_variance"),
        ):
            weights[f"{ours}.{name}"] = read(f"{theirs}/{variable}")
    for number, ours in enumerate(BLOCKS):
        theirs = numbered("conv2d", number)
        weights[f"{ours}.conv.weight"] = read(f"{theirs}/kernel").transpose(
            3, 2, 0, 1
        )  # (time, mel, in, out) → (out, in, time, mel)
        weights[f"{ours}.conv.bias"] = read(f"{theirs}/bias")
    for number, ours in enumerate(DENSE):
        theirs = numbered("dense", number)
        weights[f"{ours}.weight"] = read(f"{theirs}/kernel").T
        weights[f"{ours}.bias"] = read(f"{theirs}/bias")
    return {
        name: torch.from_numpy(np.ascontiguousarray(value, np.float32)) for name, value in weights.items()
    }


def seeded_patches() -> np.ndarray:
    """Return two patches that look like log-mel frames: shape (2, 187, 96), values in about 0..4."""
    rng = np.random.default_rng(20190704)
    slope = np.linspace(3.0, 0.5, 96)
    beat = 1 + 0.5 * np.sin(np.arange(187) / 6)[:, None]
    return np.clip(slope * beat + rng.normal(0, 0.4, (2, 187, 96)), 0, None).astype(np.float32)


def run_published(wheel: Path, folder: Path, patches: np.ndarray) -> dict[str, np.ndarray]:
    """Run the graph of the wheel's own code with the wheel's own weights."""
    package = types.ModuleType(
        "musicnn"
    )  # an empty parent: the real __init__ imports librosa, not needed here
    package.__path__ = [str(wheel / "musicnn")]
    sys.modules["musicnn"] = package
    from musicnn import models

    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        x = tf.compat.v1.placeholder(tf.float32, [None, 187, 96])
        training = tf.compat.v1.placeholder(tf.bool)
        logits, *_, mean_pool, max_pool, penultimate = models.define_model(x, training, folder.name, 50)
        wanted = {
            "tags": tf.nn.sigmoid(logits),
            "penultimate": penultimate,
            "mean_pool": mean_pool,
            "max_pool": max_pool,
        }
        tf.compat.v1.train.Saver().restore(session, f"{folder}/")
        return session.run(wanted, {x: patches, training: False})


def main(wheel: Path) -> None:
    patches = seeded_patches()
    kept = {"patches": patches}
    for network in ("mtt", "msd"):
        folder = wheel / "musicnn" / f"{network.upper()}_musicnn"
        path = HERE / f"{network}.safetensors"
        save_file(convert(folder), path, {"source": f"musicnn 0.1.0, {folder.name}, ISC licence"})
        path.chmod(0o644)
        net = MusicnnNet()
        net.load_state_dict(load_file(path), strict=True)
        with torch.inference_mode():
            ours = {name: value.numpy() for name, value in net.eval()(torch.from_numpy(patches)).items()}
        for name, expected in run_published(wheel, folder, patches).items():
            expected = expected.reshape(len(patches), -1)
            furthest, largest = np.abs(ours[name] - expected).max(), np.abs(expected).max()
            print(
                f"{network} {name:12s} {expected.shape} largest difference {furthest:.1e}, largest value "
                f"{largest:.2f}"
            )
            if furthest > TOLERANCE * max(1, largest):
                raise SystemExit(
                    f"{network} {name} differs by {furthest:.1e}, more than {TOLERANCE:.0e} of {largest:.2f}"
                )
            kept[f"{network}_{name}"] = expected
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(FIXTURE, **kept)
    print(f"kept {FIXTURE} ({FIXTURE.stat().st_size / 1024:.0f} KiB)")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
