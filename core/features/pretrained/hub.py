"""Pretrained models by name or folder: a folder, the local Hugging Face cache, else the hub."""

import functools
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from core.errors import ConfigError, SongscapeError, TextError

PROBE_S = 3.0
"""Timeout in seconds after which the hub counts as unreachable."""


def load_pretrained(
    model: str,
    load: Callable[..., Any],
    *,
    kind: str,
    marker: str,
    save: str,
    otherwise: str = "",
    error: type[SongscapeError] = TextError,
) -> Any:
    """Load a model by name or folder; a cached copy needs no network.

    Parameters
    ----------
    load : callable
        ``load(name_or_folder, local_files_only=bool)``; raises OSError or ValueError where it is missing.
    kind : str
        Kind of model, for errors: "sentence-transformers model".
    marker : str
        A file in every folder with such a model.
    save : str
        The call that writes such a folder, for errors.
    otherwise : str
        An alternative, for errors.
    error : type
        Error to raise.

    Raises
    ------
    SongscapeError
        When the model is not on this machine and the hub can't be reached, or a folder holds none.
    """
    folder = Path(os.path.expanduser(model))
    if folder.is_dir():
        if not (folder / marker).is_file():
            raise error(
                f"{folder} holds no {kind}: it has no {marker}. Is it another kind of model, or a part of "
                "one?"
            )
        try:
            return load(str(folder), local_files_only=True)
        except error:
            raise
        except Exception as reason:  # whatever a damaged model makes the library raise
            raise error(f"the {kind} in {folder} can't be loaded: {reason}") from reason
    if folder.is_absolute() or model.startswith((".", "~")):
        raise error(f"there is no folder {folder}; give the folder of a {kind}")
    why: Exception | None = None
    for is_local in (True, False):
        if is_local or hub_answers():
            try:
                return load(model, local_files_only=is_local)
            except (OSError, ValueError) as reason:
                why = reason
    raise error(
        f"the {kind} {model!r} is not on this machine, and the Hugging Face hub did not give it "
        f"({type(why).__name__}). "
        f"Go online once to fetch it; or, on a machine that is online, save it with {save}, copy FOLDER "
        "here and give its path "
        f"as the model{otherwise}"
    ) from why


def load_complete(
    network: Any, place: str, local_files_only: bool, *, title: str, consequence: str, **options: Any
) -> Any:
    """Load a network of the transformers library for inference; refuse another kind or missing weights.

    Parameters
    ----------
    network : type
        Class of the network: ``ClapModel``.
    place : str
        Name or folder.
    title : str
        Name of the kind; in lower case the library's ``model_type``.
    consequence : str
        What another kind of model can't do, for errors.
    **options
        As ``network.from_pretrained`` takes them.

    Raises
    ------
    ConfigError
    """
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(place, local_files_only=local_files_only)
    if config.model_type != title.lower():
        raise ConfigError(
            f"{place} holds a model of the kind {config.model_type!r}, not {title}, so {consequence}"
        )
    net, found = network.from_pretrained(
        place, local_files_only=local_files_only, output_loading_info=True, **options
    )
    if missing := sorted(found["missing_keys"]):
        raise ConfigError(
            f"the {title} model {place} lacks {len(missing)} of its weights, {missing[0]} for one; was it "
            "saved completely?"
        )
    return net.eval().requires_grad_(False)


def cache_last(load: Callable[[str], Any]) -> Any:
    """Decorate ``load(model)`` to cache the last model, loaded once for all threads."""
    lock, cached = threading.Lock(), functools.lru_cache(maxsize=1)(load)

    @functools.wraps(load)
    def loaded(model: str) -> Any:
        with lock:
            return cached(model)

    result: Any = loaded
    result.cache_clear = cached.cache_clear
    return result


def is_downloaded(model: str, marker: str = "config.json") -> bool:
    """Return whether a model needs no network: it is a folder, or in the local Hugging Face cache."""
    folder = Path(os.path.expanduser(model))
    if folder.is_dir() or folder.is_absolute() or model.startswith((".", "~")):
        return True  # an error in a folder is raised when it is loaded
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        return isinstance(try_to_load_from_cache(model, marker), str)
    except HFValidationError:  # no valid name on the hub
        return False


def hub_answers(timeout_s: float = PROBE_S) -> bool:
    """Return whether the Hugging Face hub answers within ``timeout_s`` seconds.

    The hub's own client retries for minutes. This sends one request with its endpoint and proxies, in a
    thread, because a DNS lookup obeys no timeout.
    """
    from huggingface_hub import constants
    from huggingface_hub.utils import get_session

    if constants.HF_HUB_OFFLINE:
        return False
    answers = []

    def ask() -> None:
        with suppress(Exception):  # of requests or httpx, by the hub library's version; any means no answer
            answers.append(get_session().head(constants.ENDPOINT, timeout=timeout_s))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(timeout_s)
    return bool(len(answers))
