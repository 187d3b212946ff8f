import subprocess
import sys
from pathlib import Path

MAKE = Path(__file__).parents[2] / "assets" / "checkpoints" / "make.py"


def run(*options):
    return subprocess.run(
        [sys.executable, str(MAKE), *options], capture_output=True, text=True, timeout=60, check=False
    )


def test_help_names_every_option_and_trains_nothing():
    done = run("--help")
    assert done.returncode == 0 and not done.stderr
    assert all(option in done.stdout for option in ("--no-train", "--maps", "--only"))


def test_a_mistyped_option_trains_nothing():
    for options, error in (
        (["--no-trian"], "unrecognized arguments: --no-trian"),
        (["--only", "conv"], "invalid choice: 'conv'"),
        (["--maps", "--only", "mae"], "leave out --only"),
        (["--maps", "--no-train"], "not allowed with"),
    ):
        done = run(*options)
        assert done.returncode == 2 and error in done.stderr
