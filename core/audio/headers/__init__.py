"""Headers of audio files, read as bytes: how long a file really is, and whether others follow in it."""
