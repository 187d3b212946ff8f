"""Syntax trees as :mod:`core.store.source` hashes them, and the names that a statement uses and binds."""

import ast
from collections.abc import Iterator

FOR_PEOPLE = ("title", "help")
"""Keyword arguments of ``setting`` that are documentation."""


class Strip(ast.NodeTransformer):
    """Remove what affects no value: docstrings, annotations of arguments, titles and helps."""

    def visit_Expr(self, node):
        """Remove docstrings."""
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_FunctionDef(self, node):
        """Remove the return annotation and the decorator that registers a factory."""
        node.returns = None
        node.decorator_list = [decorator for decorator in node.decorator_list if not _is_entry(decorator)]
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        """Keep the body non-empty."""
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node

    def visit_arg(self, node):
        """Remove the annotation."""
        node.annotation = None
        return node

    def visit_Call(self, node):
        """Remove documentation from calls of ``setting``."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "setting":
            node.keywords = [keyword for keyword in node.keywords if keyword.arg not in FOR_PEOPLE]
        return node


def _is_entry(decorator: ast.expr) -> bool:
    """Return whether a decorator registers a factory; the fields of a spec affect no value."""
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Name)
        and decorator.func.id == "register"
    )


def dump(node) -> Iterator[str]:
    """Yield the text of a node without positions and empty fields, which differ between Python versions."""
    yield type(node).__name__ + "("
    for name, value in ast.iter_fields(node):
        if value is None or value == [] or name in ("ctx", "kind", "type_comment"):
            continue
        yield name + "="
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.AST):
                yield from dump(item)
            else:
                yield repr(item)
            yield ","
    yield ")"


def names_in(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield every name that is read, with the attribute taken from it."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        yield node.value.id, node.attr
        return
    if isinstance(node, ast.Name):
        yield node.id, ""
    for child in ast.iter_child_nodes(node):
        yield from names_in(child)


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
