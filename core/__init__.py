"""Songscape: see, hear and measure the space that a model learnt from music."""
