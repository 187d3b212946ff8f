"""From the name of a representation to its extractor and checkpoint."""

from core.checkpoints.catalogue import Checkpoint, extractor_of, find_checkpoint
from core.collection import Collection
from core.errors import ConfigError
from core.features import get_extractor, is_extractor, spec_of
from core.features.extractor import ExtractorConfig
from core.models import model_spec
from core.representation.side_by_side import split_parts


def resolve(collection: Collection, rep: str, modality: str) -> tuple[ExtractorConfig, Checkpoint | None]:
    """Return the extractor of a representation and, for a learnt one, its checkpoint.

    Raises
    ------
    ConfigError
        When the extractor is of the other modality.
    MissingCheckpoint
        When the model has no checkpoint for this collection; gives the command that trains one.
    """
    checkpoint = None if is_extractor(rep) else find_checkpoint(rep, collection, modality)
    extractor = get_extractor(rep, modality) if checkpoint is None else extractor_of(checkpoint, modality)
    if extractor.reads != "table" and extractor.modality != modality:
        raise ConfigError(f"{rep} reads {extractor.modality}, so it can't be the {modality} representation")
    return extractor, checkpoint


def text_field_of(collection: Collection, checkpoint: Checkpoint | None, asked: str | None) -> str | None:
    """Return the text field to read: the one that is asked for, else the one that the checkpoint learnt from.

    Raises
    ------
    ConfigError
        When the collection doesn't have the field that the checkpoint learnt from.
    """
    if asked is not None or checkpoint is None:
        return asked
    learnt_from = checkpoint.meta.get("text_field")
    if learnt_from is not None:
        try:
            collection.texts(learnt_from)
        except ConfigError as reason:
            raise ConfigError(
                f"{checkpoint.name} learnt from the text field {learnt_from!r}; {reason}, or train it on "
                "another"
            ) from reason
    return learnt_from


def resolve_parts(
    collection: Collection, rep: str, modality: str
) -> list[tuple[ExtractorConfig, Checkpoint | None]]:
    """Return :func:`resolve` of each of the representations that stand side by side."""
    return [resolve(collection, part.rep, modality) for part in split_parts(rep)]


def scale_is_free(extractor: ExtractorConfig, checkpoint: Checkpoint | None) -> bool:
    """Return whether the dimensions of a representation may be standardised."""
    if checkpoint is not None:
        return model_spec(checkpoint.model).may_standardise
    return spec_of(extractor).may_standardise


def find_joint(collection: Collection, audio: str, text: str) -> Checkpoint | None:
    """Return the checkpoint with a joint latent that both representations name; None where there is none."""
    if any(is_extractor(rep) or len(split_parts(rep)) > 1 for rep in (audio, text)):
        return None
    of_audio, of_text = find_checkpoint(audio, collection, "audio"), find_checkpoint(text, collection, "text")
    is_joint = of_audio.path == of_text.path and model_spec(of_audio.model).has_joint_latent
    return of_audio if is_joint else None
