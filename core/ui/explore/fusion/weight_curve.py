"""Scores against the weight of the words, with sound alone and words alone at the ends."""

from concurrent.futures import Future
from dataclasses import replace

import pandas as pd
import streamlit as st

from core.clustering import clusterer_spec
from core.collection import Collection
from core.fusion import fusion_spec
from core.pipeline.comparison import score_over_weights
from core.pipeline.stages import count_clusters
from core.scoring import METRICS
from core.ui.explore.fusion.fusion_charts import BARE, curve_figure
from core.ui.explore.live import Shown, first_scores
from core.ui.explore.scores import SHOWN
from core.ui.shared.frame import plain_markdown
from core.ui.shared.results import is_there, results, state_of, while_wanted
from core.ui.shared.url_state import record, start_widget, toggle, write_address


def show_curve(collection: Collection, shown: Shown) -> list[Future]:
    """Show scores against the weight of the words, once somebody asks for them."""
    wanted = toggle(
        "Score every weight",
        "curve",
        help="Clusters the same tracks with the words counting 0 %, 10 % … 100 %, and scores each: is there "
        "a better weight?",
    )
    write_address()
    if not wanted or not shown.is_settled:
        return []
    k = {"n_clusters": count_clusters(shown.labels)} if clusterer_spec(shown.choice.cluster).takes_k else {}
    choice = replace(shown.choice, **k)
    asked = replace(choice, fusion="weighted", text_weight=0.5)
    key = ("curve", *state_of(collection.name), asked)
    go_on = while_wanted("curve", key)
    future = results().kept_or_begin(key, lambda: score_over_weights(collection, asked, go_on), "scores")
    if not is_there(future):
        _say_scoring(key)
        return [future]
    table = future.result()
    able = [
        name for name in SHOWN if name in table and pd.to_numeric(table[name], errors="coerce").notna().any()
    ]
    if not able:
        st.caption("No weight gives clusters that can be scored.")
        return []
    first = "adjusted_rand" if "adjusted_rand" in able else able[0]
    where = start_widget("curve-by", able, first)
    metric = record(
        "curve-by",
        st.selectbox("Score", able, format_func=lambda name: METRICS[name].title, key=where, width=280),
    )
    write_address()
    spec = fusion_spec(choice.fusion)
    now = first_scores(collection, shown.space, shown.labels, shown.choice)["scores"].get(metric)
    figure = curve_figure(
        table, metric, now=now, weight=choice.text_weight if spec.takes_weight else None, fusion=spec.title
    )
    st.plotly_chart(figure, key="explore-curve", config=BARE)
    st.caption(_curve_in_words(metric))
    return []


def _say_scoring(key: tuple) -> None:
    """Show how far the curve is."""

    @st.fragment(run_every=0.5)
    def watch() -> None:
        share, doing = results().report_of(key)
        st.progress(share, text=plain_markdown(f"{(doing or 'waiting for the intervals').capitalize()} …"))

    watch()


def _curve_in_words(metric: str) -> str:
    """Say how the curve is read."""
    better = "higher" if METRICS[metric].larger_is_better else "lower"
    told = (
        f"At the left end sound counts alone, at the right end words; {better} is better. As many "
        "clusters at every weight, one seed."
    )
    own = " Each weight is scored in its own space, so compare with care: labels judge all alike."
    return told + (own if METRICS[metric].kind == "internal" else "")
