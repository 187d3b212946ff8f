"""Genres and labels of a collection: splitting cells, main genre, coarse groups, counts."""
