"""Per-track cues for how much weight audio and text get."""
