"""Pretrained encoders to choose from, and those that the user got."""
