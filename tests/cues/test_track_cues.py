"""Cues: per-track scores of how informative audio is relative to text."""

import numpy as np
import pandas as pd
import pytest
import soundfile as sf
import torch

from core.collection import Collection
from core.cues import track_cues as cues
from core.cues.cue_terms import TERMS
from core.cues.track_cues import CUES, PARTS, add_energy, add_instrumentalness, add_quality, cues_of, terms_of

CLEAN = {
    "has_audio": True,
    "clipping_share": 0.0,
    "silence_share": 0.0,
    "top_hz": 11_000.0,
    "duration_s": 200.0,
    "text_source": "lyrics",
    "text_words": 120,
    "text_variety": 0.7,
    "language_read": np.nan,
}


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def _quality(**changes):
    return float(add_quality(pd.DataFrame([CLEAN | changes]))["quality"].iloc[0])


def _words(n, text="w{}"):
    return " ".join(text.format(i) for i in range(n))


def test_instrumentalness_from_the_networks_tags():
    terms = pd.DataFrame(
        {
            "voice": [0.6, 0.02, 0.05, np.nan],
            "no_voice": [0.02, 0.06, 0.05, np.nan],
            "is_tagged_instrumental": False,
        }
    )
    made = add_instrumentalness(terms)["instrumentalness"]
    np.testing.assert_allclose(made, [0.02 / 0.62, 0.75, 0.5, np.nan])


def test_an_instrumental_tag_pushes_up():
    terms = pd.DataFrame({"voice": [0.6, 0.001, np.nan], "no_voice": [0.02, 0.099, np.nan]})
    plain = add_instrumentalness(terms.assign(is_tagged_instrumental=False))["instrumentalness"]
    tagged = add_instrumentalness(terms.assign(is_tagged_instrumental=True))["instrumentalness"]
    np.testing.assert_allclose(tagged, [0.95, 0.99, 0.95])
    assert tagged[0] > plain[0] and tagged[1] == plain[1] and np.isnan(plain[2])


@pytest.mark.parametrize("term", ["loudness_db", "onset_rate_hz", "brightness_hz"])
def test_quieter_slower_and_darker_is_less_energy(term):
    terms = pd.DataFrame(
        {"loudness_db": [-12.0] * 4, "onset_rate_hz": [4.0] * 4, "brightness_hz": [2000.0] * 4}
    )
    assert (add_energy(terms)["energy"] == 0.5).all()
    terms[term] = [1.0, 3.0, 2.0, np.nan]
    made = add_energy(terms)["energy"]
    assert made[0] < made[2] < made[1] and made[3] == 0.5, "unknown terms are ignored"


def test_energy_by_hand():
    terms = pd.DataFrame(
        {"loudness_db": [-30.0, -10.0], "onset_rate_hz": [1.0, 5.0], "brightness_hz": [4000.0, 500.0]}
    )
    np.testing.assert_allclose(
        add_energy(terms)["energy"], [(0.25 + 0.25 + 0.75) / 3, (0.75 + 0.75 + 0.25) / 3]
    )


def test_quality_by_hand():
    made = add_quality(
        pd.DataFrame(
            [CLEAN | {"clipping_share": 0.01, "silence_share": 0.1, "top_hz": 4000.0, "duration_s": 5.0}]
        )
    )
    assert made["audio_quality"][0] == pytest.approx(0.5 * 0.9 * 0.5 * 0.5)
    assert made["text_quality"][0] == pytest.approx(120 / 150)
    assert made["quality"][0] == pytest.approx(0.1125 / (0.1125 + 0.8))


@pytest.mark.parametrize(
    "worse",
    [{"clipping_share": 0.05}, {"silence_share": 0.5}, {"top_hz": 3000.0}, {"duration_s": 2.0}],
    ids=lambda d: next(iter(d)),
)
def test_worse_audio_lowers_quality(worse):
    assert _quality(**worse) < _quality() - 0.02


def test_better_text_lowers_quality():
    ordered = ["lyrics", "caption", "title – artist", "file name", "nothing"]
    by_source = [_quality(text_source=source) for source in ordered]
    assert by_source == sorted(by_source) and len(set(by_source)) == 5 and by_source[-1] == 1
    by_length = [_quality(text_words=n) for n in (400, 100, 20, 3)]
    assert by_length == sorted(by_length) and len(set(by_length)) == 4
    assert (
        _quality(text_variety=0.05)
        > _quality(text_variety=0.4)
        > _quality(text_variety=0.7)
        == _quality(text_variety=0.9)
    )
    assert _quality(language_read=0.0) > _quality(language_read=1.0) == _quality()


def test_quality_of_missing_audio_or_text():
    assert _quality(text_source="nothing", text_words=0, text_variety=np.nan) == 1
    deaf = CLEAN | {"has_audio": False, "clipping_share": np.nan, "silence_share": np.nan, "top_hz": np.nan}
    assert add_quality(pd.DataFrame([deaf]))["quality"][0] == 0
    assert np.isnan(add_quality(pd.DataFrame([deaf]), has_numbers=True)["quality"][0])
    mute = deaf | {"text_source": "nothing", "text_words": 0, "text_variety": np.nan}
    assert np.isnan(add_quality(pd.DataFrame([mute]))["quality"][0])
    assert _quality(duration_s=np.nan) == _quality()


@pytest.fixture
def recorded(tmp_path):
    """Four tracks: loud and busy with lyrics, soft with a title, broken with lyrics, and an empty one."""
    sr, rng = 22_050, np.random.default_rng(0)
    t = np.arange(4 * sr) / sr
    busy = 0.5 * rng.standard_normal(len(t)) * np.exp(-12 * (t % 0.2))
    soft = 0.02 * np.sin(2 * np.pi * 220 * t) * (1 - np.exp(-3 * (t % 2)))
    for name, y in (("busy", busy), ("soft", soft)):
        sf.write(tmp_path / f"{name}.wav", np.clip(y, -0.8, 0.8), sr)
    (tmp_path / "broken.wav").write_bytes(b"no sound at all")
    names = ["busy", "soft", "broken"]
    tracks = pd.DataFrame(
        {
            "track_id": [*names, "none"],
            "path": [str(tmp_path / f"{name}.wav") for name in names] + [""],
            "duration_s": [4, 4, np.nan, np.nan],
            "title": ["Storm", "Lake", "Gap", ""],
            "title_from": ["tags"] * 3 + ["row"],
            "lyrics": [_words(80), "", _words(50), ""],
        }
    )
    return Collection("recorded", tracks)


def test_cues_of_a_collection_with_gaps(recorded):
    made = cues_of(recorded)
    assert list(made) == list(CUES) and len(made) == 4 and made.attrs["notes"] == []
    assert ((made >= 0) & (made <= 1) | made.isna()).all(axis=None)
    assert made["energy"][0] > made["energy"][1] and made["energy"][2:].isna().all()
    assert made["instrumentalness"].notna().tolist() == [True, True, False, False]
    assert (
        made["quality"][0] < made["quality"][1] and made["quality"][2] == 0 and np.isnan(made["quality"][3])
    )


def test_shuffled_rows_change_nothing(recorded):
    plain = cues_of(recorded).set_index(recorded.tracks["track_id"])
    order = [2, 0, 3, 1]
    shuffled = Collection("shuffled", recorded.tracks.iloc[order])
    pd.testing.assert_frame_equal(
        cues_of(shuffled).set_index(shuffled.tracks["track_id"]), plain.iloc[order], check_like=True
    )


def test_cues_follow_from_their_terms(recorded):
    terms = terms_of(recorded)
    for row in terms.iloc[:2].itertuples():
        a, t = (
            row.unclipped * row.audible * row.bandwidth * row.length,
            row.source * row.amount * row.variety * row.reading,
        )
        assert row.quality == pytest.approx(a / (a + t)) and row.length == 0.4
        assert row.energy == pytest.approx((row.loudness_rank + row.onset_rank + row.brightness_rank) / 3)
        assert row.instrumentalness == pytest.approx(row.no_voice / (row.no_voice + row.voice))
    assert list(terms["text_words"]) == [80, 1, 50, 0]


def test_cues_are_cached_until_the_input_changes(recorded, monkeypatch):
    first = cues_of(recorded)
    monkeypatch.setattr(cues, "measure_terms", None)  # calling it would raise
    pd.testing.assert_frame_equal(cues_of(recorded), first)
    longer = Collection("longer", recorded.tracks.assign(lyrics=_words(300)))
    with pytest.raises(TypeError):
        cues_of(longer)
    monkeypatch.undo()
    assert cues_of(longer)["quality"][0] < first["quality"][0], "longer lyrics lower it"


def test_table_columns_take_precedence():
    table = pd.DataFrame(
        {"Instrumentalness": [0.9, 0.0, np.nan], "ENERGY": [0.2, 0.8, 7.0], "tempo": [120.0, 90.0, 100.0]}
    )
    tracks = pd.DataFrame({"track_id": list("abc"), "title": ["x", "y", "z (instrumental)"]})
    made = cues_of(Collection("t", table=table.assign(ENERGY=[0.2, 0.8, 0.5]), tracks=tracks))
    np.testing.assert_allclose(made["instrumentalness"], [0.9, 0, 0.95])
    np.testing.assert_allclose(made["energy"], [0.2, 0.8, 0.5])
    assert made["quality"].isna().all() and made.attrs["notes"] == []
    refused = cues_of(Collection("t", table=table, tracks=tracks))
    assert len(refused.attrs["notes"]) == 1 and "'ENERGY'" in refused.attrs["notes"][0]
    np.testing.assert_allclose(refused["energy"], [5 / 6, 1 / 6, 0.5])  # by tempo, all that is left


def test_a_table_without_such_columns_gives_no_cues():
    tracks = pd.DataFrame({"track_id": list("ab"), "lyrics": [_words(40), ""]})
    assert (
        cues_of(Collection("t", table=pd.DataFrame({"mfcc1": [1.0, 2.0]}), tracks=tracks))
        .isna()
        .all(axis=None)
    )


def test_the_network_does_not_run_where_a_column_gives_the_value(recorded, monkeypatch):
    monkeypatch.setattr("core.features.pretrained.musicnn.Musicnn.extract", None)
    given = Collection(
        "given", recorded.tracks, table=pd.DataFrame({"instrumentalness": [0.1, 0.9, 0.5, 0.5]})
    )
    np.testing.assert_allclose(cues_of(given)["instrumentalness"], [0.1, 0.9, 0.5, 0.5])


def test_every_cue_and_every_term_has_a_title(recorded):
    assert set(terms_of(recorded)) == {*TERMS, *PARTS, *CUES, *(f"{name}_column" for name in CUES)}
    assert list(CUES) == ["instrumentalness", "energy", "quality"]
    assert all(len(words) == 3 and all(words) for words in CUES.values())
