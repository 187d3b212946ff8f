"""Sound a performance: fluidsynth for the instruments, a synthetic room, equal loudness, fades, Ogg
Vorbis."""

from __future__ import annotations

import math
import subprocess
import tempfile
from pathlib import Path

import mido
import numpy as np
import pyloudnorm
import soundfile
import soxr
from ensembles import PIANOS, PLUCKED, ROLES
from perform import Played
from scipy.signal import butter, fftconvolve, sosfilt

SOUNDFONT = Path("/usr/share/sounds/sf2/MuseScore_General_Full.sf2")
SR = 44100
SR_OUT = 32000
LOUDNESS_LUFS = -19.0
PEAK = 0.89
ROOMS = {
    "chamber": (0.8, 0.16),
    "hall": (1.5, 0.20),
    "church": (2.3, 0.24),
}  # decay in s, share of the room in the sound


def render(
    played: list[Played],
    programs: dict[str, int],
    room: str,
    soundfont: Path,
    out: Path,
    quality: float,
    seed: int,
    pedal: bool,
    most_s: float = 14.9,
) -> None:
    """Write one Ogg file, mono, at `LOUDNESS_LUFS`; `pedal` says whether a piano uses it.

    It lasts from 12.1 to `most_s` seconds, or just `most_s` where that is less.
    """
    with tempfile.TemporaryDirectory() as folder:
        midi, wav = Path(folder) / "a.mid", Path(folder) / "a.wav"
        _write_midi(played, programs, midi, pedal)
        subprocess.run(
            [
                "fluidsynth",
                "-ni",
                "-q",
                "-R",
                "0",
                "-C",
                "0",
                "-g",
                "0.5",
                "-r",
                str(SR),
                "-o",
                "synth.dynamic-sample-loading=1",
                "-F",
                str(wav),
                str(soundfont),
                str(midi),
            ],
            check=True,
            capture_output=True,
        )
        y, _ = soundfile.read(wav, dtype="float64")
    y = _room(y.mean(axis=1), room, seed)
    y = soxr.resample(y, SR, SR_OUT, "VHQ")
    last = max(p.start_s + min(p.length_s, 4.0) for p in played)
    y = _fade(y[: int(min(max(last + 1.3, 12.1), most_s) * SR_OUT)])
    y = _level(y)
    soundfile.write(
        out, y.astype("float32"), SR_OUT, format="OGG", subtype="VORBIS", compression_level=1 - quality
    )


def _write_midi(played, programs, path, pedal):
    """One channel a role; sustained instruments swell and fade through expression (controller 11)."""
    events = []
    for channel, role in enumerate(ROLES):
        events.append((0.0, 0, mido.Message("program_change", channel=channel, program=programs[role])))
        if programs[role] not in PLUCKED:
            for k in range(160):
                value = int(104 + 14 * math.sin(2 * math.pi * (k / 10) / 5.5 - 1.2 + 0.4 * channel))
                events.append(
                    (k / 10, 1, mido.Message("control_change", channel=channel, control=11, value=value))
                )
    if pedal:
        events += _pedal(played, [c for c, role in enumerate(ROLES) if programs[role] in PIANOS])
    for note in played:
        channel = ROLES.index(note.role)
        events.append(
            (
                note.start_s + 0.03,
                3,
                mido.Message("note_on", channel=channel, note=note.pitch, velocity=note.velocity),
            )
        )
        events.append(
            (
                note.start_s + 0.03 + note.length_s,
                2,
                mido.Message("note_off", channel=channel, note=note.pitch),
            )
        )
    events.sort(key=lambda e: (e[0], e[1]))
    events.append((events[-1][0] + 3.0, 4, mido.MetaMessage("text", text="end")))
    midi, track, now = mido.MidiFile(ticks_per_beat=960), mido.MidiTrack(), 0
    for seconds, _, message in events:
        tick = round(seconds * 1920)
        track.append(message.copy(time=tick - now))
        now = tick
    midi.tracks.append(track)
    midi.save(path)


def _pedal(played, channels):
    """The pedal is changed with each new bass note, at most three times a second."""
    events, last = [], -1.0
    for at in sorted(n.start_s for n in played if n.role in ("bass", "lower")):
        if at - last < 0.33:
            continue
        last = at
        for channel in channels:
            up, down = (
                mido.Message("control_change", channel=channel, control=64, value=v) for v in (0, 100)
            )
            events += [(at + 0.02, 1, up), (at + 0.12, 1, down)]
    return events


def _room(y, room, seed):
    """Convolve with a made-up room: a few early reflections, then noise that decays, its treble sooner than
    its bass."""
    decay, share = ROOMS[room]
    rng = np.random.default_rng(seed % 7)
    t = np.arange(int(decay * 1.1 * SR)) / SR
    tail = np.zeros_like(t)
    for low, high, factor in ((120, 600, 1.0), (600, 2500, 0.8), (2500, 7000, 0.45)):
        band = sosfilt(butter(2, [low, high], "band", fs=SR, output="sos"), rng.standard_normal(t.size))
        tail += (
            band
            / np.sqrt(np.mean(band**2))
            * 10 ** (-3 * t / (decay * factor))
            * (0.9 if low < 2000 else 0.5)
        )
    tail *= np.clip(t / 0.03, 0, 1)
    for delay, gain in ((0.011, 9.0), (0.017, -7.0), (0.023, 6.0), (0.031, 5.0), (0.041, -4.0)):
        tail[int(delay * (0.7 + decay / 3) * SR)] += gain
    tail /= np.sqrt(np.sum(tail**2))
    y = np.concatenate([y, np.zeros(3 * SR)])
    wet = fftconvolve(y, tail)[: y.size]
    wet *= np.sqrt(np.mean(y**2) / max(np.mean(wet**2), 1e-12))
    return (1 - share) * y + 2 * share * wet


def _fade(y):
    """Half a cosine: 15 ms in, 1.6 s out."""
    y = y - y.mean()
    rise, fall = int(0.015 * SR_OUT), int(1.6 * SR_OUT)
    y[:rise] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(rise) / rise)
    y[-fall:] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(fall) / fall)
    return y


def _level(y):
    """Bring to the common loudness; round off what would still pass the peak."""
    for _ in range(3):
        y = y * 10 ** ((LOUDNESS_LUFS - pyloudnorm.Meter(SR_OUT).integrated_loudness(y)) / 20)
        over = np.abs(y) > 0.6 * PEAK
        knee = 0.6 * PEAK
        y[over] = np.sign(y[over]) * (
            knee + (PEAK - knee) * np.tanh((np.abs(y[over]) - knee) / (PEAK - knee))
        )
    return y
