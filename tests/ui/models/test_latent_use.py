from core.ui.models.loss_curves import kl_figure


def test_bars_of_latents_in_use_differ_from_the_others():
    (bars,) = kl_figure([1.0, 0.5, 0.001], active=2).data
    assert list(bars.y) == [1.0, 0.5, 0.001] and list(bars.x) == [1, 2, 3]
    used, also, unused = bars.marker.color
    assert used == also != unused
