"""Sentences of a caption: taken apart as they were put together."""

import pytest

from core.captioning.prompt import read_answer
from core.text.sentences import join_sentences, split_sentences

THREE = ["It is sad.", "It is about rain.", "A sad folk song."]


@pytest.mark.parametrize(
    "text, n",
    [
        ("It is sad. It is about rain. A sad folk song.", 3),
        ("By Dr. J. Low feat. Mr. X vs. Why. It ends! Does it?", 3),
        ("At 1.5 times the speed. Then 4.5 again.", 2),
        ("He said “go.” She went.", 2),
        ("দুঃখের গান। বৃষ্টি নিয়ে। লোকগান।", 3),
        ("悲しい歌。雨の歌。民謡。", 3),
        ("And so am I. It ends.", 2),
        ("no stop", 1),
        ("", 0),
    ],
)
def test_sentences_are_counted(text, n):
    assert len(split_sentences(text)) == n


def test_joined_and_split_again_are_the_same():
    assert split_sentences(join_sentences(THREE)) == THREE
    odd = join_sentences(["one. Two! three", "a song of plan B", "He said “go.”"])
    assert odd == "One; Two!; three. A song of plan “B”. He said “go.”." and len(split_sentences(odd)) == 3


@pytest.mark.parametrize(
    "answer",
    [
        "It is sad.\nIt is about rain.\nA sad folk song.",
        "It is sad. It is about rain. A sad folk song.",
        "1. It is sad.\n2. It is about rain.\n3. A sad folk song.",
        "- It is sad\n- It is about rain\n\n- A sad folk song",
        "<think>Hmm. Let me see.</think>\nIt is sad.\nIt is about rain.\nA sad folk song.",
        "1) it is sad.\n2) it is about rain.\n3) a sad folk song.",
    ],
)
def test_an_answer_is_read_however_it_is_laid_out(answer):
    caption, reason = read_answer(answer)
    assert split_sentences(caption) == THREE and not reason
