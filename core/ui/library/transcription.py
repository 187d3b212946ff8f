"""Lyrics from the sound on the Library page: by which model, what it takes, and a few to read."""

from collections import Counter

import streamlit as st

from core.collection import Collection
from core.collection.written import is_made_here, origins_of
from core.features.pretrained.hub import is_here
from core.jobs import job as jobs
from core.messages.transcription_messages import estimate_in_words, sample_in_words, transcribed_in_words
from core.transcription.transcribe_collection import estimate_lyrics
from core.transcription.whisper import DEFAULT, Transcriber
from core.ui.shared.frame import friendly, plain_markdown
from core.ui.shared.job_panel import show_jobs

SHOWN = 3
"""Lyrics that are shown to be read."""
ABOUT = (
    "Whisper listens to every track that has no lyrics and writes down what is sung, with the language and "
    "how sure it is. It runs on this "
    "computer; no sound leaves it. It was trained on speech, so singing over loud music comes out with gaps "
    "and mistakes, and a "
    "refrain that only repeats itself may be taken for a loop and left out. Lyrics that came with the "
    "collection stay."
)
NOT_HERE = (
    "This model is not on this computer yet. The job fetches it from the Hugging Face hub; where that can’t "
    "be reached, the job says so. Then, on a "
    "computer that is online, save it with "
    'WhisperForConditionalGeneration.from_pretrained("{model}").save_pretrained("FOLDER") and the same '
    "with WhisperProcessor, copy FOLDER here and give its path as the model."
)


def show_lyrics(collection: Collection) -> None:
    """Draw what is being written down, and a fold that counts when it is opened."""
    show_jobs("transcribe", says=transcribed_in_words)
    fold = st.expander(
        "Lyrics from the sound", icon=":material/lyrics:", key="library-lyrics", on_change="rerun"
    )
    if fold.open:
        with fold:
            _show(collection)


@st.fragment
def _show(collection: Collection) -> None:
    """Say which lyrics there are, let more be written down, and show some."""
    with friendly():
        origins = origins_of(collection.tracks, "lyrics")
        st.caption(ABOUT)
        st.markdown(plain_markdown(in_words(Counter(origins))))
        _show_samples(collection)
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
                placeholder="found for each track",
                key="library-whisper-language",
                help="The code of the language that is sung, if all tracks share one: de, en, es …",
            )
            .strip()
            .lower()
        )
        settings = Transcriber(model=model, language=language)
        replace = any(map(is_made_here, origins)) and st.toggle(
            "Listen anew where Songscape wrote lyrics down before",
            key=f"library-lyrics-replace-{collection.name}",
            help="Lyrics that came with the collection always stay.",
        )
        with st.spinner("Counting …"):
            estimate = estimate_lyrics(collection.name, settings, replace)
        st.markdown("\n".join(f"- {plain_markdown(line)}" for line in estimate_in_words(estimate)))
        if estimate["n_to_hear"] and not is_here(model):
            st.info(plain_markdown(NOT_HERE.format(model=model)), icon=":material/cloud_download:")
        _show_button(collection, settings, estimate, replace)


def _show_button(collection: Collection, settings: Transcriber, estimate: dict, replace: bool) -> None:
    """Start the job."""
    busy = any(
        job.is_alive and job.args.get("collection") == collection.name for job in jobs.list_jobs("transcribe")
    )
    nothing = not estimate["n_to_hear"] and not estimate["n_kept"]
    if st.button(
        "Write lyrics down",
        type="primary",
        key="library-lyrics-write",
        icon=":material/hearing:",
        disabled=busy or nothing,
        help="Lyrics of this collection are being written down just now." if busy else None,
    ):
        jobs.start(
            "transcribe",
            f"Write down lyrics of {collection.name}",
            collection=collection.name,
            model=settings.model,
            language=settings.language,
            replace=bool(replace),
        )
        st.rerun()


def _show_samples(collection: Collection) -> None:
    """Show the beginning of a few lyrics that were written down here."""
    tracks = collection.tracks
    rows = [row for row, origin in enumerate(origins_of(tracks, "lyrics")) if is_made_here(origin)]
    step = max(1, len(rows) // SHOWN)
    for row in rows[::step][:SHOWN]:
        title, said = sample_in_words(tracks.iloc[row])
        st.markdown(f"**{plain_markdown(title)}** {plain_markdown(said)}")


def in_words(origins: Counter) -> str:
    """Say how many tracks have lyrics, and where they are from."""
    n = sum(count for origin, count in origins.items() if origin)
    if not n:
        return "No track has lyrics yet."
    counted: Counter[str] = Counter()
    for origin, count in origins.items():
        if origin:
            counted[origin if is_made_here(origin) else "came with the collection"] += count
    parts = ", ".join(f"{count:,} {words}" for words, count in counted.most_common())
    return f"{n:,} of {origins.total():,} tracks have lyrics: {parts}."
