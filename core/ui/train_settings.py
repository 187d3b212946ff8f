"""The settings of a model and of its training as widgets, made from their dataclasses."""

import dataclasses
import types
import typing

import streamlit as st

from core.training.settings import settable
from core.ui.words import Words

SETTING_WORDS = {
    "epochs": Words("Epochs", "**epochs**: how many times it goes through all tracks."),
    "batch_size": Words("Tracks at a time", "**batch_size**: examples per step."),
    "lr": Words("Step size", "**lr**, the learning rate of Adam. *Kingma & Ba 2015*"),
    "latent_dim": Words("Dimensions", "**latent_dim**: how many numbers describe a track in the space that is learnt."),
    "n_components": Words("Dimensions", "**n_components**: straight directions kept. Empty: the published number for this input."),
    "beta": Words("Weight of the prior", "**beta**: how strongly the latents are drawn towards a standard normal. *Higgins et al. 2017*"),
    "scaling": Words("Scale of the losses", "*normalised*: KL and reconstruction both divided by the input's size. *as-published*: as the paper has them."),
    "channels": Words("Channels", "**channels** after each halving of the spectrogram."),
    "hidden": Words("Hidden layers", "**hidden**: sizes of the layers between input and latents."),
    "label_dim": Words("Dimensions of a label", "**label_dim**: how many numbers stand for a label in the decoder."),
    "standardise": Words("Same scale for all inputs", "**standardise**: z-score each input. By itself: vectors yes, spectrograms no."),
    "max_examples": Words("Most examples", "**max_examples**: with more than this, evenly spaced ones are used."),
    "held_out": Words("Share held out", "**held_out**: tracks kept from training to see whether it generalises; the best epoch on them is kept."),
    "patience": Words("Epochs without improvement", "**patience**: stop after so many, with a share held out; 0 runs them all."),
    "seed": Words("Seed", "**seed** of everything random: the same seed gives the same model."),
    "objective": Words(
        "What it learns",
        "*scl*: sound finds all three passages of its text among the batch's. *is*: each passage as a pair of its own. *1-text*: the whole "
        "text. *stl*: nearer to one of its passages than to another's. *smm*: whether two belong together. "
        "*Sideras, Multimodal Pretraining for Music Audio, section 4.4*",
    ),
    "temperature": Words("Temperature", "**temperature**: the lower, the more the nearest wrong texts count."),
    "symmetric": Words("Both ways", "**symmetric**: words also look for their sound; as printed only sound looks for its words."),
    "margin": Words("Margin", "**margin** of *stl*: how much nearer its own text must be, in cosine."),
    "matching": Words(
        "What matching looks at",
        "For *smm*. *cosine*: both and how alike they are. *as-published*: both side by side, from which one layer can't tell pairs apart.",
    ),
    "mask_same_text": Words("Spare the same words", "**mask_same_text**: tracks with the same words are no wrong answers for each other."),
    "projection_dim": Words("Dimensions of the meeting place", "**projection_dim**: where sound and words are compared; the representation lies one layer before."),
    "dropout": Words("Dropout", "**dropout**: share of numbers left out at random in training. *Srivastava et al. 2014*"),
    "text_lr": Words("Step size of the text encoder", "**text_lr**: as a share of the other step size; only where the words are tokens."),
    "start": Words("Start from", "**start**: the checkpoint whose audio tower it goes on from, by name or file. Empty: from nothing, the baseline."),
    "unfreeze_epoch": Words("Unfreeze at epoch", "**unfreeze_epoch**: from then on the pretrained tower learns too; 0: never."),
    "encoder_lr": Words("Step size of the tower", "**encoder_lr**: of a pretrained tower, as a share of the other step size."),
    "momentum": Words("Momentum of the copy", "**momentum**: how much of itself the slowly following copy keeps at each step. *Grill et al. 2020*"),
    "crop": Words("Share of a clip in a view", "**crop**: each view is a piece of this length from a random place."),
    "pitch_shift": Words("Pitch shift", "**pitch_shift**: most mel bands that a view is moved up or down; one is a little less than a semitone."),
    "gain_db": Words("Gain", "**gain_db**: most decibels that a view is louder or quieter. Standardised spectrograms have no loudness: it is left out there."),
    "snr_db": Words("Least distance to the noise", "**snr_db**: white noise is added this many decibels below the music, or up to 20 more; left out with standardised spectrograms."),
    "time_mask": Words("Hidden time", "**time_mask**: the widest share of a view's frames that is hidden. *Park et al. 2019*"),
    "frequency_mask": Words("Hidden bands", "**frequency_mask**: the widest share of a view's mel bands that is hidden. *Park et al. 2019*"),
    "decoder_hidden": Words("Hidden layers back", "**decoder_hidden**: sizes of the layers from the latents back to the input."),
    "gate_per": Words("Gate per", "*track*: one number says how much of a track comes from its sound. *dimension*: one for each, of which the mean is shown. *Arevalo et al. 2017*"),
    "modality_dropout": Words("Hide one of the two", "**modality_dropout**: share of the tracks whose sound or words are hidden in training and must be guessed from the other."),
    "n_tokens": Words("Tokens", "**n_tokens**: parts that sound and words are cut into, each."),
    "width": Words("Size of a token", "**width**: numbers in each part."),
    "n_heads": Words("Attention heads", "**n_heads**: how many ways each part looks at the others; they divide the size of a token. *Vaswani et al. 2017*"),
    "n_blocks": Words("Rounds of looking", "**n_blocks**: how often sound and words look at each other."),
    "weight_decay": Words("Weight decay", "**weight_decay**: pulls weights towards zero."),
    "clip_norm": Words("Longest gradient", "**clip_norm**: longer gradients are shortened to this; 0 leaves them."),
}  # fmt: skip
FIRST = ("epochs", "latent_dim", "n_components", "beta", "lr", "batch_size")
"""Settings shown at once; the others stand behind a fold."""
BY_ITSELF = "By itself"


def choose_settings(name: str, kind: type) -> dict[str, str]:
    """Draw every setting of a model and return those that differ from its defaults, as ``train --set`` takes them.

    Each value that differs stands in the page's address as ``model.field``.

    Parameters
    ----------
    name : str
        Registered name of the model.
    kind : type
        Its class.
    """
    fields = _fields(kind.Config, {f.name: f.default for f in settable(kind.Config)})
    if kind.training:
        fields |= _fields(type(kind.training), dataclasses.asdict(kind.training))
    first = [f for f in FIRST if f in fields]
    changed = _row(name, first, fields, max(len(first), 1))
    rest = [f for f in fields if f not in first]
    if rest:
        with st.expander("More settings", key=f"models-more-{name}"):
            changed |= _row(name, rest, fields, 3)
    return changed


def _fields(cls: type, defaults: dict) -> dict[str, tuple]:
    """Return (default, type) per field."""
    hints = typing.get_type_hints(cls)
    return {field: (default, hints[field]) for field, default in defaults.items()}


def _row(model: str, names: list[str], fields: dict, n_columns: int) -> dict[str, str]:
    """Draw some settings side by side; return those that were changed."""
    changed, columns = {}, st.columns(n_columns)
    for position, field in enumerate(names):
        default, kind = fields[field]
        with columns[position % n_columns]:
            value = _widget(f"{model}.{field}", SETTING_WORDS.get(field) or Words(field.replace("_", " ").capitalize(), f"**{field}**"), default, kind)
        if value != default:
            changed[field] = str(value)
    return changed


def _widget(key: str, words: Words, default, kind):
    """Draw the widget that fits a setting's type."""
    given = {"key": key, "help": words.help, "bind": "query-params"}
    options = typing.get_args(kind)
    if typing.get_origin(kind) is typing.Literal:
        return st.selectbox(words.title, options, index=options.index(default), **given)
    is_optional = typing.get_origin(kind) in (types.UnionType, typing.Union) and type(None) in options
    if kind is bool or (is_optional and bool in options):
        if not is_optional:
            return st.toggle(words.title, value=default, **given)
        choices = {BY_ITSELF: None, "Yes": True, "No": False}
        return choices[st.selectbox(words.title, list(choices), index=list(choices.values()).index(default), **given)]
    if kind is float:
        return st.number_input(words.title, value=float(default), format="%g", step=default / 2 or 0.05, **given)
    if kind is int or (is_optional and int in options):
        return st.number_input(words.title, value=default, step=1, placeholder=BY_ITSELF.lower(), **given)
    written = ", ".join(map(str, default)) if isinstance(default, tuple) else str(default)
    text = st.text_input(words.title, value=written, **given)
    return default if text.strip() == written else text
