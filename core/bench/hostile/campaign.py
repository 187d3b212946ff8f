"""All parts of the hostile campaign, each in a temporary folder and store."""

import json
import os
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.bench.hostile.forged_requests import ROUTES, attack_server
from core.bench.hostile.hostile_audio import REFERRING, good_files, write_hostile
from core.bench.hostile.hostile_checkpoints import has_run, write_checkpoints
from core.bench.hostile.hostile_names import attack_names
from core.bench.hostile.hostile_tables import write_tables
from core.bench.hostile.random_kills import kill_at_random
from core.bench.hostile.watched_run import run_watched
from core.bench.map_app import start_app
from core.bench.temporary_store import STORE, environment, temporary_store
from core.collection.sources.roots import VARIABLE
from core.progress import Progress, silent

N_FILES, N_NAMES, N_KILLS = 1_000, 300, 50
LONGEST_S = 30.0
"""No file may take longer."""
_OTHERS = 5
"""As many tables and checkpoints as a fifth of the audio files."""


def run(
    progress: Progress = silent, seed: int = 0, files: int = N_FILES, kills: int = N_KILLS
) -> dict[str, Any]:
    """Run the campaign.

    Parameters
    ----------
    seed : int
        The same seed gives the same files, requests and kills.
    files : int
        Hostile audio files; a fifth as many tables and checkpoints, and as many names, and odd paths of each
        route, up to 300.
    kills : int
        Commands that are killed.

    Returns
    -------
    dict
        ``audio_…``, ``tables_…`` and ``checkpoints_…``: ``files``, ``usable``, ``refused``, ``unanswered``
        (after a crash or a hang), ``slowest_s``, ``peak_gb`` of resident memory; ``audio_fetched``,
        connections to a server that playlists point to; ``audio_followed``, files that point to others and
        became a track; ``add_crashed``, ``add_s``; ``pickles_run``; ``requests``, ``forged_accepted``,
        ``server_errors``, ``secrets_served``; and those of
        :func:`~core.bench.hostile.hostile_names.attack_names` and
        :func:`~core.bench.hostile.random_kills.kill_at_random`.
    """
    figures: dict[str, Any] = {"seed": seed}
    n_names = min(N_NAMES, files)
    with temporary_store(), tempfile.TemporaryDirectory() as name:
        progress(0, 6, "hostile audio files")
        figures |= attack_with_audio(Path(name) / "audio", files, seed)
        progress(1, 6, "hostile tables")
        figures |= attack_with("tables", Path(name) / "tables", files // _OTHERS, seed, write_tables)
        progress(2, 6, "hostile checkpoints")
        folder = Path(name) / "checkpoints"
        figures |= attack_with("checkpoints", folder, files // _OTHERS, seed, write_checkpoints)
        figures["pickles_run"] = int(has_run(folder))
        progress(3, 6, "forged requests")
        with start_app() as (address, _):
            figures |= attack_server(address, n_paths=n_names * len(ROUTES), seed=seed)
        progress(4, 6, "hostile names")
        figures |= attack_with_names(Path(name) / "names", n_names, seed)
        progress(5, 6, "killed commands")
        if kills:
            figures |= kill_at_random(Path(name) / "kills", kills, seed)
    return figures


def attack_with_names(folder: Path, n: int, seed: int) -> dict[str, int]:
    """Try hostile names with a store and an allowed root within ``folder``."""
    with environment({STORE: str(folder / "store"), VARIABLE: str(folder / "roots")}):
        return attack_names(folder, n, seed)


def attack_with(
    what: str, folder: Path, n: int, seed: int, write: Callable[[Path, int, int], int]
) -> dict[str, Any]:
    """Write ``n`` hostile files and read each in another process, which is watched.

    Returns
    -------
    dict
        With ``what`` before each name; see :func:`run`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    n = write(folder, n, seed)
    outcome = run_watched(
        [str(folder)],
        env=os.environ,
        limit_s=LONGEST_S * 20 + n,
        module="core.bench.hostile.check_files",
    )
    rows = [json.loads(line) for line in outcome.output.splitlines() if line.startswith("{")]
    figures = {
        "files": n,
        "usable": sum(row["reason"] is None for row in rows),
        "refused": sum(row["reason"] is not None for row in rows),
        "unanswered": n - len(rows),
        "slowest_s": max((row["seconds"] for row in rows), default=0.0),
        "peak_gb": round(outcome.peak_bytes / 1e9, 2),
    }
    followed = [row for row in rows if row["file"].startswith(REFERRING) and row["reason"] is None]
    return {f"{what}_{name}": value for name, value in figures.items()} | (
        {"audio_followed": len(followed)} if what == "audio" else {}
    )


def attack_with_audio(folder: Path, n: int, seed: int, *, with_sparse: bool = True) -> dict[str, Any]:
    """Read hostile audio files one by one, then add their folder as a collection."""
    folder.mkdir(parents=True, exist_ok=True)
    canary = folder.parent / "canary.wav"
    canary.write_bytes(good_files()["pcm.wav"])
    with _listener() as (port, connections):

        def write(into: Path, n: int, seed: int) -> int:
            return write_hostile(into, n, seed, port=port, canary=canary, with_sparse=with_sparse)

        figures = attack_with("audio", folder, n, seed, write)
        added = run_watched(
            ["add", str(folder), "--name", "hostile", "--json"], env=os.environ, limit_s=LONGEST_S * 20 + n
        )
        figures["audio_fetched"] = len(connections)
    listed = added.answer.get("n_tracks", 0) + added.answer.get("n_problems", 0)
    return figures | {
        "add_crashed": int(added.has_crashed or added.status != 0),
        "add_unlisted": max(0, n - listed),
        "add_s": round(added.seconds, 1),
        "add_peak_gb": round(added.peak_bytes / 1e9, 2),
        "add_stderr_lines": sum("reading" not in line for line in added.errors.split("\n") if line.strip()),
    }


@contextmanager
def _listener() -> Iterator[tuple[int, list[str]]]:
    """Listen on a port of 127.0.0.1; yield it and the list of who connected."""
    connections: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, address = server.accept()
                except OSError:
                    return
                connections.append(str(address))
                connection.close()

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1], connections
        server.shutdown(socket.SHUT_RDWR)
