"""The decoders of a file: libsndfile, FFmpeg, and links of an OGG one after the other; one interface."""
