"""The text of a statement that is hashed: what can affect a value, the same for every version of Python."""

import ast

_NO_VALUE = ("ctx", "kind", "type_comment")
"""Fields of a node that follow from others, or affect nothing."""
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


def dump(node: ast.AST) -> str:
    """Return the text of a node without positions and empty fields, which differ between Python versions."""
    parts: list[str] = []
    _add_text(node, parts)
    return "".join(parts)


def _add_text(node: ast.AST, parts: list[str]) -> None:
    """Add the parts of a node's text."""
    parts.append(type(node).__name__ + "(")
    for name in node._fields:
        value = getattr(node, name, None)
        if value is None or value == [] or name in _NO_VALUE:
            continue
        parts.append(name + "=")
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, ast.AST):
                _add_text(item, parts)
            else:
                parts.append(repr(item))
            parts.append(",")
    parts.append(")")
