"""Check each file of a folder, as ``add`` does: ``python -m core.bench.hostile.check_files FOLDER``."""

import json
import sys
import time
from pathlib import Path

from core.audio.decode import check
from core.collection.sources.folder import hash_file
from core.collection.sources.tags import read_tags
from core.errors import AudioError


def check_file(path: Path) -> dict[str, object]:
    """Return how long reading one file takes and the reason why it can't be used, None for a track."""
    began, reason = time.monotonic(), None
    try:
        check(path, path.parent)
        hash_file(path)
        read_tags(path, path.parent)
    except AudioError as error:
        reason = str(error)
    return {"file": path.name, "seconds": round(time.monotonic() - began, 3), "reason": reason}


if __name__ == "__main__":
    for path in sorted(Path(sys.argv[1]).iterdir()):
        print(json.dumps(check_file(path)), flush=True)
