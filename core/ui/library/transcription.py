"""Transcribed lyrics in the Library: model, duration, and samples."""

from collections import Counter

import streamlit as st

from core.access.rules import check_every_right
from core.collection import Collection
from core.collection.texts.written import is_made_here, origins_of
from core.features.pretrained.hub import is_downloaded
from core.messages.transcription_messages import describe_estimate, describe_result, describe_sample
from core.transcription.transcribe_collection import estimate_lyrics
from core.transcription.transcription_settings import DEFAULT, TranscriptionSettings
from core.ui.library.made_texts import choose_samples, describe_origins, offer_replacement, offer_start
from core.ui.shared.fields.engine_choice import choose_engine
from core.ui.shared.frame import friendly, lazy_section, plain_markdown
from core.ui.shared.job_panel import show_jobs

ABOUT = (
    "Whisper transcribes every track that has no lyrics, with language and confidence. It runs on this "
    "computer; no audio leaves it. It was trained on speech: singing over loud music is transcribed with "
    "gaps and errors, and a refrain that only repeats itself may be discarded as a loop. Lyrics that came "
    "with the collection are never replaced."
)
NOT_HERE = (
    "This model is not on this computer yet. The job downloads it from the Hugging Face hub. Without "
    "internet access the job reports that; then save the model on a computer with access by "
    'WhisperForConditionalGeneration.from_pretrained("{model}").save_pretrained("FOLDER") and the same '
    "with WhisperProcessor, copy FOLDER here and enter its path as the model."
)


def show_lyrics(collection: Collection) -> None:
    """Show transcription jobs, and a section that is computed when it is opened."""
    show_jobs("transcribe", describe=describe_result)
    lazy_section("Transcribed lyrics", "lyrics", "library-lyrics", lambda: _show(collection))


@st.fragment
def _show(collection: Collection) -> None:
    """Show the state of the lyrics, samples, and the form that transcribes more."""
    with friendly():
        origins = origins_of(collection.tracks, "lyrics")
        st.caption(ABOUT)
        st.markdown(plain_markdown(describe_lyrics(Counter(origins))))
        for row in choose_samples([row for row, origin in enumerate(origins) if is_made_here(origin)]):
            title, sample = describe_sample(collection.tracks.iloc[row])
            st.markdown(f"**{plain_markdown(title)}** {plain_markdown(sample)}")
        left, right = st.columns([3, 1])
        model = left.text_input(
            "Model",
            value=DEFAULT,
            key="library-whisper",
            help="A Whisper model by its name on the Hugging Face hub (openai/whisper-tiny, -base, -small, "
            "-medium, -large-v3-turbo: the "
            "larger, the better and the slower), or the folder of one.",
        ).strip()
        language = (
            right.text_input(
                "Language",
                placeholder="detected per track",
                key="library-whisper-language",
                help="Language code, if all tracks are sung in the same language: de, en, es …",
            )
            .strip()
            .lower()
        )
        if model != DEFAULT:
            check_every_right("name other models")
        settings = TranscriptionSettings(model=model, language=language)
        replace = offer_replacement(
            collection, origins, "Replace lyrics that Songscape transcribed before", "lyrics"
        )
        with st.spinner("Counting …"):
            estimate = estimate_lyrics(collection.name, settings, replace)
        st.markdown("\n".join(f"- {plain_markdown(line)}" for line in describe_estimate(estimate)))
        if estimate["n_to_hear"] and not is_downloaded(model):
            st.info(plain_markdown(NOT_HERE.format(model=model)), icon=":material/cloud_download:")
        offer_start(
            collection,
            "transcribe",
            f"Transcribe lyrics of {collection.name}",
            label="Transcribe lyrics",
            doing="transcribing lyrics",
            icon="lyrics",
            ready=bool(estimate["n_to_hear"] or estimate["n_kept"]),
            model=settings.model,
            language=settings.language,
            replace=bool(replace),
            **choose_engine("Transcribing", "lyrics-engine"),
        )


def describe_lyrics(origins: Counter) -> str:
    """Describe how many tracks have lyrics, and from which source; ``origins`` counts them by source."""
    return describe_origins(origins, "lyrics", str)
