"""Sentences about the analysis of a collection: its settings, fusion, scores, explanations and searches."""
