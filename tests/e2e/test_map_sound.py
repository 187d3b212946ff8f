"""Sounds of the map have equal loudness: a loud and a soft file, measured where they leave the browser."""

import hashlib

import numpy as np
import pytest
import soundfile as sf

pytest.importorskip("playwright")
from core.audio.loudness import PEAK_DBFS, measure_loudness
from core.bench.map_page import OPEN_MAP, make_points, serve_map
from core.server.map_routes import scripts_path
from tests.server.sounds import register

SR = 22_050
LISTEN = """async () => {
    const { node } = songscapeMap.sound.output, meter = node.context.createAnalyser();
    meter.fftSize = 16384;
    node.connect(meter);
    const samples = new Float32Array(meter.fftSize);
    const levels = [], peaks = [];
    for (let k = 0; k < 24; k++) {
        await new Promise((done) => setTimeout(done, 100));
        meter.getFloatTimeDomainData(samples);
        if (k < 8) continue; // faded in
        levels.push(Math.sqrt(samples.reduce((sum, v) => sum + v * v, 0) / samples.length));
        peaks.push(samples.reduce((most, v) => Math.max(most, Math.abs(v)), 0));
    }
    node.disconnect(meter);
    const middle = levels.sort((a, b) => a - b)[levels.length >> 1]; // a busy machine leaves gaps
    return [20 * Math.log10(middle), 20 * Math.log10(Math.max(...peaks))];
}"""


@pytest.fixture
def files(tmp_path):
    """Write one melody loud and soft; return the track ids and paths."""
    t = np.arange(20 * SR) / SR
    y = np.sin(2 * np.pi * 440 * t) + 0.5 * np.sin(2 * np.pi * 1320 * t)
    paths = {}
    for name, level in {"loud": 0.6, "soft": 0.03}.items():
        path = tmp_path / f"{name}.wav"
        sf.write(path, level * y, SR)
        paths[hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()] = path
    register("two", paths)
    return paths


def test_a_loud_and_a_soft_file_sound_equally_loud(browser, files):
    measured = [measure_loudness(path) for path in files.values()]
    assert measured[0].lufs - measured[1].lufs == pytest.approx(26, abs=0.1)
    page = browser.new_page()
    heard, gains = [], []
    with serve_map() as address:
        data, _ = make_points(2, ["Loud", "Soft"], list(files))
        page.goto(address)
        page.evaluate(OPEN_MAP, [f"{address}/{scripts_path()}", data])
        page.locator(".map-canvas").click(position={"x": 3, "y": 3})
        for point in (0, 1):
            page.evaluate("(point) => songscapeMap.point(point)", point)
            page.wait_for_function(
                "(point) => songscapeMap.sound.point === point && songscapeMap.sound.level === 1",
                arg=point,
            )
            heard.append(page.evaluate(LISTEN))
            gains.append(page.evaluate("20 * Math.log10(songscapeMap.sound.output.match)"))
    page.close()
    assert gains[1] - gains[0] == pytest.approx(measured[0].lufs - measured[1].lufs, abs=1)
    assert heard[1][0] == pytest.approx(heard[0][0], abs=1)
    assert all(peak <= PEAK_DBFS for _, peak in heard)
