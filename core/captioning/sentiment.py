"""The sentiment of English words by a lexicon."""

import functools
from dataclasses import dataclass

LONGEST = 300
"""Lines that are judged."""


@dataclass(frozen=True)
class Sentiment:
    """What a lexicon says of a text.

    Attributes
    ----------
    score : float
        Mean over the lines that hold a word of the lexicon, -1 (bad) to 1 (good); 0 where none does.
    loaded : tuple of str
        The words that carry it, the heaviest first (frequency times strength).
    spread : float
        Share of the lines with a word of the lexicon that lean against the mean, 0 to 0.5 and seldom more.
    """

    score: float
    loaded: tuple[str, ...] = ()
    spread: float = 0.0

    @property
    def word(self) -> str:
        """Say it in a word or two; ±0.05 is the published threshold of a neutral text."""
        if not self.loaded or (abs(self.score) < 0.05 and self.spread < 0.25):
            return "neutral"
        if abs(self.score) < 0.05 or self.spread >= 0.4:
            return "mixed"
        strength = "strongly " if abs(self.score) >= 0.5 else "" if abs(self.score) >= 0.2 else "slightly "
        return strength + ("positive" if self.score > 0 else "negative")


def judge_english(text: str) -> Sentiment:
    """Judge an English text line by line.

    The compound score of VADER is made for a sentence and saturates on whole lyrics, so lines are averaged; a
    chorus counts as often as it is sung.

    References
    ----------
    Hutto and Gilbert, "VADER: A parsimonious rule-based model for sentiment analysis of social media text",
    ICWSM 2014.
    """
    from core.text.words import split_words

    analyzer = _analyzer()
    lines = [line for line in text.splitlines() if line.strip()][:LONGEST]
    scores = [score for line in lines if (score := analyzer.polarity_scores(line)["compound"])]
    if not scores:
        return Sentiment(0.0)
    mean = sum(scores) / len(scores)
    weights: dict[str, float] = {}
    for word in split_words(text):
        weight = analyzer.lexicon.get(word, 0.0)
        if weight and (abs(mean) < 0.05 or weight * mean > 0):
            weights[word] = weights.get(word, 0.0) + abs(weight)
    loaded = tuple(sorted(weights, key=lambda word: -weights[word])[:3])
    against = sum(score * mean < 0 for score in scores) / len(scores)
    return Sentiment(mean, loaded, against)


@functools.cache
def _analyzer():
    """Load the lexicon once."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
