"""Who may start, see and stop jobs on a server with sign-in."""

import os
import re
from typing import Any

from core.access.rules import check_change, check_every_right, check_signed_in, has_every_right, may_see
from core.access.viewer import viewer
from core.collection.saved import check_addable
from core.errors import AccessError
from core.features import EXTRACTORS
from core.features.encoders.obtained import list_obtained
from core.jobs.status import Status
from core.transcription.transcription_settings import DEFAULT as WHISPER

AUTO = "auto"
"""Address of the cluster that runs on this machine, or that the operator's ``RAY_ADDRESS`` names."""
CHANGING = ("caption", "transcribe")
"""Kinds of jobs that write into the collection that they read."""
ALWAYS_MODELS = ("start_audio", "start_text")
"""Settings that can only name a file or a model."""
FOR_ALL = "prepare"
"""The kind of jobs that are shown to all who see the collection: they wait for the same map."""


def subject_of(args: dict[str, Any]) -> str:
    """Return the collection or the encoder that a job works on, "" where it works on none."""
    return str(args.get("collection") or args.get("name") or "")


def check_start(kind: str, args: dict[str, Any]) -> None:
    """Refuse a job that the present viewer may not start; its process has only that person's rights, too.

    Raises
    ------
    AccessError
    """
    if has_every_right():
        return
    check_signed_in()
    if kind == "pretrained":
        check_every_right("get pretrained encoders")
    settings = args.get("settings") or {}
    named = [str(value) for value in settings.values()]
    if kind == "transcribe" and args.get("model", WHISPER) != WHISPER:
        named.append(args["model"])
    if any(settings.get(name) for name in ALWAYS_MODELS) or any(map(_names_a_file_or_model, named)):
        check_every_right("name files of the server, or models that are not on its lists")
    if (args.get("engine") or {}).get("address", AUTO) != AUTO:
        check_every_right("name the address of a cluster")
    if kind == "add":
        check_addable(args["name"])
    elif kind in CHANGING:
        check_change(args["collection"])
    for name in (args.get("collection"), *(args.get("pooled") or ())):
        if isinstance(name, str) and not may_see(name):
            raise AccessError(f"there is no collection {name!r}")


def _names_a_file_or_model(value: str) -> bool:
    """Return whether a setting names a file, or a model of the Hugging Face hub that is not on the lists."""
    listed = {one.rep for one in list_obtained()}
    parts = {part.strip() for part in re.split(r"[,+]", value)} - listed
    return any(
        re.search(r"[/\\~]", part) or os.path.lexists(part) or _has_a_name(part) for part in parts if part
    )


def _has_a_name(part: str) -> bool:
    """Return whether a representation names a model: ``sentence:gpt2``."""
    kind, colon, _ = part.partition(":")
    return bool(colon) and kind in EXTRACTORS and EXTRACTORS[kind].takes_name == "model"


def may_see_job(job: Status) -> bool:
    """Return whether a job is the present viewer's, or prepares a map that they may see."""
    who = viewer()
    if has_every_right(who) or (who.email and job.user == who.email):
        return True
    return job.kind == FOR_ALL and may_see(subject_of(job.args), who)


def check_control(job: Status) -> None:
    """Refuse to stop, resume or dismiss somebody else's job.

    Raises
    ------
    AccessError
    """
    who = viewer()
    if not (has_every_right(who) or (who.email and job.user == who.email)):
        raise AccessError("only the person who started a job may stop, resume or dismiss it")
