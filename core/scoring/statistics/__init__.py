"""Uncertainty of scores: confidence intervals, paired differences, and tests corrected for their number."""
