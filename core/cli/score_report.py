"""The score report as text for a terminal."""

from core.messages.score_messages import describe_gain, describe_quality, describe_rank
from core.scoring.metric_specs import REPRESENTATION


def format_report(report: dict) -> str:
    """Format the report of :func:`core.export.fusion_report.full_report` as a table with notes."""
    lines = [
        f"{report['collection']}: {report['choice']}",
        f"{report['n_tracks']} tracks, {report['n_labelled']} labelled, "
        f"{report['n_clusters']} cluster{'' if report['n_clusters'] == 1 else 's'}, "
        f"noise {report['noise_share']:.0%}"
        + (f", {report['left_out']} left out" if report["left_out"] else ""),
        "",
        f"{'':24} {'mean':>8}  {'interval':>17}  {'control':>8}",
    ]
    lines += _rows(report)
    lines += ["", *_quality_rows(report["representation"])]
    if genres := report.get("multilabel"):
        rare = f", {genres['n_genres_left_out']} rarer ones left out" if genres["n_genres_left_out"] else ""
        lines += [
            "",
            f"genres predicted from {genres['k']} neighbours: {genres['n_genres']} genres on "
            f"{genres['n_tracks']} tracks{rare}",
            *_rows(genres),
        ]
    notes = [f"fusion: {report['fusion']['words']}"] if report["fusion"].get("words") else []
    if single := report["against_single"]:
        notes.append(describe_gain(single))
    notes += report["notes"]
    return "\n".join([*lines, *([""] + notes if notes else [])])


def _rows(figures: dict) -> list[str]:
    """Format one line per metric: mean, interval, control."""
    lines = []
    for metric, value in figures["scores"].items():
        low, high = figures["intervals"].get(metric) or (None, None)
        lines.append(
            f"{metric:24} {_number(value)}  {_number(low)} {_number(high)}  "
            f"{_number(figures['control'].get(metric))}"
        )
    return lines


def _quality_rows(quality: dict) -> list[str]:
    """Format the measures of the representation, its effective rank, and what they are computed on."""
    scores = {name: quality[name] for name in REPRESENTATION}
    lines = ["representation, without clusters:", *_rows({**quality, "scores": scores})]
    ranks = {f"{modality} {each['name']}": each for modality, each in quality["encoders"].items()}
    ranks["space that is clustered"] = quality
    return (
        lines + [f"{name}: {describe_rank(each)}" for name, each in ranks.items()] + describe_quality(quality)
    )


def _number(value) -> str:
    """Format a number in eight columns, a missing one as a dash."""
    return f"{value:8.3f}" if isinstance(value, (int, float)) and value == value else f"{'–':>8}"
