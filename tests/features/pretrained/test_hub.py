"""The Hugging Face hub: asked once whether it answers, and not waited for."""

import pytest

from core.errors import TextError
from core.features.pretrained import hub
from core.features.pretrained.sentence import MODELS, Sentence, load_encoder


@pytest.fixture(autouse=True)
def no_hub(monkeypatch):
    """Fail at once where a test would reach the network."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


def test_the_papers_encoder_that_is_not_here_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    name = "paraphrase-multilingual-mpnet-base-v2"
    assert name in MODELS
    with pytest.raises(TextError, match=f"{name}.*not on this machine.*path.*use-multilingual"):
        Sentence(model=name).extract_texts(["text"])


def test_a_hub_that_does_not_answer_is_asked_once(monkeypatch, tmp_path):
    import sentence_transformers

    tried, probes = [], []

    def load(model, local_files_only=False):
        tried.append(local_files_only)
        raise OSError("not here")

    monkeypatch.setattr(sentence_transformers, "SentenceTransformer", load)
    monkeypatch.setattr(hub, "hub_answers", lambda: bool(probes.append(1)))
    with pytest.raises(TextError, match="not on this machine"):
        load_encoder("somebody/model-offline")
    assert tried == [True] and probes == [1]
    monkeypatch.setattr(hub, "hub_answers", lambda: True)
    with pytest.raises(TextError, match="not on this machine"):
        load_encoder("somebody/model-online")
    assert tried == [True, True, False]


def test_the_probe_takes_any_answer_and_waits_no_longer_than_told(monkeypatch):
    import threading

    from huggingface_hub import constants, utils

    asked, never = [], threading.Event()

    class Session:
        def head(self, url, timeout):
            asked.append((url, timeout))
            if url == "hangs":
                never.wait()
            if url == "refuses":
                raise OSError("refused")

    monkeypatch.setattr(utils, "get_session", Session)
    assert not hub.hub_answers() and not asked  # the user said offline
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    for url, answers in (("answers", True), ("refuses", False), ("hangs", False)):
        monkeypatch.setattr(constants, "ENDPOINT", url)
        assert hub.hub_answers(0.2) is answers
    assert [url for url, _ in asked] == ["answers", "refuses", "hangs"]
    never.set()
