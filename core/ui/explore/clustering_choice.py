"""The controls of the clustering: algorithm, k, and the algorithm's other parameters."""

from collections.abc import Callable
from dataclasses import asdict

import streamlit as st

from core.clustering import CLUSTERERS, ClustererSpec, clusterer_spec
from core.clustering.clusterer import Clusterer
from core.clustering.consensus import Consensus
from core.clustering.hdbscan import HDBSCAN
from core.clustering.kmeans import KMeans
from core.collection import Collection
from core.config import Field, describe_fields, settable
from core.config.reading import format_value
from core.pipeline.choice import REDUCTIONS, Choice
from core.pipeline.first_choice import FIRST_K, default_choice, most_clusters
from core.pipeline.space import Space
from core.pipeline.stages import suggest_settings
from core.ui.shared.fields.setting_form import bounds_of, draw_setting, help_of, suggestion_key
from core.ui.shared.fields.wording import choose_entry
from core.ui.shared.url_state import choose_option, record, start_with_value, toggle

STANDARDISE = {"auto": "Automatic", "yes": "All dimensions", "no": "No dimension"}
REDUCTION_TITLES = {"none": "None", "umap": "UMAP (8 dimensions)"}


def choose_clustering(collection: Collection) -> tuple[dict, Callable[[int | None], None] | None]:
    """Choose the algorithm and its parameters.

    Returns
    -------
    clustering : dict
        ``standardise``, ``reduce``, ``cluster``, ``n_clusters``, ``consensus`` and ``settings`` of a
        :class:`core.pipeline.choice.Choice`.
    show_k : callable or None
        Where Silhouette chooses k: shows the k that it chose.
    """
    cluster = choose_entry("cluster", "Clustering", CLUSTERERS, "The clustering algorithm. ")
    spec = CLUSTERERS[cluster]
    first_k = default_choice(collection).n_clusters or FIRST_K
    n_clusters, show_k = _choose_k(most_clusters(collection), first_k) if spec.takes_k else (FIRST_K, None)
    config = spec.load()
    fields = [field for field in settable(config) if field.name != "n_clusters"]
    settings = [_choose_parameter(spec, field) for field in fields if not field.setting.advanced]
    advanced = [field for field in fields if field.setting.advanced]
    standardise, reduce = _choose_standardise(), _choose_reduction()
    settings += [_choose_parameter(spec, field) for field in advanced]
    consensus = 0 if config.deterministic else _choose_consensus()
    if note_text := describe_run(config(), collection.n_tracks):
        st.caption(note_text)
    defaults = {field.name: field.default for field in fields}
    changed = tuple((name, value) for name, value in settings if value != defaults[name])
    return {
        "standardise": standardise,
        "reduce": reduce,
        "cluster": cluster,
        "n_clusters": n_clusters,
        "consensus": consensus,
        "settings": changed,
    }, show_k


def describe_run(clusterer: Clusterer, n_tracks: int) -> str:
    """Return a remark on a run of this size, or ""."""
    if isinstance(clusterer, KMeans) and n_tracks > clusterer.sample_above:
        return (
            f"above {clusterer.sample_above:,} tracks K-means is fitted to a random sample of "
            f"{clusterer.n_sampled:,} with {clusterer.few_init} initialisations; every track is then "
            "assigned to the nearest centroid"
        )
    if isinstance(clusterer, KMeans) and n_tracks > clusterer.batch_above:
        return (
            f"above {clusterer.batch_above:,} tracks K-means runs on mini-batches with 3 initialisations: "
            "faster, slightly higher inertia"
        )
    if isinstance(clusterer, HDBSCAN) and n_tracks > clusterer.slow_above:
        minutes = 13 * (n_tracks / 1e4) ** 2 / 60
        return f"HDBSCAN's time grows with the square of the number of tracks: about {minutes:.0f} minutes"
    return ""


def _choose_standardise() -> str:
    """Choose whether dimensions are standardised."""
    return choose_option(
        "standardise",
        "Standardise",
        list(STANDARDISE),
        "auto",
        format_func=STANDARDISE.get,
        omit_default=True,
        help="Scales every dimension to variance 1 before fusion and clustering. Automatic: measurements are "
        "standardised; unit-length embeddings, latent semantic analysis, principal components and latents "
        "with a prior keep their scale.",
    )


def _choose_reduction() -> str:
    """Choose the reduction before clustering."""
    return choose_option(
        "reduce",
        "Reduction",
        list(REDUCTIONS),
        "none",
        format_func=REDUCTION_TITLES.get,
        omit_default=True,
        help="Reduces the representation before clustering. UMAP keeps neighbours together and pulls dense "
        "regions apart; the scores are those of the reduced space. *McInnes et al. 2018*",
    )


def _choose_consensus() -> int:
    """Choose whether the clusters are a consensus, and over how many seeds; 0 for one seed."""
    is_wanted = toggle(
        "Consensus over seeds",
        "consensus",
        help="Clusters with several seeds, clusters the tracks again by how often two were in one cluster, "
        "and shows how stable the clusters are. *Fred & Jain 2005*",
    )
    if not is_wanted:
        return 0
    (n_runs,) = settable(Consensus)
    return int(draw_setting(n_runs, n_runs.default, "consensus.n_runs"))


def _choose_parameter(spec: ClustererSpec, field: Field) -> tuple:
    """Choose one parameter of a clusterer; return name and value, None where the data determine it."""
    name = f"{spec.name}.{field.name}"
    is_none_at_first = field.allows_none and (field.default is None or field.name in spec.suggests)
    if not is_none_at_first or field.plain_kind not in (int, float):
        return field.name, draw_setting(field, field.default, name)
    if not toggle(
        f"Set the {field.setting.title.lower()}",
        f"{name}.own",
        help=f"{help_of(field)}\n\nOff: suggested by the data.",
    ):
        return field.name, None
    plain = (bounds_of(field)[0] or 0) + 4 if field.default is None else field.default
    value = draw_setting(field, st.session_state.get(suggestion_key(field.name), plain), name)
    record(name, format_value(value))  # also a suggested value: another session has yet to compute it
    return field.name, value


def _choose_k(largest: int, first_k: int) -> tuple[int | None, Callable[[int | None], None] | None]:
    """Choose k, ``first_k`` at first, ``largest`` at most; None and what shows it where Silhouette does."""
    if largest == 2:  # a slider needs two ends
        st.caption("With so few tracks, k is 2.")
        return 2, None
    by_silhouette = toggle(
        "Choose k by Silhouette",
        "search",
        help="Tries **k** = 2 … 10 and takes the one with the highest Silhouette. *Rousseeuw 1987*",
    )
    if by_silhouette:
        return None, _show_k_in(st.empty(), largest)
    k = st.slider(
        "k",
        2,
        largest,
        **start_with_value("k", range(2, largest + 1), min(first_k, largest), int),
        help="The number of clusters, **n_clusters**.",
    )
    return record("k", k), None


def _show_k_in(slot, largest: int) -> Callable[[int | None], None]:
    """Return what shows the chosen k as a slider that can't be moved."""
    slot.caption("k is chosen once the tracks are encoded.")

    def show_k(k: int | None) -> None:
        if k is None:
            slot.caption("k: trying 2 … 10 …")
        else:
            slot.slider("k (chosen)", 2, largest, value=min(k, largest), disabled=True)

    return show_k


def describe_suggestion(space: Space, choice: Choice) -> list[str]:
    """Describe parameters that the data determine, and make them the initial values of their widgets."""
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
