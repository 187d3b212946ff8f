"""The form that runs a recipe: recipe, collection, settings, and how long it is likely to take."""

import streamlit as st

from core import collection as collections
from core.collection import Collection
from core.config import settable
from core.config.reading import format_value
from core.errors import ConfigError
from core.jobs import job as jobs
from core.messages.quantities import format_duration
from core.recipes import RECIPES
from core.recipes.recipe import RecipeSpec, lacks
from core.recipes.run import configure, estimate_run
from core.ui.shared.fields.setting_form import draw_setting
from core.ui.shared.first_page import first_of
from core.ui.shared.frame import friendly, plain_markdown, show_error
from core.ui.shared.url_state import choose_option

OWN_DATA = "its own simulated data"


def show_recipe_form(names: list[str]) -> None:
    """Show the form; it ends in a job."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        name = choose_option(
            "recipe", "Experiment", list(RECIPES), "medium", format_func=lambda key: RECIPES[key].title
        )
        spec = RECIPES[name]
        st.markdown(plain_markdown(spec.help))
        published = f" Published on {spec.data}." if spec.data else ""
        st.caption(plain_markdown(f"{spec.source}.{published}"))
    with right, friendly():
        options = [*([OWN_DATA] if spec.own_data else []), *names]
        if not options:
            st.info("This experiment needs a collection: add one in the Library.", icon=":material/info:")
            return
        default = OWN_DATA if spec.own_data else first_of(names)
        on = choose_option(f"{name}.on", "Collection", options, default, omit_default=True)
        collection = None if on == OWN_DATA else collections.load(on)
        missing = lacks(spec, collection) if collection is not None else []
        if missing:
            st.info(
                plain_markdown(f"This needs {' and '.join(missing)}, and {on} has none."),
                icon=":material/info:",
            )
            return
        _choose_and_start(spec, collection)


def _choose_and_start(spec: RecipeSpec, collection: Collection | None) -> None:
    """Choose speed and settings, and start the job."""
    pace = choose_option(
        "pace",
        "Run",
        ("full", "quick"),
        "full",
        draw=st.segmented_control,
        format_func={"full": "As published", "quick": "Quick try"}.get,
        help="A **quick try** takes few epochs and seeds: it shows what the experiment gives, and no number "
        "is comparable with a published one.",
    )
    quick = pace == "quick"
    with st.expander("Settings", key=f"papers-settings-{spec.name}"):
        settings = _choose_settings(spec, quick=quick)
    try:
        configure(spec, settings, quick=quick)
    except ConfigError as reason:
        show_error(reason)
        return
    title = f"{spec.title} on {collection.name if collection is not None else OWN_DATA}"
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Run", type="primary", icon=":material/play_arrow:", key="papers-run"):
            jobs.start(
                "recipe",
                title,
                recipe=spec.name,
                collection=collection.name if collection is not None else None,
                settings=settings,
                quick=quick,
            )
            st.rerun()
        seconds = estimate_run(spec, collection, quick=quick)
        st.caption(f"About {format_duration(seconds)}. You can leave the page.", width="content")


def _choose_settings(spec: RecipeSpec, *, quick: bool) -> dict[str, str]:
    """Show every setting; return those that differ from the published or the quick values, as texts."""
    kind = spec.load()
    changed, columns = {}, st.columns(3)
    for position, field in enumerate(settable(kind)):
        default = kind.quick.get(field.name, field.default) if quick else field.default
        with columns[position % 3]:
            value = draw_setting(field, default, f"{spec.name}.{'quick.' if quick else ''}{field.name}")
        if value != default:
            changed[field.name] = format_value(value)
    return changed
