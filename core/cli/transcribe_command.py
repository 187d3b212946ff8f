"""``python -m core transcribe``: from sound to lyrics."""

from typing import Annotated

import typer

from core.cli.app import Json, Name, app
from core.cli.terminal import progress_line, tell
from core.transcription.whisper import DEFAULT


@app.command()
def transcribe(
    name: Name,
    model: Annotated[str, typer.Option(help="A Whisper model by name, or the folder of one.")] = DEFAULT,
    language: Annotated[
        str,
        typer.Option(
            help="Code of the language that is sung (de, en, es …); left out, the model finds it for each "
            "track."
        ),
    ] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Listen anew also where lyrics were written down here before.")
    ] = False,
    batch_size: Annotated[
        int,
        typer.Option(
            "--batch-size", min=1, help="Tracks that are listened to at once; more is faster on a GPU."
        ),
    ] = 4,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how much there is to listen to.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write down what is sung, for tracks that have no lyrics, with language and confidence.

    Whisper runs on this machine; its weights are fetched once from the Hugging Face hub, or lie in a folder.
    A run that was stopped goes on where it was. Lyrics that came with the collection stay.
    """
    from core.messages import transcription_messages as words
    from core.transcription.transcribe_collection import estimate_lyrics
    from core.transcription.transcribe_collection import transcribe as write_down
    from core.transcription.whisper import Transcriber

    estimate = estimate_lyrics(
        name, Transcriber(model=model, language=language, batch_size=batch_size), replace
    )
    told = " ".join(words.estimate_in_words(estimate))
    if dry_run:
        tell(estimate, as_json, told)
        return
    typer.echo(told, err=True)
    with progress_line() as progress:
        result = write_down(name, model, language, replace, batch_size, progress=progress)
    tell(
        result,
        as_json,
        "\n".join(
            [
                words.transcribed_in_words(result),
                *(" ".join(words.sample_in_words(s)) for s in result["samples"]),
            ]
        ),
    )
