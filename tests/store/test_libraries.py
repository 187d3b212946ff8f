from core.store import libraries


def test_versions_are_those_that_are_installed_and_nothing_is_imported_for_them():
    import numpy

    found = libraries.versions()
    assert found["numpy"] == numpy.__version__ and set(found) <= set(libraries.NAMED)


def test_what_changed_since_names_both_versions(monkeypatch):
    monkeypatch.setattr(libraries, "versions", lambda: {"numpy": "2.0", "scipy": "1.1"})
    assert libraries.changed_since({"numpy": "2.0", "scipy": "1.0", "librosa": "0.9"}) == {
        "scipy": ("1.0", "1.1"),
        "librosa": ("0.9", ""),
    }
    assert libraries.changed_since({"numpy": "2.0"}) == {}
