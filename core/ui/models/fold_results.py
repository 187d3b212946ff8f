"""Cross-validation results of a checkpoint that predicts genres."""

import pandas as pd
import streamlit as st

from core.messages.fold_messages import format_percent
from core.ui.shared.frame import plain_markdown

SCORES = {
    "accuracy": (
        "Accuracy",
        "Jaccard index: of the genres that a track has or is predicted to have, the share that are both, "
        "averaged over tracks.",
    ),
    "precision": ("Precision", "Of the predicted genres of a track, the share that it has."),
    "recall": ("Recall", "Of the genres that a track has, the share that is predicted."),
    "f1": ("F1", "Harmonic mean of precision and recall, per track."),
    "mean_average_precision": (
        "mAP",
        "Mean average precision: quality of the ranking of tracks by the probability of a genre, averaged "
        "over genres. By chance about the share of tracks with the genre.",
    ),
    "macro_f1": ("Macro F1", "F1 of each genre or label over tracks, averaged over these."),
}


def show_folds(folds: dict | None) -> None:
    """Show the scores of each fold, mean, standard deviation and control; nothing without cross-validation.

    Parameters
    ----------
    folds : dict, optional
        See :func:`core.training.folds.cross_validate`.
    """
    if not folds:
        return
    mean, deviation = folds["mean"], folds["deviation"]
    scores = [
        f"{title} {format_percent(mean[name])} ± {format_percent(deviation[name])}"
        for name, (title, _) in SCORES.items()
        if name in mean
    ]
    st.markdown(
        f"**Cross-validation: genres of held-out tracks** ({folds['n_folds']} folds, per cent)  \n"
        + plain_markdown(" · ".join(scores))
    )
    columns = {
        title: st.column_config.NumberColumn(help=about, format="%.2f") for title, about in SCORES.values()
    }
    st.dataframe(folds_table(folds), hide_index=True, column_config=columns, key="models-folds")
    predicted = (
        "The most probable label is predicted."
        if folds.get("single")
        else f"A genre is predicted if its probability is above {folds['threshold']:.3f}, the published "
        "threshold."
    )
    st.caption(
        f"{predicted} ± is the standard deviation between folds. Control: the same predictions against "
        "genres shuffled among the held-out tracks."
    )
    with st.expander("By genre", key="models-folds-genres"):
        ranked = sorted(
            ((v, genre) for genre, v in folds["average_precision"].items() if v is not None), reverse=True
        )
        rows = pd.DataFrame(
            [(genre, 100 * value) for value, genre in ranked], columns=["Genre", "Average precision"]
        )
        st.dataframe(
            rows,
            hide_index=True,
            column_config={"Average precision": st.column_config.NumberColumn(format="%.1f")},
            key="models-folds-by-genre",
        )


def folds_table(folds: dict) -> pd.DataFrame:
    """Return one row per fold, then mean, deviation and control, in per cent."""
    named = [(f"Fold {row['fold']}", row["n_tracks"], row) for row in folds["rows"]]
    named += [
        ("Mean", None, folds["mean"]),
        ("Standard deviation", None, folds["deviation"]),
        ("Control", None, folds["control"]),
    ]
    rows = [
        {
            "": title,
            "Tracks": n,
            **{
                SCORES[name][0]: None if part[name] is None else 100 * part[name]
                for name in SCORES
                if name in part
            },
        }
        for title, n, part in named
    ]
    return pd.DataFrame(rows).astype({"Tracks": "Int64"})
