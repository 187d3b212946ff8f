"""Put scripts, styles and data into one HTML file that reads nothing else."""

import base64
import hashlib
import json
from collections.abc import Iterable
from html import escape
from pathlib import Path

from core.export.page.script_bundle import bundle

ASSETS = Path(__file__).resolve().parents[3] / "assets"
STYLES = (ASSETS / "map" / "soundmap.css", ASSETS / "standalone" / "standalone.css")
ENTRY = ASSETS / "standalone" / "standalone.js"
LICENCES = (ASSETS / "map" / "vendor" / "kdbush-LICENSE",)
BODY = """<h1>{title}</h1>
<p class="about">{about}</p>
<main>
<div>
<label class="colouring">Colour <select id="colouring"></select></label>
<div class="soundmap"></div>
<div class="notes">{notes}</div>
</div>
<aside>
<section>
<h2 id="tracks-title">Selection</h2>
<p id="tracks-note"></p>
<ol id="tracks"></ol>
</section>
<h2>Clusters</h2>
<table id="clusters"></table>
<p class="about">Select a cluster, or draw a lasso on the map: its tracks are listed here.</p>
<h2>Scores</h2>
<table id="scores"></table>
</aside>
</main>
"""


def page_script() -> str:
    """Return the one script, which can't end its element early, with the licence of what is not our own."""
    notice = "".join(f"/*! {file.stem}: {file.read_text(encoding='utf-8').strip()} */\n" for file in LICENCES)
    return (notice + bundle(ENTRY)).replace("</script", "<\\/script").replace("<!--", "<\\!--")


def write_page(out: Path, data: dict, clips: Iterable[tuple[int, bytes]]) -> None:
    """Write the page.

    Parameters
    ----------
    data : dict
        See :func:`core.export.page.page_data.page_data`.
    clips : iterable of (int, bytes)
        Excerpts as MP3 by the number of their track; they are written one by one.
    """
    script = page_script()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        "media-src blob:; base-uri 'none'; form-action 'none'"
    )
    shown = {key: data[key] for key in ("title", "about")}
    notes = "".join(f"<p>{escape(note)}</p>" for note in data["notes"])
    styles = "\n".join(file.read_text(encoding="utf-8") for file in STYLES)
    with open(out, "w", encoding="utf-8", errors="replace", newline="\n") as file:
        file.write(
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{escape(data['title'])}</title>\n<style>\n{styles}</style>\n</head>\n<body>\n"
        )
        file.write(BODY.format(**{key: escape(text) for key, text in shown.items()}, notes=notes))
        for number, clip in clips:
            encoded = base64.b64encode(clip).decode()
            file.write(f'<script type="text/plain" id="clip-{number}">{encoded}</script>\n')
        block = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        file.write(f'<script type="application/json" id="songscape-data">{block}</script>\n')
        file.write(f"<script>{script}</script>\n</body>\n</html>\n")
