"""The default choice of a collection: what Explore opens with and the command line uses without options."""

from dataclasses import replace

from core.collection import TRANSCRIBED, Collection
from core.collection.languages import languages_of
from core.errors import CollectionError
from core.features import EXTRACTORS
from core.features.extractor import ExtractorSpec
from core.features.pretrained.encoder_languages import ENCODER_LANGUAGES, PACKAGED_ENCODERS
from core.pipeline.choice import Choice

MOST_CLUSTERS = 30
"""Largest k that Explore offers."""
FIRST_K = 8
DEMO_TEXT, DEMO_K = "tfidf", 10
"""What the demo opens with: its traditions are ten, and its texts differ in language before they differ in
topic, which words tell and a multilingual embedding doesn't (assets/demo/README.md)."""
ONE_SHOT_S = 4.0
"""Half of the files are shorter in a collection of one-shots."""
FOR_ONE_SHOTS = ("musicnn", "mfcc", "descriptors", "one-shot")
"""Side by side they find the folders of sample libraries better than each alone (docs/representations.md)."""


def list_extractors(collection: Collection, modality: str) -> list[str]:
    """Return the extractors that represent one modality of a collection without training, the default first.

    A table's columns named after the modality come first; before them TF-IDF, if no packaged encoder supports
    the language of the texts.
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
    """Return True if the extractor's input is available and its vectors can be clustered directly."""
    return (
        has[spec.reads] and not spec.only_for_models and (spec.reads == "table" or spec.modality == modality)
    )


def _no_encoder_reads(collection: Collection) -> bool:
    """Return True if no packaged encoder supports the language, as given in the tags, of most texts."""
    if not (collection.tracks["language"] != "").any():
        return False
    codes = languages_of(collection)
    unread = sum(
        bool(code) and not any(code in ENCODER_LANGUAGES[model] for model in PACKAGED_ENCODERS)
        for code in codes
    )
    return 2 * unread > sum(map(bool, collection.texts()))


def first_choices(collection: Collection) -> list[Choice]:
    """Return the choices to prepare: fused if both modalities are present, then each modality alone."""
    audio, text = (next(iter(list_extractors(collection, modality)), None) for modality in ("audio", "text"))
    if audio == FOR_ONE_SHOTS[0] and has_one_shots(collection):
        audio = "+".join(FOR_ONE_SHOTS)
    is_demo = collection.info.get("kind") == "demo"
    text = DEMO_TEXT if is_demo and text else text
    pairs = dict.fromkeys([(audio, text), (audio, None), (None, text)])
    k = min(DEMO_K if is_demo else FIRST_K, most_clusters(collection))
    return [Choice(audio=a, text=t, n_clusters=k) for a, t in pairs if a or t]


def default_choice(collection: Collection) -> Choice:
    """Return the default choice of a collection: fused if enough tracks have text, else audio, else text.

    Raises
    ------
    CollectionError
        When the collection has neither audio nor text nor numeric features.
    """
    choices = first_choices(collection)
    if not choices:
        raise CollectionError(
            f"the tracks of {collection.name} have neither audio nor text nor numeric features, so there is "
            "nothing to map; add a folder or a table that has some"
        )
    first = choices[0]
    return first if first.modality != "fused" or has_enough_text(collection) else replace(first, text=None)


def has_one_shots(collection: Collection) -> bool:
    """Return True if half of the files are shorter than :data:`ONE_SHOT_S` seconds."""
    return bool(collection.tracks["duration_s"].median() < ONE_SHOT_S)


def has_enough_text(collection: Collection) -> bool:
    """Return True if a quarter of the tracks have lyrics or a caption; titles alone are no reason to fuse."""
    sources = collection.text_sources()
    return sum(sources.get(name, 0) for name in ("lyrics", TRANSCRIBED, "caption")) >= collection.n_tracks / 4


def most_clusters(collection: Collection) -> int:
    """Return the largest k offered: at most :data:`MOST_CLUSTERS`, fewer than the tracks, at least 2."""
    return max(2, min(MOST_CLUSTERS, collection.n_tracks - 1))
