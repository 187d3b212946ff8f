"""What points can be coloured by: an entry is a function with a title, help and what it offers.

The function returns the colours of a :class:`core.ui.explore.colours.colouring_spec.Subject`; what it offers
for a collection are options in the list of colours. The help completes "The colours show …".
"""

from collections.abc import Callable

import numpy as np

from core import store
from core.collection import Collection
from core.collection.genres.splitting import parse_genres
from core.drawing.colouring import Colours, group_values, place_on_scale, split_points
from core.drawing.legend import colour_clusters
from core.features import descriptor_values
from core.features.spectral.descriptors import DESCRIPTORS, MEANINGS
from core.fusion import fusion_spec
from core.pipeline.choice import Choice
from core.progress import Progress
from core.ui.explore.colours.colouring_spec import PLAIN, Offers, Subject, colouring
from core.ui.explore.colours.column_values import (
    columns_of,
    folder_names,
    folders_of,
    is_numeric,
    numbers_of,
    texts_of,
)
from core.ui.shared.fields.genre_choice import COARSE, GENRE, WEIGHT, title_of


def _if(is_offered: Callable[[Collection, Choice], bool], title: str) -> Offers:
    """Return an entry's only option where it is offered."""
    return lambda collection, choice: {PLAIN: title} if is_offered(collection, choice) else {}


@colouring(
    "cluster",
    "Cluster",
    "the clusters of the clustering algorithm",
    depends_on=lambda subject: (store.key_of(subject.shown.labels), sorted(subject.shown.names.items())),
)
def _by_cluster(subject: Subject, option: str, progress: Progress) -> Colours:
    return colour_clusters(subject.shown.labels, subject.shown.names)


@colouring(
    "label",
    "Label",
    "the labels of the collection",
    offers=lambda collection, choice: (
        {PLAIN: title_of("label", collection)} if collection.labelled.any() else {}
    ),
)
def _by_label(subject: Subject, option: str, progress: Progress) -> Colours:
    return group_values(subject.tracks["label"])


@colouring(
    COARSE,
    "Coarse group",
    "the group that most of a track's genres belong to",
    offers=_if(lambda collection, choice: collection.groups_genres, "Coarse group"),
)
def _by_coarse_group(subject: Subject, option: str, progress: Progress) -> Colours:
    return group_values(np.array(subject.collection.coarse_labels(), object)[subject.shown.space.rows])


@colouring(
    GENRE,
    "Genre …",
    "one genre, among a track's several",
    offers=_if(lambda collection, choice: collection.has_several_genres, "Genre …"),
    depends_on=lambda subject: (subject.genre,),
)
def _by_genre(subject: Subject, option: str, progress: Progress) -> Colours:
    has = np.array([subject.genre in parse_genres(text) for text in subject.tracks["genres"]], bool)
    return split_points(has, subject.genre, f"Not {subject.genre}")


@colouring(
    "language",
    "Language",
    "the language of the text",
    offers=_if(lambda collection, choice: (collection.tracks["language"] != "").any(), "Language"),
)
def _by_language(subject: Subject, option: str, progress: Progress) -> Colours:
    return group_values(subject.tracks["language"])


@colouring("folder", "Folder", "the folders of the files, by their depth", offers=folders_of)
def _by_folder(subject: Subject, option: str, progress: Progress) -> Colours:
    return group_values(folder_names(subject.tracks, option))


@colouring(
    WEIGHT,
    "Text weight",
    "the weight that the fusion gave to each track's text",
    offers=_if(
        lambda collection, choice: choice.modality == "fused" and fusion_spec(choice.fusion).explains,
        "Text weight",
    ),
    lacks=lambda subject: (
        "This fusion has no text weight per track, so the colours are the clusters'."
        if subject.shown.space.weights is None
        else ""
    ),
    depends_on=lambda subject: (subject.shown.space.key,),
)
def _by_text_weight(subject: Subject, option: str, progress: Progress) -> Colours:
    return place_on_scale(
        subject.shown.space.weights[WEIGHT].to_numpy(float),
        "Text weight",
        lambda value: f"{value:.0%}",
        bounds=(0.0, 1.0),
        ends=("Audio", "Text"),
        is_diverging=True,
    )


@colouring(
    "similarity",
    "Similarity to a search",
    "how similar each track is to the phrase, or the track, in the search field",
    lacks=lambda subject: (
        ""
        if subject.phrase or subject.like
        else "Type a phrase into the search field, and the colours show how similar each track is; "
        "until then they are the clusters'."
    ),
    depends_on=lambda subject: (
        subject.phrase,
        subject.like,
        subject.through,
        subject.shown.choice if subject.like else None,
    ),
)
def _by_similarity(subject: Subject, option: str, progress: Progress) -> Colours:
    from core.search.track_scores import score_tracks

    scores = score_tracks(
        subject.collection,
        subject.phrase,
        subject.like,
        through=subject.through or None,
        choice=subject.shown.choice if subject.like else None,
    )
    return place_on_scale(scores[subject.shown.space.rows], "Similarity", lambda value: f"{value:.2f}")


@colouring(
    "trust",
    "Trust (neighbours preserved)",
    "the share of a track's 10 nearest neighbours on the map that are so in the representation",
    depends_on=lambda subject: (subject.shown.space.key, store.key_of(subject.shown.positions)),
    is_slow=True,
)
def _by_preserved_neighbours(subject: Subject, option: str, progress: Progress) -> Colours:
    from core.pipeline.stages import score_layout

    values = score_layout(subject.shown.space, subject.shown.positions, progress)
    return place_on_scale(values, "Neighbours preserved", lambda value: f"{value:.0%}", bounds=(0.0, 1.0))


@colouring(
    "stability",
    "Stability over seeds",
    "the share of the runs in which a track is with the others of its cluster",
    offers=_if(lambda collection, choice: choice.has_consensus, "Stability over seeds"),
    depends_on=lambda subject: (
        subject.shown.space.key,
        repr(subject.shown.choice.clustering),
        subject.shown.choice.seed,
    ),
    lacks=lambda subject: (
        ""
        if subject.shown.is_fit
        else "Stability over seeds is measured on fitted clusters; fit the kept map anew."
    ),
    is_slow=True,
)
def _by_stability(subject: Subject, option: str, progress: Progress) -> Colours:
    from core.pipeline.stages import score_stability

    _, values = score_stability(subject.shown.space, subject.shown.choice, progress)
    return place_on_scale(values, "Stability", lambda value: f"{value:.2f}", bounds=(0.0, 1.0))


@colouring(
    "descriptor",
    "Descriptors",
    "a measurement of the audio, such as tempo, loudness or brightness (spectral centroid)",
    offers=lambda collection, choice: (
        {name: descriptor_values.title_of(name) for name in DESCRIPTORS}
        if any(collection.audio_paths())
        else {}
    ),
    meaning_of=lambda option: f"{descriptor_values.title_of(option)}: {MEANINGS[option]}.",
    measures="descriptors",
)
def _by_descriptor(subject: Subject, option: str, progress: Progress) -> Colours:
    values = descriptor_values.read_descriptor(subject.collection, option)
    return place_on_scale(
        values[subject.shown.space.rows],
        descriptor_values.title_of(option),
        lambda value: descriptor_values.describe(option, value),
    )


@colouring("column", "Columns", "a column of the collection", offers=columns_of)
def _by_column(subject: Subject, option: str, progress: Progress) -> Colours:
    cells = subject.tracks[option] if option in subject.tracks else subject.collection.table[option]
    cells = cells if option in subject.tracks else cells.iloc[subject.shown.space.rows]
    if is_numeric(cells):
        return place_on_scale(numbers_of(cells), option, lambda value: f"{value:.6g}")
    return group_values(texts_of(cells))
