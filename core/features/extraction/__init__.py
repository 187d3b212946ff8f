"""Extraction of a collection's features, row by row; what is in the store is not extracted again."""
