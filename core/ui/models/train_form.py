"""The form that trains a model: collection, model, settings, and estimated duration."""

import streamlit as st

from core import collection as collections
from core import store
from core.collection import Collection
from core.errors import ConfigError
from core.features import extractor_spec
from core.inputs.input_names import is_joint, modalities_of, parts_of
from core.jobs import job as jobs
from core.jobs.estimates import estimate_training
from core.messages.extraction_messages import describe_space
from core.messages.quantities import format_duration
from core.models import MODELS, get_model
from core.models.model_entry import ModelSpec
from core.training.settings import fields_of, parse_settings
from core.ui.library.collection_panel import choose_collection
from core.ui.models.checkpoint_details import show_newest
from core.ui.models.input_choice import choose_input, inputs_of
from core.ui.models.input_settings import choose_input_settings
from core.ui.shared.fields.engine_choice import choose_engine
from core.ui.shared.fields.setting_form import draw_setting, draw_settings
from core.ui.shared.fields.text_field_choice import choose_text_field
from core.ui.shared.fields.wording import read_folds, read_model
from core.ui.shared.frame import friendly, plain_markdown, show_error
from core.ui.shared.url_state import choose_option, record, start_widget

TRAINED_ON = "models-collection"
"""Session key: the collection that the form was shown for last."""


def show_train_form(names: list[str]) -> None:
    """Show the form; it ends in a job."""
    st.subheader("Train a model", anchor=False)
    left, right = st.columns([1, 2], gap="large")
    with left, friendly():
        collection = collections.load(choose_collection(names, as_list=True))
        missing = {name: missing_reason(spec, collection) for name, spec in MODELS.items()}
        usable = [name for name in MODELS if not missing[name]]
        name = _choose_model(collection, usable)
        st.markdown(plain_markdown(MODELS[name].help))
        st.caption(plain_markdown(MODELS[name].source))
        with right, friendly():
            if missing[name]:
                _show_missing(MODELS[name], collection, missing[name], [MODELS[n].title for n in usable])
            else:
                _choose_and_start(collection, MODELS[name])


def _choose_model(collection: Collection, usable: list[str]) -> str:
    """Choose a model; ``usable`` are those that the collection has data and labels for."""
    default = usable[0] if usable else next(iter(MODELS))
    key = start_widget("model", list(MODELS), default, read_model)
    if st.session_state.setdefault(TRAINED_ON, collection.name) != collection.name:
        st.session_state[TRAINED_ON] = collection.name
        # the model chosen for another collection may not suit this one
        if usable and st.session_state[key] not in usable:
            st.session_state[key] = default
    at = list(MODELS).index(st.session_state[key])
    name = st.selectbox("Model", list(MODELS), at, key=key, format_func=lambda n: MODELS[n].title)
    record("model", name if name != default else None)
    return name


def missing_reason(spec: ModelSpec, collection: Collection) -> str:
    """Return what a collection lacks for training a model, "" if nothing."""
    if not inputs_of(spec, collection):
        needs = {extractor_spec(part).reads for name in spec.inputs for part in parts_of(name).values()}
        wanted = [
            kind
            for kind, kinds in (
                ("audio", {"file"}),
                ("text", {"text", "corpus"}),
                ("table features", {"table"}),
            )
            if needs & kinds
        ]
        both = all(map(is_joint, spec.inputs))
        return (
            f"its input is {(' and ' if both else ' or ').join(wanted)}, and {collection.name} "
            f"{'lacks one of them' if both else 'has none'}"
        )
    if spec.sees_labels:
        n = len(collection.genre_matrix()[0]) if spec.predicts_genres else len(collection.label_names())
        if n < 2:
            return f"it is trained with labels, and {collection.name} has {'none' if not n else 'only one'}"
    return ""


def _show_missing(spec: ModelSpec, collection: Collection, reason: str, usable: list[str]) -> None:
    """Show what the collection lacks for this model, and which models can be trained on it."""
    st.info(plain_markdown(f"{spec.title}: {reason}."), icon=":material/info:")
    if spec.sees_labels:
        st.caption(
            "Labels come from a column, from genre tags or from folder names: add the collection again in "
            "the Library and choose their source."
        )
    if usable:
        st.caption("Models for this collection: " + plain_markdown(", ".join(usable)) + ".")


def _choose_and_start(collection: Collection, spec: ModelSpec) -> None:
    """Choose input and settings; start the training."""
    if spec.sees_labels:
        st.info(
            "This model is trained with labels. Its scores against labels are marked everywhere.",
            icon=":material/info:",
        )
    pooled = _choose_pooled(collection)
    reads = choose_input_settings(spec.name, choose_input(collection, spec))
    has_text = "text" in modalities_of(reads)
    text_field = choose_text_field(collection, f"{spec.name}.words") if has_text else None
    kind = get_model(spec.name)
    with st.container(key="models-settings"):  # the style sheet keeps two columns where the page is narrow
        settings = choose_settings(spec.name, kind)
    folds = _choose_folds(spec.name) if spec.classifies else 0
    engine = choose_engine("Extracting features")
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
            jobs.start(
                "train",
                f"{spec.title} on {collection.name}",
                collection=collection.name,
                model=f"{spec.name}:{reads}",
                settings=settings,
                **({"folds": folds} if folds else {}),
                **({"text_field": text_field} if text_field else {}),
                **({"pooled": pooled} if pooled else {}),
                **engine,
            )
            show_newest()  # the new one, once it is trained
            st.rerun()
        if problem is None:
            st.caption(_describe_duration(collection, spec, reads, settings, folds), width="content")


def _choose_pooled(collection: Collection) -> list[str]:
    """Choose further collections whose tracks are trained on, too."""
    others = [name for name in collections.names() if name != collection.name]
    if not others:
        return []
    return st.multiselect(
        "Further collections",
        others,
        key="models-pooled",
        placeholder="None",
        help="Their tracks are **trained on**, too. *Table 6.5 of Jiang 2024*",
    )


def _choose_folds(name: str) -> int:
    """Choose the number of folds of a cross-validation, 0 for none."""
    return choose_option(
        f"{name}.folds",
        "Cross-validation",
        (0, 3, 5, 10),
        0,
        read=read_folds,
        omit_default=True,
        format_func=lambda n: f"{n} folds" if n else "none",
        help="**folds**: trains once per fold on all other folds and predicts the genres of this one; the "
        "checkpoint shows the scores. Then it is trained on all tracks. *5 in the papers.*",
    )


def _describe_duration(
    collection: Collection, spec: ModelSpec, reads: str, settings: dict[str, str], folds: int = 0
) -> str:
    """Describe how long feature extraction and training are likely to take."""
    estimate = estimate_training(collection, spec.name, reads, settings, folds=folds)
    if estimate.seconds < 10:
        return "Takes a few seconds."
    space = describe_space(estimate.extraction_bytes, store.free_bytes())
    reading = format_duration(estimate.extraction_s)
    first = f", {reading} of it for {estimate.n_missing:,} tracks' features, {space}"
    total = format_duration(estimate.seconds)
    return f"About {total}{first if estimate.extraction_s > 5 else ''}. You can leave the page."


def choose_settings(name: str, kind: type) -> dict[str, str]:
    """Show every setting of a model; return those that differ from its defaults, as for ``train --set``.

    The address holds each of them as ``model.field``. For a model with presets the preset comes first and
    sets the defaults of the others, which are ``model.preset.field`` in the address, so that values of one
    preset don't carry over to another.

    Parameters
    ----------
    name : str
        Registered name of the model.
    kind : type
        Its class.
    """
    changed, preset, prefix = {}, None, name
    if kind.presets:
        field = next(field for field in fields_of(kind) if field.name == "preset")
        preset = draw_setting(field, field.default, f"{name}.preset")
        if preset != field.default:
            changed["preset"], prefix = preset, f"{name}.{preset}"
    fields = [field for field in fields_of(kind, preset) if field.name != "preset"]
    shown = [field for field in fields if not field.setting.advanced]
    advanced = [field for field in fields if field.setting.advanced]
    changed |= draw_settings(shown, prefix, len(shown))
    if advanced:
        with st.expander("Advanced settings", key=f"models-more-{name}"):
            changed |= draw_settings(advanced, prefix, 3)
    return changed
