"""Hashes of content and of source code, of which keys are made."""
