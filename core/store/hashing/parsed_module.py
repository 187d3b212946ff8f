"""Parsed modules of the package: their top-level statements, and what each name in them refers to.

Statements are reduced to what can affect a value, as :mod:`core.store.hashing.source` hashes them.
"""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.store.hashing.statement_text import Strip, dump

ROOT = Path(__file__).resolve().parents[3]
"""Parent folder of the package."""
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

    def re_exports(self, position: int, name: str) -> Iterator[tuple[str, str]]:
        """Yield the target of a top-level import of a name, of all imports for :data:`WHOLE`."""
        for local, target in self.imports[position].items():
            if not self.texts[position] and name in (local, WHOLE):
                yield from resolve(target, "")

    def uses(self, position: int) -> Iterator[tuple[str, str]]:
        """Yield the (module, name) pairs in the package that a statement uses."""
        for name, attribute in self.names[position]:
            yield from self.targets(name, attribute, position)

    def targets(self, name: str, attribute: str, position: int) -> Iterator[tuple[str, str]]:
        """Yield the (module, name) pairs in the package that a name in a statement refers to."""
        local = self.imports[position]
        if name in local:
            yield from resolve(local[name], attribute)
        elif name in self.binds:
            imported = [self.imports[p][name] for p in self.binds[name] if name in self.imports[p]]
            for target in imported:
                yield from resolve(target, attribute)
            if not imported:
                yield self.name, name


def resolve(target: tuple[str, str], attribute: str) -> Iterator[tuple[str, str]]:
    """Yield the (module, name) pair that an imported name, or an attribute of it, refers to."""
    module, name = target
    if (
        name
        and _path(f"{module}.{name}") is not None
        and name not in (read_module(module) or Module("")).binds
    ):
        module, name = f"{module}.{name}", ""
    if _path(module) is not None:
        yield module, name or attribute or WHOLE


@functools.lru_cache(maxsize=4096)
def _path(module: str) -> Path | None:
    """Return the file of a module of the package, None for other modules."""
    whole = ROOT.joinpath(*module.split("."))
    for path in (whole.with_suffix(".py"), whole / "__init__.py"):
        if path.is_file():
            return path
    return None


def is_left_out(module: str) -> bool:
    """Return whether a module never affects a computed value."""
    within = module.partition(".")[2]
    return any(within == name or within.startswith(f"{name}.") for name in LEFT_OUT)


@functools.lru_cache(maxsize=4096)
def read_module(module: str) -> Module | None:
    """Parse a module of the package, cached; None for other modules."""
    path = _path(module)
    if path is None:
        return None
    found = Module(module)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for position, node in enumerate(ast.parse(path.read_bytes()).body):
        _add_statement(found, position, Strip().visit(node), package)
    return found


def _add_statement(module: Module, position: int, node: ast.stmt | None, package: str) -> None:
    """Add a stripped statement, None if nothing of it is left, to a module."""
    names, statements = names_in(node) if node else (set(), [])
    imports = {local: target for one in statements for local, target in _imported(one, package)}
    bound = set(bound_by(node)) if node else set()
    is_import = isinstance(node, (ast.Import, ast.ImportFrom)) and len(imports) == len(bound)
    module.texts.append("" if node is None or is_import else dump(node))
    module.names.append(set() if is_import else names)
    module.imports.append(imports)
    for name in bound:
        module.binds.setdefault(name, []).append(position)
    if node is not None and not bound and not is_import:
        module.effects.append(position)


def _imported(node: ast.Import | ast.ImportFrom, package: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield what an import statement takes from the package: local name, (module, name)."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            if _path(alias.name) is not None:
                module = alias.name if alias.asname else alias.name.partition(".")[0]
                yield alias.asname or module, (module, "")
        return
    parts = package.split(".")
    parent = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
    module = ".".join(filter(None, (parent, node.module)))
    for alias in node.names:
        if _path(module) is not None or _path(f"{module}.{alias.name}") is not None:
            yield alias.asname or alias.name, (module, alias.name)


def names_in(node: ast.AST) -> tuple[set[tuple[str, str]], list[ast.Import | ast.ImportFrom]]:
    """Return every name that is read, with the attribute taken from it, and the import statements."""
    names: set[tuple[str, str]] = set()
    imports: list[ast.Import | ast.ImportFrom] = []
    todo = [node]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name):
            names.add((node.id, ""))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names.add((node.value.id, node.attr))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            imports.append(node)
        else:
            todo.extend(ast.iter_child_nodes(node))
    return names, imports[::-1]  # in the order of the text: of two of one name the last counts


def bound_by(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a top-level statement binds or whose attributes or items it sets."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
        return
    for child in ast.walk(node):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield from ((alias.asname or alias.name.partition(".")[0]) for alias in child.names)
        elif isinstance(child, (ast.FunctionDef, ast.ClassDef)):
            yield child.name
        elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id
        elif isinstance(child, (ast.Attribute, ast.Subscript)) and isinstance(child.ctx, ast.Store):
            owner: ast.expr = child
            while isinstance(owner, (ast.Attribute, ast.Subscript)):
                owner = owner.value
            if isinstance(owner, ast.Name):
                yield owner.id
