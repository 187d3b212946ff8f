"""The extractors by name."""

from core.errors import ConfigError
from core.features.extractor import ExtractorConfig, ExtractorSpec
from core.registry import register

EXTRACTORS: dict[str, ExtractorSpec] = {}

SENTENCE = "sentence:"
"""Before the name or the folder of any sentence-transformers model: an extractor that needs no registering."""

AUDIO = {"reads": "file", "modality": "audio"}
SPECTROGRAM = {**AUDIO, "is_spectrogram": True}
TEXT = {"reads": "text", "modality": "text"}
FOR_MODELS = {**TEXT, "only_for_models": True}


def extractor_spec(name: str, modality: str | None = None) -> ExtractorSpec:
    """Return the facts of an extractor, ``sentence:NAME_OR_FOLDER`` and the like included; imports nothing.

    Parameters
    ----------
    modality : {"audio", "text"}, optional
        Which tower of a model that reads both, the audio one if left out; elsewhere it changes nothing.

    Raises
    ------
    ConfigError
        When there is none of that name; lists those there are.
    """
    kind, colon, _ = name.partition(":")
    spec = EXTRACTORS.get(kind)
    if spec is None or (colon and not spec.takes_name):
        named = ", ".join(
            f"{n}:{'PREFIX' if s.takes_name == 'prefix' else 'NAME_OR_FOLDER'}"
            for n, s in EXTRACTORS.items()
            if s.takes_name
        )
        raise ConfigError(f"there is no extractor {name!r}; choose from {', '.join(EXTRACTORS)}, {named}")
    return EXTRACTORS[spec.text_tower] if modality == "text" and spec.text_tower else spec


def is_extractor(name: str) -> bool:
    """Say whether a name is registered, or names a model or columns that a registered one reads with."""
    kind, colon, _ = name.partition(":")
    return kind in EXTRACTORS and (not colon or bool(EXTRACTORS[kind].takes_name))


def get_extractor(name: str, modality: str | None = None) -> ExtractorConfig:
    """Build an extractor by its registered name, or by ``sentence:NAME_OR_FOLDER``, ``clap:NAME_OR_FOLDER`` or ``table:PREFIX``.

    Parameters and errors are those of :func:`extractor_spec`.
    """
    spec = extractor_spec(name, modality)
    kind, colon, named = name.partition(":")
    return spec.build(**({EXTRACTORS[kind].takes_name: named.strip()} if colon else {}))


def spec_of(extractor: ExtractorConfig) -> ExtractorSpec:
    """Return the facts of the class of an extractor that was built; entries that only set its fields differ in nothing but words."""
    return EXTRACTORS[extractor.name]


@register(
    EXTRACTORS,
    ExtractorSpec,
    name="table",
    title="Table features",
    reads="table",
    modality="audio",
    takes_name="prefix",
    seconds_per_track=0.0,
    help="The numeric columns that came with the collection, each standardised.",
)
def _table():
    from core.features.table_columns import Table

    return Table


def _musicnn():
    from core.features.pretrained.musicnn import Musicnn

    return Musicnn


register(
    EXTRACTORS,
    ExtractorSpec,
    name="musicnn",
    title="MusiCNN (pretrained)",
    **AUDIO,
    seconds_per_track=0.06,
    help="Embedding of a convolutional network trained to tag songs of the Million Song Dataset by genre, "
    "mood and decade.",
    source="Pons & Serra 2019",
)(_musicnn)
register(
    EXTRACTORS,
    ExtractorSpec,
    name="musicnn-mtt",
    title="MusiCNN (pretrained on MagnaTagATune)",
    **AUDIO,
    settings={"network": "mtt"},
    seconds_per_track=0.06,
    help="The same network trained on MagnaTagATune: instruments and voices of classical, electronic and "
    "world music.",
    source="Pons & Serra 2019",
)(_musicnn)


def _mel():
    from core.features.spectral.mel import Mel

    return Mel


register(
    EXTRACTORS,
    ExtractorSpec,
    name="mel",
    title="Log-mel spectrogram",
    **SPECTROGRAM,
    seconds_per_track=0.06,
    help="Standardised log-mel spectrograms of three crops; as a representation, mean and standard "
    "deviation of each band over time.",
    source="Siddique, Hybrid Audio–Text Clustering for Music, section 3.2.2",
)(_mel)
register(
    EXTRACTORS,
    ExtractorSpec,
    name="mel-centre",
    title="Log-mel spectrogram (centre crop)",
    **SPECTROGRAM,
    settings={"n_crops": 1},
    seconds_per_track=0.06,
    help="The log-mel spectrogram of the single crop in the middle of a track, as published.",
    source="Siddique, Hybrid Audio–Text Clustering for Music, section 3.2.2",
)(_mel)


def _clip():
    from core.features.spectral.clip import Clip

    return Clip


register(
    EXTRACTORS,
    ExtractorSpec,
    name="clip",
    title="Log-mel spectrogram (12 s, fixed scale)",
    **SPECTROGRAM,
    only_for_models=True,
    seconds_per_track=0.06,
    help="A log-mel spectrogram of 12 seconds in decibels, not standardised: the input of the contrastive "
    "audio tower.",
    source="Sideras, Multimodal Pretraining for Music Audio, section 4.3",
)(_clip)
register(
    EXTRACTORS,
    ExtractorSpec,
    name="clip-270",
    title="Log-mel spectrogram (270 s, fixed scale)",
    **SPECTROGRAM,
    only_for_models=True,
    settings={"clip_s": 270.0},
    seconds_per_track=0.06,
    help="A log-mel spectrogram of 270 seconds, the published length; shorter tracks are padded with "
    "silence.",
    source="Sideras, Multimodal Pretraining for Music Audio, section 4.3",
)(_clip)


@register(
    EXTRACTORS,
    ExtractorSpec,
    name="fbank",
    title="Log filterbank (Kaldi)",
    **SPECTROGRAM,
    seconds_per_track=0.06,
    help="Log mel filterbank energies of 5-second crops at 100 frames a second: the input of the masked "
    "autoencoder.",
    source="Gong et al. 2021",
)
def _fbank():
    from core.features.spectral.fbank import Fbank

    return Fbank


@register(
    EXTRACTORS,
    ExtractorSpec,
    name="mfcc",
    title="MFCC",
    **AUDIO,
    seconds_per_track=0.06,
    help="Mean and standard deviation of mel-frequency cepstral coefficients and their deltas: the classic "
    "description of timbre.",
    source="Davis & Mermelstein 1980",
)
def _mfcc():
    from core.features.spectral.mfcc import Mfcc

    return Mfcc


@register(
    EXTRACTORS,
    ExtractorSpec,
    name="descriptors",
    title="Audio descriptors",
    **AUDIO,
    seconds_per_track=0.06,
    help="Tempo, loudness, brightness, key strength, flatness and a dozen more, each with its unit; they "
    "also explain clusters.",
    source="Peeters 2004",
)
def _descriptors():
    from core.features.spectral.descriptors import Descriptors

    return Descriptors


def _sentence():
    from core.features.pretrained.sentence import Sentence

    return Sentence


register(
    EXTRACTORS,
    ExtractorSpec,
    name="sentence",
    title="Sentence embedding (multilingual)",
    **TEXT,
    takes_name="model",
    may_standardise=False,
    seconds_per_track=0.03,
    help="Embedding by the multilingual Universal Sentence Encoder (16 languages; no Bangla).",
    source="Yang et al. 2019",
)(_sentence)
register(
    EXTRACTORS,
    ExtractorSpec,
    name="sentence-minilm",
    title="Sentence embedding (English)",
    **TEXT,
    settings={"model": "minilm"},
    may_standardise=False,
    seconds_per_track=0.03,
    help="Embedding by MiniLM, for English.",
    source="Reimers & Gurevych 2019; Wang et al. 2020",
)(_sentence)
register(
    EXTRACTORS,
    ExtractorSpec,
    name="sentence-mpnet",
    title="Sentence embedding (multilingual MPNet)",
    **TEXT,
    settings={"model": "paraphrase-multilingual-mpnet-base-v2"},
    may_standardise=False,
    seconds_per_track=0.03,
    help="Embedding by paraphrase-multilingual-mpnet-base-v2 (about 50 languages), which must be on this "
    "machine.",
    source="Siddique, Hybrid Audio–Text Clustering for Music, section 3.1.2",
)(_sentence)


@register(
    EXTRACTORS,
    ExtractorSpec,
    name="passages",
    title="Sentence embeddings of text and passages",
    **FOR_MODELS,
    takes_name="model",
    may_standardise=False,
    seconds_per_track=0.03,
    help="Embeddings of the whole text and of its three sentences or thirds: the input of the contrastive "
    "text tower.",
    source="Sideras, Multimodal Pretraining for Music Audio, section 4.4.2",
)
def _passages():
    from core.features.pretrained.passages import Passages

    return Passages


@register(
    EXTRACTORS,
    ExtractorSpec,
    name="tokens",
    title="Tokens of text and passages",
    **FOR_MODELS,
    takes_name="model",
    seconds_per_track=0.03,
    help="Tokens of the text and of its three passages, for models that train a transformer with the rest: "
    "slow.",
    source="Sideras, Multimodal Pretraining for Music Audio, section 4.4.1",
)
def _tokens():
    from core.features.pretrained.tokens import Tokens

    return Tokens


def _wordpieces():
    from core.features.pretrained.wordpieces import Wordpieces

    return Wordpieces


register(
    EXTRACTORS,
    ExtractorSpec,
    name="wordpieces",
    title="Word pieces",
    **FOR_MODELS,
    takes_name="model",
    seconds_per_track=0.03,
    help="BERT's word pieces of the text without its repetitions, for models that learn word embeddings "
    "themselves.",
    source="Wu et al. 2016",
)(_wordpieces)
register(
    EXTRACTORS,
    ExtractorSpec,
    name="wordpieces-en",
    title="Word pieces (English)",
    **FOR_MODELS,
    settings={"english_only": True},
    seconds_per_track=0.03,
    help="BERT's word pieces of the texts that are English, as the masked autoencoder's paper has it.",
    source="Wu et al. 2016",
)(_wordpieces)


@register(
    EXTRACTORS,
    ExtractorSpec,
    name="tfidf",
    title="TF-IDF",
    reads="corpus",
    modality="text",
    may_standardise=False,
    seconds_per_track=0.001,
    help="TF-IDF of words and character n-grams, reduced by latent semantic analysis; reads any language.",
    source="Spärck Jones 1972; Deerwester et al. 1990",
)
def _tfidf():
    from core.features.tfidf import Tfidf

    return Tfidf


@register(
    EXTRACTORS,
    ExtractorSpec,
    name="clap",
    title="CLAP (audio tower)",
    **AUDIO,
    takes_name="model",
    text_tower="clap-text",
    may_standardise=False,
    seconds_per_track=0.06,
    help="Embedding by the audio tower of CLAP, trained on audio and captions, so that a phrase lies near "
    "the audio that it describes; it must "
    "be on this machine.",
    source="Wu et al. 2023",
)
def _clap():
    from core.features.pretrained.clap import ClapAudio

    return ClapAudio


@register(
    EXTRACTORS,
    ExtractorSpec,
    name="clap-text",
    title="CLAP (text tower)",
    **TEXT,
    may_standardise=False,
    seconds_per_track=0.03,
    help="Embedding by the text tower of CLAP, trained on audio and captions in English; it must be on this "
    "machine.",
    source="Wu et al. 2023",
)
def _clap_text():
    from core.features.pretrained.clap import ClapText

    return ClapText
