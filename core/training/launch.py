"""One training in several processes, as ``accelerate launch`` and ``torchrun`` start them."""

import os


def is_main_process() -> bool:
    """Return whether this process stores and prints what a training gives: the only one, or the first."""
    return os.environ.get("RANK", "0") == "0"
