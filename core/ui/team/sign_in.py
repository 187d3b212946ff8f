"""Sign-in by Streamlit's OpenID Connect support, and read-only links, before any page runs."""

import streamlit as st
from streamlit.auth_util import get_secrets_auth_section, is_authlib_installed
from streamlit.errors import StreamlitAuthError
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.access.claims import viewer_of_claims, why_refused
from core.access.read_only_links import find_link
from core.access.rules import may_see
from core.access.viewer import NOBODY, Viewer
from core.ui.shared.frame import ASSETS, plain_markdown
from core.ui.shared.url_state import put

LINK = "link"
"""Name of a read-only link's token in the address."""
_OPENED = "team-opened-link"
MISSING = (
    "Sign-in is configured, and the package Authlib, which it needs, is not installed. Install it on the "
    "server: pip install Authlib httpx"
)
REFUSED_LINK = (
    "This read-only link shows nothing: it was withdrawn, it has expired, or it is incomplete. Ask whoever "
    "sent it for a new one."
)


def current_viewer() -> Viewer:
    """Return who opened the page that runs in this thread, nobody outside a page."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return NOBODY
    opened = st.session_state.get(_OPENED)
    return Viewer(link=opened[0]) if opened else viewer_of_claims(st.user.to_dict())


def admit(pages: dict[str, "st.Page"]) -> dict[str, "st.Page"]:
    """Return the pages that this visitor may open; who did not sign in is asked to, and nothing else runs.

    A session that began with a read-only link stays one, also of somebody who is signed in.
    """
    if token := st.query_params.get(LINK):
        st.session_state[_OPENED] = find_link(token) or ("", "")
        put(LINK, token)
    if opened := st.session_state.get(_OPENED):
        if not opened[0] or not may_see(opened[1]):
            _show_entrance(REFUSED_LINK)
            st.stop()
        _show_account("Read-only link", signs_out=False)
        return {"explore": pages["explore"]}
    claims = st.user.to_dict()
    who = viewer_of_claims(claims)
    if who == NOBODY:
        _show_entrance(why_refused(claims), signs_out=bool(claims.get("is_logged_in")))
        st.stop()
    _show_account(who.email, signs_out=True)
    return pages


def _show_entrance(reason: str, *, signs_out: bool = False) -> None:
    """Show what visitors see who may see nothing: why, and how to sign in or out."""
    st.html(ASSETS / "style.css")
    st.title("Songscape", anchor=False)
    if reason:
        st.error(plain_markdown(reason), icon=":material/info:")
    if not is_authlib_installed():
        st.error(plain_markdown(MISSING), icon=":material/info:")
    elif signs_out:
        _offer_sign_out()
    else:
        st.markdown("Sign in to see your collections and those that are shared with you.")
        _offer_sign_in()


def _offer_sign_in() -> None:
    """Show one button per identity provider of the configuration."""
    section = get_secrets_auth_section().to_dict()
    named = [name for name, part in section.items() if isinstance(part, dict) and "client_id" in part]
    for name in [*(["default"] if "client_id" in section else []), *named]:
        title = "Sign in" if name == "default" else f"Sign in with {plain_markdown(name)}"
        if st.button(title, type="primary", icon=":material/login:", key=f"team-sign-in-{name}"):
            try:
                st.login(None if name == "default" else name)
            except StreamlitAuthError as reason:
                st.error(plain_markdown(f"Sign-in is not configured completely: {reason}"))


def _show_account(title: str, *, signs_out: bool) -> None:
    """Show who is signed in, above the page."""
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="team-account"
    ):
        st.text(title, width="content")  # Markdown would make a link of an e-mail
        if signs_out:
            _offer_sign_out()


def _offer_sign_out() -> None:
    """Show the button that signs out."""
    if st.button("Sign out", icon=":material/logout:", type="tertiary", key="team-sign-out"):
        st.logout()
