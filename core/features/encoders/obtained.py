"""The encoders that the user got: by name from the Hugging Face hub, or by folder.

Their files stay in the hub's local cache or in the given folder; the store holds one record for each, which
is the user's and lists it among the representations.
"""

import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from core import store
from core.errors import ConfigError
from core.features.encoders.download import download, is_repo_name
from core.features.encoders.encoder_table import ENCODERS, EncoderEntry, find_entry
from core.features.extractors import EXTRACTORS
from core.progress import Progress, silent

KIND = "pretrained"
"""Folder of the records in the store."""


@dataclass(frozen=True)
class Obtained:
    """An encoder that the user got.

    Attributes
    ----------
    rep : str
        Its name as a representation.
    title : str
    modalities : tuple of str
        ("audio",), ("text",) or both.
    model : str
        Name on the hub, or folder.
    size : int
        Bytes of its files.
    created : str
        Date in ISO 8601.
    """

    rep: str
    title: str
    modalities: tuple[str, ...]
    model: str
    size: int
    created: str

    @property
    def key(self) -> str:
        """Name of its record."""
        return store.key_of(self.rep)


def list_obtained(modality: str | None = None) -> list[Obtained]:
    """Return the encoders that the user got, of one modality or of both, the newest first."""
    found = []
    for path in store.path_of(KIND).glob("*.json"):
        values = store.load_owned(KIND, path.stem) or {}
        try:
            one = Obtained(**{**values, "modalities": tuple(values.get("modalities", ()))})
        except TypeError:  # written by another version
            continue
        if modality is None or modality in one.modalities:
            found.append(one)
    return sorted(found, key=lambda one: (one.created, one.rep), reverse=True)


def obtain(name: str, progress: Progress = silent) -> Obtained:
    """Get an encoder, check that it loads, and list it among the representations.

    Parameters
    ----------
    name : str
        A short name of :data:`core.features.encoders.encoder_table.ENCODERS`, a name on the Hugging Face hub
        (``facebook/hubert-base-ls960``), or a folder.

    Raises
    ------
    ConfigError
        When the name is unknown, the hub can't be reached or has no such model, the model needs code of its
        own, or is no encoder that can be read here.
    TextError
        When a text encoder can't be loaded.
    """
    entry = find_entry(name)
    if entry and entry.needs_code:
        raise ConfigError(
            f"{entry.title} ({entry.repo}) needs Python code from its own repository, which is never run "
            f"here; choose from {', '.join(key for key, other in ENCODERS.items() if not other.needs_code)}"
        )
    given = Path(os.path.expanduser(name))
    if entry is None and not given.is_dir():
        _check_name(name)
    model = entry.repo if entry else str(given.resolve()) if given.is_dir() else name
    folder = given.resolve() if entry is None and given.is_dir() else download(model, progress)
    kind = entry.rep.split(":")[0] if entry else kind_of(folder)
    progress(0, 0, f"loading {model}")
    _LOAD[kind](str(folder))
    obtained = Obtained(
        rep=entry.rep if entry else f"{kind}:{model}",
        title=entry.title if entry else f"{_TITLES[kind]} ({os.path.basename(model.rstrip('/')) or model})",
        modalities=_modalities(kind),
        model=model,
        size=sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        created=time.strftime("%Y-%m-%dT%H:%M:%S"),
    )
    store.save_owned(KIND, obtained.key, asdict(obtained))
    return obtained


def remove(name: str) -> Obtained:
    """Take an encoder off the list; its files stay where they are.

    Parameters
    ----------
    name : str
        As for :func:`obtain`, or its name as a representation.

    Raises
    ------
    ConfigError
        When it isn't on the list.
    """
    entry = find_entry(name)
    names = {name, str(Path(os.path.expanduser(name)).resolve())} | ({entry.repo} if entry else set())
    for one in list_obtained():
        if names & {one.model, one.rep}:
            (store.path_of(KIND) / f"{one.key}.json").unlink(missing_ok=True)
            return one
    listed = ", ".join(one.model for one in list_obtained()) or "none yet"
    raise ConfigError(f"{name!r} is not among the encoders that were got: {listed}")


def is_obtained(entry: EncoderEntry) -> bool:
    """Return whether an encoder of the table is on the user's list."""
    return store.load_owned(KIND, store.key_of(entry.rep)) is not None


def kind_of(folder: Path) -> str:
    """Return the extractor that reads a model's folder: ``sentence``, ``clap`` or ``encoder``.

    Raises
    ------
    ConfigError
        When there is no model.
    """
    if (folder / "modules.json").is_file():
        return "sentence"
    config = store.read_json(folder / "config.json")
    if not isinstance(config, dict):
        raise ConfigError(f"{folder} holds no model: it has neither config.json nor modules.json")
    if config.get("model_type") == "clap":
        return "clap"
    return "encoder" if (folder / "preprocessor_config.json").is_file() else "sentence"


def _check_name(name: str) -> None:
    """Refuse what is neither a name of the table, nor one of the hub, nor a folder."""
    if not is_repo_name(name):
        raise ConfigError(
            f"{name!r} is no folder, and no encoder of the list ({', '.join(ENCODERS)}); a name on the "
            "Hugging Face hub is OWNER/NAME"
        )


def _load_audio(folder: str) -> None:
    """Load an audio encoder."""
    from core.features.pretrained.audio_encoder import load_audio_encoder

    load_audio_encoder(folder)


def _load_clap(folder: str) -> None:
    """Load both towers."""
    from core.features.pretrained.clap import load_clap

    load_clap(folder)


def _load_sentence(folder: str) -> None:
    """Load a sentence encoder."""
    from core.features.pretrained.sentence import load_encoder

    load_encoder(folder)


_LOAD: dict[str, Callable[[str], None]] = {
    "encoder": _load_audio,
    "clap": _load_clap,
    "sentence": _load_sentence,
    "sentence-mpnet": _load_sentence,
}
_TITLES = {"encoder": "Audio encoder", "clap": "CLAP", "sentence": "Sentence embedding"}


def _modalities(kind: str) -> tuple[str, ...]:
    """Return the modalities that an extractor represents."""
    spec = EXTRACTORS[kind]
    return ("audio", "text") if spec.text_tower else (spec.modality,)
