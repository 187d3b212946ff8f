"""Scores over the text weight, with audio alone and text alone at the ends."""

from concurrent.futures import Future
from dataclasses import replace

import pandas as pd
import streamlit as st

from core.clustering import clusterer_spec
from core.collection import Collection
from core.fusion import fusion_spec
from core.pipeline.choice import Choice
from core.pipeline.comparison import score_over_weights
from core.pipeline.stages import count_clusters
from core.scoring import METRICS
from core.scoring.metric_specs import SHOWN
from core.ui.explore.fusion.curve_figure import best_weight, curve_figure
from core.ui.explore.fusion.fusion_charts import BARE
from core.ui.explore.live import Shown, first_scores
from core.ui.explore.slow_results import rerun_page
from core.ui.shared.frame import plain_markdown
from core.ui.shared.results import is_there, show_progress, start_wanted, state_of
from core.ui.shared.theme import current_palette
from core.ui.shared.url_state import choose_option, put, toggle, write_address

CHART = "explore-curve"
"""Key of the chart."""


def show_curve(collection: Collection, shown: Shown) -> list[Future]:
    """Show scores over the text weight, on request."""
    wanted = toggle(
        "Score every text weight",
        "curve",
        help="Clusters the same tracks with text weight 0 %, 10 % … 100 %, and scores each.",
    )
    write_address()
    if not wanted or not shown.is_settled:
        return []
    k = {"n_clusters": count_clusters(shown.labels)} if clusterer_spec(shown.choice.cluster).takes_k else {}
    choice = replace(shown.choice, **k)
    weighted = replace(choice, fusion="weighted", text_weight=0.5)
    key = ("curve", *state_of(collection.name), weighted)
    future = start_wanted("curve", key, lambda progress: score_over_weights(collection, weighted, progress))
    if not is_there(future):
        show_progress(key, _draw_progress)
        return [future]
    table = future.result()
    available = [
        name for name in SHOWN if name in table and pd.to_numeric(table[name], errors="coerce").notna().any()
    ]
    if not available:
        st.caption("No text weight gives clusters that can be scored. Choose another clustering or k.")
        return []
    first = "adjusted_rand" if "adjusted_rand" in available else available[0]
    metric = choose_option(
        "curve-by", "Score", available, first, format_func=lambda name: METRICS[name].title, width=280
    )
    write_address()
    spec = fusion_spec(choice.fusion)
    now = first_scores(collection, shown.space, shown.labels, shown.choice)["scores"].get(metric)
    figure = curve_figure(
        table,
        metric,
        now=now,
        weight=choice.text_weight if spec.takes_weight else None,
        fusion=spec.title,
        palette=current_palette(),
    )
    st.plotly_chart(
        figure, key=CHART, config=BARE, on_select=lambda: _take_weight(choice), selection_mode="points"
    )
    st.caption(_describe_curve(metric, best_weight(table, metric)))
    return []


def _take_weight(choice: Choice) -> None:
    """Set the text weight to that of the clicked point; a fusion without one becomes the weighted one."""
    points = st.session_state[CHART]["selection"]["points"]
    if not points:
        return
    put("weight", f"{min(1.0, max(0.0, round(float(points[0]['x']), 2))):g}")
    if not fusion_spec(choice.fusion).takes_weight:
        put("fusion", "weighted")
    rerun_page()


def _draw_progress(share: float, note: str) -> None:
    """Draw the progress of the curve."""
    st.progress(share, text=plain_markdown(f"{(note or 'waiting for the intervals').capitalize()} …"))


def _describe_curve(metric: str, best: float) -> str:
    """Describe how to read the curve."""
    better = "higher" if METRICS[metric].larger_is_better else "lower"
    kind = METRICS[metric].kind
    control = "labels" if kind == "external" else "columns"
    reading = (
        f"Left: audio alone; right: text alone; {better} is better. The same number of clusters at every "
        f"weight, one seed. Band: 95\u00a0% interval; dotted: shuffled {control}; star: the best weight, "
        f"{best:.0%}, picked on these same tracks. Click a point to set the text weight."
    )
    caution = (
        " Each weight is scored on its own representation, so only metrics against labels are comparable."
    )
    return reading + (caution if kind == "internal" else "")
