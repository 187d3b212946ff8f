"""Hashes of source code: the syntax tree of what computes a value, and of everything it depends on.

:func:`source_hash` starts from a function or class, resolves every name in its statement to the statement
that binds it, in the same module or an imported one, and hashes all statements reached. So

- comments, docstrings, line breaks, annotations of arguments, titles and helps of settings change nothing;
- a change in any dependency changes the hash, imports within functions included;
- unreached code (a neighbour in the same file, another entry of a registry) changes nothing;
- moving a function to another module keeps the hash.

Modules that never affect a computed value are left out: :data:`core.store.hashing.parsed_module.LEFT_OUT`.
Library versions are not hashed; the store saves them beside each value (:func:`core.store.provenance`).
"""

import ast
import functools
import hashlib
import inspect
import textwrap
from collections.abc import Callable, Iterator

from core.store.hashing.parsed_module import Module, is_left_out, read_module
from core.store.hashing.statement_text import Strip, dump


def source_hash(*objects: type | Callable) -> str:
    """Hash the source of functions and classes with everything in this project that they depend on.

    Of a class or function from outside the project only its own source is hashed.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    return _source_hash(objects)


@functools.cache
def _source_hash(objects: tuple[type | Callable, ...]) -> str:
    """Hash the source of a tuple of functions and classes."""
    ours = tuple((obj.__module__, obj.__qualname__.partition(".")[0]) for obj in objects if _is_ours(obj))
    others = (ast.parse(textwrap.dedent(inspect.getsource(obj))) for obj in objects if not _is_ours(obj))
    return _digest([dump(Strip().visit(tree)) for tree in others] + _texts(reach(ours)))


def _is_ours(obj: type | Callable) -> bool:
    """Return whether an object is defined at the top level of a module of this project."""
    return (
        obj.__module__.partition(".")[0] == __name__.partition(".")[0] and "<locals>" not in obj.__qualname__
    )


def reach(names: tuple[tuple[str, str], ...]) -> set[tuple[str, int]]:
    """Return the statements reached from (module, name) pairs, as (module, position) pairs.

    Raises
    ------
    LookupError
        When a module has no such name.
    """
    for module, name in names:
        found = read_module(module)
        if found is None or name not in found.binds:
            raise LookupError(f"{module} has no {name!r}")
    reached: set[tuple[str, int]] = set()
    todo = list(names)
    visited = set(todo)
    while todo:
        module, name = todo.pop()
        found = read_module(module)
        if found is None or is_left_out(module):
            continue
        for position in found.statements_of(name):
            steps = set(found.re_exports(position, name))
            if (module, position) not in reached:
                reached.add((module, position))
                steps |= set(found.uses(position))
            todo += steps - visited
            visited |= steps
    return reached


def _texts(reached: set[tuple[str, int]]) -> list[str]:
    """Return the normalised text of statements with hashes of what their names resolve to."""
    texts = []
    for module, position in reached:
        parsed = read_module(module)
        assert parsed is not None  # only modules of the package are reached
        texts.append(f"{parsed.texts[position]}{_edges(parsed, position)}")
    return texts


def _edges(parsed: Module, position: int) -> list[tuple[str, str]]:
    """Return each name in a statement with a hash of the statements that it resolves to."""
    edges = []
    for name, attribute in parsed.names[position]:
        texts = sorted(set(_resolved_texts(parsed, name, attribute, position)))
        if texts:
            digest = hashlib.blake2b("\0".join(texts).encode(), digest_size=8).hexdigest()
            edges.append((f"{name}.{attribute}", digest))
    return sorted(edges)


def _resolved_texts(parsed: Module, name: str, attribute: str, position: int) -> Iterator[str]:
    """Yield the texts of the statements that a name resolves to, through re-exports."""
    todo = list(parsed.targets(name, attribute, position))
    visited: set[tuple[str, str]] = set()
    while todo:
        step = todo.pop()
        target = read_module(step[0])
        if step in visited or target is None or is_left_out(step[0]):
            continue
        visited.add(step)
        for place in target.binds.get(step[1], []):
            if target.texts[place]:
                yield target.texts[place]
            todo += target.re_exports(place, step[1])


def _digest(texts: list[str]) -> str:
    """Hash a set of texts, independent of their order."""
    digest = hashlib.blake2b(digest_size=8)
    for text in sorted(set(texts)):
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()
