"""Contrastive and self-supervised networks."""
