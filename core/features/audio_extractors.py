"""Entries of the extractors that represent audio, or a table's numeric columns.

Those of one class are entered from the bottom up.
"""

from core.features.extractors import register

AUDIO = {"reads": "file", "modality": "audio"}
SPECTROGRAM = {**AUDIO, "is_spectrogram": True}
CLIP = {**SPECTROGRAM, "only_for_models": True}


@register(
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


@register(
    name="musicnn-mtt",
    title="MusiCNN (pretrained on MagnaTagATune)",
    **AUDIO,
    seconds_per_track=0.18,
    settings={"network": "mtt"},
    help="Embedding of the same CNN trained on MagnaTagATune: instruments, voices, classical and electronic.",
    source="Pons & Serra 2019",
)
@register(
    name="musicnn",
    title="MusiCNN (pretrained)",
    **AUDIO,
    seconds_per_track=0.18,
    help="Embedding of a CNN trained to tag the Million Song Dataset by genre, mood and decade.",
    source="Pons & Serra 2019",
)
def _musicnn():
    from core.features.pretrained.musicnn import Musicnn

    return Musicnn


@register(
    name="mel-centre",
    title="Log-mel spectrogram (centre crop)",
    **SPECTROGRAM,
    seconds_per_track=0.009,
    settings={"n_crops": 1},
    help="Log-mel spectrogram of the single crop in the middle of a track, as published.",
    source="Siddique, Hybrid Audio–Text Clustering for Music, section 3.2.2",
)
@register(
    name="mel",
    title="Log-mel spectrogram",
    **SPECTROGRAM,
    seconds_per_track=0.024,
    help="Standardised log-mel spectrograms of three crops; clustered by each band's mean and deviation.",
    source="Siddique, Hybrid Audio–Text Clustering for Music, section 3.2.2",
)
def _mel():
    from core.features.spectral.mel import Mel

    return Mel


@register(
    name="clip-270",
    title="Log-mel spectrogram (270 s, fixed scale)",
    **CLIP,
    seconds_per_track=0.066,
    settings={"clip_s": 270.0},
    help="Log-mel spectrogram of 270 s, the published length; shorter tracks are padded with silence.",
    source="Sideras, Multimodal Pretraining for Music Audio, section 4.3",
)
@register(
    name="clip",
    title="Log-mel spectrogram (12 s, fixed scale)",
    **CLIP,
    seconds_per_track=0.014,
    help="Log-mel spectrogram of 12 s in dB, not standardised: the input of the contrastive audio tower.",
    source="Sideras, Multimodal Pretraining for Music Audio, section 4.3",
)
def _clip():
    from core.features.spectral.clip import Clip

    return Clip


@register(
    name="fbank",
    title="Log filterbank (Kaldi)",
    **SPECTROGRAM,
    seconds_per_track=0.019,
    help="Log mel filterbank energies of 5 s crops, 100 frames per second: the masked autoencoder's input.",
    source="Gong et al. 2021",
)
def _fbank():
    from core.features.spectral.fbank import Fbank

    return Fbank


@register(
    name="mfcc",
    title="MFCC",
    **AUDIO,
    seconds_per_track=0.024,
    help="Mean and standard deviation of mel-frequency cepstral coefficients and their deltas.",
    source="Davis & Mermelstein 1980",
)
def _mfcc():
    from core.features.spectral.mfcc import Mfcc

    return Mfcc


@register(
    name="descriptors",
    title="Descriptors",
    **AUDIO,
    seconds_per_track=0.022,
    help="Tempo, loudness, brightness, key strength, flatness and more, with units; they explain clusters.",
    source="Peeters 2004",
)
def _descriptors():
    from core.features.spectral.descriptors import Descriptors

    return Descriptors


@register(
    name="one-shot",
    title="One-shot profile",
    **AUDIO,
    seconds_per_track=0.01,
    may_standardise=False,
    help="Mel bands in time bins that double from the onset, and the duration: attack and decay of short "
    "sounds.",
    source="Peeters et al. 2011",
)
def _one_shot():
    from core.features.spectral.one_shot import OneShot

    return OneShot


@register(
    name="clap",
    title="CLAP (audio tower)",
    **AUDIO,
    seconds_per_track=0.2,
    takes_name="model",
    text_tower="clap-text",
    may_standardise=False,
    help="Embedding by CLAP's audio tower, trained on audio and captions; the model must be downloaded.",
    source="Wu et al. 2023",
)
def _clap():
    from core.features.pretrained.clap import ClapAudio

    return ClapAudio


@register(
    name="encoder",
    title="Audio encoder (AST)",
    **AUDIO,
    seconds_per_track=1.5,
    takes_name="model",
    help="Hidden states of a pretrained audio encoder (AST, wav2vec 2.0, HuBERT, Whisper …), pooled over "
    "time; the model must be downloaded.",
    source="Gong et al. 2021",
)
def _encoder():
    from core.features.pretrained.audio_encoder import AudioEncoder

    return AudioEncoder
