"""Sentences about scores: the gain of fusion, why a metric is undefined, and how it was computed."""

from core.messages.quantities import count
from core.scoring.evaluate import Note
from core.scoring.metric_specs import REPRESENTATION

_REASONS = {
    "all_noise": "every track is noise",
    "no_tracks": "there are no tracks",
    "one_cluster": "there is only one cluster",
    "one_cluster_and_noise": "there is only one cluster besides noise",
    "singletons": "every track is a cluster of its own",
    "zero_scatter": "every track equals its cluster's centroid",
    "unlabelled": "no track has a label",
    "one_label": "all labelled tracks have the same label",
    "rare_labels": "fewer than two labels have five tracks, of two artists or more",
    "few_tracks": "every track is a neighbour of every other one; it takes 12 tracks or more",
    "sampled": "computed on a random sample of {n_sampled:,} of {n_tracks:,} tracks",
    "unknown_spread": "too few tracks to measure its spread, so it has no interval",
    "undefined_seeds": "undefined for {n_undefined} of {n_seeds} seeds, which the mean leaves out",
}


def describe_score_note(note: Note) -> str:
    """Return a note of :func:`core.scoring.evaluate` or its intervals as a clause without full stop."""
    return _REASONS[str(note["reason"])].format(**note)


def describe_gain(single: dict) -> str:
    """Describe what fusion gains over the better single modality."""
    low, high = single["interval"]
    verdict = "fusion helps" if low > 0 else "fusion hurts" if high < 0 else "no clear difference"
    return (
        f"against {single['better']} alone, the better single modality: adjusted Rand index "
        f"{single['fused']:.3f} vs. "
        f"{single[single['better']]:.3f}, {single['gain']:+.3f} [{low:+.3f}, {high:+.3f}]: {verdict}"
    )


def describe_stability(stability: dict) -> str:
    """Describe a result of :func:`core.scoring.stability.measure_stability`."""
    low, high = stability["interval"]
    mean = "" if stability["track_mean"] is None else f", of a track {stability['track_mean']:.2f} on average"
    return (
        f"stability over {stability['n_runs']} seeds: ARI {stability['adjusted_rand']:.2f} "
        f"({low:.2f} – {high:.2f}) between two seeds{mean}; {count(stability['n_unstable'], 'track')} below "
        "0.5"
    )


def describe_rank(figures: dict) -> str:
    """Describe an effective rank of :func:`core.scoring.quality.representation_metrics.rank_figures`."""
    return f"effective rank {figures['effective_rank']:.3g} of {figures['n_dimensions']:,} dimensions"


def describe_collapsed_ranks(quality: dict) -> list[str]:
    """Describe which representations have collapsed, one sentence each.

    Parameters
    ----------
    quality : dict
        Result of :func:`core.pipeline.stages.measure_representation`.
    """
    named = {f"{modality} {each['name']}": each for modality, each in quality["encoders"].items()}
    if not any(each["is_collapsed"] for each in named.values()):
        named = {"the space that is clustered": quality}
    return [
        f"{name} has collapsed: {describe_rank(each)}, so nearly all variance is along one direction, "
        "and maps and clusters show little else"
        for name, each in named.items()
        if each["is_collapsed"]
    ]


def describe_quality(quality: dict) -> list[str]:
    """Describe what the measures of a representation are computed on and why some are undefined.

    Parameters
    ----------
    quality : dict
        Result of :func:`core.scoring.quality.representation_quality.evaluate_representation`.
    """
    lines = []
    if quality["n_scored"] < quality["n_tracks"]:
        lines.append(
            f"computed on a random sample of {quality['n_scored']:,} of {quality['n_tracks']:,} tracks"
        )
    if quality["n_probed"] < quality["n_labelled"] and quality["linear_probe"] is not None:
        lines.append(f"linear probe on {quality['n_probed']:,} of {quality['n_labelled']:,} labelled tracks")
    if quality["n_labels_left_out"] and quality["linear_probe"] is not None:
        lines.append(
            f"linear probe of {quality['n_labels']:,} labels, {quality['n_labels_left_out']:,} left out that "
            "have fewer than five tracks or only one artist"
        )
    if quality["n_artists"] and quality["linear_probe"] is not None:
        lines.append(f"linear probe grouped by {count(quality['n_artists'], 'artist')}: none is in two folds")
    if quality["n_copies"]:
        lines.append(f"{quality['n_copies']:,} tracks have the same vector as another one")
    reasons: dict[str, list[str]] = {}
    for name, note in quality["notes"].items():
        reasons.setdefault(describe_score_note(note), []).append(REPRESENTATION[name].title)
    return lines + [f"{', '.join(titles)}: not defined, {reason}" for reason, titles in reasons.items()]
