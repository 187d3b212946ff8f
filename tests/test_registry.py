from dataclasses import dataclass
from typing import ClassVar, Protocol

import pytest

from core.errors import ConfigError
from core.registry import Spec, find, register


class Shape(Protocol):
    sides: int

    def area(self, side: float, *, unit: str = "m") -> float: ...


class Foldable(Protocol):
    def fold(self) -> None: ...


@dataclass(frozen=True, kw_only=True)
class ShapeSpec(Spec):
    folds: bool = False

    def protocols(self):
        return (Shape, Foldable) if self.folds else (Shape,)


class Square:
    sides: ClassVar[int] = 4

    def area(self, side, *, unit="m"):
        return side**2


FACTS = {"name": "square", "title": "Square", "help": "Has four equal sides."}


def entered(cls, **facts):
    shapes: dict[str, ShapeSpec] = {}
    register(shapes, ShapeSpec, **{**FACTS, **facts})(lambda: cls)
    return shapes


def test_an_entry_gives_its_facts_and_its_class():
    spec = entered(Square)["square"]
    assert (spec.title, spec.source, spec.load()) == ("Square", "", Square)


def test_nothing_is_imported_before_an_entry_is_used():
    shapes: dict[str, ShapeSpec] = {}

    @register(shapes, ShapeSpec, **FACTS)
    def _square():
        raise AssertionError("listing must not import")

    assert list(shapes) == ["square"] and shapes["square"].title == "Square"


def test_a_fact_that_entry_and_class_say_is_the_same():
    @dataclass(frozen=True, kw_only=True)
    class SidesSpec(Spec):
        shared: ClassVar[tuple[str, ...]] = ("sides",)
        sides: int

    for sides in (4, 5):
        shapes: dict[str, SidesSpec] = {}
        register(shapes, SidesSpec, sides=sides, **FACTS)(lambda: Square)
        if sides == 4:
            assert shapes["square"].load() is Square
        else:
            with pytest.raises(TypeError, match="Square.sides is 4, its entry says 5"):
                shapes["square"].load()


class NoSides:
    def area(self, side, *, unit="m"): ...


class NoUnit(Square):
    def area(self, side): ...


@pytest.mark.parametrize(
    ("cls", "facts", "says"),
    [
        (NoSides, {}, "NoSides lacks sides, which Shape asks for"),
        (NoUnit, {}, "NoUnit.area doesn't take unit, which Shape asks for"),
        (Square, {"folds": True}, "Square lacks fold, which Foldable asks for"),
    ],
)
def test_a_class_that_breaks_its_contract_is_refused(cls, facts, says):
    with pytest.raises(TypeError, match=says):
        entered(cls, **facts)["square"].load()


def test_a_member_that_is_none_is_there():
    class Shapeless(Square):
        sides = None

    assert entered(Shapeless)["square"].load() is Shapeless


def test_extra_parameters_and_keywords_are_no_breach():
    class Generous(Square):
        def area(self, side, more=1, **anything): ...

    assert entered(Generous)["square"].load() is Generous


@pytest.mark.parametrize("facts", [{"title": ""}, {"help": " "}, {"colour": "red"}])
def test_an_entry_without_its_facts_is_refused(facts):
    with pytest.raises(TypeError):
        entered(Square, **facts)


def test_a_name_is_registered_once():
    shapes = entered(Square)
    with pytest.raises(TypeError, match="registered twice"):
        register(shapes, ShapeSpec, **FACTS)(lambda: Square)


def test_an_unknown_name_lists_those_there_are():
    with pytest.raises(ConfigError, match="unknown shape 'circle'; choose from square"):
        find(entered(Square), "circle", "shape")
