"""What the server makes ready before the first page asks for it."""

import threading

from core import collection as collections
from core import store
from core.pipeline.first_choice import default_choice
from core.pipeline.space import build_space
from core.ui.shared import first_page


def test_the_demo_is_added_once_and_its_first_map_is_read():
    threads = [threading.Thread(target=first_page.preload) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert collections.names() == ["demo"]
    demo = collections.load("demo")
    with store.cached_only():
        build_space(demo, default_choice(demo))


def test_a_library_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "a.csv").write_text("x,y\n1,2\n3,4\n")
    collections.add(tmp_path / "a.csv", "mine")
    first_page.preload()
    assert collections.names() == ["mine"]
