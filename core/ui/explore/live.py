"""From a choice to what can be displayed of it now, and what is still being computed."""

from concurrent.futures import Future
from dataclasses import dataclass, field, replace

import numpy as np
import streamlit as st

from core import store
from core.collection import Collection
from core.explain.cluster_names import name_clusters
from core.fusion import FUSIONS
from core.pipeline.choice import Choice
from core.pipeline.kept_map import KeptMap
from core.pipeline.space import Space, build_space
from core.pipeline.stages import find_clusters, score, score_fully
from core.projection import PROJECTIONS
from core.ui.explore.clustering_choice import describe_suggestion
from core.ui.explore.map.kept_view import current_kept, describe_placed
from core.ui.explore.map.numbering import number_clusters
from core.ui.explore.scores.score_comparison import (
    Compared,
    Figures,
    Scored,
    compare_with_before,
    figures_of,
    remember_scores,
)
from core.ui.explore.slow_results import current_layout, space_key, start_fusing
from core.ui.shared.results import now_or_why, results, start_wanted, version_of, within

PATIENCE_S = 0.8
"""How long a page waits for new clusters before it displays the previous ones meanwhile."""
_LAST = "explore-labels"


@dataclass(frozen=True, eq=False)
class Shown:
    """What the page displays of a choice.

    Attributes
    ----------
    space : Space
    labels : ndarray of int, shape=(n,)
        Numbered as the clusters before where they overlap.
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
        Sentences about what is still pending.
    pending : tuple of Future
    choice : Choice
        The choice that all this belongs to: the requested one, or its temporary replacement.
    is_settled : bool
        False while the labels are those of another choice.
    names : dict of int to str
        The names that users gave to clusters.
    fusing : tuple or None
        Key of the pending fusion in :func:`core.ui.shared.results.results`, where ``choice`` replaces it.
    requested : Choice or None
        The requested choice, where ``choice`` replaces it.
    kept : KeptMap or None
        The kept map that positions and clusters come from.
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
    names: dict[int, str] = field(default_factory=dict)
    fusing: tuple | None = None
    requested: Choice | None = None
    kept: KeptMap | None = None

    @property
    def is_fit(self) -> bool:
        """Whether the clusters are those that the choice gives for these tracks."""
        return self.kept is None or self.kept.is_fit


def follow(collection: Collection, choice: Choice, *, keep: bool = False) -> Shown:
    """Return what is available of a choice now, and start computing the rest.

    Until a slow fusion is computed, a weighted one replaces it. With ``keep``, positions and clusters are
    those of the kept map, once it is there.

    Raises
    ------
    SongscapeError
        When the representation, the clusters or the scores can't be computed.
    """
    fusing = start_fusing(collection, choice)
    if fusing is None:
        return _follow(collection, choice, keep)
    meanwhile = _follow(collection, replace(choice, fusion="weighted", text_weight=0.5))
    note = (
        f"“{FUSIONS[choice.fusion].title}” is being computed; until it is ready, the map shows the weighted "
        "fusion with text weight 50 %."
    )
    return replace(
        meanwhile,
        notes=[note, *meanwhile.notes],
        pending=(*meanwhile.pending, fusing[1]),
        fusing=fusing[0],
        requested=choice,
    )


def _follow(collection: Collection, choice: Choice, keep: bool = False) -> Shown:
    """Return what is available of a choice whose representation is stored or quick to compute."""
    space = _space(collection, choice)
    pending: list[Future] = []
    notes: list[str] = []
    kept = current_kept(collection, space, choice, pending, notes) if keep else None
    if kept is not None:
        labels, is_settled, positions, projection = kept.labels, True, kept.positions, choice.projection
        notes += describe_placed(kept)
    else:
        labels, is_settled = _labels(space, choice, pending, notes)
        positions, projection = _layout(collection, space, choice, pending, notes)
    notes += describe_suggestion(space, choice)
    is_fit = is_settled and (kept is None or kept.is_fit)
    labels_key = store.key_of(space.key, labels)
    full = _full_scores(collection, space, choice, labels_key, pending, notes) if is_fit else None
    first = first_scores(collection, space, labels, choice)
    figures = figures_of(first, full, is_kept=is_settled and not is_fit)
    before, compared = remember_scores(collection, choice, space, figures), None
    if before is not None and is_fit and not before.figures.is_kept:
        compared, future = compare_with_before(collection, (space, choice), (before.space, before.choice))
        pending += [future] if future else []
    numbered = number_clusters(collection, space, labels)
    return Shown(
        space=space,
        labels=numbered,
        labels_key=labels_key,
        positions=positions,
        projection=projection,
        figures=figures,
        before=before,
        compared=compared,
        notes=notes,
        pending=tuple(pending),
        choice=choice,
        is_settled=is_settled,
        names=name_clusters(collection.tracks["track_id"].to_numpy()[space.rows], numbered),
        kept=kept,
    )


def first_scores(collection: Collection, space: Space, labels: np.ndarray, choice: Choice) -> dict:
    """Return the metrics of one clustering, without intervals."""
    return score(collection, space, labels, seed=choice.seed, label_by=choice.label_by)


def _space(collection: Collection, choice: Choice) -> Space:
    """Return the representation; what is not stored yet takes little time, since a job prepared the rest."""
    future = results().kept_or_begin(space_key(collection, choice), lambda: build_space(collection, choice))
    space = within(future, 0.3)
    if space is None:
        with st.spinner("Reading and encoding tracks …"):
            space = future.result()
    return space


def _labels(space: Space, choice: Choice, pending: list[Future], notes: list[str]) -> tuple[np.ndarray, bool]:
    """Return the clusters and True; where they are slow, the best substitute and False."""
    future = _start_clustering(space, choice)
    labels, last = within(future, PATIENCE_S), st.session_state.get(_LAST)
    if labels is None and choice.searches_k:
        k = min(max(2, int(last.max()) + 1 if last is not None else 8), 30, len(space.X) - 1)
        meanwhile = within(_start_clustering(space, replace(choice, n_clusters=k)), 2 * PATIENCE_S)
        note = f"Trying k = 2 … 10, showing k = {k} meanwhile …"
    elif labels is None:
        meanwhile = last if last is not None and len(last) == len(space.rows) else None
        note = "Clustering; the clusters on the map are the previous ones …"
    if labels is None and meanwhile is not None:
        pending.append(future)
        notes.append(note)
        return meanwhile, False
    if labels is None:
        with st.spinner(f"Clustering {len(space.rows):,} tracks …"):
            labels = future.result()
    st.session_state[_LAST] = labels
    return labels, True


def _start_clustering(space: Space, choice: Choice) -> Future:
    """Start the clustering of a choice."""
    return results().kept_or_begin(
        ("labels", space.key, repr(choice.clustering), choice.seed), lambda: find_clusters(space, choice)
    )


def _full_scores(
    collection: Collection,
    space: Space,
    choice: Choice,
    labels_key: str,
    pending: list[Future],
    notes: list[str],
) -> dict | None:
    """Return means, intervals and controls if computed, else note what is pending, or why they are missing.

    The scores of another choice that this visitor still waits for are cancelled.
    """
    scored = (labels_key, repr(choice.clustering), choice.label_by, choice.seed)
    key = ("full", *version_of(collection.name), *scored)
    future = start_wanted(
        "full", key, lambda progress: score_fully(collection, space, choice, progress=progress)
    )
    full, reason = now_or_why(future)
    if reason:
        notes.append(f"The intervals could not be computed: {reason}.")
    elif full is None:  # not future.done(): it may have ended since
        pending.append(future)
    return full


def _layout(
    collection: Collection, space: Space, choice: Choice, pending: list[Future], notes: list[str]
) -> tuple[np.ndarray, str]:
    """Return the positions to show now and their projection; note where the requested ones are pending."""
    positions, projection, future = current_layout(collection, space, choice)
    if future is None:
        return positions, projection
    title = PROJECTIONS[choice.projection].title
    if reason := now_or_why(future, 0)[1]:
        notes.append(f"{title} could not lay out the map: {reason}.")
        return positions, projection
    pending.append(future)  # also where it is done since: the next run takes it
    verb = "Moving to the new" if projection == choice.projection else "Computing the"
    notes.append(f"{verb} {title} layout …")
    return positions, projection
