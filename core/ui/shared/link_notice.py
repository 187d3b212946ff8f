"""A notice of what a link asked for and this page could not honour."""

from collections.abc import Callable

import streamlit as st

from core.ui.shared.frame import plain_markdown
from core.ui.shared.url_state import dismiss_refused, refused_values

_REASONS = "link-notice-reasons"


def refuse_link(name: str, reason: str) -> None:
    """Add the reason, one plain sentence, why the value of ``name`` in the address is not honoured."""
    st.session_state.setdefault(_REASONS, {})[name] = reason


def describe_refused(name: str, value: str) -> str:
    """Describe a value of the address that no widget could take."""
    return f"{name}={value[:80]!r} is not available here; the default is used."


def show_link_notice(describe: Callable[[str, str], str] = describe_refused) -> None:
    """Show every reason until the notice is dismissed; call it after the page's widgets.

    Parameters
    ----------
    describe : callable
        Returns a sentence for a name and its refused value.
    """
    reasons = dict(st.session_state.get(_REASONS, {}))
    for name, value in refused_values().items():
        reasons.setdefault(name, describe(name, value))
    if not reasons:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="link-notice"):
        st.warning(
            "This link could not be honoured in full. " + plain_markdown(" ".join(reasons.values())),
            icon=":material/link_off:",
            width="stretch",
        )
        st.button("Dismiss", key="link-notice-dismiss", type="tertiary", on_click=_dismiss)


def _dismiss() -> None:
    """Forget the reasons."""
    st.session_state.pop(_REASONS, None)
    dismiss_refused()
