"""The fifth of the demo that no shipped checkpoint learns from, grouped by composer.

python assets/checkpoints/held_out.py # its composers, as `assets/demo/make/songs.py --without` takes them
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

SHARE = 0.2
NO_COMPOSERS = ("Traditional", "Anonymous", "")


def held_out_rows(tracks: pd.DataFrame, seed: int = 0) -> np.ndarray:
    """Return the rows of the held-out tracks, about a fifth of each label's, sorted.

    All tracks of a composer are on one side; those of nobody known are groups of one. In each label the
    composers, in an order drawn by the seed, are held out while they fit into its fifth.

    Parameters
    ----------
    tracks : DataFrame
        With the columns ``label`` and ``artist`` (composers joined by ", ").
    """
    rng, rows = np.random.default_rng(seed), []
    for _, group in tracks.reset_index(drop=True).groupby("label", sort=True):
        first = [artist.split(", ")[0] for artist in group["artist"]]
        names = [
            name if name not in NO_COMPOSERS else f"{name} {row}" for name, row in zip(first, group.index)
        ]
        room = round(SHARE * len(group))
        for name in rng.permutation(sorted(set(names))):
            members = [row for row, other in zip(group.index, names) if other == name]
            if len(members) <= room:
                rows += members
                room -= len(members)
    return np.sort(rows)


def main() -> None:
    """Print the composers of the held-out tracks, joined by semicolons."""
    table = pd.read_csv(Path(__file__).resolve().parents[1] / "demo" / "tracks.csv", keep_default_na=False)
    tracks = table.rename(columns={"tradition": "label", "composer": "artist"})
    found = tracks["artist"].iloc[held_out_rows(tracks)]
    sys.stdout.write(";".join(sorted(set(found) - set(NO_COMPOSERS))) + "\n")


if __name__ == "__main__":
    main()
