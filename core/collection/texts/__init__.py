"""Texts of tracks: titles from file names, lyrics, captions, and generated ones."""
