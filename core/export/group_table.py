"""Groups of tracks as a table: a row per group, with the distribution of its text weights."""

import io
from pathlib import Path

import pandas as pd

from core.export.spreadsheet_cells import write_csv


def group_table(groups: list[dict]) -> pd.DataFrame:
    """Return groups of :func:`core.export.explanation.label_groups` as a table: a row per group."""
    rows = []
    for group in groups:
        label, weight, stability = (
            (group["labels"] or [{}])[0],
            group["text_weight"] or {},
            group["stability"],
        )
        rows.append(
            {
                "cluster": group["cluster"],
                "name": group["name"] or group["suggested_name"],
                "n_tracks": group["n_tracks"],
                "share": group["share"],
                "label": label.get("label", ""),
                "label_share": label.get("share"),
                "words": ", ".join(entry["word"] for entry in group["words"]),
                "tags": ", ".join(entry["title"] for entry in group["tags"]),
                "descriptors": "; ".join(
                    f"{each['title']} {each['text']} (elsewhere {each['text_elsewhere']}, rank-biserial "
                    f"{each['effect']:+.2f})"
                    for each in group["descriptors"]
                ),
                "medoid": group["medoid"]["track_id"] if group["medoid"] else "",
                "jaccard": stability["jaccard"] if stability else None,
                "text_weight_n": weight.get("n"),
                "text_weight_mean": weight.get("mean"),
                "text_weight_low": (weight.get("interval") or [None])[0],
                "text_weight_high": (weight.get("interval") or [None])[-1],
                "text_weight_std": weight.get("std"),
                **{f"text_weight_{p}": weight.get(p) for p in ("p10", "p25", "p50", "p75", "p90")},
                **{
                    f"text_weight_{low / 10:.1f}_to_{(low + 1) / 10:.1f}": (
                        weight.get("counts") or [None] * 10
                    )[low]
                    for low in range(10)
                },
            }
        )
    return pd.DataFrame(rows)


def write_groups(groups: list[dict], out: Path) -> None:
    """Write :func:`group_table` as Parquet where the ending is .parquet, else as CSV for spreadsheets."""
    if out.suffix == ".parquet":
        group_table(groups).to_parquet(out, index=False)
    else:
        out.write_bytes(groups_csv(groups))


def groups_csv(groups: list[dict]) -> bytes:
    """Return :func:`group_table` as CSV for spreadsheets: UTF-8 with a byte order mark, no formulas."""
    file = io.StringIO(newline="")
    write_csv(group_table(groups), file)
    return file.getvalue().encode("utf-8-sig", "replace")
