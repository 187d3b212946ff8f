"""Errors that a user can fix.

Pages and the command line catch :class:`SongscapeError` and show its text as it is; anything else is a
defect and stays loud. A message says what was given, what is allowed, and what probably happened.
"""


class SongscapeError(Exception):
    """An error that the user can fix."""


class CollectionError(SongscapeError):
    """A collection can't be read, joined or found."""


class AudioError(SongscapeError):
    """A track's audio can't be used; the message is the reason in the *problems* table."""


class TextError(SongscapeError):
    """A text encoder isn't available or can't read these texts."""


class CaptionError(SongscapeError):
    """An endpoint for captions can't be reached, refuses requests, or fails for track after track."""


class ConfigError(SongscapeError, ValueError):
    """A setting is invalid; names the setting and its value."""


class CheckpointError(SongscapeError):
    """A file is not a Songscape checkpoint, is damaged, or belongs to another model."""


class MissingCheckpoint(CheckpointError):
    """No checkpoint of this model was trained on this collection; the message tells the command."""


class TrainingError(SongscapeError):
    """Training stopped: a loss was not finite, or there was nothing to train on."""


class WriteError(SongscapeError, OSError):
    """A file can't be written: the disk is full, permission is missing, or its path is a folder."""


class AccessError(SongscapeError):
    """Somebody may not see or change what they asked for."""


class QuotaError(SongscapeError):
    """A person's limit of uploads or jobs would be exceeded."""


class Cancelled(SongscapeError):
    """The user cancelled this job."""
