"""Registries: dictionaries from a name to a spec, which describes an entry without importing its libraries.

A spec holds plain facts (name, title, help, source, what the entry can do) and a factory, a function with a
real import: listing a registry imports nothing heavy, and the linter and :mod:`core.store.hashing.source` see
the dependencies of an entry.

The contract of a class behind a spec is a ``Protocol`` per registry and one for each declared capability.
The first use of an entry checks its class against them, and so does the test that goes through every
registry.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import ClassVar, TypeVar

from core.errors import ConfigError

Factory = Callable[[], type]


@dataclass(frozen=True, kw_only=True)
class Spec:
    """Description common to all registered entries.

    Attributes
    ----------
    name : str
        Name in choices, on the command line and in the store.
    title : str
        The standard term, shown on pages.
    help : str
        One sentence: what it does.
    source : str
        Author, year and section; "" for none.
    factory : callable
        Imports and returns the class.
    """

    name: str
    title: str
    help: str
    source: str = ""
    factory: Factory
    shared: ClassVar[tuple[str, ...]] = ()
    """Fields that the class must repeat with the same value, for code that only has an instance."""

    def load(self) -> type:
        """Import the class behind this entry.

        Raises
        ------
        TypeError
            When the class violates a protocol or a shared field has another value.
        """
        cls, protocols = self.factory(), self.protocols()
        facts = {fact: getattr(self, fact) for fact in self.shared}
        checked = (cls, protocols, tuple(facts.items()))
        if checked not in _CHECKED:
            check_contract(f"{type(self).__name__} {self.name!r}", cls, protocols)
            for fact, value in facts.items():
                if getattr(cls, fact) != value:
                    raise TypeError(
                        f"{cls.__name__}.{fact} is {getattr(cls, fact)!r}, its entry says {value!r}"
                    )
            _CHECKED.add(checked)
        return cls

    def protocols(self) -> tuple[type, ...]:
        """Return the protocols that the class must meet."""
        return ()


_LACKS = object()
_CHECKED: set[tuple] = set()
AnySpec = TypeVar("AnySpec", bound=Spec)


def register(registry: dict[str, AnySpec], spec: type[AnySpec], **facts) -> Callable[[Factory], Factory]:
    """Enter the factory below this decorator into a registry.

    >>> from core.registry import Spec, register
    >>> SHAPES: dict[str, Spec] = {}
    >>> @register(SHAPES, Spec, name="square", title="Square", help="Has four equal sides.")
    ... def _square():
    ...     return object
    >>> list(SHAPES)
    ['square']

    Raises
    ------
    TypeError
        When a fact is missing, empty or unknown, or the name is taken.
    """

    def enter(factory: Factory) -> Factory:
        entry = spec(factory=factory, **facts)
        for field in fields(entry):
            if field.name in ("name", "title", "help") and not getattr(entry, field.name).strip():
                raise TypeError(f"{spec.__name__} {entry.name!r} has no {field.name}")
        if entry.name in registry:
            raise TypeError(f"{spec.__name__} {entry.name!r} is registered twice")
        registry[entry.name] = entry
        return factory

    return enter


def find(registry: Mapping[str, AnySpec], name: str, kind: str) -> AnySpec:
    """Return the spec of a name.

    Raises
    ------
    ConfigError
        When there is none; lists those there are.
    """
    if name not in registry:
        raise ConfigError(f"unknown {kind} {name!r}; choose from {', '.join(registry)}")
    return registry[name]


def check_contract(what: str, cls: type, protocols: tuple[type, ...]) -> None:
    """Check a class against protocols: every member is there, and methods take what the protocol's take.

    Raises
    ------
    TypeError
        Names the first member that is missing or takes something else.
    """
    for protocol in protocols:
        for member in sorted(_members(protocol)):
            found = inspect.getattr_static(cls, member, _LACKS)
            if found is _LACKS:
                raise TypeError(f"{what}: {cls.__name__} lacks {member}, which {protocol.__name__} asks for")
            wanted = inspect.getattr_static(protocol, member, None)
            if inspect.isfunction(_plain(wanted)) and (lacks := _lacking(_plain(wanted), _plain(found))):
                raise TypeError(
                    f"{what}: {cls.__name__}.{member} doesn't take {lacks}, which {protocol.__name__} asks "
                    "for"
                )


def _members(protocol: type) -> set[str]:
    """Return the names that a protocol and those it extends declare."""
    found = set()
    for cls in protocol.__mro__:
        if cls.__module__ not in ("builtins", "typing"):
            found |= set(cls.__annotations__ if "__annotations__" in vars(cls) else ()) | {
                n for n, v in vars(cls).items() if callable(_plain(v))
            }
    return {name for name in found if not name.startswith("_")}


def _plain(member):
    """Return the function behind a class method, a static method or a property."""
    return getattr(member, "__func__", None) or getattr(member, "fget", None) or member


def _lacking(wanted: Callable, found: Callable) -> str:
    """Return the parameters of a protocol's method that a method can't be given, "" where it takes all."""
    if not inspect.isfunction(found):
        return ""
    takes = inspect.signature(found).parameters
    if any(p.kind is p.VAR_KEYWORD for p in takes.values()):
        return ""
    asked = inspect.signature(wanted).parameters.values()
    return ", ".join(
        p.name for p in asked if p.name not in takes and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
    )
