from tests.pages.explore_page import near_worker  # noqa: F401  an autouse fixture
