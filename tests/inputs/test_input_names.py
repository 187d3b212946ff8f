"""Names of a model's inputs."""

import pandas as pd
import pytest

from core.collection import Collection
from core.errors import ConfigError
from core.inputs.input_names import default_input


def test_missing_data_is_named_with_how_to_add_it():
    rows = pd.DataFrame(
        {
            "title": [""],
            "artist": [""],
            "album": [""],
            "lyrics": [""],
            "caption": [""],
            "path": ["a.wav"],
            "track_id": ["a" * 32],
        }
    )
    sounds = Collection("sounds", rows, info={"kind": "folder"})
    with pytest.raises(ConfigError) as error:
        default_input(sounds, ("mel+passages", "musicnn+sentence", "table+passages"))
    assert (
        "reads audio and text, or numeric columns and text, and the collection 'sounds' has no text; text "
        "comes from" in str(error.value)
    )
    assert "--text FILE.csv" in str(error.value) and "has no numeric" not in str(error.value)
    words = Collection("words", rows.assign(path="", lyrics="rain falls"), info={"kind": "table"})
    with pytest.raises(
        ConfigError, match="reads audio, and the collection 'words' has no audio; audio comes from a folder"
    ):
        default_input(words, ("mel", "clip"))
