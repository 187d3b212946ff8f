"""Pairs of tracks, compared in each representation and on the map."""
