"""Trained models on disk: one file format (safetensors with a JSON header) and its catalogue."""
