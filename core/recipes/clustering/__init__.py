"""Recipes whose tables compare clusterings of several representations."""
