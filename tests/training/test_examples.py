import numpy as np
import pytest

from core.errors import ConfigError, TrainingError
from core.models import model_spec
from core.training.examples import Examples, Order, check_finite, input_shape_of, split_crops


@pytest.mark.parametrize(
    ("model", "shape", "expected"),
    [
        ("conv-vae", (5, 3, 128, 256), (128, 256)),
        ("conv-vae", (5, 128, 256), (128, 256)),
        ("mlp-vae", (5, 20), (20,)),
        ("mlp-vae", (5, 3, 20), (20,)),
        ("pca", (5, 20), (20,)),
        ("pca", (5, 3, 16, 32), (16, 32)),
    ],
)
def test_input_shape(model, shape, expected):
    assert input_shape_of(model_spec(model), np.zeros(shape)) == expected


@pytest.mark.parametrize(
    ("model", "shape"), [("conv-vae", (5, 20)), ("mlp-vae", (5, 3, 16, 32)), ("mlp-vae", (5,))]
)
def test_features_that_a_model_cannot_read_are_refused_with_their_shape(model, shape):
    with pytest.raises(ConfigError, match=rf"{model} reads .*\({shape[0]},"):
        input_shape_of(model_spec(model), np.zeros(shape))


def test_each_crop_is_an_example_that_knows_its_track_and_label():
    X = np.arange(4 * 2 * 3).reshape(4, 2, 3).astype(np.float16)
    examples = Examples({"x": X}, {"label": np.array([7, 8, 9, 10])}, tracks=np.array([1, 3]))
    batch = examples.__getitems__([3, 0])
    assert len(examples) == 4
    assert batch["x"].tolist() == [X[3, 1].tolist(), X[1, 0].tolist()]
    assert batch["index"].tolist() == [3, 1] and batch["label"].tolist() == [10, 8]
    assert "label" not in Examples({"x": X}, {}, np.arange(4)).__getitems__([0])


def test_split_crops_adds_the_axis_where_it_is_missing_and_refuses_other_shapes():
    assert split_crops(np.zeros((4, 6)), (6,)).shape == (4, 1, 6)
    assert split_crops(np.zeros((4, 2, 6)), (6,)).shape == (4, 2, 6)
    with pytest.raises(ConfigError, match=r"\(7,\).*\(4, 6\)"):
        split_crops(np.zeros((4, 6)), (7,))


def test_order_differs_between_epochs_and_seeds_and_repeats_for_the_same():
    def orders(seed, epoch):
        order = Order(50, seed)
        order.epoch = epoch
        return list(order)

    assert orders(0, 1) == orders(0, 1) and sorted(orders(0, 1)) == list(range(50))
    assert orders(0, 1) != orders(0, 2) and orders(0, 1) != orders(1, 1)


def test_rows_that_are_not_finite_are_counted():
    X = np.zeros((5, 3), np.float32)
    check_finite(X)
    X[2, 1] = np.nan
    X[4, 0] = np.inf
    with pytest.raises(TrainingError, match="2 of 5 tracks .*row 2"):
        check_finite(X)
