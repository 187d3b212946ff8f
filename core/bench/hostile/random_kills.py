"""Commands killed at random or on a full disk: nothing owned is lost, and a rerun gives the same result."""

import os
import random
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.bench.hostile.killed_command import COUNT
from core.bench.hostile.watched_run import Outcome, run_watched
from core.simulated.small_whisper import save_whisper
from core.store.places import OWNED

SR, N_TRACKS = 16_000, 8
LIMIT_S = 300.0
DIGITS = 4
"""Of numbers that are compared: the rest of a batch that was interrupted is another batch."""
COUNTED = ("survived", "untold", "unopened", "lost", "different")
MOST_BYTES = 20_000
"""Of a file, where the disk is full."""
KILLED = "core.bench.hostile.killed_command"
_CHANGING = {"seconds", "path", "out", "libraries", "changes", "replaced", "taken_over"} | {"id", "created"}
"""Parts of an answer that differ from run to run, or tell what the first run left."""
_CHANGES_COLLECTION = "transcribe"
"""The command that changes the collection that it works on; it answers how much of that it did itself."""
_WORKING = {"training", "jobs"}
"""Owned folders whose files a command may replace."""


def commands(folder: Path) -> dict[str, list[str]]:
    """Return the commands that are killed, in the order in which each needs those before."""
    out = folder / "out"
    return {
        "add": ["add", str(folder / "audio"), "--name", "tones", "--label", "folder"],
        "extract": ["score", "tones", "--audio", "mfcc", "--n-clusters", "2", "--seeds", "1"],
        "train": [
            *("train", "tones", "--model", "mlp-vae:mfcc", "--set", "epochs=3"),
            *("--out", str(out / "tones.safetensors")),
        ],
        "export": [
            *("export", "tones", "--audio", "mfcc", "--n-clusters", "2"),
            *("--out", str(out / "tones.csv")),
        ],
        "transcribe": ["transcribe", "tones", "--model", str(folder / "whisper")],
        "recipe": [
            *("recipe", "run", "representations", "--on", "tones", "--quick"),
            *("--set", "audio=mfcc", "--set", "text=tfidf"),
        ],
    }


def kill_at_random(folder: Path, n: int, seed: int) -> dict[str, int]:
    """Disturb ``n`` commands and run each again.

    They are killed at a change of a file, killed after a time, and run on a full disk, in turn.

    Returns
    -------
    dict
        ``kills``; ``kills_survived``, commands that ended before; ``kills_untold``, on a full disk without a
        reason in one line; ``kills_unopened``, after which a
        collection could not be listed; ``kills_lost``, with an owned file missing or changed;
        ``kills_different``, whose rerun gave another result, or that left a file incomplete.
    """
    rng = random.Random(seed)
    env, references, lengths = _prepare(folder)
    counts = {f"kills{end}": 0 for end in ("", *(f"_{part}" for part in COUNTED))}
    names = list(references)
    for i in range(n):
        name = names[i % len(names)]
        n_changes, duration_s = lengths[name]
        disturbances = (
            (rng.randint(1, n_changes), 0, 0),
            (0, rng.uniform(0.2, duration_s), 0),
            (0, 0, rng.randint(1, MOST_BYTES)),
        )
        disturbance = disturbances[(i // len(names)) % len(disturbances)]
        _restore(folder, name)
        owned = _owned_files(folder)
        if name == _CHANGES_COLLECTION:
            owned = {path: data for path, data in owned.items() if path.parent.name != "tones"}
        command = [*commands(folder)[name], "--json"]
        killed = run_watched([*map(str, disturbance), *command], env=env, limit_s=LIMIT_S, module=KILLED)
        counts["kills"] += 1
        counts["kills_survived"] += killed.status == 0
        is_full = disturbance[2] > 0
        counts["kills_untold"] += is_full and killed.status not in (0, 1)
        listed = run_watched(["list", "--json"], env=env, limit_s=LIMIT_S)
        counts["kills_unopened"] += listed.status != 0 or "earlier" not in listed.output
        now = _owned_files(folder)
        counts["kills_lost"] += any(now.get(path) != content for path, content in owned.items())
        is_whole = _written(folder).items() <= references[name][2].items()
        _clear(folder / "out")  # a command that wrote its file doesn't write it again
        again = run_watched(command, env=env, limit_s=LIMIT_S)
        counts["kills_different"] += not is_whole or _result(folder, name, again) != references[name]
    return counts


def _prepare(folder: Path) -> tuple[dict[str, str], dict[str, Any], dict[str, tuple[int, float]]]:
    """Write the sounds, run every command undisturbed, and keep the store before each and its result.

    Returns
    -------
    env, references, lengths
        Lengths are the number of changes of files and the seconds of each command.
    """
    import soundfile as sf

    env = {**os.environ, "SONGSCAPE_" + "CACHE": str(folder / "store")}
    for i in range(N_TRACKS):
        path = folder / "audio" / "ab"[i % 2] / f"{i}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        noise = 0.02 * np.random.default_rng(i).standard_normal(3 * SR)
        sf.write(path, 0.3 * np.sin(np.arange(3 * SR) * (0.05 + 0.01 * i)) + noise, SR)
    (folder / "out").mkdir()
    save_whisper(folder / "whisper")
    texts = folder / "earlier.csv"
    texts.write_text("title,lyrics\n" + "\n".join(f"t{i},word{i} la la" for i in range(5)), encoding="utf-8")
    run_watched(["add", str(texts), "--name", "earlier", "--json"], env=env, limit_s=LIMIT_S)
    selection = folder / "store" / "selections" / "mine.json"
    selection.parent.mkdir(parents=True, exist_ok=True)
    selection.write_text('{"tracks": ["a"]}', encoding="utf-8")
    references, lengths = {}, {}
    for name, command in commands(folder).items():
        shutil.copytree(folder / "store", folder / f"before-{name}")
        _clear(folder / "out")
        outcome = run_watched(["0", "0", "0", *command, "--json"], env=env, limit_s=LIMIT_S, module=KILLED)
        if outcome.status != 0:
            raise RuntimeError(f"{name} failed undisturbed:\n{outcome.output}{outcome.errors}")
        references[name] = _result(folder, name, outcome)
        lengths[name] = (int(outcome.errors.rpartition(COUNT)[2]), outcome.seconds)
    return env, references, lengths


def _restore(folder: Path, name: str) -> None:
    """Put the store back as it was before a command, and delete what commands wrote."""
    shutil.rmtree(folder / "store")
    shutil.copytree(folder / f"before-{name}", folder / "store")
    _clear(folder / "out")


def _clear(folder: Path) -> None:
    """Delete the files of a folder."""
    for path in folder.iterdir():
        path.unlink()


def _owned_files(folder: Path) -> Mapping[Path, bytes]:
    """Return the content of the files that a user owns."""
    kinds = [folder / "store" / kind for kind in OWNED if kind not in _WORKING]
    return {path: path.read_bytes() for kind in kinds for path in kind.rglob("*") if path.is_file()}


def _result(folder: Path, name: str, outcome: Outcome) -> Any:
    """Return what a command answered and wrote, without times, and the collection's tracks."""
    answer = {key: value for key, value in outcome.answer.items() if key not in _CHANGING}
    tracks = pd.read_parquet(folder / "store" / "collections" / "tones" / "tracks.parquet")
    answer["tracks"] = tracks.round(DIGITS).to_json()
    if name == _CHANGES_COLLECTION:
        answer = {"tracks": answer["tracks"]}
    return outcome.status, answer, _written(folder)


def _written(folder: Path) -> dict[str, Any]:
    """Return the files that commands wrote, without those that were not complete."""
    files = [path for path in (folder / "out").iterdir() if not path.name.startswith(".tmp-")]
    return {path.name: _content(path) for path in files}


def _content(path: Path) -> Any:
    """Return the bytes of a file; of a checkpoint only those of its weights."""
    data = path.read_bytes()
    if path.suffix != ".safetensors":
        return data
    return data[8 + int.from_bytes(data[:8], "little") :]
