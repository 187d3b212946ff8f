import pytest

from core.features import estimate_extraction, get_extractor
from core.features.extraction.extract_rows import record_extraction
from core.jobs.estimates import PROCESS_START_S, estimate_training
from core.store import rates
from core.training.training_rate import record_training
from tests.pipeline.small_space import make

META = {"n_examples": 1000, "history": {"rows": [{"seconds": 2.0}] * 5}}


@pytest.fixture(autouse=True)
def reference_machine(monkeypatch):
    monkeypatch.setattr(rates, "slowdown", lambda: 1.0)


def test_extraction_takes_its_measured_rate():
    mel, mfcc = get_extractor("mel"), get_extractor("mfcc")
    before = estimate_extraction(mfcc, 100)
    record_extraction(mel, 200, 60.0)
    assert estimate_extraction(mel, 100) == pytest.approx(30.0)
    assert estimate_extraction(mfcc, 100) == before and estimate_extraction(mel, 0) == 0


def test_training_takes_the_measured_rate_of_its_model_input_and_preset():
    collection = make()
    record_training("mlp-vae", "table", "", META)  # 2 ms per example and epoch
    found = estimate_training(collection, "mlp-vae", "table", {"epochs": "10"})
    assert found.training_s == pytest.approx(collection.n_tracks * 10 * 0.002)
    assert found.seconds == pytest.approx(PROCESS_START_S + found.training_s) and found.n_missing == 0
    twice = estimate_training(collection, "mlp-vae", "table", {"epochs": "20"})
    assert twice.training_s == pytest.approx(2 * found.training_s)


def test_a_closed_form_has_no_epochs():
    assert estimate_training(make(), "pca", "table", {}).training_s == 0
