"""What Explore sends to the browser doesn't grow with the collection; the map fetches its arrays itself."""

from streamlit.testing.v1 import AppTest

from tests.pages.explore_page import make_collection, open_page


def sent_bytes(at: AppTest) -> int:
    """Return the size of all elements of the page."""

    def size(node) -> int:
        inner = getattr(node, "children", None)
        if inner:
            return sum(size(child) for child in inner.values())
        return node.proto.ByteSize() if hasattr(getattr(node, "proto", None), "ByteSize") else 0

    return size(at._tree)


def test_ten_times_the_tracks_send_the_same(shared_derived):
    def sent(n: int, **address: str) -> int:
        many = {"artist": [f"artist {i}" for i in range(n)], "album": [f"album {i}" for i in range(n)]}
        make_collection(f"of-{n}", n, **many)
        return sent_bytes(open_page(on=f"of-{n}", look="audio", k="3", **address))

    for address in ({}, {"group": "c1"}, {"filter": "rain"}, {"colour": "column:artist"}):
        few, more = sent(300, **address), sent(3_000, **address)
        assert few > 5_000 and more < 1.1 * few, address
