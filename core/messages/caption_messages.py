"""Sentences about captioning, from the dictionaries of :mod:`core.captioning.caption_collection`."""

from collections import Counter

from core.messages.quantities import count_tracks


def describe_estimate(estimate: dict) -> list[str]:
    """Return sentences on what would be written, time or cost, data sent, and tracks left out."""
    n_written_before = estimate["n_written_before"]
    before = f"{count_tracks(n_written_before)} have a caption written here before"
    sentences = [
        _describe_writing(estimate),
        describe_transfer(estimate["sends_to"]) if estimate["n_to_write"] and estimate["sends_to"] else "",
        f"{count_tracks(estimate['n_kept'])} have a cached caption, at no cost" if estimate["n_kept"] else "",
        f"{count_tracks(estimate['n_from_source'])} came with a caption, which stays"
        if estimate["n_from_source"]
        else "",
        before + (", which new ones replace" if estimate["replace"] else "") if n_written_before else "",
        *(f"{count_tracks(count)} left out: {why}" for why, count in estimate["left_out"].items()),
        describe_genre_use(estimate["genre"]) if estimate["n_to_write"] else "",
    ]
    return [sentence if sentence.endswith(".") else f"{sentence}." for sentence in filter(None, sentences)]


def _describe_writing(estimate: dict) -> str:
    """Describe how many captions would be written, and the effort."""
    if not estimate["n_to_write"]:
        return "No caption is left to write"
    n, writer = count_tracks(estimate["n_to_write"]), describe_captioner(estimate["caption_from"])
    return f"{n} would get a caption by {writer}: {_describe_effort(estimate)}"


def describe_transfer(host: str) -> str:
    """Return a sentence on what is sent to another machine."""
    return f"The lyrics of each track, and its genre unless withheld, are sent to {host}."


def describe_result(result: dict) -> str:
    """Return a sentence on what was written and what was not."""
    writer = describe_captioner(result["caption_from"])
    parts = [
        f"{count_tracks(result['n_written'])} got a caption by {writer}",
        f"{count_tracks(result['n_kept'])} got a cached one" if result["n_kept"] else "",
        _describe_usage(result) if result.get("prompt_tokens") else "",
        f"the audio of {count_tracks(len(result['unheard']))} could not be used, only the lyrics"
        if result["unheard"]
        else "",
        *(
            f"{count_tracks(count)} left out: {reason}"
            for reason, count in Counter(result["left_out"].values()).most_common(5)
        ),
    ]
    return "; ".join(filter(None, parts)) + "."


def _describe_usage(result: dict) -> str:
    """Return the tokens that were used, and their cost where prices are configured."""
    usage = f"{result['prompt_tokens']:,} prompt and {result['completion_tokens']:,} completion tokens"
    cost = result.get("cost")
    return usage + (f", about {describe_cost(cost)}" if cost is not None else "")


def describe_genre_use(genre_use: dict) -> str:
    """Return a sentence on where the genres in captions come from, or why they are withheld."""
    if genre_use["withheld"] == "as requested":
        return "Genres are withheld, as requested."
    if genre_use["withheld"] == "unknown":
        return "No genre is known."
    if genre_use["withheld"] == "is label":
        return "Genres are the labels here, so they are withheld: captions would give the labels away."
    source = f"{genre_use['n_tracks']:,} tracks have a genre, from the column {genre_use['column']}."
    leak = " It equals the labels, so captions give the labels away."
    return source + (leak if genre_use["gives_labels_away"] else "")


def describe_captioner(caption_from: str) -> str:
    """Return the source of a caption as it reads in a sentence."""
    offline, _, method = caption_from.partition(": ")
    return f"the offline captioner ({method})" if offline == "offline" else caption_from


def describe_cost(cost: float) -> str:
    """Return an amount in the currency of the configured prices."""
    amount = f"{cost:,.2f}" if cost >= 0.005 or not cost else "less than 0.01"
    return f"{amount} in the currency of your prices"


def _describe_effort(estimate: dict) -> str:
    """Return the time, or the tokens and their cost."""
    if "prompt_tokens" not in estimate:
        seconds = estimate["seconds"]
        return f"about {seconds / 60:.0f} minutes" if seconds >= 90 else f"about {max(1, round(seconds))} s"
    n_in, n_out, cost = estimate["prompt_tokens"], estimate["completion_tokens"], estimate["cost"]
    tokens = f"about {n_in:,} prompt and {n_out:,} completion tokens"
    if cost is None:
        return f"{tokens}; set SONGSCAPE_CAPTION_PRICE_IN and _OUT per million tokens to see the cost"
    return f"{tokens}, about {describe_cost(cost)}"
