import numpy as np
import pandas as pd
import pytest

from tests.cli.run_app import run


@pytest.fixture
def table(tmp_path):
    """A CSV of 60 rows in three groups that are far apart, with words of their own."""
    rng = np.random.default_rng(1)
    group = np.arange(60) % 3
    X = 5 * rng.standard_normal((3, 5))[group] + rng.standard_normal((60, 5))
    words = np.array(["rain river sea", "drum stage night", "gold wheat sun"])[group]
    frame = pd.DataFrame(X, columns=list("abcde")).assign(
        title=[f"t{i}" for i in range(60)], lyrics=words, genre=np.array(list("xyz"))[group]
    )
    path = tmp_path / "table.csv"
    frame.to_csv(path, index=False)
    return path


@pytest.fixture
def small(table, shared_derived):
    run("add", str(table), "--name", "small", "--label", "genre")
