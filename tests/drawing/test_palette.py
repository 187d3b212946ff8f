"""The palette keeps its promise: told apart by people who lack one kind of cone, on white and on the dark
theme."""

from urllib.parse import unquote

import numpy as np
import pytest

from core.drawing.colouring import mix
from core.drawing.palette import DARK, LIGHT, SYMBOLS, mark_of, swatch
from core.ui.shared.frame import ROOT

GROUNDS = {"light": (LIGHT, "#fbfaf6"), "dark": (DARK, "#11191b")}
"""Palettes and the backgrounds of their themes in .streamlit/config.toml."""

MACHADO = {  # Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB
    "normal": np.eye(3),
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colours) -> np.ndarray:
    rgb = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colours])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def oklab(rgb: np.ndarray) -> np.ndarray:
    """Ottosson 2020."""
    lms = (
        rgb
        @ np.array(
            [
                [0.41222147, 0.53633254, 0.05144599],
                [0.21190350, 0.68069955, 0.10739696],
                [0.08830246, 0.28171884, 0.62997870],
            ]
        ).T
    )
    return (
        np.cbrt(lms)
        @ np.array(
            [
                [0.21045426, 0.79361779, -0.00407205],
                [1.97799850, -2.42859221, 0.45059371],
                [0.02590404, 0.78277177, -0.80867577],
            ]
        ).T
    )


def least_distance(colours, sight: str) -> float:
    lab = oklab(np.clip(linear(colours) @ np.array(MACHADO[sight]).T, 0, 1))
    return min(np.linalg.norm(a - b) for i, a in enumerate(lab) for b in lab[:i])


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("sight", ["normal", "deutan", "protan", "tritan"])
def test_any_two_colours_differ_for_everyone(sight, palette):
    plotly_default = [
        "#636efa",
        "#EF553B",
        "#00cc96",
        "#ab63fa",
        "#FFA15A",
        "#19d3f3",
        "#FF6692",
        "#B6E880",
        "#FF97FF",
        "#FECB52",
    ]
    assert least_distance(palette.colours, sight) > 0.079
    if sight != "normal":
        assert least_distance(plotly_default, sight) < 0.07  # what we would get by doing nothing


def contrast(colours, background: str) -> np.ndarray:
    """Contrast ratios of WCAG 2.2."""
    luminance = linear(colours) @ [0.2126, 0.7152, 0.0722]
    (behind,) = linear([background]) @ [0.2126, 0.7152, 0.0722]
    return (np.maximum(luminance, behind) + 0.05) / (np.minimum(luminance, behind) + 0.05)


@pytest.mark.parametrize("theme", GROUNDS)
def test_colours_stand_out_from_the_ground_of_their_theme(theme):
    palette, background = GROUNDS[theme]
    scale = [mix(stops, share) for stops in (palette.scale, palette.ramp) for share in np.linspace(0, 1, 41)]
    assert contrast([*palette.colours, palette.grey, *scale], background).min() >= 3
    assert contrast([palette.main, palette.accent], background).min() >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("sight", ["normal", "deutan", "protan", "tritan"])
def test_the_ramp_gets_darker_or_brighter_for_everyone(sight, palette):
    stops = [colour for _, colour in palette.ramp]
    lightness = oklab(np.clip(linear(stops) @ np.array(MACHADO[sight]).T, 0, 1))[:, 0]
    steps = np.diff(lightness) * (-1 if palette is LIGHT else 1)
    assert steps.min() > 0.03 and least_distance(stops, sight) > 0.079


def test_grounds_are_those_of_the_themes():
    import tomllib

    themes = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    assert {name: themes[name]["backgroundColor"] for name in GROUNDS} == {
        name: background for name, (_, background) in GROUNDS.items()
    }


def test_sixty_clusters_have_marks_of_their_own_and_noise_is_grey():
    marks = [mark_of(i) for i in range(len(LIGHT.colours) * len(SYMBOLS))]
    assert len(set(marks)) == 60
    assert {symbol for _, symbol in marks[:10]} == {"circle"}
    assert mark_of(-1) == (LIGHT.grey, "circle")


def test_swatch_draws_the_mark():
    assert f'fill="{LIGHT.colours[2]}"' in unquote(swatch(12)) and "<path" in unquote(swatch(12))
    assert len({swatch(i) for i in range(60)}) == 60
