// What sounds while the pointer rests on a point: one track at a time, as loud as any other, faded in and out.

import { Output } from "./loudness.js";

const PLAYING = "songscape-playing"; // only one player sounds at a time; the player at the bottom listens to it
const DWELL_MS = 180;
const FADE_MS = 160;
const STORED = "songscape-hover-sound";

export class HoverSound {
  constructor(onChange) {
    this.audio = new Audio();
    this.audio.preload = "auto";
    this.output = new Output(this.audio);
    this.output.set(0);
    this.onChange = onChange;
    this.setting = read();
    this.level = 0;
    this.audio.addEventListener("playing", () => this.onChange());
    this.hush = (event) => event.detail !== this && this.stop();
    window.addEventListener(PLAYING, this.hush);
  }

  // Whether the browser lets pages sound: not before the first click or key.
  get isAllowed() {
    return navigator.userActivation?.hasBeenActive !== false;
  }

  set(setting) {
    this.setting = { ...this.setting, ...setting };
    try {
      localStorage.setItem(STORED, JSON.stringify(this.setting));
    } catch {
      // a page in a file may have no storage
    }
    if (!this.setting.on) this.stop();
    this.output.set(this.level * this.setting.volume);
    this.onChange();
  }

  // Play a track after a short dwell.
  start(point, track, dwellMs = DWELL_MS) {
    clearTimeout(this.waiting);
    this.point = point;
    if (!this.setting.on || !this.isAllowed || !track.src) return;
    this.waiting = setTimeout(() => {
      if (this.point !== point) return;
      this.audio.src = track.src;
      this.output.open();
      this.output.follow(track.src);
      window.dispatchEvent(new CustomEvent(PLAYING, { detail: this }));
      this.fade(1);
      this.audio.play().catch(() => {}); // refused without a gesture, or replaced by the next track
    }, dwellMs);
  }

  leave() {
    clearTimeout(this.waiting);
    this.point = -1;
    if (!this.audio.paused) this.fade(0, () => this.stop());
  }

  stop() {
    clearTimeout(this.waiting);
    cancelAnimationFrame(this.fading);
    this.audio.pause();
    this.level = 0;
    this.onChange();
  }

  fade(to, done) {
    cancelAnimationFrame(this.fading);
    const from = to ? 0 : this.level;
    const began = performance.now();
    const step = (now) => {
      const share = Math.min(1, Math.max(0, (now - began) / FADE_MS));
      this.level = from + (to - from) * share;
      this.output.set(this.level * this.setting.volume);
      if (share < 1) this.fading = requestAnimationFrame(step);
      else done?.();
    };
    step(began);
  }

  release() {
    this.stop();
    this.audio.removeAttribute("src");
    this.output.close();
    window.removeEventListener(PLAYING, this.hush);
  }
}

function read() {
  try {
    const { on = true, volume = 0.8 } = JSON.parse(localStorage.getItem(STORED)) ?? {};
    return { on: Boolean(on), volume: Math.min(1, Math.max(0, Number(volume))) };
  } catch {
    return { on: true, volume: 0.8 };
  }
}
