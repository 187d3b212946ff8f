"""Runs of recipes as text: tables with published values beside those measured, and claims as sentences."""

from core.recipes import recipe_spec
from core.recipes.findings import (
    BY_INTERVAL,
    COLLAPSED,
    SEES_LABELS,
    Cell,
    Claim,
    Findings,
    Row,
    Table,
    findings_of,
)

MARKS = {
    SEES_LABELS: "sees the labels: its external scores are biased",
    COLLAPSED: "collapsed: its latents are nearly the same for all tracks, so its clusters show noise",
}
CLAIMS = {
    "pca-above-vae": "PCA is above the VAE in Silhouette",
    "hybrid-below-audio": "The concatenation of audio and text is below audio alone in Silhouette",
    "audio-above-text": "Audio is above text in Silhouette",
    "cvae-equals-vae": "The conditional VAE and the VAE agree to three digits, as printed",
    "vae-collapses": "The model as published collapses",
    "inpainting-beats-band": "The model is better than the mean visible patch of the same band",
    "weights-above-fixed": "Weights per track are above the best fixed weight, an oracle",
    "modalities-above-audio": "Audio and lyrics together are above audio alone in mAP",
    "modalities-above-lyrics": "Audio and lyrics together are above lyrics alone in mAP",
    "pretraining-helps": "Pretraining is above random weights in mAP",
    "p-below-0.01-possible": "With this number of folds the test can give p < 0.01, as the paper states",
    "pretraining-helps-few": "Supervised contrastive pretraining is above none with the fewest labels",
    "retrieval-above-chance": "Recall@10 of a track by its text is above that of permuted pairs",
    "fused-above-text": "Fused latents are above text alone in Silhouette",
}
"""The sentence of each claim."""


def describe_claim(claim: Claim) -> str:
    """Describe whether a claim holds here, with the numbers that decide it."""
    holds = {True: "yes", False: "no", None: "undecided"}[claim.holds]
    figures = ", ".join(
        f"{name.replace('_', ' ')} {value:.3g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in claim.figures.items()
        if value is not None
    )
    return f"{CLAIMS[claim.key]}: {holds}{f' ({figures})' if figures else ''}."


def describe_cell(cell: Cell) -> str:
    """Return a value with its interval, and the published value in brackets."""
    if cell.value is None:
        text = "–"
    else:
        text = f"{cell.value:.3g}" if abs(cell.value) < 1000 else f"{cell.value:.0f}"
        text += f" [{cell.interval[0]:.3g}, {cell.interval[1]:.3g}]" if cell.interval else ""
        text += "*" if cell.is_better else ""
    return text if cell.published is None else f"{text} ({cell.published:g})"


def describe_cells(table: Table, row: Row) -> list[str]:
    """Return the cells of a row as text, in the order of the columns."""
    return [describe_cell(row.cells.get(column.key, Cell(None))) for column in table.columns]


def describe_row(row: Row) -> str:
    """Return a row's name, variant and marks."""
    name = f"{row.name}, {row.variant}" if row.variant else row.name
    return f"{name} ({'; '.join(row.marks)})" if row.marks else name


def describe_table(table: Table) -> list[str]:
    """Return the sentences below a table: published data, test, marks."""
    rows = table.rows
    sentences = [f"In brackets: published, on {table.published_on}."] if table.published_on else []
    has_better = any(cell.is_better for row in rows for cell in row.cells.values())
    if table.compared_with and table.test == BY_INTERVAL:
        start = "*: better than" if has_better else "No row is clearly better than"
        sentences.append(
            f"{start} {table.compared_with}: the 95 % interval of the difference, by paired "
            "resampling of the same tracks, excludes 0, uncorrected for the number of comparisons. Metrics "
            "without labels are compared within one representation only."
        )
    elif has_better:
        sentences.append(
            f"*: better than {table.compared_with} by paired resampling of the same tracks, p < 0.05 after "
            "Holm's correction for all tests of the table."
        )
    elif table.compared_with:
        sentences.append(
            f"No row is better than {table.compared_with} by paired resampling after Holm's correction."
        )
    sentences += [
        f"{mark}: {MARKS[mark].partition(': ')[2]}." for mark in MARKS if any(mark in r.marks for r in rows)
    ]
    return sentences


def format_table(table: Table) -> str:
    """Return a table as aligned text."""
    lines = [["", *(column.title for column in table.columns)]]
    for row in table.rows:
        lines.append([describe_row(row), *describe_cells(table, row)])
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
    notes = [f"{describe_row(row)}: {row.note}" for row in table.rows if row.note]
    return "\n".join([table.title, *text, *notes, *describe_table(table)])


def format_run(run: dict) -> str:
    """Return a run as text."""
    findings: Findings = findings_of(run)
    spec = recipe_spec(run["recipe"])
    head = (
        f"{spec.title} ({spec.source}) on {run['collection']['name']}, {run['collection']['n_tracks']} tracks"
    )
    quick = ["A quick run: no number is comparable with a published one."] if run["quick"] else []
    claims = [describe_claim(claim) for claim in findings.claims]
    return "\n\n".join(
        [
            "\n".join([head, *quick, f"Kept as {run['id']}; {run['seconds']:.0f} s."]),
            *map(format_table, findings.tables),
            *(["\n".join(["Published claims:", *claims])] if claims else []),
        ]
    )


def format_comparison(result: dict) -> str:
    """Return the comparison of two runs as text."""
    lines = [
        f"{name}: {a} → {b}" for part in ("settings", "environment") for name, (a, b) in result[part].items()
    ]
    lines += ["The recipe's code differs."] if result["code"] else []
    lines += ["The collections differ."] if result["collection"] else []
    for value in result["values"]:
        numbers = f"{value['first']:.3g} → {value['second']:.3g} ({value['difference']:+.3g})"
        lines.append(f"{value['row']}, {value['column']}: {numbers}")
    return "\n".join(lines or ["No difference, and no value in common."])
