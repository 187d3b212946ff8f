"""Arrays that a model reads of a collection."""

import numpy as np

from core.inputs.input_arrays import Input


def test_the_missing_reason_names_each_kind_of_data():
    present = {"audio": np.array([True, False, False]), "text": np.array([False, True, False])}
    sound = Input({}, present, {}, {"name": "mel+passages"}, "")
    assert [sound.missing_reason(row) for row in range(3)] == [
        "has no text",
        "has no audio",
        "has neither audio nor text",
    ]
    numbers = Input({}, present, {}, {"name": "table+passages"}, "")
    assert (
        numbers.missing_reason(1) == "has no numeric columns"
        and numbers.missing_reason(2) == "has neither numeric columns nor text"
    )
    assert Input({}, {"x": present["audio"]}, {}, {"name": "mel"}, "").missing_reason(1) == "has no audio"
