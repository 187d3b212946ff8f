"""Transcription: sung lyrics from audio by Whisper.

- :mod:`core.transcription.transcription_settings`: settings and the cache key;
- :mod:`core.transcription.whisper`: the model by name or folder;
- :mod:`core.transcription.decoding`: from the encoded audio of windows to tokens with probabilities;
- :mod:`core.transcription.long_form`: whole files window by window, several files in a batch;
- :mod:`core.transcription.transcribe_collection`: selection of tracks, cache, and saving with a collection.

References
----------
Radford et al., "Robust speech recognition via large-scale weak supervision", ICML 2023 (arXiv 2212.04356).
"""
