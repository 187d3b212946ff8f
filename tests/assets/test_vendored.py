import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "assets" / "map" / "vendor"


def test_the_vendored_index_is_the_release_that_its_script_names():
    script = (VENDOR / "renew.py").read_text(encoding="utf-8")
    (checksum,) = re.findall(r'SHA256 = "([0-9a-f]{64})"', script)
    assert hashlib.sha256((VENDOR / "kdbush.js").read_bytes()).hexdigest() == checksum
    assert "Agafonkin" in (VENDOR / "kdbush-LICENSE").read_text(encoding="utf-8")
