"""The form that adds a collection."""
