"""The map as one HTML file: opened from disk it moves, sounds and selects, without a network."""

import numpy as np
import pandas as pd
import pytest
import soundfile

pytest.importorskip("playwright")
from playwright.sync_api import expect

from core.collection import Collection
from core.collection.saved import save
from core.export.export_file import write_map
from core.pipeline.choice import Choice

N, SR = 24, 22_050
WORDS = ("river rain", "drum stage", "cloud light")
EVIL = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"
LISTEN = """async () => {
    const { node } = songscapeMap.sound.output, meter = node.context.createAnalyser();
    node.connect(meter);
    const samples = new Float32Array(meter.fftSize);
    let most = 0;
    for (let k = 0; k < 40 && most < 0.001; k++) {
        await new Promise((done) => setTimeout(done, 50));
        meter.getFloatTimeDomainData(samples);
        most = samples.reduce((peak, v) => Math.max(peak, Math.abs(v)), most);
    }
    node.disconnect(meter);
    return most;
}"""


def wait_until(page, condition: str) -> None:
    """Wait in the page: Playwright's own waiting evaluates text there, which the page forbids."""
    reached = page.evaluate(
        f"""async () => {{
            const end = performance.now() + 20000;
            while (!({condition}) && performance.now() < end) await new Promise(requestAnimationFrame);
            return Boolean({condition});
        }}"""
    )
    assert reached, condition


@pytest.fixture
def file(tmp_path):
    """Write the map of a small collection with audio and two groups of columns."""
    rng = np.random.default_rng(0)
    group = np.arange(N) % 3
    audio, text = (5 * rng.normal(size=(3, 4))[g] + rng.normal(size=(N, 4)) for g in (group, group // 2))
    table = pd.DataFrame(np.hstack([audio, text]), columns=[*"abcd", *"efgh"])
    paths = []
    for number in range(N):
        paths.append(str(tmp_path / f"{number}.wav"))
        y = 0.3 * np.sin(2 * np.pi * (200 + 30 * number) * np.arange(3 * SR) / SR)
        soundfile.write(paths[-1], y, SR)
    tracks = pd.DataFrame(
        {
            "track_id": [f"{number:032x}" for number in range(N)],
            "path": paths,
            "title": [EVIL, *(f"Title {number}" for number in range(1, N))],
            "artist": "Somebody",
            "label": np.array(["x", "y", "z"])[group],
            "lyrics": [f"{WORDS[g]} word{k % 5}" for k, g in enumerate(group)],
            "duration_s": 3.0,
        }
    )
    save(Collection("small", tracks, table, info={"kind": "table", "source": "x"}))
    out = tmp_path / "map.html"
    choice = Choice(audio="table", text="tfidf", n_clusters=3, projection="pacmap")
    return out, write_map("small", choice, out, settings={"seconds": 2.0})


def test_the_file_opens_from_disk_moves_sounds_and_selects(browser, file, shots):
    out, report = file
    assert report["estimated_bytes"] == pytest.approx(report["bytes"], rel=0.15)
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    page, asked, failed = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("console", lambda said: failed.append(said.text) if said.type == "error" else None)
    page.goto(out.as_uri())
    page.locator(f".soundmap[data-points='{N}']").wait_for()

    before = page.evaluate("Array.from(songscapeMap.motion.shown())")
    slider = page.get_by_role("slider", name="Text weight")
    slider.fill("0.9")
    wait_until(page, "songscapeMap.data.weight === 0.9 && !songscapeMap.motion.moving")
    moved = page.evaluate("Array.from(songscapeMap.motion.shown())")
    assert np.abs(np.subtract(moved, before)).max() > 0.05
    expect(page.locator(".map-weight-text")).to_have_text("90 %")

    x, y = page.evaluate("songscapeMap.camera.toScreen(...songscapeMap.motion.placeOf(0))")
    page.locator(".map-canvas").click(position={"x": x, "y": y})
    wait_until(page, "!songscapeMap.sound.audio.paused && songscapeMap.sound.audio.currentTime > 0.1")
    assert page.evaluate("songscapeMap.sound.audio.src").startswith("blob:")
    assert page.evaluate(LISTEN) > 0.001

    page.locator("#clusters").get_by_role("button", name="Cluster 2").click()
    wait_until(page, "songscapeMap.chosen")
    n = page.evaluate("songscapeMap.chosen.length")
    expect(page.locator("#tracks-title")).to_have_text(f"Selection: {n} tracks")
    assert page.locator("#tracks li").count() == n
    expect(page.locator("#scores")).to_contain_text("Silhouette")
    page.locator("#colouring").select_option(label="Label")
    expect(page.locator(".map-legend")).to_contain_text("x")
    page.screenshot(path=shots / "map-file.png")

    assert page.evaluate("window.hacked") is None and page.locator("img[src=x]").count() == 0
    assert page.evaluate("songscapeMap.data.titles") and EVIL in page.evaluate(
        "JSON.parse(document.getElementById('songscape-data').textContent).tracks[0][0]"
    )
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert failed == []
    context.close()


def test_without_webgl2_the_file_says_so_and_lists_the_tracks(browser, file):
    context = browser.new_context(offline=True)
    context.add_init_script(
        """const get = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
            return kind === "webgl2" ? null : get.call(this, kind, ...rest);
        };"""
    )
    page = context.new_page()
    page.goto(file[0].as_uri())
    expect(page.locator(".soundmap")).to_contain_text("no WebGL2")
    page.locator("#clusters").get_by_role("button", name="Cluster 1").click()
    expect(page.locator("#tracks li").first).to_be_visible()
    context.close()
