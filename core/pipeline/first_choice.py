"""What a collection is opened with: the choice that Explore shows first, and the command line takes where none is given."""

from dataclasses import replace

from core.collection import TRANSCRIBED, Collection
from core.errors import CollectionError
from core.features import EXTRACTORS
from core.features.extractor import ExtractorSpec
from core.pipeline.choice import Choice
from core.text.language import PACKAGED, READS, languages_of

MOST_CLUSTERS = 30
"""Largest k that Explore offers."""
FIRST_K = 8


def list_extractors(collection: Collection, modality: str) -> list[str]:
    """Return what represents one modality of a collection without training, the suggested one first.

    First stand a table's columns that are named after the modality; before them TF-IDF, where no packaged
    encoder reads the texts.
    """
    texts = modality == "text" and any(collection.texts())
    has = {"file": modality == "audio" and any(collection.audio_paths()), "text": texts, "corpus": texts}
    has["table"] = modality == "audio" and collection.table is not None
    able = [name for name, spec in EXTRACTORS.items() if _represents(spec, modality, has)]
    if collection.table is not None and any(
        str(column).startswith(f"{modality}_") for column in collection.table
    ):
        able = [f"table:{modality}_", *able]
    if "tfidf" in able and _no_encoder_reads(collection):
        able = ["tfidf", *(name for name in able if name != "tfidf")]
    return able


def _represents(spec: ExtractorSpec, modality: str, has: dict[str, bool]) -> bool:
    """Say whether an extractor reads what there is, and its vectors are worth clustering by themselves."""
    return (
        has[spec.reads] and not spec.only_for_models and (spec.reads == "table" or spec.modality == modality)
    )


def _no_encoder_reads(collection: Collection) -> bool:
    """Say whether most texts are, by the collection's own word, in a language that no packaged encoder knows."""
    if not (collection.tracks["language"] != "").any():
        return False
    codes = languages_of(collection)
    unread = sum(bool(code) and not any(code in READS[model] for model in PACKAGED) for code in codes)
    return 2 * unread > sum(map(bool, collection.texts()))


def first_choices(collection: Collection) -> list[Choice]:
    """Return what is shown of each modality before anything is changed: both where there are both, then each alone."""
    audio, text = (next(iter(list_extractors(collection, modality)), None) for modality in ("audio", "text"))
    pairs = dict.fromkeys([(audio, text), (audio, None), (None, text)])
    k = min(FIRST_K, most_clusters(collection))
    return [Choice(audio=a, text=t, n_clusters=k) for a, t in pairs if a or t]


def default_choice(collection: Collection) -> Choice:
    """Return the choice that a collection is opened with: both modalities where it has words enough, else audio, else text.

    Raises
    ------
    CollectionError
        When the collection has neither sound nor text nor numbers.
    """
    choices = first_choices(collection)
    if not choices:
        raise CollectionError(
            f"the tracks of {collection.name} have neither sound nor words nor numbers, so there is nothing "
            "to make a map of; "
            "add a folder or a table that holds some"
        )
    first = choices[0]
    return first if first.modality != "fused" or has_words(collection) else replace(first, text=None)


def has_words(collection: Collection) -> bool:
    """Say whether a quarter of the tracks have lyrics or a caption; titles alone are no reason to fuse."""
    sources = collection.text_sources()
    return sum(sources.get(name, 0) for name in ("lyrics", TRANSCRIBED, "caption")) >= collection.n_tracks / 4


def most_clusters(collection: Collection) -> int:
    """Return the largest k that is offered for a collection: 2 to :data:`MOST_CLUSTERS`, fewer than there are tracks."""
    return max(2, min(MOST_CLUSTERS, collection.n_tracks - 1))
