"""Registries name what they hold by text, so that nothing heavy is imported before it is asked for."""

import importlib


def load_name(path: str):
    """Return what ``module:name`` names, importing the module now."""
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)
