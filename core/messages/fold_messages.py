"""The result of a cross-validation as a text table."""

from core.scoring import multilabel

SHORT = {"mean_average_precision": "mAP", multilabel.MACRO_F1: "macro F1"}


def describe_folds(folds: dict | None) -> str:
    """Format the result of a cross-validation as a text table in per cent; "" for None."""
    if not folds:
        return ""
    scores = [name for name in (*multilabel.SCORES, multilabel.MACRO_F1) if name in folds["mean"]]
    names = [SHORT.get(name, name) for name in scores]
    parts = [(f"fold {row['fold']} ({row['n_tracks']} tracks)", row) for row in folds["rows"]]
    parts += [
        ("mean", folds["mean"]),
        ("standard deviation", folds["deviation"]),
        ("control, shuffled genres", folds["control"]),
    ]
    lines = [("held-out tracks, per cent", names)]
    lines += [(title, [format_percent(part[name]) for name in scores]) for title, part in parts]
    return "\n".join(f"{title:29}" + "  ".join(f"{cell:>9}" for cell in cells) for title, cells in lines)


def format_percent(value: float | None) -> str:
    """Format a share with two decimals; – for None."""
    return "–" if value is None else f"{100 * value:.2f}"
