"""Hostile names and paths: in the folder chooser, uploads, names of what is stored, and exported files."""

import csv
import random
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

from core.bench.hostile.forged_requests import PARTS
from core.bench.hostile.hostile_audio import good_files
from core.bench.hostile.hostile_tables import FORMULAS
from core.errors import SongscapeError

MARKUP = "<script>alert(1)</script>"
WHOLE = (
    "",
    ".",
    "..",
    "/",
    "~",
    "~root",
    "/etc/passwd",
    "/proc/self/environ",
    "/dev/zero",
    "CON",
    "nul.csv",
    "a" * 10_000,
    "é" * 300,
    "\u202egnp.exe",
    "e\u0301" * 40,
    "\ud800",
    "line\nbreak",
    "#EXTINF:1,x",
    "]]><x/>",
    '"><img src=x onerror=alert(1)>',
    "$(id)",
    "`id`",
    "-rf",
    MARKUP,
    *FORMULAS,
)
"""Names that are tried as they are."""
MOST_FILES = 40
"""Audio files with hostile names, whose map is exported."""


def payloads(n: int, seed: int) -> list[str]:
    """Return ``n`` hostile names: those of :data:`WHOLE`, then several random parts of paths each."""
    rng = random.Random(seed)

    def combined() -> Iterator[str]:
        yield from WHOLE
        while True:
            parts = [rng.choice((*PARTS, *WHOLE[1:11])) for _ in range(rng.randint(1, 4))]
            text = rng.choice(("/", "\\", "", "\0", "\n")).join(parts)
            yield unquote(text) if rng.random() < 0.5 else text

    return list(islice(combined(), n))


def attack_names(folder: Path, n: int, seed: int) -> dict[str, int]:
    """Try ``n`` names in every place that takes one; call it with a store within ``folder``.

    Returns
    -------
    dict
        ``names``, how many were tried; ``names_escaped``, after which a file was outside the folder that it
        belongs to, or a folder could be opened outside the allowed roots; ``names_unexplained``, with an
        error that is no sentence for a user; ``exports_unsafe``, parts of exported files that a spreadsheet,
        a browser or an unpacking program would run or write elsewhere.
    """
    for part in ("roots", "store"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    names = payloads(n, seed)
    outside = _files(folder) - _files(folder / "store")
    escaped = unexplained = 0
    for name in names:
        for attempt in (_open_folder, _upload, _name_collection, _name_view, _name_checkpoint):
            try:
                escaped += not attempt(folder, name)
            except SongscapeError:
                continue
            except Exception:  # what is counted: an error that no page would explain
                unexplained += 1
    escaped += len(_files(folder) - _files(folder / "store") - outside)
    return {
        "names": n,
        "names_escaped": escaped,
        "names_unexplained": unexplained,
        "exports_unsafe": len(export_hostile(folder / "exports", names)),
    }


def _files(folder: Path) -> set[Path]:
    """Return everything below a folder, symbolic links not followed."""
    return set(folder.rglob("*"))


def _open_folder(folder: Path, name: str) -> bool:
    """Open a folder and a table in the folder chooser; return whether they are within the roots."""
    from core.collection.sources.roots import allowed_roots, resolve_table, resolve_within

    def is_within(resolve: Callable[[str], Path], path: str) -> bool:
        try:
            return any(resolve(path).is_relative_to(root) for root in allowed_roots())
        except SongscapeError:
            return True

    tried = (name, f"{folder / 'roots'}/{name}")
    return all(is_within(resolve, path) for resolve in (resolve_within, resolve_table) for path in tried)


def _upload(folder: Path, name: str) -> bool:
    """Upload a file; return whether it is in the folder of its collection."""
    from core.collection.sources.uploads import save_uploads

    home = folder / "store" / "uploads" / "c"
    return save_uploads("c", [(f"{name}.txt", b"la")]).resolve() == home.resolve()


def _name_collection(folder: Path, name: str) -> bool:
    """Rename a collection and back; return whether it was at the name given."""
    from core import collection as collections

    table = folder / "store" / "t.csv"
    if "named" not in collections.names():
        table.write_text("title,lyrics\na,la la\nb,do re\n", encoding="utf-8")
        collections.add(table, "named")
    collections.rename("named", name)
    is_there = (folder / "store" / "collections" / name).is_dir()
    collections.rename(name, "named")
    return is_there


def _name_view(folder: Path, name: str) -> bool:
    """Save a view and delete it; return whether it was among the views."""
    from core.export.saved_view import delete_view, save_view

    view = save_view(name, name, {name: name}, {})
    stored = list((folder / "store" / "views").iterdir())
    delete_view(view)
    return [path.name for path in stored] == [f"{view.key}.json"]


def _name_checkpoint(folder: Path, name: str) -> bool:
    """Import a checkpoint and delete it; return whether it was among the checkpoints."""
    from core.checkpoints.checkpoint_files import SHIPPED
    from core.checkpoints.stored_checkpoints import delete_checkpoint, import_checkpoint

    found = import_checkpoint(SHIPPED / "demo-pca.safetensors", name)
    is_there = found.path.resolve().parent == (folder / "store" / "checkpoints").resolve()
    delete_checkpoint(found)
    return is_there


def export_hostile(folder: Path, names: Iterable[str]) -> list[str]:
    """Add audio files with hostile names and labels, export them in every format, and list what is unsafe."""
    from core import collection as collections
    from core.export.export_file import export_collection
    from core.export.formats import FORMATS
    from core.pipeline.choice import Choice

    legal = [re.sub(r"[/\0]", "_", name)[:60].encode("utf-8", "ignore").decode() for name in names]
    legal = [name for name in dict.fromkeys(legal) if name.strip(". ")][:MOST_FILES]
    for i, name in enumerate(legal):
        home = folder / "music" / legal[i % 3]
        home.mkdir(parents=True, exist_ok=True)
        (home / f"{name}.wav").write_bytes(good_files()["pcm.wav"][:-2] + bytes([i, 0]))
    collections.add(folder / "music", "hostile-names", label="folder")
    choice, problems = Choice(audio="mfcc", n_clusters=3, projection="pca"), []
    (folder / "out").mkdir()
    for spec in FORMATS.values():
        out = folder / "out" / f"exported{spec.suffixes[0]}"
        export_collection("hostile-names", choice, out)
        problems += [f"{spec.name}: {problem}" for problem in unsafe_parts(out)]
    expected = {f"exported{spec.suffixes[0]}" for spec in FORMATS.values()}
    return problems + [path.name for path in (folder / "out").iterdir() if path.name not in expected]


def unsafe_parts(out: Path) -> list[Any]:
    """Return what is unsafe in an exported file or folder."""
    from core.export.spreadsheet_cells import FORMULA

    ending = out.suffix
    if ending == ".csv":
        with out.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        return [cell for cell in cells if cell.startswith(FORMULA) and not _is_number(cell)]
    if ending in (".m3u", ".m3u8"):
        lines = out.read_bytes().decode("utf-8", "surrogateescape").splitlines()
        return [line for line in lines if line and not line.startswith("#") and not Path(line).is_file()]
    if ending == ".zip":
        with zipfile.ZipFile(out) as archive:
            return [name for name in archive.namelist() if not _is_safe_path(name)]
    if not ending:
        return [path for path in out.rglob("*") if path.is_symlink() or not _is_safe_path(path.name)]
    if ending in (".html", ".svg"):
        return re.findall(re.escape(MARKUP), out.read_text(encoding="utf-8"))
    if ending == ".xml":
        ElementTree.parse(out)  # noqa: S314  # our own file; broken XML raises
    return []


def _is_number(cell: str) -> bool:
    """Return whether a cell is a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _is_safe_path(name: str) -> bool:
    """Return whether unpacking a member writes below the folder that it is unpacked into."""
    parts = name.split("/")
    return not name.startswith(("/", "~")) and ".." not in parts and not re.search(r"[\\:\0-\x1f]", name)
