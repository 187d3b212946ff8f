"""Fetch kdbush from npm again and check it: ``python assets/map/vendor/renew.py [VERSION]``.

Without a version it fetches the one in use and compares its checksum; with another it prints the new one.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VERSION = "4.1.0"
SHA256 = "879feffa0d443787c752809bd975d106c5f98fbb81921bef9aed22e834a252d1"
HERE = Path(__file__).resolve().parent
FILES = {"package/index.js": "kdbush.js", "package/LICENSE": "kdbush-LICENSE"}


def main(version: str = VERSION) -> None:
    """Replace the files by those of a version."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", f"kdbush@{version}", "--pack-destination", folder], check=True)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as files:
            found = {name: files.extractfile(source).read() for source, name in FILES.items()}
    checksum = hashlib.sha256(found["kdbush.js"]).hexdigest()
    if version == VERSION and checksum != SHA256:
        raise SystemExit(f"kdbush {version} has another checksum: {checksum}")
    for name, content in found.items():
        (HERE / name).write_bytes(content)
    print(f"kdbush {version}, SHA-256 {checksum}")


if __name__ == "__main__":
    main(*sys.argv[1:])
