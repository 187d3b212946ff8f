"""Downloads from the Hugging Face hub into its local cache, with progress and cancellation."""

import os
import re
from pathlib import Path
from typing import Any

from core.errors import ConfigError
from core.features.pretrained.hub import hub_answers
from core.progress import Progress

UNREAD = ("*.h5", "*.msgpack", "*.onnx", "*.ot", "*.tflite", "onnx/*", "openvino/*", "*.py", "*.mlmodel")
"""Files of other frameworks, and code."""
PICKLED = (".bin", ".pt", ".pth", ".ckpt")
"""Weights that are left out where their folder has safetensors."""


def is_repo_name(name: str) -> bool:
    """Return whether text has the form of a name on the hub, OWNER/NAME."""
    return bool(re.fullmatch(r"[\w-][\w.-]*/[\w-][\w.-]*", name))


def download(repo: str, progress: Progress) -> Path:
    """Download a model, or take what is there already, and return its folder.

    An interrupted download continues where it was.

    Raises
    ------
    ConfigError
        When it isn't on this machine and the hub can't be reached, has no such model, or asks for consent.
    Cancelled
        As raised by ``progress``.
    """
    import huggingface_hub
    from huggingface_hub.errors import GatedRepoError, LocalEntryNotFoundError, RepositoryNotFoundError

    progress(0, 0, f"asking the hub for {repo}")
    if not hub_answers():
        try:
            return Path(huggingface_hub.snapshot_download(repo, local_files_only=True))
        except (LocalEntryNotFoundError, OSError) as reason:
            raise ConfigError(
                f"{repo} is not on this machine and the Hugging Face hub can't be reached; download it on a "
                "machine that is online (hf download "
                f"{repo} --local-dir FOLDER), copy FOLDER here and give the folder instead of the name"
            ) from reason
    try:
        listed: Any = huggingface_hub.snapshot_download(repo, dry_run=True, ignore_patterns=list(UNREAD))
        left_out = [*UNREAD, *pickled_twins([file.filename for file in listed])]
        return Path(
            huggingface_hub.snapshot_download(
                repo, ignore_patterns=left_out, tqdm_class=_bar_of(repo, progress)
            )
        )
    except GatedRepoError as reason:
        raise ConfigError(
            f"{repo} asks for consent to its terms on https://huggingface.co/{repo}; give it there, log in "
            "with hf auth login and try again, or give the folder of a copy"
        ) from reason
    except RepositoryNotFoundError as reason:
        raise ConfigError(
            f"the Hugging Face hub has no model {repo!r}, or it is private; check the spelling (OWNER/NAME)"
        ) from reason
    except (OSError, ValueError) as reason:
        raise ConfigError(
            f"{repo} could not be downloaded: {' '.join(str(reason).split())[:200]}; try again, which "
            "continues where it stopped"
        ) from reason


def pickled_twins(names: list[str]) -> list[str]:
    """Return the files with pickled weights in folders that have safetensors.

    >>> pickled_twins(["model.safetensors", "pytorch_model.bin", "2_Dense/pytorch_model.bin"])
    ['pytorch_model.bin']
    """
    safe = {os.path.dirname(name) for name in names if name.endswith(".safetensors")}
    return [name for name in names if name.endswith(PICKLED) and os.path.dirname(name) in safe]


def _bar_of(repo: str, progress: Progress) -> type:
    """Return a progress bar for the hub's library that reports megabytes to ``progress``."""
    from tqdm.auto import tqdm

    class Bar(tqdm):
        """Silent; raises :class:`core.errors.Cancelled` where ``progress`` does."""

        def __init__(self, *args, **options):
            self.is_bytes = options.get("unit") == "B"
            options["disable"] = False
            options["file"] = _Nowhere()
            options.pop("name", None)
            super().__init__(*args, **options)

        def update(self, n=1):
            """Count, and report bytes."""
            shown = super().update(n)
            if self.is_bytes and self.total:
                progress(int(self.n / 1e6), max(1, int(self.total / 1e6)), f"downloading {repo} (MB)")
            else:
                progress(0, 0, f"downloading {repo}")
            return shown

    return Bar


class _Nowhere:
    """A text file that keeps nothing."""

    def write(self, text: str) -> None:
        """Ignore text."""

    def flush(self) -> None:
        """Do nothing."""
