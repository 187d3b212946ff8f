"""Sentences about scores."""


def describe_gain(single: dict) -> str:
    """Describe what fusion gains over the better single modality."""
    low, high = single["interval"]
    verdict = "fusion helps" if low > 0 else "fusion hurts" if high < 0 else "no clear difference"
    return (
        f"against {single['better']} alone, the better single modality: adjusted Rand index "
        f"{single['fused']:.3f} vs. "
        f"{single[single['better']]:.3f}, {single['gain']:+.3f} [{low:+.3f}, {high:+.3f}]: {verdict}"
    )
