// The tools above the map: how the pointer selects, zoom, sound, link, and filling the window.

import { button, press, setLabel } from "./elements.js";

const MODES = { lasso: "Select with a lasso", box: "Select with a box", pan: "Move the map" };
const SILENT = "Click to enable sound";

export class Toolbar {
  constructor(map) {
    this.map = map;
    this.isCoarse = matchMedia("(pointer: coarse)").matches;
    this.modes = Object.entries(MODES).map(([mode, label]) => {
      const tool = button(mode, label, () => this.setMode(mode));
      tool.dataset.mode = mode;
      return tool;
    });
    this.sound = button("sound", "", () => map.sound.set({ on: !map.sound.setting.on }));
    this.volume = document.createElement("input");
    Object.assign(this.volume, { type: "range", min: 0, max: 1, step: 0.05, value: map.sound.setting.volume, className: "map-volume" });
    this.volume.setAttribute("aria-label", "Volume of sounds on the map");
    this.volume.addEventListener("input", () => map.sound.set({ volume: Number(this.volume.value) }));
    this.present = button("present", "Present: fill the window", () => map.present(!map.isPresenting));
    map.parts.tools.append(
      ...this.modes,
      button("in", "Zoom in", () => map.zoom(1.6)),
      button("out", "Zoom out", () => map.zoom(1 / 1.6)),
      button("whole", "Show the whole map", () => map.zoom(null)),
      this.sound,
      this.volume,
      button("link", "Copy a link to this view", () => this.copyLink()),
      this.present,
    );
    this.setMode(this.isCoarse ? "scroll" : "lasso");
    this.showSound();
  }

  // On touch, "scroll" leaves one finger to the page until a tool is chosen; choosing the tool again returns to it.
  setMode(mode) {
    if (this.isCoarse && mode === this.map.gestures.mode) mode = "scroll";
    this.map.gestures.setMode(mode);
    for (const tool of this.modes) press(tool, tool.dataset.mode === mode);
  }

  showSound() {
    const { on } = this.map.sound.setting;
    setLabel(this.sound, on ? "Sound on the map is on" : "Sound on the map is off", on ? "sound" : "silent");
    press(this.sound, on);
    if (on && !this.map.sound.isAllowed) this.map.say(SILENT);
    else if (this.map.parts.note.textContent === SILENT) this.map.say("");
  }

  async copyLink() {
    const address = new URL(location.href);
    const zoom = this.map.camera.toText();
    if (zoom) address.searchParams.set("zoom", zoom);
    else address.searchParams.delete("zoom");
    try {
      await navigator.clipboard.writeText(address.href);
      this.map.say("Link copied.", 1500);
    } catch {
      this.map.say(address.href, 8000);
    }
  }
}
