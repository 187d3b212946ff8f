"""A choice's scores as one report: what ``score --json`` prints and what pages show at the end."""

from core import collection as collections
from core.clustering import clusterer_spec
from core.errors import ConfigError
from core.fusion import fusion_spec
from core.pipeline.choice import Choice
from core.pipeline.comparison import compare_with_single
from core.pipeline.space import build_space
from core.pipeline.stages import (
    count_clusters,
    find_clusters,
    library_versions,
    score_fully,
    score_genres,
    truth_of,
)
from core.progress import Progress, silent


def full_report(name: str, choice: Choice, *, n_seeds: int = 5, progress: Progress = silent) -> dict:
    """Cluster a collection and score the clusters.

    Returns
    -------
    dict
        ``collection, n_tracks, n_labelled, n_clusters, noise_share, seeds, scores {metric: mean}, intervals
        {metric: [low, high]}, control {metric: value}``, then what else a reader should know: ``left_out``
        (tracks that took no part), ``sees_labels``, ``choice``, ``fusion`` (details of the fusion's fit, {} where
        there are none), ``against_single`` (gain and regret against the better single
        modality, None where nothing is fused or labelled), ``notes`` (sentences). A score or an interval that
        there is none of is None, and a note says why. Where tracks have several genres, ``multilabel`` holds
        what :func:`core.scoring.genre_probe.probe_genres` found.

    Raises
    ------
    ConfigError
        When clusters shall be compared with coarse groups and no track has one.
    """
    collection = collections.load(name)
    if choice.label_by == "coarse" and not any(collection.coarse_labels()):
        raise ConfigError(
            f"no genre of {name} is in a coarse group; give a table of your own with: add … --genre-map "
            "FILE.csv"
        )
    space = build_space(collection, choice, progress)
    labels = find_clusters(space, choice, progress)
    truth = truth_of(collection, space, choice.label_by)
    figures = score_fully(collection, space, choice, n_seeds=n_seeds, progress=progress)
    notes = notes_in_words(figures["notes"], int((labels < 0).sum()), len(labels))
    for modality, n in space.n_outdated.items():
        notes.append(
            f"{n:,} tracks have {modality} features that an earlier version of Songscape computed; "
            "--recompute computes them anew"
        )
    if space.sees_labels:
        notes.append(
            "this model was given the labels in training: its external scores are no evidence of clustering"
        )
    genres = score_genres(collection, space, choice.seed, progress)
    return {
        "collection": name,
        "n_tracks": len(space.rows),
        "n_labelled": sum(1 for label in truth or [] if label),
        "n_clusters": count_clusters(labels),
        "noise_share": float((labels < 0).mean()),
        "seeds": figures["seeds"],
        "scores": figures["scores"],
        "intervals": figures["intervals"],
        "control": figures["control"],
        "left_out": len(space.left_out),
        "sees_labels": space.sees_labels,
        "choice": choice_in_words(choice),
        "fusion": space.details,
        "against_single": compare_with_single(collection, space, choice, progress),
        "notes": notes,
        "outdated": space.n_outdated,
        "libraries": library_versions(space, choice),
        **({"multilabel": genres} if genres else {}),
    }


def notes_in_words(notes: dict[str, str], n_noise: int, n_tracks: int) -> list[str]:
    """Say what was remarked of the metrics (one line for those of the same remark), and how noise was counted."""
    metrics: dict[str, list[str]] = {}
    for metric, remark in notes.items():
        metrics.setdefault(remark, []).append(metric)
    lines = [f"{', '.join(names)}: {remark}" for remark, names in metrics.items()]
    if n_noise:
        lines.append(
            f"noise: {n_noise:,} of {n_tracks:,} tracks are in no cluster; silhouette, davies_bouldin and "
            "calinski_harabasz leave them out, the scores against labels count them as one cluster"
        )
    return lines


def choice_in_words(choice: Choice) -> str:
    """Say a choice in one line."""
    parts = [f"audio {choice.audio}"] if choice.audio else []
    parts += [f"text {choice.text}"] if choice.text else []
    if len(parts) == 2:
        weight = f" (text weight {choice.text_weight:g})" if fusion_spec(choice.fusion).takes_weight else ""
        parts.append(f"fusion {choice.fusion}{weight}")
    k = "searched" if choice.n_clusters is None else choice.n_clusters
    parts.append(
        f"clustering {choice.cluster}" + (f", k {k}" if clusterer_spec(choice.cluster).takes_k else "")
    )
    parts += ["compared with coarse groups"] if choice.label_by == "coarse" else []
    return "; ".join(parts)


def report_in_words(report: dict) -> str:
    """Lay a report out for a terminal."""
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
    if genres := report.get("multilabel"):
        rare = f", {genres['n_genres_left_out']} rarer ones left out" if genres["n_genres_left_out"] else ""
        lines += [
            "",
            f"genres guessed from {genres['k']} neighbours: {genres['n_genres']} genres on "
            f"{genres['n_tracks']} tracks{rare}",
            *_rows(genres),
        ]
    told = [f"fusion: {report['fusion']['words']}"] if report["fusion"].get("words") else []
    if single := report["against_single"]:
        told.append(gain_in_words(single))
    notes = [*told, *report["notes"]]
    return "\n".join([*lines, *([""] + notes if notes else [])])


def _rows(figures: dict) -> list[str]:
    """Lay out metrics with interval and control, one a line."""
    lines = []
    for metric, value in figures["scores"].items():
        low, high = figures["intervals"].get(metric) or (None, None)
        lines.append(
            f"{metric:24} {_number(value)}  {_number(low)} {_number(high)}  "
            f"{_number(figures['control'].get(metric))}"
        )
    return lines


def gain_in_words(single: dict) -> str:
    """Say what fusing gained on the better single modality."""
    low, high = single["interval"]
    sure = "fusing pays" if low > 0 else "fusing costs" if high < 0 else "no clear difference"
    return (
        f"against {single['better']} alone, the better single modality: adjusted Rand index "
        f"{single['fused']:.3f} instead of "
        f"{single[single['better']]:.3f}, {single['gain']:+.3f} [{low:+.3f}, {high:+.3f}]: {sure}"
    )


def _number(value) -> str:
    """Eight columns of a number, or of a dash where there is none."""
    return f"{value:8.3f}" if isinstance(value, (int, float)) and value == value else f"{'–':>8}"
