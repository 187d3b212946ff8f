"""An empty temporary store for a benchmark."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def temporary_store() -> Iterator[None]:
    """Use a temporary folder as the store, and delete it afterwards."""
    before = os.environ.get("SONGSCAPE_CACHE")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SONGSCAPE_CACHE"] = folder
        try:
            yield
        finally:
            os.environ.pop("SONGSCAPE_CACHE")
            if before is not None:
                os.environ["SONGSCAPE_CACHE"] = before
