"""The form that starts a training: which collection, which model, which settings, and how long it takes."""

import streamlit as st

from core import collection as collections
from core.collection import Collection
from core.errors import ConfigError
from core.features import count_missing, extractor_spec, get_extractor
from core.inputs.input_names import default_input, has_input, is_joint, modalities_of, parts_of
from core.jobs import job as jobs
from core.models import MODELS, get_model
from core.models.model_contract import ModelSpec
from core.training.settings import parse_settings
from core.ui.library.collection_panel import SOURCES, choose_from_library
from core.ui.models.checkpoint_list import show_newest
from core.ui.models.train_settings import choose_settings
from core.ui.shared.encoder_choice import name_encoder
from core.ui.shared.frame import friendly, plain_markdown, show_error
from core.ui.shared.prepare import in_words
from core.ui.shared.shown_names import read_folds, read_input, read_model
from core.ui.shared.url_state import record, start_widget
from core.ui.shared.wording import title_of_input

START_S = 3.0
TRAINED_ON = "models-collection"
"""The collection for which the form was drawn last, in the session."""


def show_train_form(names: list[str]) -> None:
    """Draw the form; it ends in a job."""
    st.subheader("Train a model", anchor=False)
    left, right = st.columns([1, 2], gap="large")
    with left, friendly():
        collection = collections.load(choose_from_library(names, as_list=True))
        refusals = {name: refusal(spec, collection) for name, spec in MODELS.items()}
        able = [name for name in MODELS if not refusals[name]]
        name = _choose_model(collection, able)
        st.markdown(plain_markdown(MODELS[name].help))
        st.caption(plain_markdown(MODELS[name].source))
        with right, friendly():
            if refusals[name]:
                _refuse(MODELS[name], collection, refusals[name], [MODELS[n].title for n in able])
            else:
                _choose_and_start(collection, MODELS[name])


def _choose_model(collection: Collection, able: list[str]) -> str:
    """Choose a model; ``able``: those that can learn from the collection."""
    default = able[0] if able else next(iter(MODELS))
    key = start_widget("model", list(MODELS), default, read_model)
    if st.session_state.setdefault(TRAINED_ON, collection.name) != collection.name:
        st.session_state[TRAINED_ON] = collection.name
        if (
            able and st.session_state[key] not in able
        ):  # what was chosen for another collection can't learn from this one
            st.session_state[key] = default
    name = st.selectbox("Model", list(MODELS), key=key, format_func=lambda n: MODELS[n].title)
    record("model", name if name != default else None)
    return name


def refusal(spec: ModelSpec, collection: Collection) -> str:
    """Say why a model can't learn from a collection, "" where it can."""
    if not inputs_of(spec, collection):
        needs = {extractor_spec(part).reads for name in spec.inputs for part in parts_of(name).values()}
        wanted = [
            word
            for word, kinds in (("sound", {"file"}), ("words", {"text", "corpus"}), ("numbers", {"table"}))
            if needs & kinds
        ]
        both = all(map(is_joint, spec.inputs))
        return (
            f"it learns from {(' and ' if both else ' or ').join(wanted)}, and {collection.name} "
            f"{'lacks one of them' if both else 'has none'}"
        )
    if spec.sees_labels:
        n = (
            len(collection.genre_matrix()[0])
            if spec.predicts_genres
            else len(set(collection.labels()) - {""})
        )
        if n < 2:
            return (
                f"it is told the labels while it learns, and {collection.name} has "
                f"{'none' if not n else 'only one'}"
            )
    return ""


def inputs_of(spec: ModelSpec, collection: Collection) -> list[str]:
    """Return those inputs of a model that a collection has something for."""
    return [name for name in spec.inputs if has_input(collection, name)]


def _refuse(spec: ModelSpec, collection: Collection, reason: str, able: list[str]) -> None:
    """Say why this model can't learn from this collection, and which can."""
    st.info(plain_markdown(f"{spec.title}: {reason}."), icon=":material/info:")
    if spec.sees_labels:
        st.caption(
            "Labels come from a column, from genre tags or from folder names; add the collection again in "
            "the Library and say where they are."
        )
    if able:
        st.caption("These models can learn from it: " + plain_markdown(", ".join(able)) + ".")


def _choose_and_start(collection: Collection, spec: ModelSpec) -> None:
    """Choose what goes in and the settings; start the training."""
    if spec.sees_labels:
        st.info(
            "It is told the labels while it learns. Wherever it is scored against labels, that is marked.",
            icon=":material/info:",
        )
    inputs = inputs_of(spec, collection)
    default = default_input(collection, spec.inputs)
    reads = st.selectbox(
        "Learns from",
        inputs,
        disabled=len(inputs) == 1,
        format_func=title_of_input,
        help="The **features** that go into the model.",
        key=start_widget(f"{spec.name}.input", inputs, default, lambda text: read_input(text, inputs)),
    )
    record(f"{spec.name}.input", reads if reads != default else None)
    if "text" in modalities_of(reads):
        sources = " · ".join(
            f"{n:,} {SOURCES.get(source, source)}" for source, n in collection.text_sources().items()
        )
        st.caption("Words: " + plain_markdown(sources))
    reads = name_encoder(spec.name, reads)
    kind = get_model(spec.name)
    settings = choose_settings(spec.name, kind)
    folds = _choose_folds(spec.name) if spec.predicts_genres else 0
    problem = None
    try:
        parse_settings(kind, settings)
    except ConfigError as reason:
        problem = reason
        show_error(reason)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            "Train",
            type="primary",
            icon=":material/play_arrow:",
            key="models-train",
            disabled=problem is not None,
        ):
            asked = {"settings": settings} | ({"folds": folds} if folds else {})
            jobs.start(
                "train",
                f"{spec.title} on {collection.name}",
                collection=collection.name,
                model=f"{spec.name}:{reads}",
                **asked,
            )
            show_newest()  # when it is done
            st.rerun()
        if problem is None:
            st.caption(_in_time(collection, spec, reads, settings, folds), width="content")


def _choose_folds(name: str) -> int:
    """Choose how many folds cross-validate a model that predicts genres, 0 for none."""
    options = (0, 3, 5, 10)
    folds = st.selectbox(
        "Cross-validation",
        options,
        format_func=lambda n: f"{n} folds" if n else "none",
        key=start_widget(f"{name}.folds", options, 0, read_folds),
        help="**folds**: so many times it learns from all tracks but one part and predicts the genres of "
        "that part; the scores stand below the "
        "checkpoint. Then it learns from all of them. *The papers take 5.*",
    )
    record(f"{name}.folds", folds or None)
    return folds


def _in_time(
    collection: Collection, spec: ModelSpec, reads: str, settings: dict[str, str], folds: int = 0
) -> str:
    """Say how long reading and training are likely to take."""
    extractors = [get_extractor(part) for part in parts_of(reads).values()]
    specs = [extractor_spec(part) for part in parts_of(reads).values()]
    missing = [count_missing(collection, extractor) for extractor in extractors]
    reading = sum(n * extracted.seconds_per_track for n, extracted in zip(missing, specs))
    training, kind = START_S, get_model(spec.name)
    if kind.training:
        config, loop = parse_settings(kind, settings)
        rounds = 1 + max(folds - 1, 0)  # each of k folds learns from all but a k-th
        n = rounds * collection.n_tracks * max(extractor.examples_per_track for extractor in extractors)
        on_spectrograms = any(extracted.is_spectrogram for extracted in specs)
        training += (
            n
            * loop.epochs
            / spec.training_speed(config.preset if spec.presets else "", on_spectrograms=on_spectrograms)
        )
    if reading + training < 5:
        return "Takes a few seconds."
    first = f", {in_words(reading)} of it for reading {max(missing):,} tracks" if reading > 5 else ""
    return (
        f"About {in_words(reading + training)} on a machine with two cores{first}. You can leave the "
        "page meanwhile."
    )
