"""The body of the Help page: a search over all sections, and one topic at a time with its contents."""

from collections.abc import Sequence

import streamlit as st

from core.ui.help.documents import (
    TOPICS,
    Section,
    find_sections,
    slug,
    split_chapters,
    split_sections,
    title_of,
)
from core.ui.shared.frame import plain_markdown
from core.ui.shared.url_state import choose_option, type_text

MAX_RESULTS = 12
BY_CHAPTER = "reference"
"""The topic that is too long to show at once."""


def show_help() -> None:
    """Show the results of a search, or the chosen topic."""
    query = type_text(
        "query",
        "Search",
        placeholder="Search headings and text, for example Silhouette",
        label_visibility="collapsed",
        icon=":material/search:",
    )
    if query:
        show_results(query)
    else:
        show_topic(_choose_pill("topic", "Topics", TOPICS, format_func=title_of))


def _choose_pill(name: str, label: str, options: Sequence[str], **given) -> str:
    """Draw a list of pills and return the chosen one, the first by default."""
    return choose_option(
        name,
        label,
        options,
        options[0],
        draw=st.pills,
        label_visibility="collapsed",
        required=True,
        **given,
    )


def show_topic(topic: str) -> None:
    """Show a topic beside links to its sections; on a narrow page the links come first."""
    sections, level = split_sections(topic), 2
    if topic == BY_CHAPTER:
        chapters = split_chapters(topic)
        sections, level = chapters[_choose_pill("chapter", "Chapters", list(chapters))], 3
    if not any(section.level == level for section in sections):
        level = 3
    contents, body = st.columns([1, 4], gap="medium")
    with contents.container(key="help-contents"):
        links = [f"- [{s.title}](#{slug(s.title)})" for s in sections if s.level == level]
        if links:
            st.markdown("\n".join(["**On this page**", "", *links]))
    with body.container(key="help-body"):
        st.markdown("\n\n".join(f"{'#' * s.level} {s.title}\n\n{s.text}" for s in sections))


def show_results(query: str) -> None:
    """Show the sections that a query finds, each in full."""
    found = find_sections(query, MAX_RESULTS)
    if not found:
        st.info(
            f"No section contains “{plain_markdown(query)}”. A shorter word may find more.",
            icon=":material/search_off:",
        )
        return
    n_found = f"The first {len(found)} sections" if len(found) == MAX_RESULTS else f"{len(found)} sections"
    st.caption("1 section" if len(found) == 1 else n_found)
    with st.container(key="help-results"):
        for section in found:
            show_section(section)


def show_section(section: Section) -> None:
    """Show one found section under its topic's title and its own."""
    topic = title_of(section.topic)
    path = f"{topic} › {section.title}" if section.level > 1 else topic
    with st.container(border=True):
        st.markdown(f"**{path}**  [Open the topic](?topic={section.topic})")
        st.markdown(section.text)
