"""A table's own numbers: which columns are features, and what becomes of holes."""

import numpy as np
import pandas as pd
import pytest

from core.errors import ConfigError
from core.features.table_columns import Table


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "Unnamed: 0": np.arange(20),
            "filename": [f"{i}.wav" for i in range(20)],
            "length": rng.integers(60_000, 70_000, 20),
            "tempo": rng.normal(120, 30, 20),
            "mfcc1_mean": rng.normal(-100, 50, 20),
            "silence": np.zeros(20),
            "order": rng.permutation(20) + 1,
            "n_peaks": rng.integers(0, 5, 20),
        }
    )


def fate(table, **config):
    return Table(**config).inspect(table).set_index("column")


def test_features_are_standardised_columns(table):
    X = Table().extract_table(table)
    used = table[["tempo", "mfcc1_mean", "n_peaks"]]
    assert X.dtype == np.float32
    np.testing.assert_allclose(X, (used - used.mean()) / used.std(ddof=0), atol=1e-5)


def test_every_column_left_out_has_its_reason(table):
    left_out = fate(table).query("not used")["reason"]
    assert set(left_out.index) == {"Unnamed: 0", "filename", "length", "silence", "order"}
    assert left_out["filename"] == "not numbers"
    assert left_out["silence"] == "has the same value everywhere"
    assert left_out["order"] == "counts the rows"
    assert left_out["length"] == left_out["Unnamed: 0"] == "a length or an index, not a feature"


@pytest.mark.parametrize(
    "name",
    [
        "Length",
        "duration",
        "duration_s",
        "duration ms",
        "index",
        "ID",
        "track_id",
        "Track",
        "n_samples",
        "row number",
    ],
)
def test_lengths_and_indices_go_by_name(name):
    table = pd.DataFrame({name: [3.5, 1.25, 9.0], "brightness": [1.0, 2.0, 4.0]})
    assert not fate(table).loc[name, "used"]
    assert Table().extract_table(table).shape == (3, 1)


@pytest.mark.parametrize(
    "name", ["tempo", "wavelength_mean", "identity", "rms_var", "trackiness", "nr_of_notes"]
)
def test_names_that_only_resemble_stay(name):
    assert fate(pd.DataFrame({name: [3.5, 1.25, 9.0]})).loc[name, "used"]


def test_include_takes_a_column_back(table):
    X = Table(include=("length", "order")).extract_table(table)
    assert X.shape == (20, 5)
    np.testing.assert_allclose(
        X[:, 0], (table["length"] - table["length"].mean()) / table["length"].std(ddof=0), atol=1e-4
    )


def test_include_of_an_absent_column_lists_those_there_are(table):
    with pytest.raises(ConfigError, match="include names loudness.*tempo"):
        Table(include=("loudness",)).extract_table(table)
    with pytest.raises(ConfigError, match="include"):
        Table(include="length")


def test_holes_take_the_median_and_are_counted():
    table = pd.DataFrame({"a": [1.0, np.nan, 3.0, 100.0, np.inf], "b": [1.0, 2.0, 3.0, 5.0, 8.0]})
    X = Table().extract_table(table)
    filled = np.array([1, 3, 3, 100, 3.0])
    np.testing.assert_allclose(X[:, 0], (filled - filled.mean()) / filled.std(), atol=1e-6)
    assert dict(fate(table)["n_imputed"]) == {"a": 2, "b": 0}


def test_nullable_and_boolean_columns_are_numbers():
    table = pd.DataFrame({"a": pd.array([1, None, 5], "Int64"), "b": [True, False, False]})
    X = Table().extract_table(table)
    assert X.shape == (3, 2) and np.isfinite(X).all()


def test_huge_and_tiny_values_stay_finite():
    table = pd.DataFrame({"huge": [1e300, -1e300, 5e299], "tiny": [1e-300, 2e-300, 3e-300]})
    X = Table().extract_table(table)
    np.testing.assert_allclose(X.std(0), 1, atol=1e-5)


def test_scale_and_row_order_do_not_matter(table):
    order = np.random.default_rng(1).permutation(20)
    other = table.iloc[order].assign(tempo=lambda t: t["tempo"] / 60)
    np.testing.assert_allclose(Table().extract_table(other), Table().extract_table(table)[order], atol=1e-5)


def test_nothing_left_says_why():
    with pytest.raises(ConfigError, match="empty: holds no number"):
        Table().extract_table(pd.DataFrame({"empty": [np.nan, np.inf], "same": [1, 1]}))


def test_the_table_itself_is_left_alone(table):
    before = table.copy()
    Table().extract_table(table)
    pd.testing.assert_frame_equal(table, before)


def test_a_prefix_takes_one_group_of_columns():
    from core.features import get_extractor

    table = pd.DataFrame({"audio_a": [1.0, 2.0, 4.0], "audio_b": [0.0, 1.0, 0.0], "text_a": [5.0, 3.0, 1.0]})
    assert get_extractor("table:audio_").extract_table(table).shape == (3, 2)
    np.testing.assert_array_equal(
        get_extractor("table:text_").extract_table(table), Table(prefix="text_").extract_table(table)
    )
    with pytest.raises(ConfigError, match="no column of the table begins with 'lyrics_'; there are audio_a"):
        Table(prefix="lyrics_").extract_table(table)
