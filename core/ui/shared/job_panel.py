"""Jobs on a page: what runs, how far it is, how to stop it, and what came of it.

Everything shown lies in the store, so the panel can be left, closed and opened again at any time.
"""

from collections.abc import Callable

import streamlit as st

from core.jobs import job as jobs
from core.jobs.job import Status
from core.ui.shared.frame import friendly, plain_markdown
from core.ui.shared.prepare import progress_line

POLL_S = 0.7
SHOWN = 3
"""Jobs that have ended and are shown; older ones stand behind a fold."""


def show_jobs(
    kind: str,
    *,
    says: Callable[[dict], str],
    detail: Callable[[Status], None] | None = None,
    then: Callable[[dict], None] | None = None,
) -> None:
    """Draw every job of a kind that runs or that ended and was not yet put away.

    Parameters
    ----------
    kind : str
        See :data:`core.jobs.work.WORK`.
    says : callable
        Turns the result of a finished job into one sentence.
    detail : callable, optional
        Draws more below a job that runs, and below one that stopped before it was done (loss curves).
    then : callable, optional
        Draws the next step after a finished job, given its result.
    """
    found = jobs.list_jobs(kind)
    if any(job.is_alive for job in found):
        _watch(kind, says, detail, then)
    else:
        _draw(found, says, detail, then)


@st.fragment(run_every=POLL_S)
def _watch(kind: str, says: Callable, detail: Callable | None, then: Callable | None) -> None:
    """Poll until one of the jobs that run has ended; then the whole page shows what came of it."""
    with friendly():
        found = jobs.list_jobs(kind)
        alive = {job.id for job in found if job.is_alive}
        before = st.session_state.get(f"jobs-{kind}", set())
        st.session_state[f"jobs-{kind}"] = alive
        if not alive or before - alive:
            st.rerun()
        _draw(found, says, detail, then)


def _draw(found: list[Status], says: Callable, detail: Callable | None, then: Callable | None) -> None:
    """Draw running jobs first, then the newest of those that have ended."""
    for job in found:
        if job.is_alive:
            with st.container(border=True, key=f"job-{job.id}"):
                _running(job, detail)
    ended = [job for job in found if not job.is_alive]
    for job in ended[:SHOWN]:
        with st.container(border=True, key=f"job-{job.id}"):
            _ended(job, says, detail, then)
    if len(ended) > SHOWN:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"{len(ended) - SHOWN} earlier ones", width="content")
            if st.button("Put all away", key=f"forget-all-{ended[0].kind}", type="tertiary", help=PUT_AWAY):
                for job in ended:
                    jobs.forget(job.id)
                st.rerun()


def _running(job: Status, detail: Callable | None) -> None:
    """Show how far a job is and let it be stopped."""
    head, stop = st.columns([6, 1], vertical_alignment="center")
    head.markdown(f"**{plain_markdown(job.title)}**")
    if stop.button("Stop", key=f"stop-{job.id}", width="stretch", icon=":material/stop:"):
        jobs.cancel(job.id)
        st.toast("Stopping; what is done so far is kept.")
    share = min(1.0, job.done / job.total) if job.total else 0.0
    st.progress(share, text=plain_markdown(progress_line(job)))
    if detail:
        detail(job)


PUT_AWAY = "Hides this message; nothing that was made is deleted."
ENDINGS = {
    "cancelled": (":material/stop_circle:", "was stopped before it was done. What was done so far is kept."),
    "dead": (
        ":orange[:material/warning:]",
        "ended without a word: the computer slept or restarted, or memory ran out. What was done is kept.",
    ),
    "failed": (":red[:material/error:]", ""),
}


def _ended(job: Status, says: Callable, detail: Callable | None, then: Callable | None) -> None:
    """Show what came of a job; go on with one that did not finish; put it away."""
    left, right = st.columns([3, 2], vertical_alignment="center")
    if job.state == "done":
        icon, words = ":green[:material/check_circle:]", says(job.result or {})
    else:
        icon, words = ENDINGS[job.state]
        words = words or f"did not work: {job.error}"
    left.markdown(f"{icon} **{plain_markdown(job.title)}** {plain_markdown(words)}")
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        if job.state == "done" and then:
            then(job.result or {})
        if job.state != "done" and st.button(
            "Try again" if job.state == "failed" else "Go on",
            key=f"resume-{job.id}",
            icon=":material/replay:",
            help="Takes up what was done so far.",
        ):
            jobs.resume(job.id)
            st.rerun()
        if st.button("Put away", key=f"forget-{job.id}", help=PUT_AWAY, type="tertiary"):
            jobs.forget(job.id)
            st.rerun()
    if job.state != "done" and detail:
        detail(job)
