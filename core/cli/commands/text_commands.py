"""``python -m core caption`` and ``transcribe``: texts for tracks that have none."""

from typing import Annotated

import typer

from core.cli.command_options import EngineOptions, Json, Name
from core.cli.option_groups import with_option_groups
from core.cli.terminal import print_result, progress_line
from core.errors import ConfigError
from core.transcription.transcription_settings import DEFAULT


def caption(
    name: Name,
    by: Annotated[str, typer.Option("--with", help="Captioner: 'offline' or 'endpoint'.")] = "offline",
    yes: Annotated[
        bool, typer.Option("--yes", help="Start, though lyrics leave this machine and it may cost money.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also replace captions that were generated here before.")
    ] = False,
    genre: Annotated[
        str | None,
        typer.Option(help="Column of the genre, or 'none'; default: genre, unless it is the label."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Generate a caption of three sentences per track without one: sentiment, theme, sentiment with genre.

    offline: from a lexicon, key phrases and the tags of a pretrained network; nothing leaves this machine.

    endpoint: by a language model. THE LYRICS ARE SENT to the server that OPENAI_BASE_URL names (else OpenAI),
    with OPENAI_API_KEY, for SONGSCAPE_CAPTION_MODEL. Without --yes it only prints an estimate.
    Optional: SONGSCAPE_CAPTION_CONCURRENCY (4), SONGSCAPE_CAPTION_PRICE_IN and _OUT (per million tokens).
    """
    from core.captioning import write_captions
    from core.messages.caption_messages import describe_genre_use, describe_result

    if estimate := _check_consent(name, by, replace=replace, genre=genre, has_consent=yes):
        typer.echo(estimate, err=True)
    with progress_line() as progress:
        result = write_captions(name, by, replace, genre, progress=progress)
    result["genre"] = describe_genre_use(result["genre"])
    samples = [f"{sample['title']}: {sample['caption']}" for sample in result["samples"]]
    print_result(result, as_json, "\n".join([describe_result(result), *samples]))


def _check_consent(
    collection: str, captioner: str, *, replace: bool, genre: str | None, has_consent: bool
) -> str:
    """Return the estimate to show before a run that sends data or costs money, "" where none is needed.

    Raises
    ------
    ConfigError
        With the estimate, without consent.
    """
    from core.captioning import estimate_captions, get_captioner
    from core.messages.caption_messages import describe_estimate

    if not get_captioner(captioner).costs:
        return ""
    estimate = estimate_captions(collection, captioner, replace, genre)
    if not estimate["n_to_write"]:
        return ""
    description = " ".join(describe_estimate(estimate))
    if not has_consent:
        raise ConfigError(f"{description} Run it again with --yes to begin.")
    return description


@with_option_groups
def transcribe(
    name: Name,
    model: Annotated[str, typer.Option(help="A Whisper model by name, or its folder.")] = DEFAULT,
    language: Annotated[
        str,
        typer.Option(
            help="Code of the language that is sung (de, en, es …); by default it is detected for each track."
        ),
    ] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Also replace lyrics that were transcribed here before.")
    ] = False,
    batch_size: Annotated[
        int,
        typer.Option("--batch-size", min=1, help="Tracks per batch; more is faster on a GPU."),
    ] = 4,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print how much audio is to be transcribed.")
    ] = False,
    *,
    engine: EngineOptions,
    as_json: Json = False,
) -> None:
    """Transcribe the lyrics of tracks that have none, with language and confidence.

    Whisper runs on this machine; its weights are downloaded once from the Hugging Face hub, or are in a
    folder. A run that was stopped is resumed. Lyrics that came with the collection stay.
    """
    from core.messages.transcription_messages import describe_estimate, describe_result, describe_sample
    from core.transcription.transcribe_collection import estimate_lyrics
    from core.transcription.transcribe_collection import transcribe as transcribe_collection
    from core.transcription.transcription_settings import TranscriptionSettings

    transcriber = TranscriptionSettings(model=model, language=language, batch_size=batch_size)
    estimate = estimate_lyrics(name, transcriber, replace)
    description = " ".join(describe_estimate(estimate))
    if dry_run:
        print_result(estimate, as_json, description)
        return
    typer.echo(description, err=True)
    with engine.use(), progress_line() as progress:
        result = transcribe_collection(name, model, language, replace, batch_size, progress=progress)
    samples = [" ".join(describe_sample(sample)) for sample in result["samples"]]
    print_result(result, as_json, "\n".join([describe_result(result), *samples]))
