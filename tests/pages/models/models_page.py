"""The Models page as a visitor opens it, and what is written there."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

PAGE = str(Path(__file__).resolve().parents[3] / "pages" / "models.py")
QUICK = {"epochs": "3", "hidden": "8", "decoder_hidden": "8", "latent_dim": "2", "held_out": "0.2"}


def open_page(**address: str) -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60)
    at.query_params.update(address)
    return at.run()


def charts(at: AppTest) -> list[str]:
    """Return the keys of the charts."""
    return [chart.key for chart in at.get("plotly_chart")]


def words_of(at: AppTest) -> str:
    kinds = (at.subheader, at.caption, at.markdown, at.info, at.warning, at.error)
    return "\n".join(str(e.value) for kind in kinds for e in kind).replace("\\", "")
