"""Jobs on a page: progress while they run, the result when they have ended.

Everything shown is read from the store, so a page can be left, closed and opened again at any time.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.jobs import job as jobs
from core.jobs.job import Status
from core.messages.engine_messages import describe_engine
from core.ui.shared.frame import friendly, plain_markdown
from core.ui.shared.prepare import draw_progress

POLL_S = 0.7
DISMISS = "Hides this message; its results stay."
ENDINGS = {
    "cancelled": (":material/stop_circle:", "was stopped. The work done so far is saved."),
    "dead": (
        ":orange[:material/warning:]",
        "ended unexpectedly: the computer slept or restarted, or memory ran out. The work done so far is "
        "saved.",
    ),
    "failed": (":red[:material/error:]", ""),
}


@dataclass(frozen=True)
class _Panel:
    """What a page shows of its jobs, see :func:`show_jobs`."""

    describe: Callable[[dict], str]
    detail: Callable[[Status], None] | None
    then: Callable[[dict], None] | None


def show_jobs(
    kind: str,
    *,
    describe: Callable[[dict], str],
    detail: Callable[[Status], None] | None = None,
    then: Callable[[dict], None] | None = None,
) -> None:
    """Show every job of a kind that runs, and those that ended until they are dismissed.

    Parameters
    ----------
    kind : str
        See :data:`core.jobs.work.WORK`.
    describe : callable
        Describes the result of a finished job in one sentence.
    detail : callable, optional
        Adds more below a job that runs or that stopped early (loss curves).
    then : callable, optional
        Adds the next step to a finished job, given its result.
    """
    panel = _Panel(describe, detail, then)
    found = jobs.list_jobs(kind)
    if any(job.is_alive for job in found):
        _watch(kind, panel)
    else:
        _draw(found, panel)


@st.fragment(run_every=POLL_S)
def _watch(kind: str, panel: _Panel) -> None:
    """Poll until a running job has ended, then run the whole page again."""
    with friendly():
        found = jobs.list_jobs(kind)
        alive = {job.id for job in found if job.is_alive}
        before = st.session_state.get(f"jobs-{kind}", set())
        st.session_state[f"jobs-{kind}"] = alive
        if not alive or before - alive:
            st.rerun()
        _draw(found, panel)


def _draw(found: list[Status], panel: _Panel) -> None:
    """Draw running jobs, then the one that ended last; earlier ones are collapsed."""
    for job in found:
        if job.is_alive:
            with st.container(border=True, key=f"job-{job.id}"):
                _draw_running(job, panel)
    ended = [job for job in found if not job.is_alive]
    for job in ended[:1]:
        with st.container(border=True, key=f"job-{job.id}"):
            _draw_ended(job, panel)
    if len(ended) > 1:
        _draw_earlier(ended[1:], panel)


def _draw_earlier(earlier: list[Status], panel: _Panel) -> None:
    """Draw ended jobs in a collapsed section, with a button that dismisses all of them."""
    kind = earlier[0].kind
    failed = sum(job.state != "done" for job in earlier)
    title = f"Earlier jobs ({len(earlier)})" + (f", {failed} not finished" if failed else "")
    with st.expander(title, icon=":material/history:", key=f"jobs-earlier-{kind}"):
        for job in earlier:
            with st.container(key=f"job-{job.id}"):
                _draw_ended(job, panel)
        if st.button("Dismiss all", key=f"forget-all-{kind}", type="tertiary", help=DISMISS):
            for job in earlier:
                jobs.forget(job.id)
            st.rerun()


def _draw_running(job: Status, panel: _Panel) -> None:
    """Draw the progress of a job, and a button that stops it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain_markdown(job.title)}**", width="stretch")
        if st.button("Stop", key=f"stop-{job.id}", icon=":material/stop:"):
            jobs.cancel(job.id)
            st.toast("Stopping; the work done so far is saved.")
    draw_progress(job)
    if job.engine:
        st.caption(plain_markdown(describe_engine(job.engine)))
    if panel.detail:
        panel.detail(job)


def _draw_ended(job: Status, panel: _Panel) -> None:
    """Draw the result of a job, with buttons to resume one that stopped early and to dismiss it."""
    if job.state == "done":
        icon, sentence = ":green[:material/check_circle:]", panel.describe(job.result or {})
    else:
        icon, sentence = ENDINGS[job.state]
        sentence = sentence or f"failed: {job.error}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{icon} **{plain_markdown(job.title)}** {plain_markdown(sentence)}", width="stretch")
        if job.state == "done" and panel.then:
            panel.then(job.result or {})
        if job.state != "done" and st.button(
            "Try again" if job.state == "failed" else "Resume",
            key=f"resume-{job.id}",
            icon=":material/replay:",
            help="Continues from the work that is saved.",
        ):
            jobs.resume(job.id)
            st.rerun()
        if st.button("Dismiss", key=f"forget-{job.id}", help=DISMISS, type="tertiary"):
            jobs.forget(job.id)
            st.rerun()
    if job.state != "done" and panel.detail:
        panel.detail(job)
