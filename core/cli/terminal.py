"""Output of commands: result or error, exit status, and progress on standard error.

Progress is one line that is rewritten on a terminal, and a line every ten seconds in a log.
"""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer

from core.errors import SongscapeError
from core.progress import Pace, Progress

PROGRAM = "python -m core"
UsageError: Any = typer.BadParameter.__base__
"""Base class of typer's usage errors, which typer doesn't export; hence no static type."""


def call(app: typer.Typer, args: list[str]) -> int:
    """Run a command and return its exit status.

    An error that the user can fix is one line on standard error and status 1, as is a file that can't be
    opened or written (a full disk, no permission). Invalid usage is one line and status 2. With ``--json``
    standard output also gets ``{"error": …}``, for a defect too, which is raised nevertheless.
    """
    as_json = "--json" in (args[: args.index("--")] if "--" in args else args)
    try:
        return app(args, prog_name=PROGRAM, standalone_mode=False) or 0
    except UsageError as wrong:
        if not args:  # typer has printed the help
            return 2
        return _fail(
            f"{wrong.format_message()} (see: {wrong.ctx.command_path if wrong.ctx else PROGRAM} --help)",
            as_json,
            2,
        )
    except (SongscapeError, OSError) as reason:
        return _fail(str(reason), as_json, 1)
    except typer.Abort:  # Ctrl-C, or no answer to a question
        return _fail("stopped", as_json, 1)
    except Exception as defect:
        if as_json:
            message = f"a defect in Songscape ({type(defect).__name__}: {defect}); see standard error"
            print_result({"error": message}, as_json, "")
        raise


def _fail(message: str, as_json: bool, status: int) -> int:
    """Print the reason of a failure in one line; return the exit status."""
    message = " ".join(message.split())
    if as_json:
        print_result({"error": message}, as_json, "")
    typer.echo(f"songscape: {message}", err=True)
    return status


def print_result(value: dict, as_json: bool, text: str) -> None:
    """Print a result as JSON or as text."""
    from core.store import json_values

    typer.echo(json.dumps(json_values(value), ensure_ascii=False) if as_json else text)


def describe_left_out(reasons: Mapping[str, int]) -> str:
    """Describe how many tracks were left out and why, "" for none; ``reasons`` counts them."""
    if not reasons:
        return ""
    counts = "; ".join(f"{reason} ({count})" for reason, count in reasons.items())
    return f"{sum(reasons.values())} left out: {counts}"


@contextmanager
def progress_line() -> Iterator[Progress]:
    """Yield a progress callable that shows note, count, rate and time left."""
    line = _Line(sys.stderr.isatty())
    try:
        yield line
    finally:
        line.close()


class _Line:
    """Rewrite one line at most five times a second; without a terminal, print a line every ten seconds."""

    def __init__(self, is_terminal: bool):
        self.is_terminal, self.pause = is_terminal, 0.2 if is_terminal else 10.0
        self.last, self.pace, self.dirty = 0.0, Pace(), False

    def __call__(self, done: int, total: int, note: str = "", **figures) -> None:
        now = time.monotonic()
        rate, left = self.pace(done, total)
        if now - self.last < self.pause and not (figures and not self.is_terminal):
            return
        self.last = now
        text = describe_progress(done, total, note, rate, left, figures)
        sys.stderr.write(f"\r\x1b[K{text[:150]}" if self.is_terminal else text + "\n")
        sys.stderr.flush()
        self.dirty = self.is_terminal

    def close(self) -> None:
        """Clear the line."""
        if self.dirty:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def describe_progress(
    done: int, total: int, note: str, rate: float | None, left: float | None, figures: dict
) -> str:
    """Format the state of work: ``note 12 of 160, 3.4/s, 43 s left (total 0.71)``."""
    text = f"{note} {done} of {total}" if total else note
    if rate:
        text += f", {rate:.2g}/s, {left:.0f} s left"
    values = {name: value for name, value in figures.items() if name not in ("epoch", "seconds")}
    if values:
        text += " (" + ", ".join(f"{name} {value:.4g}" for name, value in values.items()) + ")"
    return text
