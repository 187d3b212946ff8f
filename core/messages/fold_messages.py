"""The result of a cross-validation as a text table."""

from core.scoring import multilabel


def describe_folds(folds: dict | None) -> str:
    """Format the result of a cross-validation as a text table in per cent; "" for None."""
    if not folds:
        return ""
    lines = [
        "held-out tracks, per cent    "
        + "  ".join(f"{name.replace('mean_average_precision', 'mAP'):>9}" for name in multilabel.SCORES)
    ]
    for row in folds["rows"]:
        lines.append(
            f"fold {row['fold']} ({row['n_tracks']} tracks)".ljust(29)
            + "  ".join(f"{_per_cent(row[name]):>9}" for name in multilabel.SCORES)
        )
    for title, part in (
        ("mean", "mean"),
        ("standard deviation", "deviation"),
        ("control, shuffled genres", "control"),
    ):
        lines.append(
            title.ljust(29) + "  ".join(f"{_per_cent(folds[part][name]):>9}" for name in multilabel.SCORES)
        )
    return "\n".join(lines)


def _per_cent(value: float | None) -> str:
    """Format a share with two decimals; – for None."""
    return "–" if value is None else f"{100 * value:.2f}"
