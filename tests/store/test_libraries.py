from core.store import cache


def test_versions_are_those_that_are_installed_and_nothing_is_imported_for_them():
    import numpy

    found = cache.versions()
    assert found["numpy"] == numpy.__version__ and set(found) <= set(cache.LIBRARIES)


def test_what_changed_since_names_both_versions(monkeypatch):
    monkeypatch.setattr(cache, "versions", lambda: {"numpy": "2.0", "scipy": "1.1"})
    assert cache.changed_since({"numpy": "2.0", "scipy": "1.0", "librosa": "0.9"}) == {
        "scipy": ("1.0", "1.1"),
        "librosa": ("0.9", ""),
    }
    assert cache.changed_since({"numpy": "2.0"}) == {}
