"""The panel "What fusion did": what was picked and why, what it gained, who leans on what, and every other weight."""

from concurrent.futures import Future

import pandas as pd
import streamlit as st

from core.collection import Collection
from core.export.fusion_report import gain_in_words
from core.fusion import FUSIONS, fusion_spec
from core.messages.fusion_messages import describe_fusion_fully
from core.pipeline.choice import Choice
from core.pipeline.comparison import compare_with_single
from core.pipeline.stages import truth_of
from core.ui.explore.fusion.fusion_charts import BARE, replication_figure, weights_figure
from core.ui.explore.fusion.track_weight import show_track_weight
from core.ui.explore.fusion.weight_curve import show_curve
from core.ui.explore.live import Shown
from core.ui.explore.map.figure import hover_texts
from core.ui.shared.frame import plain_markdown
from core.ui.shared.results import is_there, results, state_of, while_wanted

TITLE = "What fusion did"


def show_fusion(
    collection: Collection, shown: Shown, tracks: pd.DataFrame, current: int | None
) -> list[Future]:
    """Show the panel; return what it still waits for.

    Parameters
    ----------
    tracks : DataFrame
        A row per track of the space.
    current : int or None
        The place in the space of the track that is heard.
    """
    choice = shown.choice
    explains = choice.modality == "fused" and fusion_spec(choice.fusion).explains
    with st.expander(TITLE, expanded=explains or shown.fusing is not None):
        if shown.fusing:
            st.caption(
                "It is still at work. What it picks, and what each track's weight is made of, is told here "
                "as soon as it is there."
            )
            return []
        if choice.modality != "fused":
            st.caption(why_nothing(collection, choice))
            return []
        _show_summary(shown.space.details, choice)
        pending = _say_gain(collection, shown)
        _show_details(collection, shown, tracks, current)
        return pending + show_curve(collection, shown)


def why_nothing(collection: Collection, choice: Choice) -> str:
    """Say why nothing is fused."""
    only, other = ("sound", "words") if choice.modality == "audio" else ("words", "sound")
    has = (
        any(collection.texts())
        if other == "words"
        else any(collection.audio_paths()) or collection.table is not None
    )
    if has:
        counts = "sound counts" if only == "sound" else "words count"
        return (
            f"Only {counts} here, so nothing is fused. Choose “Both” under “What counts” to fuse {only} "
            f"and {other}."
        )
    return f"These tracks have no {other}, so there is nothing to fuse their {only} with."


def _show_summary(details: dict, choice: Choice) -> None:
    """Show what the fusion did in a sentence or two."""
    sentences = [f"{clause[0].upper()}{clause[1:]}." for clause in describe_fusion_fully(details)]
    spec = FUSIONS[choice.fusion]
    plain = (
        f"{spec.title}: words count {choice.text_weight:.0%} in every track that has both."
        if spec.takes_weight
        else spec.help
    )
    st.markdown(plain_markdown(" ".join(sentences) or plain))


def _say_gain(collection: Collection, shown: Shown) -> list[Future]:
    """Say what fusing gained on the better modality alone, where there are labels; that comes after the intervals."""
    if not shown.figures.n_labelled:
        st.caption(
            "Without labels nobody can say whether fusing pays: there is nothing to compare clusters with."
        )
        return []
    if not shown.is_settled:
        st.caption("What fusing gains is measured once the new clusters are there …")
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
    go_on = while_wanted("gain", key)
    future = results().kept_or_begin(
        key, lambda: compare_with_single(collection, shown.space, choice, go_on), "scores"
    )
    if not is_there(future):
        st.caption("Measuring what fusing gains on sound alone and on words alone …")
        return [future]
    gain = future.result()
    if gain is None:
        st.caption(why_no_gain(collection, shown))
    else:
        line = gain_in_words(gain)
        st.markdown(
            plain_markdown(
                f"{line[0].upper()}{line[1:]} (95 % interval over {gain['n_labelled']:,} labelled tracks)."
            )
        )
    return []


def why_no_gain(collection: Collection, shown: Shown) -> str:
    """Say why nothing can be compared although there are labels."""
    if len(set(truth_of(collection, shown.space, shown.choice.label_by)) - {""}) < 2:
        return "All labels are the same, so they can't tell whether fusing pays."
    return "Too few labelled tracks have both sound and words to tell whether fusing pays."


def _show_details(collection: Collection, shown: Shown, tracks: pd.DataFrame, current: int | None) -> None:
    """Show what was tried, the weights per cluster, and the current track's weight, as far as there are any."""
    details, weights = shown.space.details, shown.space.weights
    if weights is None and not fusion_spec(shown.choice.fusion).explains:
        return
    with st.container(
        key="fusion-details"
    ):  # the style sheet puts the halves below each other where it is narrow
        left, right = st.columns(2, gap="large")
    with left:
        if details.get("replication"):
            _show_replication(details)
        if weights is not None:
            _show_weights(shown, tracks)
        elif fusion_spec(shown.choice.fusion).explains:
            name = FUSIONS[details["picked"]].title if details.get("picked") in FUSIONS else "This fusion"
            st.caption(
                plain_markdown(
                    f"{name} weighs no track by itself, so there are no weights per track to show."
                )
            )
    with right:
        if weights is not None:
            show_track_weight(collection, shown, tracks, current)


def _show_replication(details: dict) -> None:
    """Show what `auto` tried, and by how much its criterion preferred what it picked."""
    st.markdown("**What replicates**")
    st.plotly_chart(
        replication_figure(details["replication"], details["picked"]), key="explore-replication", config=BARE
    )
    against = "the next best" if details["picked"] == "weighted" else f"“{FUSIONS['weighted'].title}”"
    lead = f"{details['lead']:+.3f} ± {details['lead_error']:.3f}".replace("-", "−")
    st.caption(
        plain_markdown(
            "1: the same clusters come back from different tracks; 0: no more than with the words of other "
            f"tracks. Lead over {against}: "
            f"{lead} (± is the standard error over splits)."
        )
    )
    for name, reason in details.get("left_out", {}).items():
        st.caption(
            plain_markdown(f"Not tried: {FUSIONS[name].title if name in FUSIONS else name}: {reason}.")
        )


def _show_weights(shown: Shown, tracks: pd.DataFrame) -> None:
    """Show the distribution of the weights in each cluster."""
    st.markdown("**How much the words count, by cluster**")
    weights = shown.space.weights["text_weight"].to_numpy(float)
    texts = hover_texts(tracks, shown.labels, weights)
    st.plotly_chart(weights_figure(weights, shown.labels, texts), key="explore-weights", config=BARE)
    ranks = shown.space.weights.drop(columns="text_weight")
    if len(ranks.columns) and not ranks.notna().any(axis=None):
        st.caption(
            "Nothing is known of these tracks that could tell them apart, so sound and words count half in "
            "each."
        )
    else:
        st.caption(
            "A box holds the middle half of a cluster's tracks. “Text weight” under “Colour” shows "
            "the same on the map."
        )
