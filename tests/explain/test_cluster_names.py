"""Names of clusters follow their tracks, and are the user's."""

import numpy as np
import pytest

from core import store
from core.errors import ConfigError
from core.explain.cluster_names import KIND, name_clusters, save_cluster_name

IDS = [f"{i:032x}" for i in range(12)]
LABELS = np.array([0] * 6 + [1] * 4 + [-1] * 2)


def test_a_name_follows_the_tracks_when_numbers_and_settings_change():
    save_cluster_name(IDS, LABELS, {0: "  Slow   choirs ", 1: "Rags"})
    assert name_clusters(IDS, LABELS) == {0: "Slow choirs", 1: "Rags"}
    assert name_clusters(IDS, np.where(LABELS < 0, -1, 1 - LABELS)) == {1: "Slow choirs", 0: "Rags"}
    moved = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, -1, -1])  # 4 of 6: 0.67; 4 of 6: 0.67
    assert name_clusters(IDS, moved) == {0: "Slow choirs", 1: "Rags"}
    assert name_clusters(IDS, np.zeros(12, int)) == {0: "Slow choirs"}  # 6 of 12
    assert name_clusters(IDS, np.array([0, 0, 1, 1, 2, 2] + [-1] * 6)) == {}  # 2 of 6 each
    assert name_clusters([f"{i:032x}" for i in range(50, 62)], LABELS) == {}


def test_a_new_name_takes_the_place_of_the_old_one_and_an_empty_one_deletes_it():
    save_cluster_name(IDS, LABELS, {0: "First"})
    moved = np.array([0] * 5 + [1] * 7)
    save_cluster_name(IDS, moved, {0: "Second"})
    assert name_clusters(IDS, moved)[0] == name_clusters(IDS, LABELS)[0] == "Second"
    assert len(list(store.path_of(KIND).glob("*.json"))) == 1
    save_cluster_name(IDS, LABELS, {0: ""})
    assert name_clusters(IDS, LABELS) == {} and not list(store.path_of(KIND).glob("*.json"))


def test_tracks_that_are_not_here_do_not_count():
    save_cluster_name(IDS, LABELS, {0: "First"})
    assert name_clusters(IDS[:2] + IDS[6:], np.array([0, 0] + [1] * 6)) == {0: "First"}


def test_names_are_owned_and_freeing_space_leaves_them():
    save_cluster_name(IDS, LABELS, {1: "Rags"})
    store.clear_derived()
    assert KIND in store.OWNED and name_clusters(IDS, LABELS) == {1: "Rags"}


def test_what_cannot_be_named_is_refused_and_damage_is_skipped():
    for names in ({0: "x" * 61}, {-1: "Noise"}, {7: "None"}):
        with pytest.raises(ConfigError, match="cluster"):
            save_cluster_name(IDS, LABELS, names)
    store.save_owned(KIND, "broken", {"name": 3})
    (store.path_of(KIND) / "worse.json").write_text("{", encoding="utf-8")
    assert name_clusters(IDS, LABELS) == {}
