"""The command line: the same actions as on the pages, for terminals and scripts.

Results go to standard output (with ``--json`` one object and nothing else), progress to standard error. Exit
status: 0 success, 1 an error that the user can fix (one line says what), 2 wrong usage (one line, too).
"""

import io
import sys
from collections.abc import Callable

import typer

from core.cli.commands.analysis_commands import score, search
from core.cli.commands.collection_commands import add, delete, list_, refresh, relabel, rename
from core.cli.commands.compare_command import compare
from core.cli.commands.explain_commands import compare_tracks, explain
from core.cli.commands.export_commands import export, map_
from core.cli.commands.pretrained_command import pretrained
from core.cli.commands.recipe_commands import app as recipe_app
from core.cli.commands.text_commands import caption, transcribe
from core.cli.commands.train_command import bench, describe_models, run_job, train
from core.cli.commands.version_command import versions
from core.cli.terminal import call

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=(__doc__ or "").split("\n")[0],
)
COMMANDS: dict[str, Callable[..., None]] = {
    "add": add,
    "list": list_,
    "rename": rename,
    "relabel": relabel,
    "refresh": refresh,
    "delete": delete,
    "train": train,
    "score": score,
    "compare": compare,
    "map": map_,
    "export": export,
    "explain": explain,
    "compare-tracks": compare_tracks,
    "search": search,
    "versions": versions,
    "caption": caption,
    "transcribe": transcribe,
    "pretrained": pretrained,
    "bench": bench,
}
for name, command in COMMANDS.items():
    app.command(name, help=describe_models() if command is train else None)(command)
app.add_typer(recipe_app, name="recipe")
app.command("run-job", hidden=True)(run_job)


def main() -> None:
    """Run the command line (see :func:`core.cli.terminal.call`)."""
    for stream in (sys.stdout, sys.stderr):  # a Windows console may lack emoji, which occur in file names
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(call(app, sys.argv[1:]))
