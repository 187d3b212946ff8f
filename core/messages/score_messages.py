"""Sentences about scores: the gain of fusion, why a metric is undefined, and how it was computed."""

from core.scoring.evaluate import Note

_REASONS = {
    "all_noise": "every track is noise",
    "no_tracks": "there are no tracks",
    "one_cluster": "there is only one cluster",
    "one_cluster_and_noise": "there is only one cluster besides noise",
    "singletons": "every track is a cluster of its own",
    "zero_scatter": "every track equals its cluster's centroid",
    "unlabelled": "no track has a label",
    "one_label": "all labelled tracks have the same label",
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
