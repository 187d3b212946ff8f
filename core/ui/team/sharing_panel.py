"""Who has access to a collection, on the Library page: sharing, read-only links, owner."""

from datetime import datetime
from urllib.parse import quote

import streamlit as st

from core.access.read_only_links import DAYS, create_link, links_of, withdraw_link
from core.access.rules import may_change
from core.access.sharing import access_of, change_owner, share
from core.ui.shared.frame import friendly
from core.ui.shared.server_access import base_path

_NEW = "team-new-link"


def show_access(name: str) -> None:
    """Show who owns a collection and who sees it; those who may change it share it here."""
    if not may_change(name):
        st.text(describe_access(name) + " You can't change it.")  # Markdown would make links of e-mails
        return
    with (
        st.popover(
            "Access",
            icon=":material/group:" if access_of(name).is_shared else ":material/lock:",
            key="library-access",
        ),
        friendly(),
    ):
        st.text(describe_access(name))
        _show_sharing(name)
        st.divider()
        _show_links(name)
        st.divider()
        _show_owner(name)


def describe_access(name: str) -> str:
    """Describe who owns a collection and who sees it, in two sentences."""
    record = access_of(name)
    seen = (
        "All who sign in see it."
        if record.is_shared
        else f"{', '.join(record.readers)} see{'s' if len(record.readers) == 1 else ''} it, too."
        if record.readers
        else "Nobody else sees it."
    )
    return (f"Owned by {record.owner}. " if record.owner else "Without an owner. ") + seen


def _show_sharing(name: str) -> None:
    """Show the form that shares a collection."""
    record = access_of(name)
    with st.form(f"team-share-{name}", border=False):
        with_all = st.toggle(
            "Shared with all who sign in",
            value=record.is_shared,
            key=f"team-share-all-{name}-{record.is_shared}",
            help="They see its tracks and maps, hear it, train models on it and save views of it; they can't "
            "change it.",
        )
        readers = st.text_area(
            "Or with these e-mail addresses",
            value="\n".join(record.readers),
            key=f"team-share-readers-{name}",
            height=80,
            help="One per line.",
        )
        if st.form_submit_button("Save", icon=":material/check:"):
            share(name, with_all=with_all, readers=readers.replace(",", "\n").splitlines())
            st.rerun()


def _show_links(name: str) -> None:
    """Show the read-only links of a collection, and the button that creates one."""
    st.markdown("**Read-only links** show this collection on Explore, without sign-in.")
    days = st.selectbox("Works for", DAYS, index=1, format_func=_describe_days, key=f"team-link-days-{name}")
    if st.button("Create link", icon=":material/add_link:", key=f"team-link-create-{name}"):
        st.session_state[_NEW] = (name, create_link(name, days))
    of, token = st.session_state.get(_NEW, ("", ""))
    if of == name:
        st.caption("Copy it now; it is not shown again.")
        st.code(address_of(token), language=None, wrap_lines=True)
    for link in links_of(name):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_describe_link(link), width="stretch")
            if st.button("Withdraw", type="tertiary", key=f"team-link-withdraw-{link['hash'][:16]}"):
                withdraw_link(name, link["hash"])
                st.session_state.pop(_NEW, None)
                st.rerun()


def _show_owner(name: str) -> None:
    """Show the form that gives a collection to somebody else."""
    with st.form(f"team-owner-{name}", border=False, clear_on_submit=True):
        owner = st.text_input(
            "E-mail address of a new owner",
            help="Only the owner changes and shares a collection. You will still see it.",
        )
        if st.form_submit_button("Change owner", icon=":material/person_edit:"):
            change_owner(name, owner)
            st.rerun()


def address_of(token: str) -> str:
    """Return the address of a read-only link at this server, as the browser names it."""
    parts = (st.context.url or "").split("/", 3)
    return f"{'/'.join(parts[:3])}/{base_path()}{'/' if base_path() else ''}?link={quote(token, safe='')}"


def _describe_days(days: int | None) -> str:
    """Describe how long a link works."""
    return f"{days} days" if days else "until it is withdrawn"


def _describe_link(link: dict) -> str:
    """Describe a link by its dates."""
    until = "until it is withdrawn" if link["expires"] is None else f"until {_date(link['expires'])}"
    return f"Created {_date(link['created'])}, works {until}"


def _date(seconds: float) -> str:
    """Return a time as a date."""
    return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d")
