"""Read each file of a folder as the app does: ``python -m core.bench.hostile.check_files FOLDER``.

One line of JSON for each: its name, the seconds, and the reason why it is refused, null where it isn't.
"""

import json
import sys
import time
from pathlib import Path

from core.audio.decode import check
from core.collection.sources.folder import hash_file
from core.collection.sources.tags import read_tags
from core.collection.tables.sheet import is_sheet_name, open_sheet
from core.errors import SongscapeError

_CHECKPOINTS = {".safetensors", ".pt", ".pth", ".bin", ".ckpt", ".npy"}


def read_file(path: Path) -> None:
    """Read a file by the kind that its name says."""
    if path.suffix in _CHECKPOINTS:
        from core.checkpoints.checkpoint import load_checkpoint

        load_checkpoint(path)
    elif is_sheet_name(path):
        open_sheet(path)
    else:
        check(path, path.parent)
        hash_file(path)
        read_tags(path, path.parent)


def check_file(path: Path) -> dict[str, object]:
    """Return how long reading a file takes, and the reason why it can't be used."""
    began, reason = time.monotonic(), None
    try:
        read_file(path)
    except SongscapeError as error:
        reason = str(error)
    return {"file": path.name, "seconds": round(time.monotonic() - began, 3), "reason": reason}


if __name__ == "__main__":
    for found in sorted(Path(sys.argv[1]).iterdir()):
        print(json.dumps(check_file(found)), flush=True)
