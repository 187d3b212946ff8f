"""The table of pretrained encoders that the app offers; any other goes by its name on the hub or its folder.

Licences, languages and sizes are those of the model cards and files on the Hugging Face hub; sizes without a
file to read them from are four bytes per parameter.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class EncoderEntry:
    """A pretrained encoder.

    Attributes
    ----------
    name : str
        Short name, for the command line.
    title : str
    modality : {"audio", "text"}
    repo : str
        Name on the Hugging Face hub.
    rep : str
        Its name as a representation.
    size_mb : int
        Weights in megabytes.
    licence : str
        As its model card gives it.
    languages : str
        Languages of its training, "" where it has none.
    help : str
        What it is good at.
    source : str
        Author and year.
    needs_code : bool
        It needs Python code of its own, which is never run here.
    """

    name: str
    title: str
    modality: Literal["audio", "text"]
    repo: str
    rep: str
    size_mb: int
    licence: str
    languages: str = ""
    help: str
    source: str
    needs_code: bool = False


_ENTRIES = (
    EncoderEntry(
        name="clap-music",
        title="CLAP (music)",
        modality="audio",
        repo="laion/larger_clap_music",
        rep="clap:laion/larger_clap_music",
        size_mb=776,
        licence="Apache-2.0",
        languages="English captions",
        help="Music described in words: audio and text in one space, so that phrases find tracks.",
        source="Wu et al. 2023",
    ),
    EncoderEntry(
        name="ast",
        title="AST (AudioSet)",
        modality="audio",
        repo="MIT/ast-finetuned-audioset-10-10-0.4593",
        rep="encoder",
        size_mb=346,
        licence="BSD-3-Clause",
        help="Sound events: instruments, voices, genres and noises of AudioSet's 527 classes.",
        source="Gong, Chung & Glass 2021",
    ),
    EncoderEntry(
        name="wav2vec2",
        title="wav2vec 2.0 (base)",
        modality="audio",
        repo="facebook/wav2vec2-base",
        rep="encoder:facebook/wav2vec2-base",
        size_mb=380,
        licence="Apache-2.0",
        languages="English speech",
        help="Speech, self-supervised on LibriSpeech; not trained on music.",
        source="Baevski et al. 2020",
    ),
    EncoderEntry(
        name="mert",
        title="MERT v1 (95M)",
        modality="audio",
        repo="m-a-p/MERT-v1-95M",
        rep="encoder:m-a-p/MERT-v1-95M",
        size_mb=380,
        licence="CC-BY-NC-4.0",
        help="Music, self-supervised on 20,000 hours.",
        source="Li et al. 2024",
        needs_code=True,
    ),
    EncoderEntry(
        name="e5-small",
        title="Multilingual E5 (small)",
        modality="text",
        repo="intfloat/multilingual-e5-small",
        rep="sentence:intfloat/multilingual-e5-small",
        size_mb=471,
        licence="MIT",
        languages="94 languages",
        help="Similarity and retrieval of texts; the smallest of the multilingual encoders here.",
        source="Wang et al. 2024",
    ),
    EncoderEntry(
        name="e5-base",
        title="Multilingual E5 (base)",
        modality="text",
        repo="intfloat/multilingual-e5-base",
        rep="sentence:intfloat/multilingual-e5-base",
        size_mb=1112,
        licence="MIT",
        languages="94 languages",
        help="Similarity and retrieval of texts, with more parameters than the small one.",
        source="Wang et al. 2024",
    ),
    EncoderEntry(
        name="mpnet",
        title="Multilingual MPNet (paraphrases)",
        modality="text",
        repo="sentence-transformers/paraphrase-multilingual-mpnet-base-v2",
        rep="sentence-mpnet",
        size_mb=1110,
        licence="Apache-2.0",
        languages="50 languages",
        help="Sentences of the same meaning across languages; the encoder of a published experiment.",
        source="Reimers & Gurevych 2020",
    ),
    EncoderEntry(
        name="labse",
        title="LaBSE",
        modality="text",
        repo="sentence-transformers/LaBSE",
        rep="sentence:sentence-transformers/LaBSE",
        size_mb=1884,
        licence="Apache-2.0",
        languages="109 languages, Bangla and Latin among them",
        help="Translations of a sentence lie together: collections with lyrics in several languages.",
        source="Feng et al. 2022",
    ),
)
ENCODERS = {entry.name: entry for entry in _ENTRIES}
"""Encoders by their short names."""


def find_entry(name: str) -> EncoderEntry | None:
    """Return the entry with a short name, a name on the hub, or a name as a representation; None for none."""
    return next((entry for entry in _ENTRIES if name in (entry.name, entry.repo, entry.rep)), None)
