"""The cross-validation of a checkpoint: how well genres of tracks were predicted that it had not seen."""

import pandas as pd
import streamlit as st

from core.ui.shared.frame import plain_markdown

SCORES = {
    "accuracy": (
        "Accuracy",
        "Of the genres that a track has or is given, the share that are both (Jaccard), averaged over "
        "tracks.",
    ),
    "precision": ("Precision", "Of the genres that a track is given, the share that it has."),
    "recall": ("Recall", "Of the genres that a track has, the share that it is given."),
    "f1": ("F1", "Precision and recall in one: their harmonic mean per track."),
    "mean_average_precision": (
        "mAP",
        "How far up the tracks of a genre stand when all are sorted by its probability, averaged over "
        "genres. By chance: about the share of "
        "tracks with the genre.",
    ),
}


def show_folds(folds: dict | None) -> None:
    """Draw the scores of each fold, their mean and deviation, and the control; nothing where there was no cross-validation.

    Parameters
    ----------
    folds : dict, optional
        See :func:`core.training.folds.cross_validate`.
    """
    if not folds:
        return
    mean, deviation = folds["mean"], folds["deviation"]
    said = [
        f"{title} {_per_cent(mean[name])} ± {_per_cent(deviation[name])}"
        for name, (title, _) in SCORES.items()
    ]
    st.markdown(
        f"**Genres of tracks that it had not seen** ({folds['n_folds']} folds, per cent)  \n"
        + plain_markdown(" · ".join(said))
    )
    columns = {
        title: st.column_config.NumberColumn(help=about, format="%.2f") for title, about in SCORES.values()
    }
    st.dataframe(folds_table(folds), hide_index=True, column_config=columns, key="models-folds")
    st.caption(
        f"A genre counts as predicted where its probability is above {folds['threshold']:.3f}, the "
        "published threshold. ± is the standard deviation "
        "between folds. Control: the same predictions against genres shuffled among the held-out tracks."
    )
    with st.expander("Genre by genre", key="models-folds-genres"):
        known = sorted(
            ((v, genre) for genre, v in folds["average_precision"].items() if v is not None), reverse=True
        )
        rows = pd.DataFrame(
            [(genre, 100 * value) for value, genre in known], columns=["Genre", "Average precision"]
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
            **{SCORES[name][0]: None if part[name] is None else 100 * part[name] for name in SCORES},
        }
        for title, n, part in named
    ]
    return pd.DataFrame(rows).astype({"Tracks": "Int64"})


def _per_cent(value: float | None) -> str:
    """Write a share in per cent, – where there is none."""
    return "–" if value is None else f"{100 * value:.2f}"
