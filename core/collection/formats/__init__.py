"""Tags and lyrics: ID3 frames and genres, APE tags, LRC, and HTML entities."""
