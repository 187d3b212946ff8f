"""From a spectrogram back to sound, so that what a model draws can be heard.

:mod:`core.listening.scale` says what an extractor's numbers are in decibels and in mel power;
:mod:`core.listening.invert` finds a sound of that power; :mod:`core.listening.level` brings the sounds of one
comparison to one loudness.
"""
