"""Before the map: which features are missing, how long they take, and the job that extracts them."""

import streamlit as st

from core import store
from core.collection import Collection
from core.collection.saved import version_of
from core.cues.cue_terms import extractors_for_cues
from core.features.extraction.extract_rows import CHANGED
from core.fusion import fusion_spec
from core.jobs import job as jobs
from core.jobs.estimates import start_seconds
from core.messages.extraction_messages import describe_space
from core.messages.quantities import format_duration
from core.pipeline.choice import Choice
from core.pipeline.reading_estimate import estimate_reading
from core.pipeline.space import Space
from core.representation.represent import estimate, estimate_features
from core.ui.shared.frame import callback, friendly, next_step, plain_markdown

AT_ONCE_S = 5.0
"""Shorter work is done while the page waits."""
SHORT_S = 60.0
"""Measurements that take no longer start as soon as they are chosen."""
ASK_S = 300.0
"""Longer work is started by the user."""
_READY = "explore-ready"


def is_prepared(collection: Collection, choice: Choice) -> bool:
    """Return whether the choice's representations are ready or nearly so; else show the progress."""
    args = _job_of(collection, choice)
    key = (version_of(collection.name), tuple(args.values()))
    if st.session_state.get(_READY) == key:
        return True
    work = [
        estimate(collection, rep, modality=m, text_field=choice.text_field)
        for m, rep in {"audio": choice.audio, "text": choice.text}.items()
        if rep
    ]
    cues = estimate_features(collection, extractors_for_cues(collection)) if "fusion" in args else (0, 0.0)
    work.append(cues)
    missing, seconds = max(n for n, _ in work), sum(s for _, s in work)
    status = _last_job(args)
    if seconds <= AT_ONCE_S or (status and status.state == "done" and missing <= _count_failed(status)):
        st.session_state[_READY] = key
        return True
    # Choosing a fusion in a list must not start a long reading unasked.
    n_bytes = estimate_reading(collection, choice).n_bytes
    _show_work(collection.name, args, missing, seconds, n_bytes, asks=seconds > ASK_S or cues[0] > 0)
    return False


def is_extracted(collection: Collection, extractor: str, what: str, key: str = "explore-measure") -> bool:
    """Return whether an audio extractor has read the tracks; else say what that costs, or show its progress.

    Parameters
    ----------
    extractor : str
    what : str
        Title of what it measures.
    key : str
        Of the button that starts it, which differs from place to place of a page.
    """
    args = {"collection": collection.name, "features": extractor}
    missing, seconds = estimate_features(collection, [extractor])
    status = _last_job(args)
    if not missing or (status and status.state == "done" and missing <= _count_failed(status)):
        return True
    if status is None and seconds <= SHORT_S:
        _start(args)
        status = _last_job(args)
    if status is not None and status.is_alive:
        _watch(args, f"{key}-stop")
        return False
    if status is not None and status.error:
        st.error(plain_markdown(status.error), icon=":material/info:")
    duration = format_duration(seconds + start_seconds())
    st.button(
        f"Measure {missing:,} tracks (about {duration})",
        key=key,
        icon=":material/equalizer:",
        on_click=callback(lambda: jobs.resume(status.id) if status else _start(args)),
        help=f"{plain_markdown(what)}: reads the audio of these tracks once, in the background.",
    )
    return False


def offer_recompute(collection: Collection, choice: Choice, space: Space) -> None:
    """Show how many tracks have features of an earlier version, and offer to recompute them."""
    if not space.n_outdated:
        return
    args = {**_job_of(collection, choice), "recompute": True}
    status = _last_job(args)
    if status is not None and status.is_alive:
        _watch(args)
        return
    counts = " and ".join(
        f"{n:,} tracks have {modality} features" for modality, n in space.n_outdated.items()
    )
    st.caption(f"{counts} of an earlier version of Songscape. They stay usable.")
    st.button(
        "Recompute",
        key="explore-recompute",
        on_click=callback(
            lambda: jobs.resume(status.id) if status and status.state != "done" else _start(args)
        ),
        help="Extracts these features with the installed version in the background, then updates the map.",
    )


def forget_prepared() -> None:
    """Check again on the next run."""
    st.session_state.pop(_READY, None)


def _job_of(collection: Collection, choice: Choice) -> dict:
    """Return the arguments of the job that prepares this choice; ``fusion`` is one if it uses cues."""
    args = {
        "collection": collection.name,
        "audio": choice.audio,
        "text": choice.text,
        "text_field": choice.text_field,
    }
    wants_cues = choice.modality == "fused" and fusion_spec(choice.fusion).wants_cues
    return {**args, "fusion": choice.fusion} if wants_cues else args


def _last_job(args: dict) -> jobs.Status | None:
    """Return the newest job with these arguments."""
    return next((status for status in jobs.list_jobs("prepare") if status.args == args), None)


def _count_failed(status: jobs.Status) -> int:
    """Return how many tracks a job could not read; they stay missing."""
    return sum(len(made["failed"]) for made in (status.result or {}).values())


def _start(args: dict) -> None:
    """Start the job."""
    jobs.start("prepare", f"Prepare {args['collection']} for the map", **args)


def _show_work(name: str, args: dict, missing: int, seconds: float, n_bytes: int, *, asks: bool) -> None:
    """Describe the work, start it unless ``asks``, and show its progress."""
    duration = format_duration(seconds + start_seconds())
    st.subheader("This map needs to be prepared once", anchor=False)
    st.markdown(
        plain_markdown(
            f"{missing:,} tracks of {name} have not been read for this choice: about {duration}, "
            f"{describe_space(n_bytes, store.free_bytes())}. "
        )
        + "The work runs in the background; you can leave or close this page."
    )
    status = _last_job(args)
    if status is None and not asks:
        _start(args)
        status = _last_job(args)
    if status is not None and status.is_alive:
        _watch(args)
        return
    if status is not None and status.error:
        st.error(plain_markdown(status.error), icon=":material/info:")
        if CHANGED in status.error:
            next_step("“Refresh” on Library reads the changed files.", "Open the Library", to="library")
    elif status is not None:
        st.info(
            "This was stopped before it was done. The tracks read so far are stored.", icon=":material/info:"
        )
    st.button(
        f"Read {missing:,} tracks (about {duration})" if status is None else "Resume",
        type="primary",
        key="explore-prepare",
        on_click=callback(lambda: jobs.resume(status.id) if status else _start(args)),
    )


@st.fragment(run_every=0.7)
def _watch(args: dict, key: str = "explore-stop") -> None:
    """Show the job's progress; show the map once it has ended."""
    with friendly():
        status = _last_job(args)
        if status is None or not status.is_alive:
            st.rerun()
        draw_progress(status)
        st.button("Stop", key=key, on_click=callback(lambda: jobs.cancel(status.id)))


def draw_progress(status: jobs.Status) -> None:
    """Draw the progress bar of a job."""
    share = min(1.0, status.done / status.total) if status.total else 0.0
    st.progress(share, text=plain_markdown(progress_line(status)))


def progress_line(status: jobs.Status) -> str:
    """Describe the progress of a job: its place in the queue, else step, count, rate, time left."""
    if status.waits:
        before = jobs.jobs_before(status.id)
        return "waits for a running job" + (f" and {before:,} before it in the queue" if before else "")
    if not status.total:
        return status.note or "starting …"
    has_count = " of " in status.note  # "epoch 3 of 25, batch 2 of 9" has a count of its own
    seconds_each = format_duration(1 / status.rate) if status.rate else ""
    speed = f"{status.rate:.1f} per second" if (status.rate or 0) >= 1 else f"{seconds_each} each"
    parts = [
        status.note if has_count else f"{status.note or 'working'}, {status.done:,} of {status.total:,}",
        speed if status.rate else "",
        f"{format_duration(status.seconds_left)} left" if status.seconds_left else "",
    ]
    return " · ".join(filter(None, parts))
