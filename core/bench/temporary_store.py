"""An empty temporary store for a benchmark."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

STORE = "SONGSCAPE_CACHE"
"""Environment variable: the store's folder."""


@contextmanager
def temporary_store() -> Iterator[None]:
    """Use a temporary folder as the store, and delete it afterwards."""
    with tempfile.TemporaryDirectory() as folder, environment({STORE: folder}):
        yield


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables, and put back what they were."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ |= variables
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
