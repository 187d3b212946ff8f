"""One vector per track for one modality."""
