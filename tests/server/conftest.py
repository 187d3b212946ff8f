"""One sound that a collection holds."""

from pathlib import Path

import pytest

from tests.server.sounds import register, write_sound


@pytest.fixture
def song(tmp_path) -> tuple[str, Path]:
    path = tmp_path / "song.wav"
    track_id = write_sound(path)
    register("mine", {track_id: path})
    return track_id, path
