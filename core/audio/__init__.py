"""Sound: read the frames that are needed, whatever the file is, and never let a bad one stop the rest.

- :mod:`core.audio.decode`: look at a file, read a crop of it, say why it can't be used;
- :mod:`core.audio.sound`: one open sound, cut at any sample of any rate;
- :mod:`core.audio.crops`: which crops of a track an extractor reads;
- :mod:`core.audio.excerpt`: what a browser can play;
- :mod:`core.audio.sndfile`, :mod:`core.audio.container`: the two decoders, libsndfile and FFmpeg.
"""
