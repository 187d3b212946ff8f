"""How good the representation is without clusters: kNN purity, linear probe, hubness, effective rank."""

from concurrent.futures import Future

import streamlit as st

from core.collection import Collection
from core.messages.analysis.score_messages import describe_collapsed_ranks, describe_quality, describe_rank
from core.messages.version_messages import describe_effect
from core.pipeline.choice import Choice
from core.pipeline.space import Space
from core.pipeline.stages import measure_representation
from core.scoring.metric_specs import REPRESENTATION
from core.search.versions import count_known_versions
from core.ui.explore.scores.measure_table import Row, measure_table
from core.ui.shared.frame import as_sentence, plain_markdown
from core.ui.shared.results import start_wanted, take_or_explain, version_of


def show_representation_scores(collection: Collection, space: Space, choice: Choice) -> list[Future]:
    """Show the measures, or that they follow, and a warning of collapse; return what is pending."""
    key = ("representation", *version_of(collection.name), space.key, choice.label_by, choice.seed)
    future = start_wanted(
        "representation",
        key,
        lambda progress: {
            **measure_representation(collection, space, choice, progress),
            "n_versions": count_known_versions(collection),
        },
    )
    found, pending = take_or_explain(future, "the representation could not be scored")
    if found is None and not pending:
        return []
    for sentence in describe_collapsed_ranks(found) if found else []:
        st.warning(plain_markdown(as_sentence(sentence)), icon=":material/warning:")
    with st.expander("Representation, without clusters", icon=":material/hub:", key="explore-representation"):
        if found is None:
            st.caption("Comparing each track with its neighbours …")
            return pending
        st.html(representation_table(found, sees_labels=space.sees_labels))
        st.caption(plain_markdown(describe_ranks(found)))
        lines = describe_quality(found)
        lines += [describe_effect(found["n_versions"])] if found.get("n_versions") else []
        if lines:
            st.caption(plain_markdown(" · ".join(lines)))
    return []


def representation_table(found: dict, *, sees_labels: bool = False) -> str:
    """Return the table of the measures as HTML; those that need labels have no row without labels."""
    rows = [
        Row(
            metric.title,
            f"{metric.description} ({metric.reference})",
            found[name],
            found["intervals"][name],
            found["control"][name],
            metric.larger_is_better,
            is_marked=sees_labels and name != "hubness",
        )
        for name, metric in REPRESENTATION.items()
        if found["n_labelled"] or name == "hubness"
    ]
    return measure_table(
        "Measure",
        "Measured in the full representation that is clustered, without clusters.",
        "The same measure with shuffled labels.",
        rows,
    )


def describe_ranks(found: dict) -> str:
    """Describe the effective rank of each representation and of the space that is clustered."""
    ranks = {each["name"]: each for each in found["encoders"].values()}
    if len(ranks) != 1 or any(each["effective_rank"] != found["effective_rank"] for each in ranks.values()):
        ranks["space that is clustered"] = found
    return " · ".join(f"{name}: {describe_rank(each)}" for name, each in ranks.items())
