"""Sentences about a search: what was searched, and why each track was found."""

from core.collection import METADATA
from core.search.found import Match, SearchReport, Skipped

FIELD_TITLES = {
    METADATA: "titles and artists",
    "lyrics": "lyrics",
    "caption": "captions",
    "tags": "tags",
    "predicted_tags": "predicted tags",
}
ENCODER_TITLES = {"use-multilingual": "Universal Sentence Encoder, multilingual", "minilm": "MiniLM, English"}
MAX_QUOTE = 70
"""Maximum number of characters of a quoted text."""


def describe_search(report: SearchReport) -> str:
    """Describe what was searched and by which model."""
    if report.kind == "similar":
        space = "the fused space" if report.fusion else report.sources[0]
        fusion = f" (fusion: {report.fusion})" if report.fusion else ""
        sentence = f"Nearest neighbours in {space}, by {report.model}{fusion}"
    elif report.kind == "text":
        sentence = f"Searched {_join_fields(report.sources)}, {_describe_method(report)}"
    else:
        model = f"CLAP ({report.model})" if report.kind == "clap" else f"the contrastive model {report.model}"
        what = "table features" if report.sources[0] == "table" else report.sources[0]
        sentence = f"Searched {what} with {model}"
    is_unsure = report.kind != "text" and not report.is_script_supported
    skipped = "; ".join(map(_describe_skipped, report.skipped))
    more = [
        "; tracks whose title or artist matches come first" if report.has_name_matches else "",
        "; the text encoder was not trained on the script of this phrase, so the order is unreliable"
        if is_unsure
        else "",
        f"; through an index that finds {report.recall:.1%} of the nearest tracks"
        if report.recall < 1
        else "",
        f". Left out: {skipped}" if skipped else "",
        ".",
        " All results have the same score." if report.is_tied else "",
    ]
    return sentence + "".join(more)


def describe_match(match: Match) -> str:
    """Describe why a track was found."""
    if match.kind == "name":
        verb = "match" if match.source == "title and artist" else "matches"
        return f"{match.source} {verb}" + (" exactly" if match.is_exact else "")
    if match.kind == "field":
        text = " ".join(match.quote.split())
        ellipsis = " …" if len(text) > MAX_QUOTE else ""
        return f"{FIELD_TITLES[match.source]}: {text[:MAX_QUOTE].rstrip()}{ellipsis}"
    if match.kind == "similar":
        return "near in the fused space" if match.source == "fused" else f"similar {match.source}"
    if match.kind == "none":
        return "no field matches"
    what = "table features" if match.source == "table" else match.source
    return f"{what}, by {'CLAP' if match.kind == 'clap' else 'the contrastive model'}"


def _join_fields(fields: tuple[str, ...]) -> str:
    """Return the titles of text fields as a list in a sentence."""
    *most, last = [FIELD_TITLES[name] for name in fields]
    return f"{', '.join(most)} and {last}" if most else last


def _describe_method(report: SearchReport) -> str:
    """Describe how a phrase was compared with texts."""
    encoder = ENCODER_TITLES.get(report.model, report.model)
    if report.is_script_supported:
        return f"by sentence embedding ({encoder})"
    return f"by matching words only: {encoder} was not trained on this script"


def _describe_skipped(skipped: Skipped) -> str:
    """Describe a field that was left out, and what has not been computed."""
    title = FIELD_TITLES[skipped.field]
    if not skipped.rep:
        return f"{title} (not yet embedded)"
    return f"{title} (features of {skipped.rep} not yet extracted for {skipped.n_missing:,} tracks)"
