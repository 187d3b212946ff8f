"""The controls of Explore: widgets in, :class:`core.pipeline.choice.Choice` out. Each control lives here and nowhere else."""

from dataclasses import dataclass

import streamlit as st

from core.clustering import CLUSTERERS, ClustererSpec
from core.collection import METADATA, Collection
from core.config import Field, settable
from core.config.reading import format_value
from core.features import SENTENCE
from core.fusion import FUSIONS
from core.pipeline.choice import Choice
from core.pipeline.first_choice import FIRST_K, default_choice, most_clusters
from core.projection import PROJECTIONS
from core.ui.explore.unread_languages import say_unread
from core.ui.shared.encoder_choice import resolve_model
from core.ui.shared.genre_choice import choose_colours, choose_comparison
from core.ui.shared.setting_form import bounds_of, draw_setting, help_of, suggestion_key
from core.ui.shared.url_state import record, start_number, start_widget, toggle
from core.ui.shared.wording import Words, list_representations, words_of

MODALITIES = {"audio": "Sound", "text": "Words", "fused": "Both"}
ANOTHER = Words(
    "Another sentence model …",
    "**Sentence embedding** by any sentence-transformers model, by its name or folder. *Reimers & Gurevych "
    "2019*",
)
TEXT_FIELDS = {"": "The best there is", "lyrics": "Lyrics", "caption": "Captions", METADATA: "Title – artist"}


@dataclass(frozen=True)
class View:
    """What is chosen about looking, beside the :class:`Choice`: what the colours mean, and the genre that they show."""

    colour_by: str = "cluster"
    genre: str = ""


def choose_collection(names: list[str]) -> str:
    """Let the user choose a collection."""
    key = start_widget("on", names, "demo" if "demo" in names else names[0])
    return record(
        "on",
        st.selectbox(
            "Collection", names, key=key, help="What the map shows. Add your own music on the Library page."
        ),
    )


def choose(collection: Collection) -> tuple[Choice, View]:
    """Let the user choose everything about a collection's map.

    Raises
    ------
    CollectionError
        When the collection has neither sound nor text nor numbers.
    """
    audio, text, text_field = _choose_representation(collection)
    fusion, weight = _choose_fusion() if audio and text else ("weighted", 0.5)
    cluster, n_clusters, settings = _choose_clustering(collection)
    weighs = bool(audio and text) and FUSIONS[fusion].explains
    label_by = choose_comparison(collection)
    projection = _choose_projection()
    colour_by, genre = choose_colours(collection, weighs)
    choice = Choice(
        audio=audio,
        text=text,
        text_field=text_field,
        fusion=fusion,
        text_weight=weight,
        cluster=cluster,
        n_clusters=n_clusters,
        settings=settings,
        projection=projection,
        label_by=label_by,
    )
    return choice, View(colour_by, genre)


def _choose_representation(collection: Collection) -> tuple[str | None, str | None, str | None]:
    """Choose the modality and what stands for it."""
    offers = {modality: list_representations(collection, modality) for modality in ("audio", "text")}
    able = [m for m in MODALITIES if (all(offers.values()) if m == "fused" else offers[m])]
    modality = first = default_choice(collection).modality
    if len(able) > 1:
        modality = st.segmented_control(
            "What counts",
            able,
            format_func=MODALITIES.get,
            key=start_widget("look", able, first),
            required=True,
            width="stretch",
            help="The **modality**: how tracks sound, what their words say, or both fused into one "
            "representation.",
        )
    record("look", modality)
    chosen = {m: _choose_offer(m, offers[m]) for m in ("audio", "text") if modality in (m, "fused")}
    field = _choose_text_field(collection) if chosen.get("text") else None
    if chosen.get("text"):
        say_unread(collection, chosen["text"], field)
    return chosen.get("audio"), chosen.get("text"), field


def _choose_offer(modality: str, offers: dict) -> str:
    """Choose a representation of one modality."""
    first = next(iter(offers))
    if modality == "text":
        offers = {**offers, SENTENCE: ANOTHER}
    names = list(offers)
    key = start_widget(modality, names, first)
    label = {"audio": "Sound described by", "text": "Words described by"}[modality]
    told = (
        "The **representation** of this modality: what makes two tracks near or far.\n\n"
        + offers[st.session_state[key]].help
    )
    chosen = record(
        modality, st.selectbox(label, names, format_func=lambda name: offers[name].title, key=key, help=told)
    )
    return _choose_encoder(first, offers[first].title) if chosen == SENTENCE else chosen


def _choose_encoder(otherwise: str, title: str) -> str:
    """Let the user name any sentence-transformers model; until there is a name, the suggested representation stays.

    Raises
    ------
    CollectionError
        When it is a folder that may not be opened from the browser.
    """
    typed = st.text_input(
        "Name or folder of the model",
        key=start_widget("encoder", None, ""),
        placeholder="paraphrase-multilingual-MiniLM-L12-v2",
        help="A **sentence-transformers** model: a folder that `model.save(FOLDER)` wrote, or a name on the "
        "Hugging Face hub, "
        "from which it is fetched once if it is not on this machine.",
    )
    model = record("encoder", typed.strip())
    if not model:
        st.caption(f"Until a model is named, the words are described by: {title}.")
        return otherwise
    return f"{SENTENCE}{resolve_model(model)}"


def _choose_text_field(collection: Collection) -> str | None:
    """Choose which words are read, where there is more than one kind."""
    able = [""] + [name for name in ("lyrics", "caption") if (collection.tracks[name] != "").any()]
    able += [METADATA] if any(collection.texts(METADATA)) else []
    if len(able) <= 2:
        return None
    key = start_widget("words", able, "")
    counts = ", ".join(
        f"{n} from {source}" for source, n in collection.text_sources(st.session_state[key] or None).items()
    )
    told = f"The best there is: lyrics, else a caption, else title and artist. Now: {counts}."
    return (
        record("words", st.selectbox("Which words", able, format_func=TEXT_FIELDS.get, key=key, help=told))
        or None
    )


def _choose_fusion() -> tuple[str, float]:
    """Choose how sound and words become one, and how much the words count."""
    names = list(FUSIONS)
    key = start_widget("fusion", names, names[0])
    spec = FUSIONS[st.session_state[key]]
    told = f"**Fusion**. {words_of(spec).help}"
    fusion = record(
        "fusion", st.selectbox("Join them", names, format_func=lambda n: FUSIONS[n].title, key=key, help=told)
    )
    if not FUSIONS[fusion].takes_weight:
        return fusion, 0.5
    weight = st.slider(
        "How much the words count",
        0.0,
        1.0,
        **start_number("weight", None, 0.5, _share),
        step=0.05,
        format="percent",
        help="**text_weight** *w*: squared distances mix sound and words as (1 − w) : w. 0 % is sound "
        "alone, 100 % words alone.",
    )
    return fusion, record("weight", round(weight, 2))


def _choose_clustering(collection: Collection) -> tuple[str, int | None, tuple]:
    """Choose the algorithm, the number of clusters where it takes one, and its other settings."""
    names = list(CLUSTERERS)
    key = start_widget("cluster", names, names[0])
    spec = CLUSTERERS[st.session_state[key]]
    told = f"The **clustering** algorithm. {words_of(spec).help}"
    cluster = record(
        "cluster",
        st.selectbox(
            "Find clusters with", names, format_func=lambda n: CLUSTERERS[n].title, key=key, help=told
        ),
    )
    spec = CLUSTERERS[cluster]
    kind = spec.load()
    n_clusters = _choose_k(most_clusters(collection)) if spec.takes_k else FIRST_K
    rest = [field for field in settable(kind) if field.name != "n_clusters"]
    settings = [_choose_one(spec, field) for field in rest if not field.setting.advanced]
    hidden = [field for field in rest if field.setting.advanced]
    if hidden:
        with st.expander("Fine tuning"):
            settings += [_choose_one(spec, field) for field in hidden]
    defaults = {field.name: field.default for field in rest}
    if note_text := kind().note(collection.n_tracks):
        st.caption(note_text)
    return cluster, n_clusters, tuple((name, value) for name, value in settings if value != defaults[name])


def _choose_one(spec: ClustererSpec, field: Field) -> tuple:
    """Choose one setting of a clusterer; return its name and its value, None for what the data suggest."""
    name = f"{spec.name}.{field.name}"
    starts_as_none = field.allows_none and (field.default is None or field.name in spec.suggests)
    if not starts_as_none or field.plain_kind not in (int, float):
        return field.name, draw_setting(field, field.default, name)
    told = f"{help_of(field)}\n\nOff: suggested by the data."
    if not toggle(f"Set the {field.setting.title.lower()}", f"{name}.own", help=told):
        return field.name, None
    plain = (bounds_of(field)[0] or 0) + 4 if field.default is None else field.default
    value = draw_setting(field, st.session_state.get(suggestion_key(field.name), plain), name)
    record(
        name, format_value(value)
    )  # also where it is what the data suggest, which another session has yet to find out
    return field.name, value


def _choose_k(most: int) -> int | None:
    """Choose the number of clusters, ``most`` at most, or let it be found."""
    if most == 2:  # a slider needs two ends
        st.caption("So few tracks make two clusters.")
        return 2
    searched = toggle(
        "Search for their number",
        "search",
        help="Tries **k** = 2 … 10 and takes the one with the highest Silhouette. *Rousseeuw 1987*",
    )
    k = st.slider(
        "Number of clusters",
        2,
        most,
        **start_number("k", range(2, most + 1), min(FIRST_K, most), int),
        disabled=searched,
        help="**k**: so many clusters are made, whatever there is.",
    )
    record("k", k)
    return None if searched else k


def _choose_projection() -> str:
    """Choose how the map is drawn."""
    names = list(PROJECTIONS)
    key = start_widget("map", names, "pacmap" if "pacmap" in names else names[0])
    told = (
        "The **projection** onto the plane. It only draws: clusters and scores come from the full "
        "representation.\n\n"
        f"{words_of(PROJECTIONS[st.session_state[key]]).help}"
    )
    projection = st.selectbox(
        "Draw the map with", names, format_func=lambda n: PROJECTIONS[n].title, key=key, help=told
    )
    return record("map", projection)


def _share(text: str) -> float:
    """Read a share between 0 and 1."""
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError(text)
    return value
