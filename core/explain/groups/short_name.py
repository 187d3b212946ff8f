"""Short names of groups, made of what sets them apart: label, descriptor, tag and words."""

from collections.abc import Sequence

LONGEST = 48
"""Characters of a name that is suggested."""
LEAST_LABEL_SHARE = 0.5
"""A label is part of the name if the interval of its share lies above this."""
N_WORDS = 2
ADJECTIVES = {
    "loudness_db": ("quiet", "loud"),
    "dynamic_range_db": ("even", "dynamic"),
    "tempo_bpm": ("slow", "fast"),
    "pulse_clarity": ("free", "rhythmic"),
    "onset_rate_hz": ("sparse", "busy"),
    "percussiveness": ("sustained", "percussive"),
    "brightness_hz": ("dark", "bright"),
    "bandwidth_hz": ("narrow-band", "wide-band"),
    "rolloff_hz": ("dark", "bright"),
    "flatness": ("tonal", "noisy"),
    "majorness": ("minor", "major"),
    "duration_s": ("short", "long"),
}
"""Adjectives for low and high values of a descriptor."""


def suggest_names(profiles: Sequence[dict]) -> list[str]:
    """Return a different short name for each profile.

    Profiles are those of :func:`core.explain.groups.group_profile.profile_group`. A name is an adjective for
    the descriptor with the clearest difference; the label of most tracks, else the most distinctive tag; then
    up to two words. "" where nothing sets a group apart. Equal names are numbered.

    >>> suggest_names([{"labels": [], "tags": [], "words": [], "descriptors": []}])
    ['']
    """
    names: list[str] = []
    for profile in profiles:
        name = _name(profile)
        unique, number = name, 2
        while unique and unique in names:
            unique, number = f"{name} {number}", number + 1
        names.append(unique)
    return names


def _name(profile: dict) -> str:
    """Return the name of one profile."""
    noun = _noun(profile)
    adjective = _adjective(profile["descriptors"])
    kind = " ".join(filter(None, (adjective, noun)))
    words = [entry["word"] for entry in profile["words"][:N_WORDS]]
    parts = [kind[:1].upper() + kind[1:], ", ".join(words)]
    name = ": ".join(filter(None, parts))
    if len(name) > LONGEST and kind:
        name = ": ".join(filter(None, (parts[0], *words[:1])))
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip(" ,:") + "…"


def _noun(profile: dict) -> str:
    """Return the label of most tracks, else the most distinctive tag, else ""."""
    for entry in profile["labels"][:1]:
        if entry["interval"][0] > LEAST_LABEL_SHARE:
            return entry["label"]
    return profile["tags"][0]["title"] if profile["tags"] else ""


def _adjective(descriptors: Sequence[dict]) -> str:
    """Return the adjective of the clearest difference that has one."""
    for each in descriptors:
        if each["name"] in ADJECTIVES:
            return ADJECTIVES[each["name"]][each["effect"] > 0]
    return ""
