"""Spectrograms as pictures: one scale of colours, blank where masked, and axes that people can read."""

import numpy as np

from core.features.spectral.mel import Mel
from core.reconstruction.spectrogram_scale import scale_of
from core.ui.models.reconstruction.spectrogram import (
    MASKED,
    MAX_BARS,
    frequency_ticks,
    most_changed,
    range_of,
    spectrogram_figure,
    vector_figure,
)

SCALE = scale_of(Mel(), np.zeros((128, 4)), start_s=10.0)


def test_all_pictures_share_the_originals_colours():
    db = np.linspace(-90, 20.5, 128 * 8).reshape(128, 8)
    bounds = range_of(db)
    assert bounds == (-49, 21) and range_of(np.full((2, 2), -3.0)) == (-3, -3)
    louder = spectrogram_figure(db + 30, SCALE, bounds).data[0]
    assert (louder.zmin, louder.zmax) == bounds and np.max(louder.z) == 21


def test_masked_patches_are_blank():
    db = np.zeros((128, 8))
    assert spectrogram_figure(db, SCALE, (-70, 0)).layout.plot_bgcolor != MASKED
    db[:16, :4] = np.nan
    figure = spectrogram_figure(db, SCALE, (-70, 0))
    assert (
        figure.layout.plot_bgcolor == MASKED
        and np.isnan(figure.data[0].z[:16, :4]).all()
        and not np.isnan(figure.data[0].z[16:]).any()
    )


def test_axes_are_in_seconds_of_the_track_and_in_hertz():
    figure = spectrogram_figure(np.zeros((128, 8)), SCALE, (-70, 0))
    assert figure.data[0].x0 == 10.0 and figure.data[0].dx == 512 / 22050
    positions, names = frequency_ticks(SCALE.frequencies())
    assert names == ["100 Hz", "500 Hz", "1 kHz", "2 kHz", "4 kHz", "8 kHz"]
    np.testing.assert_allclose(
        np.interp(positions, np.arange(128), SCALE.frequencies()),
        [100, 500, 1000, 2000, 4000, 8000],
        rtol=1e-6,
    )


def test_empty_bands_have_no_tick():
    assert frequency_ticks(np.array([0.0, 400.0, 600.0, 0.0, 1000.0, 2000.0])) == (
        [1.5, 4.0, 5.0],
        ["500 Hz", "1 kHz", "2 kHz"],
    )


def test_the_dimensions_that_change_the_most_are_drawn_in_their_order():
    original, reconstructed = np.zeros(100), np.zeros(100)
    reconstructed[60:90] = np.arange(1, 31)
    assert (
        most_changed(original, reconstructed).tolist() == list(range(66, 90))
        and len(most_changed(original, reconstructed)) == MAX_BARS
    )
    figure = vector_figure(original, reconstructed, [f"d{i}" for i in range(100)], "value")
    assert [trace.name for trace in figure.data] == ["Original", "Reconstructed"] and list(
        figure.data[1].y
    ) == list(range(7, 31))
    assert figure.data[0].x[0] == "d66"
