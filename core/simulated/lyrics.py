"""Simulated lyrics in several languages: a text collection with a known structure, for trying text models.

A song is a few phrases sampled from its language's list and joined, as in Siddique, Hybrid Audio–Text
Clustering for Music, section 3.1.1, which has 75 songs in English and 75 in Spanish. The published lists are
unknown; these are :data:`core.simulated.phrases.PHRASES`, and Bangla is added.
"""

import hashlib

import numpy as np
import pandas as pd

from core.simulated.phrases import PHRASES


def make_lyrics(
    n_per_language: int = 75,
    languages: tuple[str, ...] = ("en", "es"),
    seed: int = 0,
    *,
    n_phrases: tuple[int, int] = (6, 10),
    theme_share: float = 0.0,
) -> pd.DataFrame:
    """Sample songs, language by language.

    Parameters
    ----------
    n_per_language : int
    languages : tuple of str
        Of "en", "es", "bn". A language's songs don't depend on the other languages.
    seed : int
        Same seed, same songs.
    n_phrases : (int, int)
        Fewest and most phrases in a song, without repetition.
    theme_share : float
        Share of the phrases, in [0, 1], that come from the song's own theme; 0, as published, samples from
        the whole list.

    Returns
    -------
    DataFrame
        ``track_id``, ``title`` (the first phrase), ``lyrics`` (one phrase per line), ``language``, ``theme``
        ("" where ``theme_share`` is 0), ``label`` (the language).
    """
    rows = []
    for language in languages:
        rng = np.random.default_rng([seed, *language.encode()])
        for number in range(n_per_language):
            theme = str(rng.choice(list(PHRASES[language]))) if theme_share else ""
            phrases = _sample(
                PHRASES[language], theme, int(rng.integers(n_phrases[0], n_phrases[1] + 1)), theme_share, rng
            )
            lyrics = "\n".join(phrases)
            track_id = hashlib.blake2b(
                f"{seed} {language} {number} {lyrics}".encode(), digest_size=16
            ).hexdigest()
            rows.append(
                {
                    "track_id": track_id,
                    "title": phrases[0],
                    "lyrics": lyrics,
                    "language": language,
                    "theme": theme,
                    "label": language,
                }
            )
    return pd.DataFrame(rows)


def _sample(
    lists: dict[str, tuple[str, ...]], theme: str, n: int, theme_share: float, rng: np.random.Generator
) -> list[str]:
    """Sample n different phrases in random order, a share of them from the theme, as far as it has enough."""
    own = list(lists.get(theme, ()))
    others = [phrase for name, phrases in lists.items() if name != theme for phrase in phrases]
    n_own = min(len(own), round(n * theme_share))
    from_theme = [*rng.choice(own, n_own, replace=False)] if n_own else []
    return [
        str(phrase)
        for phrase in rng.permutation([*from_theme, *rng.choice(others, n - n_own, replace=False)])
    ]
