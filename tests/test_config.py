import math
from dataclasses import dataclass
from typing import Literal

import pytest

from core.config import Config, describe_fields, settable, setting
from core.config.reading import format_value, from_json, parse_fields, parse_value
from core.errors import ConfigError


@dataclass(frozen=True)
class Smoothing(Config):
    width: int = setting(5, low=1, title="Width", help="Frames that are averaged.", advanced=False)
    share: float = setting(0.5, low=0, below=1, title="Share", help="Share of the old value.")
    rate: float = setting(1.0, above=0, title="Rate", help="Step.")
    window: Literal["hann", "flat"] = setting("hann", title="Window", help="Weights of the frames.")
    eps: float | None = setting(None, above=0, title="Radius", help="Distance; none: suggested by the data.")
    sizes: tuple[int, ...] = setting((4, 2), low=1, title="Sizes", help="Widths of the layers.")
    step: Literal[0, 1] = setting(1, title="Step", help="Frames that are skipped.")
    source: str = setting("file", title="Source", help="Where frames come from.")
    note: str = setting("", title="Note", help="Of no account.")
    is_centred: bool = setting(True, title="Centred", help="Whether frames are centred.")
    found: str = setting("", title="Found", help="Filled in by training.", filled_in=True)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"width": 0}, "width=0 must be a whole number, 1 or more"),
        ({"width": 2.5}, "width=2.5 must be a whole number"),
        ({"width": True}, "width=True must be a whole number"),
        ({"share": 1.0}, r"share=1.0 must lie in \[0, 1\)"),
        ({"share": math.nan}, "share=nan must lie in"),
        ({"rate": 0}, "rate=0 must be above 0"),
        ({"rate": math.inf}, "rate=inf must be above 0"),
        ({"rate": "fast"}, "rate='fast' must be a number"),
        ({"window": "kaiser"}, "window='kaiser' must be hann or flat"),
        ({"eps": -1.0}, "eps=-1.0 must be above 0"),
        ({"sizes": ()}, r"sizes=\(\) must be one or more whole numbers"),
        ({"sizes": (4, 0)}, r"sizes=\(4, 0\) must be a whole number, 1 or more"),
        ({"sizes": [4]}, r"sizes=\[4\] must be one or more whole numbers"),
        ({"source": " "}, "source=' ' must be text, not blank"),
        ({"is_centred": 1}, "is_centred=1 must be true or false"),
    ],
)
def test_a_bad_value_is_refused_and_named(value, says):
    Smoothing()
    with pytest.raises(ConfigError, match=says):
        Smoothing(**value)


def test_texts_are_read_by_the_type_of_their_field():
    texts = {
        "width": "3",
        "share": "0.25",
        "window": "flat",
        "eps": "none",
        "sizes": "8, 4",
        "is_centred": "no",
        "step": "0",
        "note": "",
    }
    read = parse_fields(Smoothing, texts)
    assert read == {
        "width": 3,
        "share": 0.25,
        "window": "flat",
        "eps": None,
        "sizes": (8, 4),
        "is_centred": False,
        "step": 0,
        "note": "",
    }
    assert Smoothing(**read).sizes == (8, 4)


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ({"height": "3"}, "no setting 'height' here; choose from width, share"),
        ({"found": "x"}, "no setting 'found' here"),
        ({"width": "3.5"}, "width='3.5' must be a whole number"),
        ({"width": "0"}, "width=0 must be a whole number, 1 or more"),
        ({"window": "kaiser"}, "window='kaiser' must be hann or flat"),
        ({"is_centred": "perhaps"}, "is_centred='perhaps' must be true or false"),
        ({"share": "nan"}, "share=nan must lie in"),
    ],
)
def test_texts_that_cannot_be_read_are_refused(texts, says):
    with pytest.raises(ConfigError, match=says):
        parse_fields(Smoothing, texts)


def test_fields_tell_forms_what_they_take():
    fields = {field.name: field for field in describe_fields(Smoothing)}
    assert fields["window"].choices == ("hann", "flat") and fields["width"].choices == ()
    assert fields["eps"].allows_none and fields["eps"].plain_kind is float and not fields["width"].allows_none
    assert fields["width"].setting.title == "Width" and not fields["width"].setting.advanced
    assert "found" not in {field.name for field in settable(Smoothing)}


@pytest.mark.parametrize(
    "values", [{}, {"eps": 0.25, "sizes": (7,), "is_centred": False, "step": 0, "rate": 1e-9}]
)
def test_values_written_as_text_are_read_again(values):
    config = Smoothing(**values)
    for field in settable(Smoothing):
        value = vars(config)[field.name]
        assert parse_value(field, format_value(value)) == value
    assert [format_value(value) for value in (None, True, (8, 4), 0.5)] == ["none", "true", "8, 4", "0.5"]


def test_json_and_back():
    config = Smoothing(sizes=(3, 1), found="by training")
    assert from_json(Smoothing, {"sizes": [3, 1], "found": "by training"}) == config
    for bad in ({"colour": 1}, [1], {"width": "3"}):
        with pytest.raises(ConfigError, match="Smoothing"):
            from_json(Smoothing, bad)


def test_a_config_that_extends_another_keeps_its_rules():
    @dataclass(frozen=True)
    class Wider(Smoothing):
        width: int = setting(9, low=3, title="Width", help="Frames.")

    assert Wider().width == 9 and Wider().sizes == (4, 2)
    with pytest.raises(ConfigError, match="width=2 must be a whole number, 3 or more"):
        Wider(width=2)
    with pytest.raises(ConfigError, match="share=2"):
        Wider(share=2.0)
