"""The body of the Help page: a search over all sections, and one topic at a time with its contents."""

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
from core.ui.shared.url_state import record, start_widget

MAX_RESULTS = 12
BY_CHAPTER = "reference"
"""The topic that is too long to show at once."""


def show_help() -> None:
    """Show the results of a search, or the chosen topic."""
    start_widget("query", None, "")
    query = record(
        "query",
        st.text_input(
            "Search",
            key="query",
            placeholder="Search headings and text, for example Silhouette",
            label_visibility="collapsed",
            icon=":material/search:",
        ),
    )
    if query.strip():
        show_results(query)
    else:
        show_topic(choose_topic())


def choose_topic() -> str:
    """Draw the list of topics and return the chosen one."""
    start_widget("topic", TOPICS, TOPICS[0])
    chosen = st.pills(
        "Topics", TOPICS, key="topic", format_func=title_of, label_visibility="collapsed", required=True
    )
    return record("topic", chosen)


def show_topic(topic: str) -> None:
    """Show a topic beside links to its sections; on a narrow page the links come first."""
    sections, level = split_sections(topic), 2
    if topic == BY_CHAPTER:
        sections, level = choose_chapter(topic), 3
    if not any(section.level == level for section in sections):
        level = 3
    contents, body = st.columns([1, 4], gap="medium")
    with contents.container(key="help-contents"):
        links = [f"- [{s.title}](#{slug(s.title)})" for s in sections if s.level == level]
        if links:
            st.markdown("\n".join(["**On this page**", "", *links]))
    with body.container(key="help-body"):
        st.markdown("\n\n".join(f"{'#' * s.level} {s.title}\n\n{s.text}" for s in sections))


def choose_chapter(topic: str) -> list[Section]:
    """Draw the list of a topic's chapters and return the sections of the chosen one."""
    chapters = split_chapters(topic)
    start_widget("chapter", list(chapters), next(iter(chapters)))
    chosen = st.pills("Chapters", list(chapters), key="chapter", label_visibility="collapsed", required=True)
    return chapters[record("chapter", chosen)]


def show_results(query: str) -> None:
    """Show the sections that a query finds, each in full."""
    found = find_sections(query, MAX_RESULTS)
    if not found:
        st.info(
            f"No section contains “{plain_markdown(query.strip())}”. A shorter word may find more.",
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
