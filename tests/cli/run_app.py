from typer.testing import CliRunner

from core.cli import app as cli
from core.errors import SongscapeError


def run(*args: str, expect: int = 0):
    """Run ``python -m core`` in this process; what the user can mend becomes status 1 as in main()."""
    result = CliRunner().invoke(cli.app, list(args))
    if isinstance(result.exception, SongscapeError):
        result.exit_code = 1
    assert result.exit_code == expect, (result.output, result.exception)
    return result
