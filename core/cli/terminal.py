"""What a terminal or a script gets: a command's result or its error and status; progress on standard error.

Progress is one line that is rewritten on a terminal, few lines in a log.
"""

import json
import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from core.errors import SongscapeError
from core.progress import Pace, Progress

PROGRAM = "python -m core"
UsageError = typer.BadParameter.__base__
"""What typer raises for every wrong usage; it exports only some of its kinds."""


def call(app: typer.Typer, args: list[str]) -> int:
    """Run a command and return its exit status.

    What the user can mend is one line on standard error and status 1; so is a file that can't be opened or
    written (a full disk, a folder in its place, no right to it). Wrong usage is one line and status 2. With
    ``--json`` standard output gets ``{"error": …}``, too; it gets one where a defect ends the command as
    well, which stays loud.
    """
    as_json = "--json" in (args[: args.index("--")] if "--" in args else args)
    try:
        return app(args, prog_name=PROGRAM, standalone_mode=False) or 0
    except UsageError as wrong:
        if not args:  # the help has been shown
            return 2
        return _fail(
            f"{wrong.format_message()} (see: {wrong.ctx.command_path if wrong.ctx else PROGRAM} --help)",
            as_json,
            2,
        )
    except (SongscapeError, OSError) as reason:
        return _fail(str(reason), as_json, 1)
    except Exception as defect:
        if as_json:
            tell(
                {
                    "error": f"a defect in Songscape ({type(defect).__name__}: {defect}); standard error "
                    "says more"
                },
                as_json,
                "",
            )
        raise


def _fail(message: str, as_json: bool, status: int) -> int:
    """Say in one line why a command failed."""
    message = " ".join(message.split())
    if as_json:
        tell({"error": message}, as_json, "")
    typer.echo(f"songscape: {message}", err=True)
    return status


def tell(value: dict, as_json: bool, text: str) -> None:
    """Print a result as JSON or as words."""
    typer.echo(json.dumps(_finite(value), ensure_ascii=False) if as_json else text)


def _finite(value):
    """Replace what JSON doesn't know (nan, numpy numbers) by what it does."""
    if isinstance(value, dict):
        return {str(k): _finite(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(v) for v in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


@contextmanager
def progress_line() -> Iterator[Progress]:
    """Give a progress callable that shows note, count, rate and time left."""
    line = _Line(sys.stderr.isatty())
    try:
        yield line
    finally:
        line.close()


class _Line:
    """Rewrites one line at most five times a second; without a terminal, a line every ten seconds."""

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
        """Leave the terminal's line empty."""
        if self.dirty:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def describe_progress(
    done: int, total: int, note: str, rate: float | None, left: float | None, figures: dict
) -> str:
    """Say in words where work stands: ``note 12 of 160, 3.4/s, 43 s left (total 0.71)``."""
    words = f"{note} {done} of {total}" if total else note
    if rate:
        words += f", {rate:.2g}/s, {left:.0f} s left"
    shown = {name: value for name, value in figures.items() if name not in ("epoch", "seconds")}
    if shown:
        words += " (" + ", ".join(f"{name} {value:.4g}" for name, value in shown.items()) + ")"
    return words
