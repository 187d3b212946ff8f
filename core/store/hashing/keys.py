"""Keys from content: equal parts give equal keys in every process, different parts different ones."""

import dataclasses
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd


def key_of(*parts) -> str:
    """Hash any mix of strings, numbers, arrays, tables, lists, dictionaries and config dataclasses.

    Returns
    -------
    str
        32 hexadecimal digits (BLAKE2b, 128 bit).
    """
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        feed(digest, part)
    return digest.hexdigest()


def feed(digest, part) -> None:
    """Update the digest with a part and its type, so that different parts never give the same bytes."""
    if isinstance(part, np.ndarray):
        digest.update(f"array{part.dtype.str}{part.shape}".encode())
        digest.update(
            np.ascontiguousarray(part).view(np.uint8).data
            if part.dtype != object
            else repr(part.tolist()).encode()
        )
    elif isinstance(part, pd.DataFrame):
        digest.update(f"table{list(part.columns)}".encode())
        digest.update(pd.util.hash_pandas_object(part, index=False).to_numpy().tobytes())
    elif dataclasses.is_dataclass(part) and not isinstance(part, type):
        feed_config(
            digest, type(part).__name__, part
        )  # without its module: moving a config recomputes nothing
    elif isinstance(part, dict):
        digest.update(b"{")
        for name in sorted(part, key=str):
            digest.update(f"{name!r}:".encode())
            feed(digest, part[name])
        digest.update(b"}")
    elif isinstance(part, (list, tuple)):
        digest.update(f"[{len(part)}".encode())
        if all(type(item) is str for item in part):  # a fast path for ids, labels and texts of all tracks
            digest.update("".join([f"str:{item!r};" for item in part]).encode(errors="surrogatepass"))
        else:
            for item in part:
                feed(digest, item)
        digest.update(b"]")
    elif part is None or isinstance(part, (str, bytes, bool, int, float, np.generic, Path)):
        digest.update(f"{type(part).__name__}:{part!r};".encode(errors="surrogatepass"))
    else:
        raise TypeError(f"key_of can't hash a {type(part).__name__}")


def feed_config(digest, name: str, config) -> None:
    """Update the digest with a dataclass under a name."""
    digest.update(f"config{name}(".encode())
    for field in dataclasses.fields(config):
        digest.update(f"{field.name}=".encode())
        feed(digest, getattr(config, field.name))
    digest.update(b")")
