"""Plain words for what people choose between, with the term and the source for the help icon."""

from dataclasses import dataclass

from core.checkpoints import Checkpoint, belongs, list_checkpoints
from core.collection import Collection
from core.errors import SongscapeError
from core.features import get_extractor
from core.inputs import parts_of
from core.models import model_spec
from core.opening import list_extractors


@dataclass(frozen=True)
class Words:
    """A name to choose, and what stands behind it."""

    title: str
    help: str = ""


EXTRACTOR_WORDS = {
    "musicnn": Words(
        "Pretrained ear",
        "**musicnn**, a network trained to tag a million songs: it knows instruments, moods and genres, and needs no training "
        "here. *Pons & Serra 2019*",
    ),
    "musicnn-mtt": Words(
        "Pretrained ear, second opinion",
        "**musicnn** trained on MagnaTagATune instead: instruments and voices of classical, electronic and world music. "
        "*Pons & Serra 2019*",
    ),
    "mel": Words("Spectrum over time", "**Log-mel spectrogram**, averaged over time: loudness per pitch band. *Siddique, Hybrid Audio–Text Clustering for Music, section 3.2.2*"),
    "mel-centre": Words(
        "Spectrum over time, one crop",
        "**Log-mel spectrogram** of the single crop in the middle of a track, as in the paper. *Siddique, Hybrid Audio–Text Clustering for Music, section 3.2.2*",
    ),
    "clip": Words(
        "Loudness per pitch band",
        "**Log-mel clip** of 12 seconds on one fixed scale of decibels, averaged over time: what the contrastive audio tower reads. "
        "*Sideras, Multimodal Pretraining for Music Audio, section 4.3*",
    ),
    "clip-270": Words(
        "Loudness per pitch band, whole songs",
        "**Log-mel clip** of 270 seconds, the published length; shorter tracks are filled with silence. "
        "*Sideras, Multimodal Pretraining for Music Audio, section 4.3*",
    ),
    "fbank": Words(
        "Energy per pitch band, fine",
        "**Log filterbank** of 5-second crops, 100 frames a second, averaged over time: what the masked autoencoder reads. *Gong et al. 2021*",
    ),
    "mfcc": Words("Timbre", "**MFCC** statistics: the shape of the spectrum, the classic description of timbre. *Davis & Mermelstein 1980*"),
    "descriptors": Words(
        "Descriptors with names",
        "Tempo, loudness, brightness, key strength, noisiness and a dozen more, each with its unit: they can be read, and explain "
        "clusters. *Peeters 2004*",
    ),
    "table": Words("The table's own numbers", "The numeric columns that came with the collection, each brought to the same scale."),
    "sentence": Words(
        "Meaning, many languages",
        "**Sentence embedding** by the multilingual Universal Sentence Encoder (16 languages; no Bangla). *Yang et al. 2019*",
    ),
    "sentence-minilm": Words("Meaning, English", "**Sentence embedding** by MiniLM, for English. *Reimers & Gurevych 2019; Wang et al. 2020*"),
    "sentence-mpnet": Words(
        "Meaning, the paper's encoder",
        "**Sentence embedding** by paraphrase-multilingual-mpnet-base-v2 (Siddique, Hybrid Audio–Text Clustering for Music, section 3.1.2). It must be on this machine.",
    ),
    "passages": Words(
        "Meaning of a text and of its three passages",
        "**Sentence embeddings** of the whole text and of its three sentences or thirds, by the multilingual Universal Sentence Encoder. "
        "*Sideras, Multimodal Pretraining for Music Audio, section 4.4.2*",
    ),
    "tokens": Words(
        "Words for an encoder that learns",
        "**Tokens** of the text and of its three passages, for models that train a transformer (MiniLM) along with the rest: slow. "
        "*Sideras, Multimodal Pretraining for Music Audio, section 4.4.1*",
    ),
    "wordpieces": Words(
        "Word pieces of the whole text",
        "**Word pieces** (BERT's 30,522) of the text without its repetitions, for models that learn words themselves. *Wu et al. 2016*",
    ),
    "wordpieces-en": Words("Word pieces, English texts alone", "**Word pieces** of the texts that are English, as the masked autoencoder's paper has it."),
    "tfidf": Words("Wording", "**TF-IDF** over words and characters: which words a text uses more than others do; any language. *Spärck Jones 1972*"),
    "clap": Words(
        "Sound near its description",
        "**CLAP**'s audio tower, trained on sounds and their captions: a phrase lies near the sound that it describes. "
        "It must be on this machine. *Wu et al. 2023*",
    ),
    "clap-text": Words(
        "Words near the sound that they describe",
        "**CLAP**'s text tower, trained on sounds and their captions in English. It must be on this machine. *Wu et al. 2023*",
    ),
}


GROUPS = {
    "audio": Words("The table's numbers of the sound", "The numeric columns whose names begin with **audio_**, each brought to the same scale."),
    "text": Words("The table's numbers of the words", "The numeric columns whose names begin with **text_**, each brought to the same scale."),
}
"""What a table offers where its columns are named after modalities."""


def title_of_input(name: str) -> str:
    """Return the plain words for what a model reads."""
    return " and ".join(EXTRACTOR_WORDS.get(part, Words(part)).title for part in parts_of(name).values())


def list_representations(collection: Collection, modality: str) -> dict[str, Words]:
    """Return what one modality of a collection can be represented by, the suggested one first.

    What needs no training comes first, then encoders trained on this collection, then those trained elsewhere.

    Returns
    -------
    dict
        Words by the name that :class:`core.pipeline.Choice` takes.
    """
    plain = {name: _words_of(name, modality) for name in list_extractors(collection, modality)}
    own, foreign = _trained(collection, modality) if plain else ({}, {})
    return {**plain, **own, **foreign}


def _words_of(name: str, modality: str) -> Words:
    """Return the plain words for an extractor, its docstring's first line where there are none."""
    if name == f"table:{modality}_":
        return GROUPS[modality]
    return EXTRACTOR_WORDS.get(name) or Words(name, (type(get_extractor(name)).__doc__ or "").split("\n")[0])


def _trained(collection: Collection, modality: str) -> tuple[dict[str, Words], dict[str, Words]]:
    """Return the encoders trained on this collection and those trained on another one."""
    own, foreign, taken = {}, {}, set()
    for checkpoint in list_checkpoints():
        try:
            if modality not in checkpoint.modalities and not _reads_table(checkpoint, modality):
                continue
            spec = model_spec(checkpoint.model)
        except (SongscapeError, ImportError):
            continue
        read = title_of_input(checkpoint.input).lower()
        mark = " ✱" if checkpoint.meta.get("sees_labels") else ""
        where = checkpoint.meta.get("collection", {}).get("name") or "another collection"
        told = f"**{spec.title}** over *{read}*: {spec.help} *{spec.source}*"
        if mark:
            told += "\n\n✱ It was given the labels in training, so scores against labels are no evidence of clustering."
        if not belongs(checkpoint, collection):
            foreign[checkpoint.name] = Words(f"{spec.title}, trained on {where}{mark}", told)
            continue
        names = (checkpoint.model, f"{checkpoint.model}:{checkpoint.input}", checkpoint.name)
        name = next(name for name in names if name not in taken)
        taken.update(names)  # both short names mean the newest, which is this one
        title = spec.title if name == checkpoint.model else f"{spec.title}, {read if ':' in name else name}"
        own[name] = Words(f"{title}{mark}", told)
    return own, foreign


def _reads_table(checkpoint: Checkpoint, modality: str) -> bool:
    """Say whether a checkpoint reads a table's numbers, which stand in the place of audio."""
    return modality == "audio" and checkpoint.input == "table"
