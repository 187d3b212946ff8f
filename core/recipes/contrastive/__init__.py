"""Recipes of audio and text in one space: few labels, retrieval."""

from core.recipes.papers import PAPER_E
from core.recipes.recipe import RecipeSpec
from core.registry import register

CONTRASTIVE: dict[str, RecipeSpec] = {}


@register(
    CONTRASTIVE,
    RecipeSpec,
    name="few-shot",
    title="Few labels after contrastive pretraining",
    help="Macro F1 against the number of labelled tracks, with and without pretraining.",
    source=f"{PAPER_E}, tables 3 to 6, figures 12, 17 and 18",
    rows=("E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9", "E10"),
    data="5,038 songs in 7 genres",
    needs=("audio", "text", "labels"),
    quick_s=58,
)
def _few_shot():
    from core.recipes.contrastive.few_shot import FewShot

    return FewShot


@register(
    CONTRASTIVE,
    RecipeSpec,
    name="retrieval",
    title="Retrieval between audio and text",
    help="Finds held-out tracks by their text and texts by their audio, and labels by their names.",
    source=f"{PAPER_E}, future work",
    rows=("E12",),
    data="",
    needs=("audio", "text"),
    quick_s=13,
)
def _retrieval():
    from core.recipes.contrastive.audio_text_retrieval import Retrieval

    return Retrieval
