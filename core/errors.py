"""Errors that a user can mend.

Pages and the command line catch :class:`SongscapeError` and show its text as it is; anything else is a
defect and stays loud. A message says what was given, what is allowed, and what probably happened.
"""


class SongscapeError(Exception):
    """Something that the user can mend."""


class CollectionError(SongscapeError):
    """A collection can't be read, joined or found."""


class AudioError(SongscapeError):
    """One track's sound can't be used; the text is the reason in the *problems* table."""


class TextError(SongscapeError):
    """A text encoder can't be had or can't read these texts."""


class CaptionError(SongscapeError):
    """Captions can't be had from an endpoint: it can't be reached, refuses to go on, or fails for track after track."""


class ConfigError(SongscapeError, ValueError):
    """A setting lies outside what it may be; names the setting and its value."""


class CheckpointError(SongscapeError):
    """A checkpoint file is not one of ours, is damaged, or belongs to another model."""


class MissingCheckpoint(CheckpointError):
    """No checkpoint of this model was trained on this collection; the text holds the command that does it."""


class TrainingError(SongscapeError):
    """Training stopped: a loss was not finite, or there was nothing to train on."""


class WriteError(SongscapeError, OSError):
    """A file can't be written: the disk is full, there is no right to it, or something is in its place."""


class Cancelled(SongscapeError):
    """The user asked this job to stop."""
