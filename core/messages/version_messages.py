"""Versions of one recording, as sentences: the evidence for a pair, and what they do to scores."""

from core.messages.quantities import count


def describe_versions(result: dict) -> str:
    """Describe how many groups :func:`core.search.versions.find_versions` found."""
    found = result["groups"]
    counted = f"among {count(result['n_compared'], 'track')} compared by {result['representation']}"
    if not found:
        return f"No versions of one recording {counted}."
    return f"{count(result['n_versions'], 'track')} in {count(len(found), 'group')} of versions {counted}."


def describe_pair(pair: dict) -> str:
    """Describe the evidence for a pair: kind, distance, ranks, durations, titles."""
    duration, title = pair["duration_ratio"], pair["title_similarity"]
    ranks = (
        "mutual nearest neighbours"
        if pair["rank"] == pair["reverse_rank"] == 1
        else f"neighbours of rank {pair['rank']} and {pair['reverse_rank']}"
    )
    by_chance = pair["by_chance"]
    parts = [
        f"{pair['kind']}: {ranks} at {pair['distance']:.2f} of the distance to the 10th neighbour",
        "durations unknown" if duration is None else f"durations {duration:.1%} alike",
        "" if title is None else f"titles {title:.0%} alike",
        f"by chance {'under 0.001' if by_chance < 0.001 else f'{by_chance:.2g}'} such pairs are expected",
    ]
    return "; ".join(filter(None, parts))


def describe_effect(n_versions: int) -> str:
    """Describe that scores count versions of one recording as neighbours."""
    return (
        f"{count(n_versions, 'track')} {'is a version' if n_versions == 1 else 'are versions'} of another "
        "one, by MusiCNN: kNN purity and the linear probe may recognise the recording instead of the label"
    )
