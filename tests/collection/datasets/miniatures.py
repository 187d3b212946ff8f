"""Miniatures of published datasets, with the names of files and columns that they have on disk."""

from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

FMA_GENRES = ["Hip-Hop", "Rock", "Hip-Hop", "Rock", "International", ""]
FMA_IDS = [2, 5, 10, 1001, 1002, 99134]
FMA_SUBSETS = ["small", "small", "small", "small", "medium", "large"]


def make_clip(path: Path, frequency: float, seconds: float = 0.3, sr: int = 22_050) -> Path:
    """Write a tone; every frequency gives other bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    y = 0.5 * np.sin(2 * np.pi * frequency * np.arange(int(seconds * sr)) / sr)
    soundfile.write(path, y, sr)
    return path


def make_gtzan(root: Path, ending: str = "wav", folder: str = "genres_original") -> Path:
    """Write three clips of each of four genres, one of them broken, and the lists of the split."""
    audio = root / folder
    for g, genre in enumerate(("blues", "hiphop", "jazz", "rock")):
        for i in range(3):
            number = 52 + i if genre == "jazz" else i
            make_clip(audio / genre / f"{genre}.{number:05}.{ending}", 200 + 40 * g + 7 * i)
    (audio / "jazz" / f"jazz.00054.{ending}").write_bytes(b"\0" * 300)
    (audio / "blues" / f"._blues.00000.{ending}").write_bytes(b"resource fork")
    lists = {"train": ["blues/blues.00000", "rock/rock.00001"], "valid": ["jazz/jazz.00052"]}
    lists["test"] = ["hiphop/hiphop.00002", "jazz/jazz.00054"]
    for part, names in lists.items():
        text = "".join(f"{name}.wav\n" for name in names)
        (audio.parent / f"{part}_filtered.txt").write_text(text)
    return root


def make_fma(root: Path, size: str = "small") -> Path:
    """Write the audio of one size of FMA, without that of track 10, and the metadata of six tracks."""
    sizes = {"small": 4, "medium": 5, "large": 6, "full": 6}
    for i, number in enumerate(FMA_IDS[: sizes[size]]):
        if number != 10:
            make_clip(root / f"fma_{size}" / f"{number // 1000:03}" / f"{number:06}.mp3", 200 + 20 * i)
    metadata = root / "fma_metadata"
    metadata.mkdir()
    tracks = pd.DataFrame(
        {
            ("album", "title"): "Alb",
            ("artist", "name"): [f"Artist {i}" for i in range(6)],
            ("set", "split"): ["training", "test", "training", "validation", "training", "test"],
            ("set", "subset"): FMA_SUBSETS,
            ("track", "genre_top"): FMA_GENRES,
            ("track", "genres"): ["[21]", "[12, 25]", "[21]", "[12]", "[2, 8]", "[]"],
            ("track", "listens"): [438, 926, 13, 5, 7, 1],
            ("track", "title"): [f"Song {letter}" for letter in "abcdef"],
        },
        index=pd.Index(FMA_IDS, name="track_id"),
    )
    tracks.to_csv(metadata / "tracks.csv")
    pd.DataFrame(
        {
            "genre_id": [2, 8, 12, 21, 25],
            "#tracks": [5271, 868, 32923, 8389, 9261],
            "parent": [0, 2, 0, 0, 12],
            "title": ["International", "Old-Time / Historic", "Rock", "Hip-Hop", "Punk"],
            "top_level": [2, 8, 12, 21, 12],
        }
    ).to_csv(metadata / "genres.csv", index=False)
    return root


MUSIC4ALL_IDS = ["0009fFIM1eYThaPg", "00012", "1e5", "000RDCYioLteXcut", "TRUE", "00CH4HJdxQQQbJfu"]
MUSIC4ALL_GENRES = ["pop", "rock,pop", "pop,k-pop", "rock", "ambient,shoegaze", "rock,classic rock,pop"]


def make_music4all(root: Path) -> Path:
    """Write five of six clips (that of TRUE is missing), lyrics, and five tables, one with a lone quote."""
    for i, name in enumerate(MUSIC4ALL_IDS):
        if name != "TRUE":
            make_clip(root / "audios" / f"{name}.mp3", 200 + 20 * i)
    (root / "lyrics").mkdir()
    for name, text in zip(MUSIC4ALL_IDS, ["la la love", "so it goes\nand goes", "INSTRUMENTAL", "oh no"]):
        (root / "lyrics" / f"{name}.txt").write_text(text)
    songs = ["Song 0", '"Lone', "Song, 2", "Song 3", "Song 4", "Song 5"]
    columns = {
        "information": (
            "artist\tsong\talbum_name",
            [f"Art {i}\t{song}\tAlb" for i, song in enumerate(songs)],
        ),
        "genres": ("genres", MUSIC4ALL_GENRES),
        "tags": ("tags", ["love,pop", "rock,90s", "ambient", "rock", "chill", "classic rock,70s,guitar"]),
        "lang": ("lang", ["en", "pt", "INTRUMENTAL", "en", "en", "en"]),
        "metadata": (
            "spotify_id\tpopularity\trelease\tdanceability\tenergy\tkey\tmode\tvalence\ttempo\tduration_ms",
            [f"spot{i}\t{i}.0\t2012\t0.{i}\t0.5\t5.0\t1.0\t0.3\t12{i}.5\t200000" for i in range(6)],
        ),
    }
    for table, (head, rows) in columns.items():
        lines = [f"id\t{head}", *(f"{name}\t{row}" for name, row in zip(MUSIC4ALL_IDS, rows))]
        (root / f"id_{table}.csv").write_text("\n".join(lines) + "\n")
    return root


JAMENDO_TAGS = [
    ["genre---rock"],
    ["genre---rock", "genre---pop", "mood/theme---happy"],
    ["instrument---piano"],
    ["genre---electronic", "genre---triphop", "instrument---synthesizer", "mood/theme---dark"],
]
JAMENDO_IDS = [948, 1007, 21107, 1376256]


def make_mtg_jamendo(root: Path, ending: str = ".mp3", names: tuple[str, ...] = ("autotagging",)) -> Path:
    """Write three of four tracks (1376256 is missing), a track that no table names, and the tables."""
    for i, number in enumerate([*JAMENDO_IDS[:3], 77]):
        folder = f"{number % 100:02}"
        make_clip(root / "audio" / folder / f"{number}{ending}", 200 + 20 * i)
    data = root / "data"
    (data / "splits" / "split-0").mkdir(parents=True)
    head = "TRACK_ID\tARTIST_ID\tALBUM_ID\tPATH\tDURATION\tTAGS"
    lines = [
        f"track_{number:07}\tartist_{i:06}\talbum_{i:06}\t{number % 100:02}/{number}.mp3\t100.5\t"
        + "\t".join(tags)
        for i, (number, tags) in enumerate(zip(JAMENDO_IDS, JAMENDO_TAGS))
    ]
    for name in names:
        (data / f"{name}.tsv").write_text("\n".join([head, *lines]) + "\n")
    for part, line in zip(("train", "validation"), lines):
        (data / "splits" / "split-0" / f"{names[0]}-{part}.tsv").write_text(f"{head}\n{line}\n")
    meta = [
        f"track_{number:07}\tartist_{i:06}\talbum_{i:06}\tTitle {i}\tBand {i}\tAlb\t2010-01-01\thttp://x/{i}"
        for i, number in enumerate(JAMENDO_IDS)
    ]
    columns = "TRACK_ID\tARTIST_ID\tALBUM_ID\tTRACK_NAME\tARTIST_NAME\tALBUM_NAME\tRELEASEDATE\tURL"
    (data / "raw.meta.tsv").write_text("\n".join([columns, *meta]) + "\n")
    return root


def make_jamendolyrics(root: Path, subsets: bool = False) -> Path:
    """Write three of four songs (that of Dark is missing), their lyrics, and the table."""
    rows = [
        ("en", "HILA_-_Give_Me_the_Same", "HILA", "Give Me The Same", "Pop", "English"),
        ("fr", "Capotes_à_un_Franc_-_elmanu", "EL MANU", "Capotes à un Franc", "Country", "French"),
        ("de", "Culture_&_Co._-_cool.cavemen", "COOL CAVEMEN", "Culture & Co.", "Rock", "German"),
        ("es", "Dark_-_Band", "Band", "Dark", "Rock", "Spanish"),
    ]
    head = "URL,Filepath,Artist,Title,Genre,LicenseType,Language,LyricOverlap,Polyphonic,NonLexical"
    lines = [
        f"https://www.jamendo.com/track/{i},{name}.mp3,{artist},{title},{genre},BY,{language},false,false,true"
        for i, (_, name, artist, title, genre, language) in enumerate(rows)
    ]
    for i, (code, name, *_) in enumerate(rows[:3]):
        place = root / "subsets" / code if subsets else root
        make_clip(place / "mp3" / f"{name}.mp3", 200 + 20 * i)
        (place / "lyrics").mkdir(parents=True, exist_ok=True)
        (place / "lyrics" / f"{name}.txt").write_text(f"Words of {name[:4]}\nand more", encoding="utf-8")
        (place / "lyrics" / f"{name}.words.txt").write_text("Words\nof\n", encoding="utf-8")
    (root / "JamendoLyrics.csv").write_text("\n".join([head, *lines]), encoding="utf-8")
    return root
