"""The command that reproduces a choice, and the versions of the libraries that computed it."""

import shlex
from dataclasses import replace

import streamlit as st

from core.clustering import clusterer_spec
from core.collection import Collection
from core.fusion import fusion_spec
from core.pipeline.choice import Choice
from core.pipeline.space import Space
from core.pipeline.stages import library_versions
from core.store.cache import changed_since


def show_command(collection: Collection, choice: Choice, space: Space, n_clusters: int) -> None:
    """Show the command, and the versions that computed the ``n_clusters`` clusters on the map."""
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
    is_fused = choice.modality == "fused"
    takes_weight = is_fused and fusion_spec(choice.fusion).takes_weight
    k = "auto" if choice.n_clusters is None else str(choice.n_clusters)
    options = [
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
        ("--label-by", choice.label_by if choice.label_by != "main" else None),
    ]
    given = [part for flag, value in options if value for part in (flag, value)]
    return shlex.join(["python", "-m", "core", "score", name, *given])
