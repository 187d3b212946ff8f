"""Text to config."""

from dataclasses import dataclass
from typing import Literal

import pytest

from core.errors import ConfigError
from core.settings import parse_fields


@dataclass(frozen=True)
class Config:
    epochs: int = 5
    lr: float = 0.1
    flag: bool = False
    k: int | None = 8
    widths: tuple[int, ...] = (1, 2)
    scaling: Literal["normalised", "as-published"] = "normalised"
    name: str = ""


def test_values_take_their_fields_type():
    text = {"epochs": "25", "lr": "1e-3", "flag": "yes", "k": "none", "widths": "256, 128", "scaling": "as-published", "name": "x"}
    parsed = parse_fields(Config, text)
    assert parsed == {"epochs": 25, "lr": 1e-3, "flag": True, "k": None, "widths": (256, 128), "scaling": "as-published", "name": "x"}
    assert type(parsed["epochs"]) is int
    assert parse_fields(Config, {"k": "3"}) == {"k": 3}


@pytest.mark.parametrize(("given", "said"), [
    ({"epoch": "5"}, "no setting 'epoch' here; choose from epochs, lr"),
    ({"epochs": "many"}, "epochs='many' must be a whole number"),
    ({"flag": "maybe"}, "true or false"),
    ({"scaling": "other"}, "scaling='other' must be normalised or as-published"),
])  # fmt: skip
def test_what_cannot_be_read_is_named(given, said):
    with pytest.raises(ConfigError, match=said):
        parse_fields(Config, given)


def test_fields_set_elsewhere_are_refused():
    with pytest.raises(ConfigError, match="no setting 'epochs'"):
        parse_fields(Config, {"epochs": "5"}, leave_out=("epochs",))
