"""Sentences about groups, pairs of tracks and maps: clauses without full stop."""

from collections.abc import Sequence

from core.messages.quantities import count_tracks

VIEWS = {"audio": "audio", "text": "text", "fused": "fused", "map": "on the map"}
VERDICTS = {
    "consistent": "on the map this pair is about as near or as far apart as in the representation",
    "false_neighbours": "the map misleads: near on it, far apart in the representation",
    "missed_neighbours": "the map misleads: far apart on it, near in the representation",
}
LACKS = {
    "labels": "no track has a label",
    "words": "no track has lyrics, a caption or a title to take words from",
    "descriptors": "there are no descriptors of the audio",
    "tags": "there are no predicted tags",
    "text_weight": "nothing is fused with text weights",
}
STABILITIES = {
    "stable": "stable",
    "pattern": "a pattern, but not to be relied on",
    "dissolved": "dissolved: not to be interpreted",
}


def describe_words(words: Sequence[dict], n: int = 8) -> str:
    """List words with their shares in the group and elsewhere, "" without any.

    >>> describe_words([{"word": "rain", "share": 0.5, "share_elsewhere": 0.02}])
    'rain (50 % of its tracks, 2 % elsewhere)'
    """
    texts = [
        f"{entry['word']} ({_percent(entry['share'])} of its tracks, {_percent(entry['share_elsewhere'])} "
        "elsewhere)"
        for entry in words[:1]
    ]
    texts += [
        f"{entry['word']} ({_percent(entry['share'])}, {_percent(entry['share_elsewhere'])})"
        for entry in words[1:n]
    ]
    return ", ".join(texts)


def describe_effect(entry: dict) -> str:
    """Describe how a group differs in a descriptor or tag.

    >>> describe_effect({"title": "Tempo", "text": "80 BPM", "text_elsewhere": "120 BPM", "effect": -0.5,
    ...     "interval": [-0.7, -0.3]})
    'Tempo 80 BPM, elsewhere 120 BPM (rank-biserial −0.50, −0.70 … −0.30)'
    """
    low, high = entry["interval"]
    return (
        f"{entry['title']} {entry['text']}, elsewhere {entry['text_elsewhere']} (rank-biserial "
        f"{_signed(entry['effect'])}, {_signed(low)} … {_signed(high)})"
    )


def describe_labels(labels: Sequence[dict]) -> str:
    """List labels with their shares."""
    return ", ".join(
        f"{entry['label']} {_percent(entry['share'])} ({_percent(entry['interval'][0])} … "
        f"{_percent(entry['interval'][1])})"
        for entry in labels
    )


def describe_text_weight(weight: dict) -> str:
    """Describe the text weights of a group."""
    interval = weight["interval"]
    spread = "" if interval is None else f" ({_percent(interval[0])} … {_percent(interval[1])})"
    return (
        f"mean text weight {_percent(weight['mean'])}{spread}, half of the tracks from "
        f"{_percent(weight['p25'])} to {_percent(weight['p75'])}"
    )


def describe_jaccard(stability: dict) -> str:
    """Describe the stability of one cluster, "" where it is unknown."""
    if stability["jaccard"] is None:
        return ""
    low, high = stability["interval"]
    return f"Jaccard {stability['jaccard']:.2f} ({low:.2f} … {high:.2f}), {STABILITIES[stability['verdict']]}"


def describe_bootstrap(stability: dict) -> str:
    """Describe the stability of all clusters."""
    if not stability["n_boot"]:
        return "the stability could not be measured: no bootstrap sample could be clustered"
    low, high = stability["interval"]
    control = stability["control"]["adjusted_rand"]
    chance = "" if control is None else f"; on shuffled data {control:.2f}"
    return (
        f"stability over {stability['n_boot']} bootstrap samples of the tracks: ARI "
        f"{stability['adjusted_rand']:.2f} ({low:.2f} … {high:.2f}){chance}"
    )


def describe_map_trust(trust: dict) -> str:
    """Describe how far a map can be trusted."""
    parts = []
    for name, title in (
        ("trustworthiness", "trustworthiness"),
        ("continuity", "continuity"),
        ("neighbours_preserved", "neighbours preserved"),
    ):
        figure = trust[name]
        low, high = figure["interval"]
        parts.append(
            f"{title} {figure['value']:.2f} ({low:.2f} … {high:.2f}, shuffled {figure['control']:.2f})"
        )
    sample = (
        "" if trust["n_sampled"] == trust["n_tracks"] else f", on a sample of {trust['n_sampled']:,} tracks"
    )
    return f"map, {trust['k']} neighbours: {'; '.join(parts)}{sample}"


def describe_agreements(confounds: dict) -> list[str]:
    """Describe what the clusters agree with, one clause each."""
    clauses = []
    for name, each in confounds["agreements"].items():
        ari, nmi = each["adjusted_rand"], each["normalized_mutual_info"]
        clauses.append(
            f"clusters and {name} ({each['n_values']:,} on {count_tracks(each['n_tracks'])}): ARI "
            f"{ari['value']:.2f} ({ari['interval'][0]:.2f} … {ari['interval'][1]:.2f}, shuffled "
            f"{abs(ari['control']):.2f}), NMI {nmi['value']:.2f} (shuffled {nmi['control']:.2f})"
        )
    return clauses


def describe_followed(confounds: dict) -> list[str]:
    """Describe the sources that clusters follow rather than the labels, one clause each."""
    clauses = []
    for name in confounds["follows"]:
        beyond = confounds["agreements"][name]["beyond_labels"]
        clauses.append(
            f"the clusters follow the {name} rather than the labels: NMI above chance "
            f"{beyond['above_chance']:.2f} against {beyond['of_labels']:.2f}; with the {name} shuffled "
            f"within the labels NMI falls from {beyond['value']:.2f} to {beyond['control']:.2f} "
            f"(p = {beyond['p_value']:.3f})"
        )
    return clauses


def describe_place(view: str, place: dict | None) -> str:
    """Describe the distance and the ranks of a pair in one view."""
    title = VIEWS[view]
    if place is None:
        return f"{title}: one of the two is not there"
    return (
        f"{title}: distance {place['distance']:.2f} × the median of two tracks, rank {place['rank']:,} (back "
        f"{place['rank_back']:,}) of {place['n_others']:,}"
    )


def describe_shared_words(words: dict | None) -> str:
    """Describe the words that a pair shares."""
    if words is None:
        return "words: one of the two has none"
    listed = ", ".join(f"{entry['word']} ({entry['n_tracks']})" for entry in words["shared"])
    usual = words["jaccard_elsewhere"]
    chance = "" if usual is None else f"; with another track {_percent(usual)} on average"
    return (
        f"{words['n_shared']:,} shared words, {_percent(words['jaccard'])} of the words of both{chance}"
        + (f": {listed}" if listed else "")
    )


def describe_nearness(entry: dict) -> str:
    """Describe how near a pair is in a descriptor."""
    return (
        f"{entry['title']}: {entry['first']} and {entry['second']}; {_percent(entry['closer_share'])} of the "
        "tracks are nearer"
    )


def _percent(share: float | None) -> str:
    """Format a share."""
    return "–" if share is None else f"{100 * share:.0f} %"


def _signed(value: float) -> str:
    """Format a number with its sign and a true minus."""
    return f"{value:+.2f}".replace("-", "−")
