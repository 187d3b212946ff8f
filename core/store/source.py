"""Which version of the code made a value: a hash of the syntax tree of what computes it, and of all that it stands on.

:func:`source_hash` starts from a function or a class, follows every name that its statement uses to the
statement that binds it, in the same module or in the module that it is imported from, and hashes the
statements that it reaches. So

- a comment, a docstring, a line break, a type annotation of an argument, a title or help of a setting changes
  nothing;
- a changed line anywhere below changes the hash, imports within functions included;
- what is not reached (a neighbour in the same file, another entry of a registry) changes nothing;
- where a statement stands has no part: moving a function to another module keeps the hash.

Modules that decide whether a value is made, kept or reported, and not what it is, are left out:
:data:`LEFT_OUT`. Versions of libraries are not hashed; the store keeps them beside each value
(:func:`core.store.about`).
"""

import ast
import functools
import hashlib
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.store.syntax import Strip, bound_by, dump, names_in

ROOT = Path(__file__).resolve().parents[2]
"""Folder that holds the package."""

LEFT_OUT = ("errors", "progress", "store", "config", "registry", "projection.worker")
"""Modules of the package that have no part in a value, with what lies below them."""


def source_hash(*things: type | Callable) -> str:
    """Hash the source of functions and classes with everything in this project that they stand on.

    Of a class or function from outside the project its own source is hashed.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    return _source_hash(things)


@functools.cache
def _source_hash(things: tuple) -> str:
    """Hash the source of a tuple of functions and classes."""
    ours = tuple(
        (thing.__module__, thing.__qualname__.partition(".")[0]) for thing in things if _is_ours(thing)
    )
    others = (ast.parse(textwrap.dedent(inspect.getsource(thing))) for thing in things if not _is_ours(thing))
    return _digest(["".join(dump(Strip().visit(tree))) for tree in others] + _texts(reach(ours), ROOT))


def _is_ours(thing: type | Callable) -> bool:
    """Say whether a thing stands at the top of a module of this project."""
    return (
        thing.__module__.partition(".")[0] == __name__.partition(".")[0]
        and "<locals>" not in thing.__qualname__
    )


def hash_names(*names: tuple[str, str], root: Path = ROOT) -> str:
    """Hash the statements that pairs of module and name reach; see :func:`source_hash`."""
    return _digest(_texts(reach(names, root), root))


def reach(names: tuple[tuple[str, str], ...], root: Path = ROOT) -> set[tuple[str, int]]:
    """Return the statements that names reach, as pairs of module and position in it.

    Raises
    ------
    LookupError
        When a module has no such name.
    """
    for module, name in names:
        found = _read(root, module)
        if found is None or name not in found.binds:
            raise LookupError(f"{module} has no {name!r}")
    reached: set[tuple[str, int]] = set()
    todo = list(names)
    seen = set(todo)
    while todo:
        module, name = todo.pop()
        found = _read(root, module)
        if found is None or _is_left_out(module):
            continue
        for position in found.statements_of(name):
            steps = set(found.passes_on(position, name, root))
            if (module, position) not in reached:
                reached.add((module, position))
                steps |= set(found.uses(position, root))
            todo += steps - seen
            seen |= steps
    return reached


def _texts(reached: set[tuple[str, int]], root: Path) -> list[str]:
    """Return the normalised text of statements, each with what its names stand for: two that swap names differ."""
    return [
        f"{_read(root, module).texts[position]}{_edges(module, position, root)}"
        for module, position in reached
    ]


def _edges(module: str, position: int, root: Path) -> list[tuple[str, str]]:
    """Return each name in a statement with a hash of the statements that it stands for, wherever they are."""
    found = _read(root, module)
    edges = []
    for name, attribute in found.names[position]:
        texts = sorted(set(_meant(found, name, attribute, position, root)))
        edges += (
            [(f"{name}.{attribute}", hashlib.blake2b("\0".join(texts).encode(), digest_size=8).hexdigest())]
            if texts
            else []
        )
    return sorted(edges)


def _meant(found: "_Module", name: str, attribute: str, position: int, root: Path) -> Iterator[str]:
    """Yield the texts of the statements that a name in a statement stands for, through imports that pass it on."""
    todo, seen = list(found.targets(name, attribute, position, root)), set()
    while todo:
        step = todo.pop()
        target = _read(root, step[0])
        if step in seen or target is None or _is_left_out(step[0]):
            continue
        seen.add(step)
        for place in target.binds.get(step[1], []):
            if target.texts[place]:
                yield target.texts[place]
            todo += target.passes_on(place, step[1], root)


def _digest(texts: list[str]) -> str:
    """Hash texts whatever their order."""
    digest = hashlib.blake2b(digest_size=8)
    for text in sorted(set(texts)):
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()


WHOLE = "*"
"""In place of a name: every statement of a module."""


@dataclass
class _Module:
    """The top-level statements of a module.

    Attributes
    ----------
    texts : list of str
        Each statement without what only people read; "" for imports within the package, which are followed
        instead.
    names : list of set of (str, str)
        What each statement uses: a name and the attribute taken from it ("" where the name itself is used).
    imports : list of dict
        Imports within each statement: local name -> (module, name or "").
    binds : dict of str -> list of int
        Positions of the statements that bind a name.
    effects : list of int
        Positions of statements that bind nothing: they are run whenever the module is imported.
    """

    name: str
    texts: list[str] = field(default_factory=list)
    names: list[set[tuple[str, str]]] = field(default_factory=list)
    imports: list[dict[str, tuple[str, str]]] = field(default_factory=list)
    binds: dict[str, list[int]] = field(default_factory=dict)
    effects: list[int] = field(default_factory=list)

    def statements_of(self, name: str) -> list[int]:
        """Return the statements that bind a name and those that are run for their effect; all where the name is not found."""
        if name == WHOLE or name not in self.binds:
            return list(range(len(self.texts)))
        return self.binds[name] + self.effects

    def passes_on(self, position: int, name: str, root: Path) -> Iterator[tuple[str, str]]:
        """Yield what an import at the top of a module binds a name to, all of them for the whole module."""
        for local, target in self.imports[position].items():
            if not self.texts[position] and name in (local, WHOLE):
                yield from _resolve(target, "", root)

    def uses(self, position: int, root: Path) -> Iterator[tuple[str, str]]:
        """Yield the module and name of everything in the package that a statement uses."""
        for name, attribute in self.names[position]:
            yield from self.targets(name, attribute, position, root)

    def targets(self, name: str, attribute: str, position: int, root: Path) -> Iterator[tuple[str, str]]:
        """Yield the module and name in the package that a name in a statement stands for."""
        local = self.imports[position]
        if name in local:
            yield from _resolve(local[name], attribute, root)
        elif name in self.binds:
            imported = [self.imports[p][name] for p in self.binds[name] if name in self.imports[p]]
            for target in imported:
                yield from _resolve(target, attribute, root)
            if not imported:
                yield self.name, name


def _resolve(target: tuple[str, str], attribute: str, root: Path) -> Iterator[tuple[str, str]]:
    """Yield the module and name that an imported name stands for: one attribute of a module, or a name in it."""
    module, name = target
    if (
        name
        and _path(root, f"{module}.{name}") is not None
        and name not in (_read(root, module) or _Module("")).binds
    ):
        module, name = f"{module}.{name}", ""
    if _path(root, module) is not None:
        yield module, name or attribute or WHOLE


@functools.lru_cache(maxsize=4096)
def _path(root: Path, module: str) -> Path | None:
    """Return the file of a module of the package, None for modules of others."""
    whole = root.joinpath(*module.split("."))
    for path in (whole.with_suffix(".py"), whole / "__init__.py"):
        if path.is_file():
            return path
    return None


def _is_left_out(module: str) -> bool:
    """Say whether a module has no part in values."""
    within = module.partition(".")[2]
    return any(within == name or within.startswith(f"{name}.") for name in LEFT_OUT)


@functools.lru_cache(maxsize=4096)
def _read(root: Path, module: str) -> _Module | None:
    """Parse a module of the package once; None for modules of others."""
    path = _path(root, module)
    if path is None:
        return None
    found = _Module(module)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for position, node in enumerate(ast.parse(path.read_bytes()).body):
        node = Strip().visit(node)
        imports = dict(_imports(node, package, root)) if node else {}
        bound = set(bound_by(node)) if node else set()
        is_import = isinstance(node, (ast.Import, ast.ImportFrom)) and len(imports) == len(bound)
        found.texts.append("" if node is None or is_import else "".join(dump(node)))
        found.names.append(set(names_in(node)) if node and not is_import else set())
        found.imports.append(imports)
        for name in bound:
            found.binds.setdefault(name, []).append(position)
        if node is not None and not bound and not is_import:
            found.effects.append(position)
    return found


def _imports(node: ast.AST, package: str, root: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the imports within the package below a node: local name, then module and name in it."""
    for child in ast.walk(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                if _path(root, alias.name) is not None:
                    yield (
                        (alias.asname or alias.name.partition(".")[0]),
                        (alias.name if alias.asname else alias.name.partition(".")[0], ""),
                    )
        elif isinstance(child, ast.ImportFrom):
            module = (
                ".".join(package.split(".")[: len(package.split(".")) - child.level + 1])
                if child.level
                else ""
            )
            module = ".".join(filter(None, (module, child.module)))
            for alias in child.names:
                if _path(root, module) is not None or _path(root, f"{module}.{alias.name}") is not None:
                    yield (alias.asname or alias.name), (module, alias.name)
