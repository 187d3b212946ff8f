import pytest

from core.ui.explore.map.soundmap import Pick, read_pick


def test_what_the_map_reports_is_read():
    assert read_pick({"picked": {"kind": "lasso", "rows": [3, 1]}}) == Pick("lasso", (3, 1))
    assert read_pick({"picked": {"kind": "clear", "rows": []}}) == Pick("clear", ())
    assert read_pick({"picked": {"kind": "weight", "rows": [], "weight": 0.35}}) == Pick("weight", (), 0.35)


@pytest.mark.parametrize(
    "state",
    [
        None,
        3,
        {},
        {"picked": None},
        {"picked": {"kind": "hover", "rows": [1]}},
        {"picked": {"kind": "click"}},
        {"picked": {"kind": "click", "rows": ["1"]}},
        {"picked": {"kind": "click", "rows": [1.5]}},
        {"picked": {"kind": "weight", "rows": []}},
        {"picked": {"kind": "weight", "rows": [], "weight": "1"}},
        {"picked": {"kind": "weight", "rows": [], "weight": 1.5}},
    ],
)
def test_anything_else_is_nothing(state):
    assert read_pick(state) is None
