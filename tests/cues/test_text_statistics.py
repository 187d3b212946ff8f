"""Token counts and lexical variety."""

import numpy as np
import pytest

from core.cues.cue_terms import mattr, tokenize_any_script


def test_tokens_of_any_script():
    assert tokenize_any_script("O Haupt, o HAUPT!") == ["o", "haupt", "o", "haupt"]
    assert len(tokenize_any_script("আমার সোনার বাংলা")) == 3
    assert len(tokenize_any_script("月が綺麗ですね")) == 4, (
        "what has no spaces is counted by pairs of characters"
    )


def test_variety_does_not_fall_with_length():
    words = [str(i) for i in range(40)]
    assert mattr(words) == 1 and mattr(["la"] * 200) == 1 / 50
    rng = np.random.default_rng(0)
    short, long = (mattr([str(i) for i in rng.integers(0, 300, n)]) for n in (100, 5000))
    assert short == pytest.approx(long, abs=0.05) and np.isnan(mattr([]))
    assert len(set(rng.integers(0, 300, 5000))) / 5000 < 0.1  # the plain share of different words falls
