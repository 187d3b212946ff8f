"""Numbers as people and programs write them."""

import numpy as np
import pandas as pd
import pytest

from core.collection.tables.numbers import decimal_sign, looks_numeric, parse_numbers, parse_vectors

NAN = np.nan


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["0,3744", "-1,5", "2"], [0.3744, -1.5, 2]),
        (["1.234,56", "2,5"], [1234.56, 2.5]),
        (["1,234", "2,345"], [1234, 2345]),
        (["6,054,307", "838", "1,234.5"], [6054307, 838, 1234.5]),
        (["1.234.567", "12"], [1234567, 12]),
        (["1 234", "12\u00a0345,5"], [1234, 12345.5]),
        (["1'234.5", "2"], [1234.5, 2]),
        (["[120.5]", "[90.0]", ""], [120.5, 90, NAN]),
        (["np.float64(0.5)", "np.float64(1.5)"], [0.5, 1.5]),
        (["tensor(0.5)", "array([-2.], dtype=float32)"], [0.5, -2]),
        (["5 %", "7%", "n/a"], [5, 7, NAN]),
        (["90 bpm", "91bpm", "92"], [90, 91, 92]),
        (["-3.5 dB", "−4 dB"], [-3.5, -4]),
        (["$1,234.50", "$3"], [1234.5, 3]),
        (["1e5", "2,5"], [1e5, 2.5]),
    ],
)
def test_every_notation_is_read(cells, numbers):
    np.testing.assert_array_equal(parse_numbers(cells), numbers)


@pytest.mark.parametrize(
    "cells",
    [
        ["1,234.5", "0,5"],  # contradict each other
        ["90 bpm", "2 Hz"],
        ["1st", "2nd"],
        ["2024-01-01", "2024-01-02"],
        ["3:45", "2:10"],
        ["4/4", "3/4"],
        ["track_001", "track_002"],
        ["C#", "8A"],
        ["", "nan"],
    ],
)
def test_other_cells_are_no_numbers(cells):
    assert parse_numbers(cells) is None


def test_the_decimal_sign_of_the_table_decides_about_three_digits():
    assert decimal_sign(["1,234", "0,5", "x"]) == "," and decimal_sign(["1,234", "0.5"]) == "."
    assert decimal_sign(["1,234", "7"]) is None and decimal_sign(["0,5", "0.5"]) is None
    np.testing.assert_array_equal(parse_numbers(["1,234", "2,345"], decimal=","), [1.234, 2.345])
    np.testing.assert_array_equal(parse_numbers(["1.234", "2.345.678"], decimal=","), [1234, 2345678])


def test_a_header_is_told_from_numbers():
    assert all(map(looks_numeric, ["1,2", "01", "5 %", "[1]", "-", "NaN", "1e-3"]))
    assert not any(map(looks_numeric, ["f0", "90 bpm", "x 1", "track"]))


@pytest.mark.parametrize(
    "cells",
    [
        ["[0.5, 1]", "[2, 3]"],
        ["[0.5 1.]", "[2.\n 3.]"],
        ["array([0.5, 1.], dtype=float32)", "array([2., 3.], dtype=float32)"],
        ["[np.float64(0.5), np.float64(1.0)]", "[np.float64(2), np.float64(3)]"],
        ["(0.5; 1)", "tensor([2., 3.])"],
        [[0.5, 1], [2, 3]],
        [np.array([0.5, 1]), np.array([2, 3])],
        [np.array([[0.5, 1]]), np.array([[2, 3]])],
    ],
)
def test_lists_of_one_length_are_vectors(cells):
    X = parse_vectors(pd.Series([*cells, None]))
    np.testing.assert_array_equal(X, [[0.5, 1], [2, 3], [NAN, NAN]])


def test_other_lists_are_no_vectors():
    assert parse_vectors(pd.Series(["[1, 2]", "[1, 2, 3]"])) == "lists of 2 to 3 numbers"
    for cells in (
        ["['rock', 'pop']"],
        ["[120.5]", "[90.0]"],
        ["1,5", "2,5"],
        ["one, two, three"],
        ["", None],
    ):
        assert parse_vectors(pd.Series(cells)) is None
    np.testing.assert_array_equal(parse_vectors(pd.Series(["0.5 1 2", "3 4 5"])), [[0.5, 1, 2], [3, 4, 5]])
