from pathlib import Path

import numpy as np
import pytest
import soundfile


@pytest.fixture
def music(tmp_path, monkeypatch) -> Path:
    """Two folders of tones, a doublet, an empty file; the only place that the browser may open."""
    folder = tmp_path / "music"
    for genre, low in (("rock", 200), ("folk", 500)):
        (folder / genre).mkdir(parents=True)
        for number in range(3):
            y = 0.3 * np.sin(2 * np.pi * (low + 40 * number) * np.arange(4_000) / 8_000)
            soundfile.write(folder / genre / f"{genre}.{number}.wav", y, 8_000)
    (folder / "folk" / "again.wav").write_bytes((folder / "folk" / "folk.0.wav").read_bytes())
    (folder / "rock" / "empty.wav").touch()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(folder))
    return folder
