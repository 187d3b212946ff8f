"""Many sessions at once that use Explore and look at other pages, as people would, from one seed."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.bench.map_app import start_app
from core.bench.sessions.client import Session
from core.bench.temporary_store import temporary_store
from core.progress import Progress, silent

N_SESSIONS, SECONDS = 20, 600.0
PAUSE_S = (5.0, 15.0)
"""Between two actions of a person."""
TTL_S = 5
"""How long the server keeps a session that was closed."""
SETTLE_S = 3 * TTL_S
N_TRACKS = 200
"""Rows of the demo that are clicked."""
MAP = "explore-map"
MIB = 2**20


@dataclass
class Record:
    """What was measured: the seconds of each action, and what failed."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def run(
    progress: Progress = silent, sessions: int = N_SESSIONS, seconds: float = SECONDS, seed: int = 0
) -> dict[str, Any]:
    """Let sessions use the demo at once; they begin within the first tenth of the time.

    Every 5 to 15 seconds each clicks a track on the map, changes k, the clustering, the colour, the filter or
    the projection, searches, or looks at another page and returns.

    Returns
    -------
    dict
        ``actions``; ``median_s``, ``p95_s`` and ``slowest_s`` of an action until the page had answered, and
        ``p95_s`` by kind; ``errors``: sessions that broke off, actions without an answer, errors on a page, a
        track that was not the current one after a click; ``mb_before``: of the server, after one session;
        ``mb_per_session``: by which each session with the first page open made it larger; ``mb_peak``: of the
        server and its processes during use; ``mb_after``: of the server once all are closed and forgotten;
        ``mb_again``: after as many sessions opened the page once more and were closed: what grew is lost with
        every session, the rest is caches that all share, and reused.
    """
    settings = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(TTL_S)}
    with temporary_store(), start_app(env=settings) as (address, process):
        return asyncio.run(_measure(address, process.pid, sessions, seconds, seed, progress))


async def _measure(
    address: str, pid: int, n: int, seconds: float, seed: int, progress: Progress
) -> dict[str, Any]:
    """Run all sessions and watch the server."""
    record = Record()
    await _hold(address, 1, record, lambda: 0)
    before = _memory(pid)
    held = await _hold(address, n, record, lambda: _memory(pid))
    peaks = [held]
    watcher = asyncio.create_task(_watch(pid, seconds, peaks, progress))
    people = [_person(address, random.Random(seed * 1_000 + i), seconds, record) for i in range(n)]
    await asyncio.gather(*people)
    watcher.cancel()
    await asyncio.sleep(SETTLE_S)
    after = _memory(pid)
    await _hold(address, n, record, lambda: 0)
    times = np.array([one for kind in record.seconds.values() for one in kind])
    for text in sorted(set(record.errors)):
        progress(1, 1, f"error: {text[:200]}")
    return {
        "sessions": n,
        "seconds": seconds,
        "actions": len(times),
        "median_s": round(float(np.median(times)), 2),
        "p95_s": round(float(np.quantile(times, 0.95)), 2),
        "slowest_s": round(float(times.max()), 2),
        "errors": len(record.errors),
        "mb_before": round(before / MIB),
        "mb_per_session": round((held - before) / MIB / n, 1),
        "mb_peak": round(max(peaks) / MIB),
        "mb_after": round(after / MIB),
        "mb_again": round(_memory(pid) / MIB),
        **{
            f"p95_s_{kind}": round(float(np.quantile(values, 0.95)), 2)
            for kind, values in record.seconds.items()
        },
    }


async def _hold(address: str, n: int, record: Record, measure: Callable[[], int]) -> int:
    """Open the first page in sessions, measure, close them, and wait until the server has forgotten them."""
    async with AsyncExitStack() as stack:
        for _ in range(n):
            session = await stack.enter_async_context(Session(address))
            await _guard(record, session.open())
        measured = measure()
    await asyncio.sleep(SETTLE_S)
    return measured


async def _person(address: str, rng: random.Random, seconds: float, record: Record) -> None:
    """Use the app for a while."""
    end = time.monotonic() + seconds
    await asyncio.sleep(rng.uniform(0, seconds / 10))
    await _guard(record, _use(address, rng, end, record))


async def _guard(record: Record, work: Awaitable[object]) -> None:
    """Wait for a session, and keep the reason where it breaks off."""
    try:
        await work
    except (OSError, TimeoutError) as reason:
        record.errors.append(f"{type(reason).__name__}: {reason}")


async def _use(address: str, rng: random.Random, end: float, record: Record) -> None:
    """Open a session and act in it until the end."""
    async with Session(address) as session:
        _keep(record, "open", await session.open())
        while time.monotonic() < end:
            await asyncio.sleep(rng.uniform(*PAUSE_S))
            offered = [one for one in ACTIONS if one.key in session.widgets]
            action = rng.choices(offered, [one.weight for one in offered])[0]
            _keep(record, action.name, await action.act(session, rng))
        record.errors += session.errors


def _keep(record: Record, kind: str, seconds: float) -> None:
    """Keep how long an action took."""
    record.seconds.setdefault(kind, []).append(seconds)


async def _click(session: Session, rng: random.Random) -> float:
    """Click a track."""
    return await session.click(MAP, rng.randrange(N_TRACKS))


async def _visit(session: Session, rng: random.Random) -> float:
    """Look at another page and return; the first of the two counts."""
    seconds = await session.open(rng.choice(("Compare", "Library", "Models", "Papers", "Help")))
    await asyncio.sleep(1)
    await session.open("Explore")
    return seconds


@dataclass(frozen=True)
class Action:
    """What people do.

    Attributes
    ----------
    name : str
    weight : int
        How often, beside the others.
    key : str
        Key of the widget that it needs.
    act : callable
        Does it and returns the seconds until the page had answered.
    """

    name: str
    weight: int
    key: str
    act: Callable[[Session, random.Random], Awaitable[float]]


def _change(name: str, weight: int, key: str, draw: Callable[[random.Random], Any]) -> Action:
    """Return the action that gives a widget a drawn value."""

    async def act(session: Session, rng: random.Random) -> float:
        return await session.change(key, draw(rng))

    return Action(name, weight, key, act)


def _choose(name: str, weight: int, key: str, most: int) -> Action:
    """Return the action that chooses one of the first options of a list."""

    async def act(session: Session, rng: random.Random) -> float:
        return await session.change(key, rng.choice(session.options(key)[:most]))

    return Action(name, weight, key, act)


ACTIONS = (
    Action("click", 8, MAP, _click),
    _change("k", 3, "k", lambda rng: [float(rng.randint(2, 12))]),
    _choose("colour", 2, "colour", 3),
    _choose("clustering", 2, "cluster", 3),
    _change("filter", 2, "filter", lambda rng: rng.choice(("love", "rain", "night", ""))),
    _change("search", 1, "find", lambda rng: rng.choice(("calm piano", "fast drums", ""))),
    _choose("projection", 1, "map", 4),
    Action("page", 2, MAP, _visit),
)


def _memory(pid: int, *, with_children: bool = False) -> int:
    """Return the resident memory of the server in bytes."""
    import psutil

    server = psutil.Process(pid)
    total = 0
    for process in (server, *(server.children(recursive=True) if with_children else ())):
        with suppress(psutil.Error):  # it has ended meanwhile
            total += process.memory_info().rss
    return total


async def _watch(pid: int, seconds: float, peaks: list[int], progress: Progress) -> None:
    """Keep the memory of the server and its processes, and report the time that has passed."""
    began = time.monotonic()
    while True:
        peaks.append(_memory(pid, with_children=True))
        progress(int(time.monotonic() - began), int(seconds), "seconds of use")
        await asyncio.sleep(1)
