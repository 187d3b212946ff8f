"""Two settings side by side as text: how clusters become other clusters, and which tracks move."""

from core.drawing.legend import name_of
from core.messages.quantities import count_tracks
from core.pipeline.setting_pair import SettingPair

NO_MOVE = "No track moves: both settings have the same map."


def describe_pair(pair: SettingPair, first: str, second: str) -> str:
    """Describe how many tracks change their cluster, and how many are on one map only."""
    n, changed = len(pair.rows), pair.n_changed
    only = [
        f"{count_tracks(k)} only on the map of {name}" for k, name in zip(pair.n_only, (first, second)) if k
    ]
    moved = f"{changed:,} of {count_tracks(n)} ({changed / n:.0%}) are in another cluster".replace("%", " %")
    return "; ".join([moved, *only])


def describe_flow(first: int, second: int, n_tracks: int) -> str:
    """Describe the tracks of one cluster that are in another one afterwards."""
    if first == second:
        return f"{count_tracks(n_tracks)} stay in {name_of(first)}"
    return f"{count_tracks(n_tracks)} from {name_of(first)} to {name_of(second)}"


def describe_move(moved: float, first: int, second: int) -> str:
    """Describe how far a track moves, and between which clusters."""
    share = f"moves {moved:.0%} of the map".replace("%", " %")
    return f"{share}, " + (
        f"stays in {name_of(first)}" if first == second else f"{name_of(first)} → {name_of(second)}"
    )


def format_pair(pair: SettingPair, first: str, second: str, moved: list[dict]) -> str:
    """Return two settings side by side as lines of text; ``moved`` are rows with title and clusters."""
    flows = [describe_flow(*map(int, flow)) for flow in pair.flows.itertuples(index=False)]
    tracks = [
        f"{row['title'] or row['track_id']}: {describe_move(row['moved'], row['first'], row['second'])}"
        for row in moved
    ]
    head = f"{first} → {second}: {describe_pair(pair, first, second)}."
    listed = ["Tracks that move most:", *tracks] if tracks else [NO_MOVE]
    return "\n".join([head, "", *flows, "", *listed])
