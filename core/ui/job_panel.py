"""Jobs on a page: what runs, how far it is, how to stop it, and what came of it.

Everything shown lies in the store, so the panel can be left, closed and opened again at any time.
"""

from collections.abc import Callable

import streamlit as st

from core import jobs
from core.jobs import Status
from core.ui.frame import friendly, plain_markdown
from core.ui.prepare import progress_line

POLL_S = 0.7


def show_jobs(kind: str, *, says: Callable[[dict], str], detail: Callable[[Status], None] | None = None) -> None:
    """Draw every job of a kind that runs or that ended and was not yet put away.

    Parameters
    ----------
    kind : str
        See :data:`core.jobs.KINDS`.
    says : callable
        Turns the result of a finished job into one sentence.
    detail : callable, optional
        Draws more below a job that runs (loss curves).
    """
    found = jobs.list_jobs(kind)
    if any(job.is_alive for job in found):
        _watch(kind, says, detail)
    else:
        _draw(found, says, detail)


@st.fragment(run_every=POLL_S)
def _watch(kind: str, says: Callable, detail: Callable | None) -> None:
    """Poll until nothing runs any more; then the whole page shows what came of it."""
    with friendly():
        found = jobs.list_jobs(kind)
        if not any(job.is_alive for job in found):
            st.rerun()
        _draw(found, says, detail)


def _draw(found: list[Status], says: Callable, detail: Callable | None) -> None:
    """Draw running jobs first."""
    for job in sorted(found, key=lambda job: not job.is_alive):
        with st.container(border=True, key=f"job-{job.id}"):
            _running(job, detail) if job.is_alive else _ended(job, says)


def _running(job: Status, detail: Callable | None) -> None:
    """Show how far a job is and let it be stopped."""
    head, stop = st.columns([5, 1], vertical_alignment="center")
    head.markdown(f"**{plain_markdown(job.title)}**")
    if stop.button("Stop", key=f"stop-{job.id}", width="stretch"):
        jobs.cancel(job.id)
        st.toast("Stopping; what is done so far is kept.")
    share = min(1.0, job.done / job.total) if job.total else 0.0
    st.progress(share, text=plain_markdown(progress_line(job)))
    if detail:
        detail(job)


ENDINGS = {
    "cancelled": ("Stopped before it was done; what was done so far is kept.", st.info),
    "dead": ("It ended without a word: the computer slept or restarted, or memory ran out. What was done is kept.", st.warning),
    "failed": ("", st.error),
}


def _ended(job: Status, says: Callable) -> None:
    """Show what came of a job; go on with one that did not finish; put it away."""
    left, go_on, away = st.columns([5, 1, 1], vertical_alignment="center")
    with left:
        if job.state == "done":
            st.markdown(f":green[:material/check_circle:] **{plain_markdown(job.title)}** {plain_markdown(says(job.result or {}))}")
        else:
            words, show = ENDINGS[job.state]
            show(f"**{plain_markdown(job.title)}** {plain_markdown(job.error if job.state == 'failed' else words)}")
    if job.state != "done" and go_on.button("Go on", key=f"resume-{job.id}", width="stretch", help="Takes up what was done so far."):
        jobs.resume(job.id)
        st.rerun()
    if away.button("Put away", key=f"forget-{job.id}", width="stretch", help="Hides this message; nothing made is deleted."):
        jobs.forget(job.id)
        st.rerun()
