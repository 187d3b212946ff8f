"""The saved views of all collections as cards: picture, setting and scores; opened, renamed, deleted."""

from dataclasses import dataclass
from html import escape

import streamlit as st

from core import collection as collections
from core import store
from core.access.rules import may_change_made
from core.collection.saved import version_of
from core.drawing.thumbnail import as_data_uri, draw_thumbnail
from core.errors import SongscapeError
from core.export.saved_view import KIND, LONGEST, SavedView, delete_view, list_views, rename_view
from core.messages.analysis.choice_messages import name_choice
from core.pipeline.layouts import peek_layout
from core.pipeline.space import build_space
from core.pipeline.stages import find_clusters, score_fully
from core.scoring import METRICS
from core.ui.shared.frame import friendly, go_to, offer_deletion, plain_markdown
from core.ui.shared.theme import current_palette
from core.ui.shared.url_state import put, replace_state

HEADLINE = ("silhouette", "adjusted_rand", "normalized_mutual_info")
COLUMNS = 3
MOST = 30
"""Cards; older views are on the boards of their collections."""
_CARDS = "compare-cards"


@dataclass(frozen=True)
class Card:
    """What a card shows: a picture ("" if its map is not computed), the setting, scores by name."""

    picture: str = ""
    setting: str = ""
    scores: tuple[tuple[str, str], ...] = ()


def show_gallery() -> None:
    """Show the cards, the newest first."""
    views = list_views()
    if not views:
        return
    st.subheader("All saved views", anchor=False)
    columns = st.columns(COLUMNS)
    for position, view in enumerate(views[:MOST]):
        with columns[position % COLUMNS], st.container(border=True, key=f"compare-card-{view.key}"):
            _show_card(view)
    if len(views) > MOST:
        st.caption(f"{len(views) - MOST} older views are on the boards of their collections.")


def _show_card(view: SavedView) -> None:
    """Show one view and what can be done with it."""
    known = view.collection in collections.names()
    card = _card_of(view) if known else Card("", "Its collection is not in the library.")
    if card.picture:
        st.html(
            f'<img src="{card.picture}" alt="Map of {escape(view.name)}" style="width:100%;display:block">'
        )
    else:
        st.caption("Open it once to draw its map." if known else "No map.")
    st.markdown(f"**{plain_markdown(view.name)}**")
    st.caption(plain_markdown(f"{view.collection} · {card.setting}"))
    if card.scores:
        st.caption(plain_markdown(" · ".join(f"{name} {value}" for name, value in card.scores)))
    with st.container(horizontal=True):
        if known and st.button(
            "Open", key=f"compare-open-{view.key}", icon=":material/open_in_new:", type="tertiary"
        ):
            replace_state(view.query, page="explore")
            put("on", view.collection)
            go_to("explore")
        if known:
            st.button(
                "Compare",
                key=f"compare-with-{view.key}",
                icon=":material/compare:",
                type="tertiary",
                on_click=_compare,
                args=(view,),
            )
        if not may_change_made(KIND, view.key, [view.collection]):
            return
        _offer_renaming(view)
        offer_deletion(
            view.name,
            "Deletes this view. Its collection and its scores stay.",
            f"compare-delete-{view.key}",
            lambda: delete_view(view),
        )


def _offer_renaming(view: SavedView) -> None:
    """Show the popover that renames a view."""
    popover = st.popover("Rename", icon=":material/edit:", key=f"compare-rename-{view.key}", type="tertiary")
    with popover, st.form(f"compare-rename-form-{view.key}", border=False), friendly():
        name = st.text_input("New name", value=view.name, max_chars=LONGEST, key=f"compare-name-{view.key}")
        if st.form_submit_button("Rename") and name.strip() != view.name:
            rename_view(view, name)
            st.rerun()


def _compare(view: SavedView) -> None:
    """Show a view beside another one."""
    put("on", view.collection)
    put("second", view.name)
    put("show", "pair")


def _card_of(view: SavedView) -> Card:
    """Return the card of a view from what the store has; nothing is computed."""
    palette = current_palette()
    key = (view.key, view.created, *version_of(view.collection), palette.main)
    cards = st.session_state.setdefault(_CARDS, {})
    if key in cards:
        return cards[key]
    try:
        choice = view.read_choice()
    except SongscapeError as reason:
        return Card(setting=str(reason))
    setting = name_choice(choice)
    try:
        with store.cached_only():
            collection = collections.load(view.collection)
            space = build_space(collection, choice)
            labels, positions = find_clusters(space, choice), peek_layout(space, choice)
    except (store.NotCached, SongscapeError):
        return Card(setting=setting)
    picture = "" if positions is None else as_data_uri(draw_thumbnail(positions, labels, palette))
    try:
        with store.cached_only():
            found = score_fully(collection, space, choice)["scores"]  # as Explore and the board show them
    except store.NotCached:
        return Card(picture, setting)
    scores = tuple(
        (METRICS[name].title, f"{found[name]:.2f}") for name in HEADLINE if found.get(name) is not None
    )
    card = Card(picture, setting, scores)
    if picture:
        cards[key] = card
    return card
