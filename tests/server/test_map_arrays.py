"""A server's first map: the page waits until a browser has drawn it, once."""

import threading
import time

from core.server.map_arrays import MapArrays


def seconds_of_wait(arrays: MapArrays, most: float) -> float:
    began = time.monotonic()
    arrays.wait_for_first_map(most)
    return time.monotonic() - began


def test_nothing_waits_unless_a_first_map_is_expected():
    assert seconds_of_wait(MapArrays(), 30) < 5


def test_a_page_waits_until_titles_are_asked_for():
    arrays = MapArrays()
    arrays.expect_first_map()
    asked = threading.Timer(0.2, arrays.titles, ["key"])
    asked.start()
    waited = seconds_of_wait(arrays, 30)
    asked.join()
    assert 0.1 < waited < 15
    assert seconds_of_wait(arrays, 30) < 5


def test_a_page_waits_only_so_long_and_only_once():
    arrays = MapArrays()
    arrays.expect_first_map()
    assert seconds_of_wait(arrays, 0.2) >= 0.19
    assert seconds_of_wait(arrays, 30) < 5
