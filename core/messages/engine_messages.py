"""Sentences about where tracks are worked on."""

from core.messages.quantities import count


def describe_engine(engine: dict) -> str:
    """Describe what :func:`core.engine.describe` returns.

    >>> describe_engine({"name": "ray", "nodes": 2, "cpus": 8})
    'Ray cluster: 2 nodes, 8 processors'
    """
    where = {"local": "This machine", "ray": "Ray cluster"}[engine["name"]]
    return f"{where}: {count(engine['nodes'], 'node')}, {count(engine['cpus'], 'processor')}"
