"""The command that reproduces a choice, and the versions of the libraries that computed it."""

import shlex
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core.clustering import clusterer_spec
from core.collection import Collection
from core.config import settable
from core.config.reading import format_value
from core.export.formats import FORMATS
from core.export.formats.format_spec import FormatSpec
from core.export.subset import Subset
from core.export.track_files import safe_name
from core.fusion import fusion_spec
from core.pipeline.choice import Choice
from core.pipeline.space import Space
from core.pipeline.stages import library_versions
from core.store.cache import changed_since


def show_command(
    collection: Collection, choice: Choice, space: Space, n_clusters: int, *, is_kept: bool = False
) -> None:
    """Show the command, and the versions that computed the ``n_clusters`` clusters on the map.

    With ``is_kept``, the clusters are those of a kept map: the command writes them.
    """
    if is_kept:
        with st.expander("Reproduce on the command line"):
            command = export_command(collection.name, choice, Subset(), FORMATS["csv"], {}, keep=True)
            st.code(command, language="bash", wrap_lines=True)
        return
    found = replace(choice, n_clusters=n_clusters) if choice.searches_k else choice
    with st.expander("Reproduce on the command line"):
        st.code(command_of(collection.name, choice), language="bash", wrap_lines=True)
        if versions := library_versions(space, found):
            st.caption(
                f"Libraries installed when these clusters were computed: {describe_versions(versions)}."
            )


def describe_versions(versions: dict[str, str]) -> str:
    """List packages with their versions, and the installed version where it differs."""
    now = changed_since(versions)
    return ", ".join(
        f"{name} {version}" + (f" (now {now[name][1] or 'not installed'})" if name in now else "")
        for name, version in versions.items()
    )


def command_of(name: str, choice: Choice) -> str:
    """Return the ``score`` command of a choice."""
    label_by = choice.label_by if choice.label_by != "main" else None
    return _join("score", name, [*_options_of(choice), ("--label-by", label_by)])


def export_command(
    name: str, choice: Choice, subset: Subset, spec: FormatSpec, settings: dict, *, keep: bool = False
) -> str:
    """Return the ``export`` command of a choice, or of its kept map, in a format with options."""
    defaults = {field.name: field.default for field in settable(spec.load())}
    options = [
        *_options_of(choice),
        ("--projection", choice.projection if choice.projection != "pacmap" else None),
        ("--only-cluster", str(subset.cluster) if subset.cluster is not None else None),
        ("--selection", subset.selection),
        *(
            ("--option", f"{field}={format_value(value)}")
            for field, value in settings.items()
            if value != defaults[field]
        ),
        ("--out", f"{safe_name(name)}{spec.suffixes[0]}"),
    ]
    return _join("export", name, options, ["--keep"] if keep else [])


def _join(verb: str, name: str, options: list[tuple[str, str | None]], switches: Sequence[str] = ()) -> str:
    """Return a command with the options that have a value, and with switches."""
    given = [part for flag, value in options if value for part in (flag, value)]
    return shlex.join(["python", "-m", "core", verb, name, *given, *switches])


def _options_of(choice: Choice) -> list[tuple[str, str | None]]:
    """Return the options of a choice with their values, None where the default holds."""
    is_fused = choice.modality == "fused"
    takes_weight = is_fused and fusion_spec(choice.fusion).takes_weight
    k = "auto" if choice.n_clusters is None else str(choice.n_clusters)
    return [
        ("--audio", choice.audio),
        ("--text", choice.text),
        ("--text-field", choice.text_field),
        ("--fusion", choice.fusion if is_fused else None),
        ("--text-weight", f"{choice.text_weight:g}" if takes_weight else None),
        ("--standardise", choice.standardise if choice.standardise != "auto" else None),
        ("--reduce", choice.reduce if choice.reduce != "none" else None),
        ("--cluster", choice.cluster),
        ("--n-clusters", k if clusterer_spec(choice.cluster).takes_k else None),
        ("--consensus", str(choice.consensus) if choice.has_consensus else None),
        *(("--set", f"{field}={'none' if value is None else value}") for field, value in choice.settings),
    ]
