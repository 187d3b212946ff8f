"""The form that starts a training: which collection, which model, which settings."""

import dataclasses
import typing

import streamlit as st

from core import jobs
from core.collection import Collection
from core.features import count_missing, get_extractor
from core.models import MODELS, Card, describe, get_model
from core.ui.frame import plain_markdown
from core.ui.prepare import in_words
from core.ui.results import load_collection
from core.ui.words import EXTRACTOR_WORDS, Words
from core.work import default_input

SETTING_WORDS = {
    "epochs": Words("Epochs", "**epochs**: how many times it goes through all tracks."),
    "batch_size": Words("Tracks at a time", "**batch_size**: examples per step."),
    "lr": Words("Step size", "**lr**, the learning rate of Adam. *Kingma & Ba 2015*"),
    "latent_dim": Words("Dimensions of the space", "**latent_dim**: how many numbers describe a track."),
    "n_components": Words("Dimensions of the space", "**n_components**: straight directions kept. None: the published number for this input."),
    "beta": Words("Weight of the prior", "**beta**: how strongly the latents are drawn towards a standard normal. *Higgins et al. 2017*"),
    "scaling": Words("Scale of the losses", "*normalised*: KL and reconstruction both divided by the input's size. *as-published*: as the paper has them."),
    "held_out": Words("Share held out", "**held_out**: tracks kept from training to see whether it generalises; the best epoch on them is kept."),
    "patience": Words("Stop when nothing improves for", "**patience**, in epochs, with a share held out; 0 runs them all."),
    "seed": Words("Seed", "**seed** of everything random: the same seed gives the same model."),
    "weight_decay": Words("Weight decay", "**weight_decay**: pulls weights towards zero."),
    "clip_norm": Words("Longest gradient", "**clip_norm**: longer gradients are shortened to this; 0 leaves them."),
}
FIRST = ("epochs", "latent_dim", "n_components", "beta", "lr", "batch_size")
"""Settings shown at once; the others stand behind a fold."""
EPOCHS_PER_TRACK_S = {2: 110.0, 1: 20000.0}
"""Examples per second that one machine of two cores trains on, by the input's dimensions (spectrogram, vector)."""


def show_train_form(names: list[str]) -> None:
    """Draw the form; it ends in a job."""
    st.subheader("Train a model", anchor=False)
    left, right = st.columns([1, 2], gap="large")
    with left:
        asked = st.query_params.get("on") or st.session_state.get("library-on")
        if "models-collection" not in st.session_state or st.session_state["models-collection"] not in names:
            st.session_state["models-collection"] = asked if asked in names else names[0]
        collection = load_collection(st.selectbox("Collection", names, key="models-collection"))
        st.query_params["on"] = collection.name
        cards = {name: describe(name) for name in MODELS}
        fitting = {name: _inputs(collection, card) for name, card in cards.items()}
        able = [name for name in cards if fitting[name] and not (cards[name].sees_labels and not collection.labelled.any())]
        if not able:
            st.info("No model can learn from this collection: it has neither sound, nor text, nor numbers.", icon=":material/info:")
            return
        _keep_valid("models-model", able, st.query_params.get("model"))
        name = st.selectbox("Model", able, format_func=lambda n: cards[n].title, key="models-model")
        st.query_params["model"] = name
        missing = [cards[n].title for n in cards if n not in able]
        if missing:
            st.caption("Not for this collection: " + plain_markdown(", ".join(missing)) + " (no sound, or no labels to be told).")
    with right:
        card = cards[name]
        st.markdown(f"**{card.title}.** {card.summary}")
        st.caption(card.paper)
        if card.sees_labels:
            st.info("It is told the labels while it learns. Wherever it is scored against labels, that is marked.", icon=":material/info:")
        inputs = fitting[name]
        _keep_valid("models-input", inputs, default_input(collection, card.inputs))
        reads = st.selectbox(
            "Learns from", inputs, format_func=lambda n: EXTRACTOR_WORDS.get(n, Words(n)).title, key="models-input",
            help="The features that go into the model.", disabled=len(inputs) == 1,
        )  # fmt: skip
        settings = _settings(name)
        seconds = _seconds(collection, name, reads, settings)
        st.caption(f"About {in_words(seconds)} on a machine of two cores." if seconds > 2 else "A moment.")
        if st.button("Train", type="primary", icon=":material/play_arrow:", key="models-train"):
            title = f"{card.title} on {collection.name}"
            jobs.start("train", title, collection=collection.name, model=f"{name}:{reads}", settings=settings)
            st.rerun()


def _inputs(collection: Collection, card: Card) -> list[str]:
    """Return those inputs of a model that a collection has something for."""
    has_sound, has_text = any(collection.audio_paths()), any(collection.texts())
    has = {"file": has_sound, "table": collection.table is not None, "text": has_text, "corpus": has_text}
    return [name for name in card.inputs if has[get_extractor(name).reads]]


def _keep_valid(key: str, options: list[str], wanted: str | None) -> None:
    """Start a select box from what was asked for, where that is an option."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = wanted if wanted in options else options[0]


def _settings(name: str) -> dict[str, str]:
    """Draw every setting of a model and return those that differ from its defaults, as text."""
    kind = get_model(name)
    fields = {f.name: (f.default, typing.get_type_hints(kind.Config)[f.name]) for f in dataclasses.fields(kind.Config)}
    if kind.training:
        hints = typing.get_type_hints(type(kind.training))
        fields |= {f.name: (getattr(kind.training, f.name), hints[f.name]) for f in dataclasses.fields(kind.training)}
    shown = [f for f in FIRST if f in fields]
    changed = {}
    columns = st.columns(max(len(shown), 1))
    for column, field in zip(columns, shown):
        with column:
            changed[field] = _widget(name, field, *fields[field])
    rest = [f for f in fields if f not in shown]
    if rest:
        with st.expander("More settings"):
            columns = st.columns(3)
            for position, field in enumerate(rest):
                with columns[position % 3]:
                    changed[field] = _widget(name, field, *fields[field])
    return {field: str(value) for field, value in changed.items() if value != fields[field][0] and value is not None}


def _widget(model: str, field: str, default, kind):
    """Draw the widget of one setting."""
    words = SETTING_WORDS.get(field, Words(field.replace("_", " ").capitalize(), f"`{field}`"))
    options = typing.get_args(kind)
    key = f"models-{model}-{field}"
    if typing.get_origin(kind) is typing.Literal:
        return st.selectbox(words.title, options, index=options.index(default), help=words.help, key=key)
    if kind is bool:
        return st.toggle(words.title, value=default, help=words.help, key=key)
    if kind is float:
        return st.number_input(words.title, value=default, format="%g", step=default / 2 or 0.05, help=words.help, key=key)
    if kind is int or int in options:
        return st.number_input(words.title, value=default, min_value=0, step=1, help=words.help, key=key)
    text = st.text_input(words.title, value=", ".join(map(str, default)) if isinstance(default, tuple) else str(default), help=words.help, key=key)
    return default if isinstance(default, tuple) and text == ", ".join(map(str, default)) else text


def _seconds(collection: Collection, name: str, reads: str, settings: dict[str, str]) -> float:
    """Guess how long reading and training take."""
    extractor, kind = get_extractor(reads), get_model(name)
    reading = count_missing(collection, extractor) * {"file": 0.06, "text": 0.03}.get(extractor.reads, 0.0)
    if not kind.training:
        return reading + 2
    epochs = int(settings.get("epochs", kind.training.epochs))
    crops = getattr(extractor, "n_crops", 1)
    return reading + collection.n_tracks * crops * epochs / EPOCHS_PER_TRACK_S[2 if reads == "mel" else 1] + 3
