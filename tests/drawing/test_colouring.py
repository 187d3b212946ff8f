import numpy as np
import pytest

from core.drawing.colouring import MOST_GROUPS, MOST_STEPS, group_values, place_on_scale
from core.drawing.palette import LIGHT


def members_of(colours) -> list[int]:
    return sorted(int(i) for group in colours.groups for i in group.members)


def test_the_most_frequent_value_comes_first_and_the_unknown_last():
    groups = group_values(["a", "b", "b", "", "a", "b"]).groups
    assert [(g.name, g.number, g.members.tolist()) for g in groups] == [
        ("b", 0, [1, 2, 5]),
        ("a", 1, [0, 4]),
        ("Unknown", -1, [3]),
    ]
    assert [g.name for g in group_values(["y", "x"]).groups] == ["x", "y"]


def test_more_names_than_marks_share_grey():
    n = MOST_GROUPS + 5
    groups = group_values([f"genre {i:03}" for i in range(n)]).groups
    assert len(groups) == MOST_GROUPS + 1
    assert groups[-1].name == "5 others" and groups[-1].number == -1 and len(groups[-1].members) == 5
    assert members_of(group_values([f"genre {i:03}" for i in range(n)])) == list(range(n))


@pytest.mark.parametrize("n", [5, 5000])
def test_steps_of_a_scale_hold_every_point_once_and_say_their_value(n):
    values = np.random.default_rng(0).permutation(np.linspace(60, 180, n))
    values[2] = np.nan
    colours = place_on_scale(values, "Tempo", lambda value: f"{value:.0f} BPM")
    assert members_of(colours) == list(range(n)) and colours.n_unknown == 1
    assert len(colours.groups) <= MOST_STEPS + 1 and not colours.has_names
    assert (colours.groups[-1].name, colours.groups[-1].members.tolist()) == ("Tempo: unknown", [2])
    of_first = next(group for group in colours.groups if 0 in group.members)
    assert float(of_first.name.split()[1]) == pytest.approx(values[0], abs=1.2)


def test_the_ends_of_a_scale_take_the_colours_of_its_ends():
    colours = place_on_scale(np.array([0.0, 0.5, 1.0]), "Trust", lambda value: f"{value:.0%}", bounds=(0, 1))
    shades = [colours.colour_of(group, LIGHT)[0] for group in colours.groups]
    assert (shades[0], shades[1], shades[2]) == (LIGHT.ramp[0][1], LIGHT.ramp[2][1], LIGHT.ramp[4][1])
    assert colours.scale.ends == ("0%", "100%") and colours.scale.titled_ends == ("Trust: 0%", "100%")


def test_a_few_outliers_dont_flatten_the_rest():
    values = np.r_[np.linspace(0, 1, 200), 1e6]
    scale = place_on_scale(values, "x", lambda value: f"{value:.2f}").scale
    assert scale.high < 1.1 and scale.ends[1] == f"≥ {scale.high:.2f}"


def test_equal_and_missing_values_have_a_colour():
    same = place_on_scale(np.full(3, 7.0), "x", str)
    assert len(same.groups) == 1 and same.colour_of(same.groups[0], LIGHT)[0] == LIGHT.ramp[2][1]
    none = place_on_scale(np.full(3, np.nan), "x", str)
    assert [group.number for group in none.groups] == [-1] and members_of(none) == [0, 1, 2]
