import pytest

from core.errors import ConfigError
from core.models.train_config import TrainConfig


@pytest.mark.parametrize(
    "bad",
    [
        {"epochs": 0},
        {"batch_size": 0},
        {"lr": 0.0},
        {"lr": float("nan")},
        {"clip_norm": -1.0},
        {"held_out": 0.9},
        {"keep": "worst"},
        {"keep": "last"},
        {"halve_from": 3},
        {"beta1": 1.0},
        {"patience": 3},
        {"seed": -1},
    ],
)
def test_bad_values_are_named(bad):
    ((name, value),) = bad.items()
    with pytest.raises(ConfigError, match=f"{name}='?{value}"):
        TrainConfig(**bad)
