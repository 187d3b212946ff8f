"""Topics of the Help page: every file of docs/, its sections, and a search over them."""

import re

import pytest

from core.errors import ConfigError
from core.ui.help.documents import DOCS, TOPICS, find_sections, read_topic, slug, split_sections, title_of


def test_every_file_is_a_topic():
    assert {file.stem for file in DOCS.glob("*.md")} == set(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_has_one_title_and_whole_formulas(topic):
    text = read_topic(topic)
    assert [section.level for section in split_sections(topic)].count(1) == 1 and title_of(topic)
    assert text.count("$$") % 2 == 0
    assert "](../" not in text and ".md)" not in text  # links lead nowhere on the page


@pytest.mark.parametrize("topic", TOPICS)
def test_anchors_of_chapters_differ(topic):
    slugs = [slug(section.title) for section in split_sections(topic) if section.level == 2]
    assert len(slugs) == len(set(slugs)) and all(re.fullmatch(r"[\w-]+", s) for s in slugs)


def test_an_unknown_topic_lists_the_topics():
    with pytest.raises(ConfigError, match="collections"):
        read_topic("../README")


def test_headings_with_the_word_come_first():
    found = find_sections("Davies-Bouldin")
    assert [s.topic for s in find_sections("similarity network")][0] == "fusion"
    assert found and all("davies" in (s.title + s.text).casefold() for s in found)
    assert [s.title for s in find_sections("graph")][:2] == ["Graph", "graph"]
    assert [s.topic for s in find_sections("ARI")][:2] == ["clustering-and-scores", "glossary"]
    assert not any(s.title == "Variational autoencoders" for s in find_sections("ari"))
    assert find_sections("silh")
    assert find_sections("calinski") == find_sections("CALIŃSKI")
    assert find_sections("  ") == [] and find_sections("zyzzyva") == []


def test_code_is_no_heading():
    assert not any(s.title.startswith("make") for s in split_sections("command-line"))
