"""Lyrics from sound: what is sung in a track, written down by Whisper.

- :mod:`core.transcription.whisper`: the model, by name or folder, and what it must know;
- :mod:`core.transcription.decoding`: from a window's sound to tokens and how sure they are;
- :mod:`core.transcription.long_form`: through a whole sound window by window, several sounds at once;
- :mod:`core.transcription.transcribe_collection`: for a collection: who needs lyrics, what is known already, where they go;
- :mod:`core.messages.transcription_messages`: the same in plain words.

References
----------
Radford et al., "Robust speech recognition via large-scale weak supervision", ICML 2023 (arXiv 2212.04356).
"""
