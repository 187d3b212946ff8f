"""The panel about the fusion: what was picked and why, its gain, and text weights per cluster and track."""

from concurrent.futures import Future

import pandas as pd
import streamlit as st

from core.collection import Collection
from core.fusion import FUSIONS, fusion_spec
from core.messages.analysis.fusion_messages import describe_fusion_fully
from core.messages.analysis.score_messages import describe_gain
from core.pipeline.choice import Choice
from core.pipeline.comparison import compare_with_single
from core.pipeline.stages import truth_of
from core.ui.explore.fusion.fusion_charts import BARE, replication_figure, weights_figure
from core.ui.explore.fusion.track_weight import show_track_weight
from core.ui.explore.fusion.weight_curve import show_curve
from core.ui.explore.live import Shown
from core.ui.explore.map.figure import hover_texts
from core.ui.shared.frame import as_sentence, plain_markdown
from core.ui.shared.results import is_there, start_wanted, state_of
from core.ui.shared.theme import current_palette


def show_fusion(
    collection: Collection, shown: Shown, tracks: pd.DataFrame, current: int | None, *, is_open: bool
) -> list[Future]:
    """Show the panel; return what is pending.

    Parameters
    ----------
    tracks : DataFrame
        A row per track of the space.
    current : int or None
        The current track's position in the space.
    is_open : bool
        Whether its tab is open; the gain is measured only then.
    """
    choice = shown.choice
    if shown.fusing:
        st.caption("The fusion is being computed. Its details and the text weight of each track follow.")
        return []
    if choice.modality != "fused":
        st.caption(describe_no_fusion(collection, choice))
        return []
    _show_description(shown.space.details, choice)
    pending = _show_gain(collection, shown) if is_open else []
    _show_weights_and_candidates(collection, shown, tracks, current)
    return pending + show_curve(collection, shown)


def describe_no_fusion(collection: Collection, choice: Choice) -> str:
    """Describe why nothing is fused."""
    only, other = ("audio", "text") if choice.modality == "audio" else ("text", "audio")
    has_other = (
        any(collection.texts())
        if other == "text"
        else any(collection.audio_paths()) or collection.table is not None
    )
    if has_other:
        return f"Only {only} is used. Set “Modality” to “Fused” to fuse audio and text."
    return f"These tracks have no {other} to fuse their {only} with. Add {other} on Library: " + (
        "a table of texts, captions or transcribed lyrics." if other == "text" else "a folder of audio."
    )


def _show_description(details: dict, choice: Choice) -> None:
    """Describe what the fusion did."""
    sentences = [as_sentence(clause) for clause in describe_fusion_fully(details)]
    spec = FUSIONS[choice.fusion]
    default = (
        f"{spec.title}: text weight {choice.text_weight:.0%} in every track that has both modalities."
        if spec.takes_weight
        else spec.help
    )
    st.markdown(plain_markdown(" ".join(sentences) or default))


def _show_gain(collection: Collection, shown: Shown) -> list[Future]:
    """Show the gain over the better single modality, where labels exist; it follows the intervals."""
    if not shown.figures.n_labelled:
        st.caption("Without labels the gain of fusion can't be measured. Set them by “Labels” on Library.")
        return []
    if not shown.is_settled:
        st.caption("The gain of fusion is measured once the new clusters are computed …")
        return []
    choice = shown.choice
    key = (
        "gain",
        *state_of(collection.name),
        shown.labels_key,
        choice.audio,
        choice.text,
        choice.text_field,
        repr(choice.clustering),
    )
    future = start_wanted(
        "gain", key, lambda progress: compare_with_single(collection, shown.space, choice, progress)
    )
    if not is_there(future):
        st.caption("Measuring the gain over audio alone and text alone …")
        return [future]
    gain = future.result()
    if gain is None:
        st.caption(describe_no_gain(collection, shown))
    else:
        about = (
            f"(the clusters of one seed; 95 % interval over {gain['n_labelled']:,} labelled tracks with both "
            "modalities)"
        )
        st.markdown(plain_markdown(as_sentence(f"{describe_gain(gain)} {about}")))
    return []


def describe_no_gain(collection: Collection, shown: Shown) -> str:
    """Describe why no gain can be measured although there are labels."""
    if len(set(truth_of(collection, shown.space, shown.choice.label_by)) - {""}) < 2:
        return (
            "All labels are equal, so the gain of fusion can't be measured. Choose others by “Labels” on "
            "Library."
        )
    return (
        "Too few labelled tracks have both audio and text to measure the gain of fusion. Add labels or texts "
        "on Library."
    )


def _show_weights_and_candidates(
    collection: Collection, shown: Shown, tracks: pd.DataFrame, current: int | None
) -> None:
    """Show the candidates of `auto`, the weights per cluster, and the current track's weight."""
    details, weights = shown.space.details, shown.space.weights
    if weights is None and not fusion_spec(shown.choice.fusion).explains:
        return
    with st.container(key="fusion-details"):  # the style sheet stacks the columns where the page is narrow
        left, right = st.columns(2, gap="large")
    with left:
        if details.get("replication"):
            _show_replication(details)
        if weights is not None:
            _show_weights(shown, tracks)
        elif fusion_spec(shown.choice.fusion).explains:
            name = FUSIONS[details["picked"]].title if details.get("picked") in FUSIONS else "This fusion"
            st.caption(plain_markdown(f"{name} has no text weight per track. Choose “Per-track” to see one."))
    with right:
        if weights is not None:
            show_track_weight(collection, shown, tracks, current)


def _show_replication(details: dict) -> None:
    """Show the candidates of `auto`, and by how much its criterion preferred the one it picked."""
    st.markdown("**Replication of clusters**")
    st.plotly_chart(
        replication_figure(details["replication"], details["picked"], current_palette()),
        key="explore-replication",
        config=BARE,
    )
    default = details.get("default", "weighted")
    against = "the next best" if details["picked"] == default else f"“{FUSIONS[default].title}”"
    lead = f"{details['lead']:+.3f} ± {details['lead_error']:.3f}".replace("-", "−")
    st.caption(
        plain_markdown(
            "1: the same clusters come back from different tracks; 0: no more than with the texts of other "
            f"tracks. Lead over {against}: {lead} (± is the standard error over splits)."
        )
    )
    for name, reason in details.get("left_out", {}).items():
        st.caption(
            plain_markdown(f"Not tried: {FUSIONS[name].title if name in FUSIONS else name}: {reason}.")
        )


def _show_weights(shown: Shown, tracks: pd.DataFrame) -> None:
    """Show the distribution of the text weights in each cluster."""
    st.markdown("**Text weight by cluster**")
    weights = shown.space.weights["text_weight"].to_numpy(float)
    st.plotly_chart(
        weights_figure(
            weights,
            shown.labels,
            hover_texts(tracks, shown.labels, weights, shown.names),
            current_palette(),
            shown.names,
        ),
        key="explore-weights",
        config=BARE,
    )
    ranks = shown.space.weights.drop(columns="text_weight")
    if len(ranks.columns) and not ranks.notna().any(axis=None):
        st.caption("No cue of these tracks is known, so the text weight is 50 % in each.")
    else:
        st.caption(
            "A box holds the middle half of a cluster's tracks. “Text weight” under “Colour” shows the "
            "same on the map."
        )
