"""The files of ``docs/`` as topics of the Help page: their sections, and a search over them."""

import re
from dataclasses import dataclass
from pathlib import Path

from core.errors import ConfigError
from core.text.accents import strip_accents

DOCS = Path(__file__).resolve().parents[3] / "docs"
TOPICS = (
    "collections",
    "representations",
    "models",
    "fusion",
    "clustering-and-scores",
    "comparing",
    "search-captions-transcription",
    "recipes",
    "export",
    "command-line",
    "scale",
    "deployment",
    "benchmarks",
    "glossary",
    "reference",
)
"""Names of the files without their ending, in the order of the page."""

_HEADING = re.compile(r"^(#{1,3}) +(.+?) *$")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)#\s]+)(#[^)\s]*)?\)")
_IMAGE = re.compile(r"^!\[.*\n", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """A heading with the text below it, up to the next heading of level 1 to 3.

    Attributes
    ----------
    topic : str
        Name of the file.
    level : int
        1 to 3.
    title : str
    text : str
        Markdown without the heading.
    """

    topic: str
    level: int
    title: str
    text: str


def read_topic(topic: str) -> str:
    """Return the Markdown of a topic with links that work on the page.

    Links between topics become ``?topic=…``; links to other files of the repository become plain text.

    Raises
    ------
    ConfigError
        For an unknown topic, or where the file is missing.
    """
    file = DOCS / f"{topic}.md"
    if topic not in TOPICS or not file.is_file():
        raise ConfigError(f"no help topic {topic!r}; topics: {', '.join(TOPICS)}")
    return _IMAGE.sub("", _LINK.sub(_page_link, file.read_text(encoding="utf-8")))


def _page_link(match: re.Match) -> str:
    text, target, anchor = match.groups()
    if "://" in target:
        return match.group()
    topic = Path(target).stem
    is_topic = "/" not in target and target.endswith(".md") and topic in TOPICS
    return f"[{text}](?topic={topic}{anchor or ''})" if is_topic else text


def split_sections(topic: str) -> list[Section]:
    """Return the sections of a topic in order; lines within code blocks are no headings."""
    sections: list[Section] = []
    lines: list[str] = []
    is_code = False
    for line in read_topic(topic).splitlines():
        is_code ^= line.startswith("```")
        heading = None if is_code else _HEADING.match(line)
        if heading:
            lines = []
            sections.append(Section(topic, len(heading[1]), heading[2], ""))
        else:
            lines.append(line)
        if sections:
            sections[-1] = Section(topic, sections[-1].level, sections[-1].title, "\n".join(lines).strip())
    return sections


def title_of(topic: str) -> str:
    """Return a topic's title, its heading of level 1."""
    return split_sections(topic)[0].title


def split_chapters(topic: str) -> dict[str, list[Section]]:
    """Return the sections of a topic by its headings of level 2; what precedes the first is left out."""
    chapters: dict[str, list[Section]] = {}
    for section in split_sections(topic):
        if section.level == 2:
            chapters[section.title] = []
        if chapters:
            list(chapters.values())[-1].append(section)
    return chapters


def find_sections(query: str, limit: int = 12) -> list[Section]:
    """Return the sections that contain every word of a query, matching headings first.

    Case and accents are ignored; a word may be cut short ("silh").
    """
    words = normalize(query).split()
    if not words:
        return []
    ranked = []
    for section in (section for topic in TOPICS for section in split_sections(topic)):
        title, text = normalize(section.title), normalize(section.text)
        in_title = [_starts_a_word(word, title) for word in words]
        if all(found or _starts_a_word(word, text) for found, word in zip(in_title, words, strict=True)):
            ranked.append((title != " ".join(words), -sum(in_title), len(ranked), section))
    return [section for *_, section in sorted(ranked)[:limit]]


def _starts_a_word(part: str, text: str) -> bool:
    """Return whether a word of a text starts with a part: "ari" isn't found in "variational"."""
    return re.search(rf"(?<!\w){re.escape(part)}", text) is not None


def normalize(text: str) -> str:
    """Return text in lower case without accents, dashes as hyphens."""
    return strip_accents(text.replace("–", "-").casefold())


def slug(title: str) -> str:
    """Return the anchor that GitHub and Streamlit give a heading of plain words."""
    return "-".join(re.findall(r"\w+", title.lower()))
