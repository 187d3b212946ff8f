"""Record the moving map of README: ``python docs/record_map.py`` writes ``assets/moving-map.webp``.

The app is started with an empty store and the demo; the text weight is dragged from 0 to 1 and back. Needs
playwright and a Chromium.
"""

import io
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
OUT = ROOT / "assets" / "moving-map.webp"
WIDTH, STEPS, STEP_MS, REST_MS = 720, 36, 80, 900
MOST_BYTES = 3_000_000
CLIP = """() => {
  const box = (name) => document.querySelector(name).getBoundingClientRect();
  const { x, y, width } = box(".map-stage");
  return { x, y, width, height: box(".map-weight").bottom - y };
}"""
DRAG = """async (weight) => {
  const { slider } = songscapeMap.parts;
  slider.step = 0.01; // finer than a hand needs, so that the picture is smooth
  slider.value = weight;
  const frames = songscapeMap.motion.frames;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  while (songscapeMap.motion.frames === frames) await new Promise((done) => setTimeout(done, 5));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


def record() -> list[Image.Image]:
    """Return one picture per step of the text weight."""
    from core.bench.map_app import READY, start_app
    from core.bench.map_page import open_page
    from core.bench.temporary_store import temporary_store

    with temporary_store(), open_page(1440, 900) as page, start_app() as (address, _):
        page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        page.goto(f"{address}/?on=demo")
        page.locator(READY).wait_for()
        page.wait_for_function("songscapeMap.data.chain && !songscapeMap.motion.moving")
        page.mouse.click(5, 5)  # the note that sound needs a click disappears
        page.wait_for_timeout(2000)
        clip = page.evaluate(CLIP)
        pictures = []
        for step in range(STEPS + 1):
            page.evaluate(DRAG, step / STEPS)
            picture = Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")
            height = round(picture.height * WIDTH / picture.width)
            pictures.append(picture.resize((WIDTH, height), Image.Resampling.LANCZOS))
    return pictures


def main() -> None:
    """Write the animation, there and back."""
    pictures = record()
    way = [*pictures, *pictures[-2:0:-1]]
    durations = [REST_MS if picture in (pictures[0], pictures[-1]) else STEP_MS for picture in way]
    way[0].save(OUT, save_all=True, append_images=way[1:], duration=durations, loop=0, quality=65, method=2)
    size = OUT.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{OUT.name} has {size:,} bytes, more than {MOST_BYTES:,}")
    print(f"{OUT.name}: {len(way)} frames, {size:,} bytes")


if __name__ == "__main__":
    main()
