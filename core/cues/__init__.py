"""Per-track cues for the weight of each modality."""
