"""Audio: decode the frames that are needed from any file; a bad file is reported and never stops the rest.

- :mod:`core.audio.decode`: open and check a file, with the reason why it can't be used;
- :mod:`core.audio.audio_file`: one open file, read at any sample and sample rate;
- :mod:`core.audio.crops`: which crops of a track an extractor reads;
- :mod:`core.audio.excerpt`: the file or excerpt that a browser can play;
- :mod:`core.audio.loudness`: how loud a file is, for playing all files equally loud;
- :mod:`core.audio.decoders`: libsndfile, and FFmpeg for what it can't read;
- :mod:`core.audio.headers`: how long a file really is, read from its bytes.
"""
