"""Parsed modules of the package: their top-level statements, and what each name in them refers to."""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.store.syntax import Strip, bound_by, dump, names_in

LEFT_OUT = ("errors", "progress", "store", "config", "registry", "projection.worker")
"""Modules, with their submodules, that never affect a computed value."""

WHOLE = "*"
"""Used as a name: every statement of a module."""


@dataclass
class Module:
    """The top-level statements of a module.

    Attributes
    ----------
    texts : list of str
        Each statement without docstrings and the like; "" for imports within the package, which are followed.
    names : list of set of (str, str)
        Names each statement uses, with the attribute taken from them ("" if the name itself is used).
    imports : list of dict
        Imports within each statement: local name -> (module, name or "").
    binds : dict of str -> list of int
        Positions of the statements that bind a name.
    effects : list of int
        Positions of statements that bind nothing and run when the module is imported.
    """

    name: str
    texts: list[str] = field(default_factory=list)
    names: list[set[tuple[str, str]]] = field(default_factory=list)
    imports: list[dict[str, tuple[str, str]]] = field(default_factory=list)
    binds: dict[str, list[int]] = field(default_factory=dict)
    effects: list[int] = field(default_factory=list)

    def statements_of(self, name: str) -> list[int]:
        """Return the statements that bind a name and those with side effects; all if the name isn't bound."""
        if name == WHOLE or name not in self.binds:
            return list(range(len(self.texts)))
        return self.binds[name] + self.effects

    def re_exports(self, position: int, name: str, root: Path) -> Iterator[tuple[str, str]]:
        """Yield the target of a top-level import of a name, of all imports for :data:`WHOLE`."""
        for local, target in self.imports[position].items():
            if not self.texts[position] and name in (local, WHOLE):
                yield from resolve(target, "", root)

    def uses(self, position: int, root: Path) -> Iterator[tuple[str, str]]:
        """Yield the (module, name) pairs in the package that a statement uses."""
        for name, attribute in self.names[position]:
            yield from self.targets(name, attribute, position, root)

    def targets(self, name: str, attribute: str, position: int, root: Path) -> Iterator[tuple[str, str]]:
        """Yield the (module, name) pairs in the package that a name in a statement refers to."""
        local = self.imports[position]
        if name in local:
            yield from resolve(local[name], attribute, root)
        elif name in self.binds:
            imported = [self.imports[p][name] for p in self.binds[name] if name in self.imports[p]]
            for target in imported:
                yield from resolve(target, attribute, root)
            if not imported:
                yield self.name, name


def resolve(target: tuple[str, str], attribute: str, root: Path) -> Iterator[tuple[str, str]]:
    """Yield the (module, name) pair that an imported name, or an attribute of it, refers to."""
    module, name = target
    if (
        name
        and _path(root, f"{module}.{name}") is not None
        and name not in (read_module(root, module) or Module("")).binds
    ):
        module, name = f"{module}.{name}", ""
    if _path(root, module) is not None:
        yield module, name or attribute or WHOLE


@functools.lru_cache(maxsize=4096)
def _path(root: Path, module: str) -> Path | None:
    """Return the file of a module of the package, None for other modules."""
    whole = root.joinpath(*module.split("."))
    for path in (whole.with_suffix(".py"), whole / "__init__.py"):
        if path.is_file():
            return path
    return None


def is_left_out(module: str) -> bool:
    """Return whether a module never affects a computed value."""
    within = module.partition(".")[2]
    return any(within == name or within.startswith(f"{name}.") for name in LEFT_OUT)


@functools.lru_cache(maxsize=4096)
def read_module(root: Path, module: str) -> Module | None:
    """Parse a module of the package, cached; None for other modules."""
    path = _path(root, module)
    if path is None:
        return None
    found = Module(module)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for position, node in enumerate(ast.parse(path.read_bytes()).body):
        _add_statement(found, position, Strip().visit(node), package, root)
    return found


def _add_statement(module: Module, position: int, node: ast.stmt | None, package: str, root: Path) -> None:
    """Add a stripped statement, None if nothing of it is left, to a module."""
    imports = dict(_imports(node, package, root)) if node else {}
    bound = set(bound_by(node)) if node else set()
    is_import = isinstance(node, (ast.Import, ast.ImportFrom)) and len(imports) == len(bound)
    module.texts.append("" if node is None or is_import else "".join(dump(node)))
    module.names.append(set(names_in(node)) if node and not is_import else set())
    module.imports.append(imports)
    for name in bound:
        module.binds.setdefault(name, []).append(position)
    if node is not None and not bound and not is_import:
        module.effects.append(position)


def _imports(node: ast.AST, package: str, root: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the imports of the package's modules below a node: local name, (module, name)."""
    for child in ast.walk(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                if _path(root, alias.name) is not None:
                    yield (
                        (alias.asname or alias.name.partition(".")[0]),
                        (alias.name if alias.asname else alias.name.partition(".")[0], ""),
                    )
        elif isinstance(child, ast.ImportFrom):
            parts = package.split(".")
            parent = ".".join(parts[: len(parts) - child.level + 1]) if child.level else ""
            module = ".".join(filter(None, (parent, child.module)))
            for alias in child.names:
                if _path(root, module) is not None or _path(root, f"{module}.{alias.name}") is not None:
                    yield (alias.asname or alias.name), (module, alias.name)
