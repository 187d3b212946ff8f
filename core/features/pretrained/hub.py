"""Pretrained models by name or folder: from a folder, from the Hugging Face hub's copies on this machine, from the hub."""

import functools
import os
import threading
from collections.abc import Callable
from pathlib import Path

from core.errors import ConfigError, SongscapeError, TextError

PROBE_S = 3.0
"""Seconds that the hub is given to answer before a model that is not here counts as out of reach."""


def load_pretrained(
    model: str,
    load: Callable,
    *,
    kind: str,
    marker: str,
    save: str,
    otherwise: str = "",
    error: type[SongscapeError] = TextError,
):
    """Load a model by its name or its folder; a copy on this machine needs no network.

    Parameters
    ----------
    load : callable
        ``load(name_or_folder, local_files_only=bool)``; OSError or ValueError where it is not there.
    kind : str
        What the model is, in words: "sentence-transformers model".
    marker : str
        A file that a folder with such a model has.
    save : str
        The call that writes such a folder.
    otherwise : str
        What else can be chosen.
    error : type
        What is raised.

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
    try:
        return load(model, local_files_only=True)
    except (OSError, ValueError) as reason:
        why = reason
    if hub_answers():
        try:
            return load(model, local_files_only=False)
        except (OSError, ValueError) as reason:
            why = reason
    raise error(
        f"the {kind} {model!r} is not on this machine, and the Hugging Face hub did not give it "
        f"({type(why).__name__}). "
        f"Go online once to fetch it; or, on a machine that is online, save it with {save}, copy FOLDER "
        "here and give its path "
        f"as the model{otherwise}"
    ) from why


def load_whole(network: type, place: str, local_files_only: bool, *, title: str, so: str, **options):
    """Load a network of the transformers library, ready for inference; another kind, or one that lacks weights, is refused.

    Parameters
    ----------
    network : type
        Its class: ``ClapModel``.
    place : str
        Name or folder.
    title : str
        What the kind is called; in small letters the library's name of it.
    so : str
        What another kind of model is not good for.
    **options
        As ``network.from_pretrained`` takes them.

    Raises
    ------
    ConfigError
    """
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(place, local_files_only=local_files_only)
    if config.model_type != title.lower():
        raise ConfigError(f"{place} holds a model of the kind {config.model_type!r}, not {title}, so {so}")
    net, found = network.from_pretrained(
        place, local_files_only=local_files_only, output_loading_info=True, **options
    )
    if lacking := sorted(found["missing_keys"]):
        raise ConfigError(
            f"the {title} model {place} lacks {len(lacking)} of its weights, {lacking[0]} for one; was it "
            "saved whole?"
        )
    return net.eval().requires_grad_(False)


def kept_once(load: Callable) -> Callable:
    """Let ``load(model)`` keep the last model that it gave, and load it once, whichever threads ask."""
    lock, kept = threading.Lock(), functools.lru_cache(maxsize=1)(load)

    @functools.wraps(load)
    def loaded(model: str):
        with lock:
            return kept(model)

    loaded.cache_clear = kept.cache_clear
    return loaded


def is_here(model: str, marker: str = "config.json") -> bool:
    """Say whether a model needs no network: it is a folder, or the hub's copies on this machine have it."""
    folder = Path(os.path.expanduser(model))
    if folder.is_dir() or folder.is_absolute() or model.startswith((".", "~")):
        return True  # what is wrong with a folder is said when it is loaded
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        return isinstance(try_to_load_from_cache(model, marker), str)
    except HFValidationError:  # no name that the hub could have
        return False


def hub_answers(timeout_s: float = PROBE_S) -> bool:
    """Say whether the Hugging Face hub can be reached, within ``timeout_s`` seconds.

    The hub's own client tries again for minutes. The request goes its way (its address, its proxies), once,
    in a thread, because looking up a host's name obeys no time limit.
    """
    from huggingface_hub import constants
    from huggingface_hub.utils import get_session

    if constants.HF_HUB_OFFLINE:
        return False
    answers = []

    def ask() -> None:
        try:
            answers.append(get_session().head(constants.ENDPOINT, timeout=timeout_s))
        except Exception:  # requests' or httpx's kinds, by the hub library's version; any of them means no
            pass

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(timeout_s)
    return bool(len(answers))
