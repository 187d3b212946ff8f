"""From a choice to what can be shown of it now, and what is still being computed."""

from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace

import numpy as np
import streamlit as st

from core import store
from core.clustering import clusterer_spec
from core.collection import Collection
from core.config import describe_fields
from core.fusion import FUSIONS
from core.pipeline.choice import Choice
from core.pipeline.layouts import layout, layout_key, placeholder_layout, preview
from core.pipeline.space import Space, build_space
from core.pipeline.stages import find_clusters, score, score_fully, suggest_settings
from core.projection import PROJECTIONS
from core.ui.explore.fusion_progress import begin_fusing, space_key
from core.ui.explore.previous_scores import Scored, compare_with_before, remember_scores
from core.ui.explore.scores import Compared, Figures, figures_of
from core.ui.shared.results import now_or_why, results, version_of, while_wanted, within
from core.ui.shared.setting_form import suggestion_key

PATIENCE_S = 0.8
"""A page waits so long for new clusters before it shows the old ones meanwhile."""
_LAST, _LAYOUT, _WANTED, _PREVIEW = (
    "explore-labels",
    "explore-layout",
    "explore-layout-wanted",
    "explore-preview",
)

FIRST_S = 1.0
"""So long a first look waits for a layout that is kept, before it makes a stand-in."""


@dataclass(frozen=True, eq=False)
class Shown:
    """What the page shows of a choice.

    Attributes
    ----------
    space : Space
    labels : ndarray of int, shape=(n,)
    labels_key : str
        Changes when the labels do.
    positions : ndarray, shape=(n, 2)
    projection : str
        The projection that the positions come from.
    figures : Figures
    before : Scored or None
    compared : Compared or None
        How the scores differ from those before.
    notes : list of str
        What is still to come, in words.
    pending : tuple of Future
    choice : Choice
        What all this belongs to: the choice that was asked for, or the one that stands in for it.
    is_settled : bool
        False while the labels are those of another choice.
    fusing : tuple or None
        Under which key :func:`core.ui.shared.results.results` reports on the fusion that is stood in for.
    """

    space: Space
    labels: np.ndarray
    labels_key: str
    positions: np.ndarray
    projection: str
    figures: Figures
    before: Scored | None
    compared: Compared | None
    notes: list[str]
    pending: tuple[Future, ...]
    choice: Choice
    is_settled: bool = True
    fusing: tuple | None = None


def follow(collection: Collection, choice: Choice) -> Shown:
    """Return what there is of a choice now, and start what is lacking; a fusion that takes long has a stand-in.

    Raises
    ------
    SongscapeError
        When the representation, the clusters or the scores can't be had.
    """
    fusing = begin_fusing(collection, choice)
    if fusing is None:
        return _follow(collection, choice)
    meanwhile = _follow(collection, replace(choice, fusion="weighted", text_weight=0.5))
    title = FUSIONS[choice.fusion].title
    note = (
        f"“{title}” is still being computed; until it is there, the weighted fusion with text weight 50 "
        "% stands in."
    )
    return replace(
        meanwhile, notes=[note, *meanwhile.notes], pending=(*meanwhile.pending, fusing[1]), fusing=fusing[0]
    )


def _follow(collection: Collection, choice: Choice) -> Shown:
    """Return what there is of a choice whose representation is there or takes no time."""
    space = _space(collection, choice)
    labels, waiting, notes = _labels(space, choice)
    pending = [waiting] if waiting else []
    notes += _suggestion(space, choice)
    labels_key = store.key_of(space.key, labels)
    first = first_scores(collection, space, labels, choice)
    full = None
    if not waiting:
        future = _full_scores(collection, space, choice, labels_key)
        full, reason = now_or_why(future)
        pending += (
            [future] if full is None and not reason else []
        )  # not future.done(): it may end between the two
        notes += [f"The intervals could not be computed: {reason}."] if reason else []
    positions, drawn, future = _positions(collection, space, choice)
    new = PROJECTIONS[choice.projection].title
    reason = now_or_why(future, 0)[1] if future is not None else ""
    if reason:
        notes.append(f"{new} could not draw this: {reason}.")
    elif future is not None:  # under way, or done since: the next look takes it
        pending.append(future)
        notes.append(
            f"Moving to the new {new} layout …" if drawn == choice.projection else f"Drawing with {new} …"
        )
    figures = figures_of(first, full)
    before = remember_scores(collection, choice, space, figures)
    compared = None
    if before is not None and not waiting:
        compared, future = compare_with_before(collection, (space, choice), (before.space, before.choice))
        pending += [future] if future else []
    return Shown(
        space,
        labels,
        labels_key,
        positions,
        drawn,
        figures,
        before,
        compared,
        notes,
        tuple(pending),
        choice,
        waiting is None,
    )


def first_scores(collection: Collection, space: Space, labels: np.ndarray, choice: Choice) -> dict:
    """Return the metrics of one clustering, without intervals."""
    return score(collection, space, labels, seed=choice.seed, label_by=choice.label_by)


def _space(collection: Collection, choice: Choice) -> Space:
    """Return the representation; what is not in the store yet is short work, the rest was a job."""
    future = results().kept_or_begin(space_key(collection, choice), lambda: build_space(collection, choice))
    space = within(future, 0.3)
    if space is None:
        with st.spinner("Reading and encoding tracks …"):
            space = future.result()
    return space


def _labels(space: Space, choice: Choice) -> tuple[np.ndarray, Future | None, list[str]]:
    """Return the clusters; where they take long, the best there is meanwhile and what is waited for."""
    future = _find(space, choice)
    labels = within(future, PATIENCE_S)
    waiting, notes = None, []
    if labels is None and clusterer_spec(choice.cluster).takes_k and choice.n_clusters is None:
        last = st.session_state.get(_LAST)
        k = min(max(2, int(last.max()) + 1 if last is not None else 8), 30, len(space.X) - 1)
        labels = within(_find(space, replace(choice, n_clusters=k)), 2 * PATIENCE_S)
        notes.append(f"Trying 2 to 10 clusters, {k} meanwhile …")
    elif labels is None:
        last = st.session_state.get(_LAST)
        labels = last if last is not None and len(last) == len(space.rows) else None
        notes.append("Finding the new clusters; these are the ones before …")
    if labels is None:
        with st.spinner(f"Clustering {len(space.rows):,} tracks …"):
            labels, notes = future.result(), []
    if notes:
        waiting = future
    else:
        st.session_state[_LAST] = labels
    return labels, waiting, notes


def _find(space: Space, choice: Choice) -> Future:
    """Start the clustering of a choice."""
    return results().kept_or_begin(
        ("labels", space.key, repr(choice.clustering), choice.seed), lambda: find_clusters(space, choice)
    )


def _suggestion(space: Space, choice: Choice) -> list[str]:
    """Say what the data suggested for settings that were left to them, and keep it as what a value of one's own starts from."""
    clusterer, spec = choice.clusterer(), clusterer_spec(choice.cluster)
    values = asdict(clusterer)
    left_open = [
        field
        for field in describe_fields(type(clusterer))
        if field.name in spec.suggests and values[field.name] is None
    ]
    if not left_open:
        return []
    suggested = suggest_settings(space, choice)
    st.session_state.update({suggestion_key(name): round(value, 2) for name, value in suggested.items()})
    return [f"Suggested {field.setting.title.lower()}: {suggested[field.name]:.2f}." for field in left_open]


def _full_scores(collection: Collection, space: Space, choice: Choice, labels_key: str) -> Future:
    """Start means, intervals and controls; what another choice of this visitor still waits for is dropped."""
    key = (
        "full",
        *version_of(collection.name),
        labels_key,
        repr(choice.clustering),
        choice.label_by,
        choice.seed,
    )
    go_on = while_wanted("full", key)
    return results().kept_or_begin(
        key, lambda: score_fully(collection, space, choice, progress=go_on), "scores"
    )


def _positions(collection: Collection, space: Space, choice: Choice) -> tuple[np.ndarray, str, Future | None]:
    """Return the layout; until it is there, a preview from the one shown before, that one itself, or principal components."""
    key = (layout_key(space, choice), choice.text_weight)
    owner = (version_of(collection.name), choice.projection, len(space.rows))
    last = st.session_state.get(_LAYOUT)
    same_tracks = (
        last is not None and last["owner"][0] == owner[0] and np.array_equal(last["rows"], space.rows)
    )
    wanted = st.session_state.setdefault(_WANTED, {})
    stale = wanted.get("layout")
    if stale is not None and wanted.get("layout-key") != key:
        stale.cancel()  # one that has begun goes on and is kept, one that has not makes room
    future = results().kept_or_begin(("layout", *key), lambda: layout(collection, space, choice), "layouts")
    wanted |= {"layout": future, "layout-key": key}
    positions, reason = now_or_why(future, 0.05 if same_tracks else FIRST_S)
    if positions is not None:
        st.session_state[_LAYOUT] = {
            "owner": owner,
            "rows": space.rows,
            "positions": positions,
            "drawn": choice.projection,
            "of": key,
        }
        return positions, choice.projection, None
    if same_tracks and last["owner"] == owner and not reason:
        moved = _previewed(space, choice, last, key)
        st.session_state[_LAYOUT] = last | {"positions": moved, "of": key}
        return moved, last["drawn"], future
    if same_tracks:
        return last["positions"], last["drawn"], future
    positions = placeholder_layout(space, choice.seed)
    st.session_state[_LAYOUT] = {
        "owner": (*owner[:1], "pca", *owner[2:]),
        "rows": space.rows,
        "positions": positions,
        "drawn": "pca",
        "of": key,
    }
    return positions, "pca", future


def _previewed(space: Space, choice: Choice, last: dict, key: tuple) -> np.ndarray:
    """Return positions that start from those shown, where they come soon; those shown where not."""
    if last["of"] == key:
        return last["positions"]
    asked = (*key, store.key_of(last["positions"]))
    begun = st.session_state.get(_PREVIEW)
    if (
        begun is None or begun[0] != asked
    ):  # this visitor's own, and kept nowhere: it depends on the way there
        begun = (
            asked,
            results().begin(
                ("preview", *asked), lambda: preview(space, choice, last["positions"]), "layouts"
            ),
        )
    st.session_state[_PREVIEW] = begun
    moved, _ = now_or_why(begun[1], PATIENCE_S)
    if begun[1].done():
        del st.session_state[_PREVIEW]
    return last["positions"] if moved is None else moved
