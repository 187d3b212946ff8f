"""Write the fixture of ``tests/store/test_store_of_0_1.py``: a small store with one of everything, by 0.1.0.

The files beside this script were made by commit 9a19bab with ``python -m tests.store_0_1.make`` and stay as
they are: run later, the script writes what that later version writes. They hold absolute paths below
:data:`ROOT`, as a store does; the test puts its own folder in their place.

- ``music/``: the source folder of the collection ``songs``; two labels, a broken file, a duplicate.
- ``store/``: the store. Locks, compiled code and large features are left out.
- ``expected.json``, ``vectors.npz``: what that version said of this store.
"""

import json
import os
import shutil
from pathlib import Path
from urllib.parse import parse_qsl

from tests.store_0_1.opening import ROOT as PLACE
from tests.store_0_1.opening import read_address, run

HERE = Path(__file__).resolve().parent
ROOT = Path(PLACE)
WHISPER = "somebody/tiny-whisper"
MODELS = {
    "mlp-vae:table": {"epochs": "2", "latent_dim": "4", "hidden": "8", "decoder_hidden": "8"},
    "gated-vae:table+tfidf": {"epochs": "2", "latent_dim": "4", "hidden": "8", "decoder_hidden": "8"},
    "cvae:mel-centre": {"epochs": "1", "latent_dim": "3", "label_dim": "2", "channels": "2,2,2,2"},
    "pca:mfcc": {"n_components": "2"},
}
TRAINED_ON = {"cvae:mel-centre": "songs", "pca:mfcc": "songs"}
"""The collection of a model; ``numbers`` for the others."""
VECTORS = (
    "songs mfcc audio",
    "recorded mfcc audio",
    "songs pca:mfcc audio",
    "songs cvae audio",
    "recorded musicnn audio",
    "numbers table audio",
    "numbers tfidf text",
    "numbers mlp-vae audio",
    "numbers numbers-gated-vae-table+tfidf-1 audio",
    "numbers numbers-gated-vae-table+tfidf-1 text",
)
"""Collections, representations and modalities."""
SCORES = {
    "numbers": "--audio mlp-vae --text tfidf --text-weight 0.3 --n-clusters 2 --seeds 2",
    "songs": "--audio mfcc --n-clusters 2 --seeds 1",
}
ADDRESSES = {
    "weighted": "on=numbers&look=fused&audio=mlp-vae&text=tfidf&fusion=weighted&weight=0.3&k=4&map=pca"
    "&colour=label&words=caption",
    "dbscan": "on=songs&look=audio&audio=mfcc&cluster=dbscan&dbscan.eps.own=1&dbscan.eps=3.5"
    "&dbscan.min_samples=2&map=pca",
    "found": "on=numbers&look=text&text=tfidf&search=1&map=pca&find=rain+river",
    "joint": "on=numbers&look=fused&audio=gated-vae&text=gated-vae&fusion=joint&k=3&map=pca",
}
"""Addresses of Explore as they are typed; the page completes them."""
LASSO = (1, 4, 7, 30)
"""Rows of ``numbers`` that are circled under the first address."""
LARGE = ("mel", "sentence")
"""Tables of features that are left out."""


def main() -> None:
    """Make everything, and put it beside this script."""
    shutil.rmtree(ROOT, ignore_errors=True)
    os.environ |= {
        "SONGSCAPE_CACHE": str(ROOT / "store"),
        "HF_HUB_CACHE": str(ROOT / "hub"),
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
    }
    make_music(ROOT / "music")
    add_collections()
    write_texts()
    train()
    told = {"root": str(ROOT), "scores": {name: score(name, given.split()) for name, given in SCORES.items()}}
    keep_vectors(ROOT / "vectors.npz")
    told |= {"explore": visit(), "jobs": do_jobs(), "captioner": CAPTIONER, "whisper": WHISPER}
    told |= {
        "list": run("list"),
        "collections": {name: run("list", name) for name in ("numbers", "recorded", "songs")},
    }
    make_excerpt()
    (ROOT / "expected.json").write_text(
        json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    publish()


def write_sound(path: Path, frequency: float, seconds: float = 0.4, sr: int = 8_000, **how) -> None:
    import numpy as np
    import soundfile

    path.parent.mkdir(parents=True, exist_ok=True)
    t = np.arange(round(seconds * sr)) / sr
    y = 0.4 * np.sin(2 * np.pi * frequency * t) * (1 + np.sin(2 * np.pi * 5 * t)) / 2
    soundfile.write(path, y + np.random.default_rng(round(frequency)).normal(0, 0.002, len(y)), sr, **how)


def make_music(folder: Path) -> None:
    """Write the source folder of ``songs``."""
    write_sound(folder / "reel" / "first.flac", 220)
    write_sound(folder / "reel" / "second.wav", 247, subtype="FLOAT")
    write_sound(folder / "march" / "third.flac", 1_760)
    write_sound(folder / "march" / "fourth, with a comma.flac", 1_975)
    (folder / "reel" / "first.txt").write_text("words that came with the file\n", encoding="utf-8")
    (folder / "march" / "broken.wav").write_bytes(b"RIFF\x24\x00\x00\x00WAVEfmt no sound at all")
    shutil.copyfile(folder / "reel" / "first.flac", folder / "reel" / "zz again.flac")


def make_table() -> bytes:
    """Return a table of 40 rows in two groups, as CSV."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(9)
    group = np.arange(40) % 2
    words = np.array(
        ["rain", "river", "night", "drum", "city", "gold", "wolf", "sun", "road", "bread", "glass", "fire"]
    )
    X = np.where(group[:, None], 4.0, 0.0) + rng.standard_normal((40, 5))
    frame = pd.DataFrame(X.round(3), columns=[f"x{i}" for i in range(5)])
    return (
        frame.assign(
            title=[f"row {i + 1:02}" for i in range(40)],
            artist=np.array(["Nobody", "Somebody"])[rng.integers(0, 2, 40)],
            genre=np.array(["polka", "waltz"])[group],
            language="en",
            lyrics=[
                " ".join(rng.choice(np.roll(words, -6 * g)[:7], size=9)) if i != 39 else ""
                for i, g in enumerate(group)
            ],
        )
        .to_csv(index=False)
        .encode()
    )


def add_collections() -> None:
    """Add a folder, a table and two sounds, the last two as the browser uploads them."""
    from core.collection.uploads import keep_uploads

    run("add", str(ROOT / "music"), "--name", "songs", "--label", "folder")
    sheet = keep_uploads("table-numbers", [("numbers.csv", make_table())])
    run("add", str(sheet), "--name", "numbers", "--label", "genre")
    for name, frequency in (("one.flac", 330), ("two.flac", 2_637)):
        write_sound(ROOT / "upload" / name, frequency)
    folder = keep_uploads(
        "recorded", [(path.name, path.read_bytes()) for path in sorted((ROOT / "upload").iterdir())]
    )
    run("add", str(folder), "--name", "recorded")


CAPTIONER = {"OPENAI_BASE_URL": "", "OPENAI_API_KEY": "none", "SONGSCAPE_CAPTION_MODEL": "small"}
"""The environment that names the language model."""


def write_texts() -> None:
    """Write captions by a language model and offline, and lyrics by a network."""
    from tests.captions.chat_server import ChatServer
    from tests.lyrics.whisper_folder import save_whisper

    server = ChatServer()
    CAPTIONER["OPENAI_BASE_URL"] = server.url
    os.environ |= CAPTIONER
    run("caption", "numbers", "--with", "endpoint", "--yes")
    server.close()
    run("caption", "recorded")
    place = ROOT / "hub" / f"models--{WHISPER.replace('/', '--')}"
    (place / "refs").mkdir(parents=True)
    (place / "refs" / "main").write_text("0" * 40)
    save_whisper(place / "snapshots" / ("0" * 40))
    run("transcribe", "songs", "--model", WHISPER, "--language", "de")


def train() -> None:
    """Train one of each kind of checkpoint."""
    for model, settings in MODELS.items():
        given = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
        run("train", TRAINED_ON.get(model, "numbers"), "--model", model, *given)


def score(name: str, given: list[str]) -> dict:
    """Score a collection, and let layouts and fusions be kept, too."""
    told = run("score", name, *given)
    out = ["--projection", "pca", "--out", str(ROOT / "map.parquet")]
    run("map", name, *given[: given.index("--seeds")], *out)
    if name == "numbers":
        run(
            "map",
            name,
            "--audio",
            "table",
            "--text",
            "tfidf",
            "--fusion",
            "per-track",
            "--cluster",
            "dbscan",
            *out,
        )
    return told


def keep_vectors(path: Path) -> None:
    """Keep what each of :data:`VECTORS` gives."""
    import numpy as np

    from core import collection
    from core.representation import represent

    kept = {}
    for what in VECTORS:
        name, rep, modality = what.split()
        kept[what] = represent(collection.load(name), rep, modality=modality).X
    np.savez_compressed(path, **kept)


def visit() -> dict:
    """Open Explore under each address; return the address it has then, the choice and the selected tracks."""
    from streamlit.testing.v1 import AppTest

    from core.ui.results import results

    told = {}
    for name, typed in ADDRESSES.items():
        at = AppTest.from_file(str(HERE.parents[1] / "pages" / "explore.py"), default_timeout=300)
        run_under(at, dict(parse_qsl(typed)))
        results().settle()
        address = address_of(at.run())
        address = select(address) if name == "weighted" else address
        told[name] = {"address": address, **read_address(address)}
    return told


def select(query: dict) -> dict:
    """Circle tracks and click one of them; return the address."""
    from streamlit.testing.v1 import AppTest

    at = AppTest.from_function(circle, default_timeout=300)
    return address_of(run_under(at, query))


def run_under(at, query: dict):
    """Run a page under an address."""
    for key, value in query.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception and not at.error, (at.exception, at.error)
    return at


def address_of(at) -> dict:
    """Return the address that a page has now."""
    return {key: value[0] if isinstance(value, list) else value for key, value in at.query_params.items()}


def circle() -> None:
    """A page on which tracks are circled and one is clicked."""
    from core import collection as collections
    from core.pipeline import build_space
    from core.ui import selection
    from core.ui.choice import choose, choose_collection
    from core.ui.soundmap import Pick
    from core.ui.url_state import read_address, write_address
    from tests.store_0_1.make import LASSO

    read_address("explore")
    collection = collections.load(choose_collection(collections.names()))
    choice, _ = choose(collection)
    space = build_space(collection, choice)
    selection.take_pick(collection, space, Pick("lasso", LASSO))
    selection.take_pick(collection, space, Pick("click", LASSO[2:3]))
    write_address()


def do_jobs() -> dict:
    """Do two jobs in processes of their own, one of which fails; return what is known of them."""
    from core import jobs

    told = {}
    for settings in (
        {"epochs": "2", "latent_dim": "3", "hidden": "8", "decoder_hidden": "8"},
        {"epochs": "many"},
    ):
        job_id = jobs.start(
            "train", "Beta-VAE on numbers", collection="numbers", model="beta-vae:table", settings=settings
        )
        done = jobs.wait(job_id, 300)
        told[job_id] = {
            "kind": done.kind,
            "title": done.title,
            "args": done.args,
            "state": done.state,
            "error": done.error,
            "result": done.result,
            "losses": jobs.figures(job_id).to_dict("list"),
        }
    return told


def make_excerpt() -> None:
    """Ask for the sound that browsers can't play as it is."""
    from core.audio.excerpt import playable

    playable(ROOT / "music" / "reel" / "second.wav")


def publish() -> None:
    """Put the files beside this script."""
    for name in ("locks", "numba"):
        shutil.rmtree(ROOT / "store" / name, ignore_errors=True)
    for table in [path for name in LARGE for path in (ROOT / "store" / "rows").glob(f"{name}-*.lance")]:
        shutil.rmtree(table)
    for path in (ROOT / "store" / "arrays").rglob("*.npy"):
        if path.stat().st_size > 50_000:
            path.unlink()
    for name in ("music", "store"):
        shutil.rmtree(HERE / name, ignore_errors=True)
        shutil.copytree(ROOT / name, HERE / name)
    for name in ("expected.json", "vectors.npz"):
        shutil.copyfile(ROOT / name, HERE / name)
    shutil.rmtree(ROOT)


if __name__ == "__main__":
    main()
