// The map: points that move, sound and can be selected. Python sends references to arrays by content and small values
// (see core/ui/explore/map/soundmap.py); the map answers with {kind, rows, ...}, where rows are positions in the collection.

import { describe, load } from "./arrays.js";
import { Camera } from "./camera.js";
import { build, button, press, setLabel } from "./elements.js";
import { Gestures } from "./gestures.js";
import { fillLegend, mark, paint, parseColour, placeNames, showNames } from "./marks.js";
import { Points } from "./points.js";
import { Renderer } from "./renderer.js";
import { HoverSound } from "./sound.js";

const MOVE_MS = 700; // how long points take to a new layout
const REACH_PX = 14;

export class SoundMap {
  // Throws where WebGL2 is missing.
  constructor(root) {
    this.parts = build(root);
    this.camera = new Camera();
    this.renderer = new Renderer(this.parts.canvas);
    this.sound = new HoverSound(() => this.showSound());
    this.focus = -1;
    this.frames = 0;
    this.gestures = new Gestures(this.parts.canvas, this.camera, this.handlers());
    this.addTools();
    this.parts.slider.addEventListener("input", () => this.drag(Number(this.parts.slider.value)));
    this.parts.slider.addEventListener("change", () => this.answer({ kind: "weight", weight: Number(this.parts.slider.value), rows: [] }));
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(this.parts.stage);
    this.escape = (event) => event.key === "Escape" && this.isPresenting && this.present(false);
    document.addEventListener("keydown", this.escape);
    this.unlock = () => this.showSound();
    document.addEventListener("pointerdown", this.unlock);
    this.resize();
  }

  handlers() {
    return {
      hover: (x, y) => this.point(this.layout?.nearest(this.camera, x, y, REACH_PX) ?? -1),
      leave: () => this.point(-1),
      click: (x, y, adds) => this.click(this.layout?.nearest(this.camera, x, y, REACH_PX) ?? -1, adds),
      outline: (path) => this.parts.outline.firstChild.setAttribute("points", (path ?? []).map((p) => p.join()).join(" ")),
      select: (path, kind, adds) => this.select(path, kind, adds),
      view: () => this.draw(),
      rest: () => this.draw(),
      whole: () => this.zoom(null),
      zoom: (factor) => this.zoom(factor),
      walk: (dx, dy) => this.walk(dx, dy),
      space: () => this.play(),
      open: () => this.focus >= 0 && this.click(this.focus, false),
      escape: () => (this.isPresenting ? this.present(false) : this.clear()),
    };
  }

  addTools() {
    const tools = this.parts.tools;
    const modes = { lasso: "Select with a lasso", box: "Select with a box", pan: "Move the map" };
    this.modes = Object.entries(modes).map(([mode, label]) => {
      const tool = button(mode, label, () => this.setMode(mode));
      tool.dataset.mode = mode;
      return tool;
    });
    this.soundTool = button("sound", "", () => this.sound.set({ on: !this.sound.setting.on }));
    this.volume = document.createElement("input");
    Object.assign(this.volume, { type: "range", min: 0, max: 1, step: 0.05, value: this.sound.setting.volume, className: "map-volume" });
    this.volume.setAttribute("aria-label", "Volume of sounds on the map");
    this.volume.addEventListener("input", () => this.sound.set({ volume: Number(this.volume.value) }));
    this.presentTool = button("present", "Present: fill the window (P)", () => this.present(!this.isPresenting));
    tools.append(
      ...this.modes,
      button("in", "Zoom in", () => this.zoom(1.6)),
      button("out", "Zoom out", () => this.zoom(1 / 1.6)),
      button("whole", "Show the whole map", () => this.zoom(null)),
      this.soundTool,
      this.volume,
      button("link", "Copy a link to this view", () => this.copyLink()),
      this.presentTool,
    );
    this.setMode(matchMedia("(pointer: coarse)").matches ? "scroll" : "lasso");
    this.showSound();
  }

  // On touch, "scroll" leaves one finger to the page until a tool is chosen; choosing the tool again returns to it.
  setMode(mode) {
    const isCoarse = matchMedia("(pointer: coarse)").matches;
    if (isCoarse && mode === this.gestures.mode) mode = "scroll";
    this.gestures.mode = mode;
    this.gestures.setTouchPans(mode !== "scroll");
    for (const tool of this.modes) press(tool, tool.dataset.mode === mode);
    this.parts.canvas.style.cursor = mode === "pan" ? "grab" : "crosshair";
  }

  // Take what Python sends.
  async update(data) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    this.data = data;
    try {
      const [positions, rows, groupOf, values, legend, chosen] = await Promise.all(
        ["positions", "rows", "groups", "values", "legend", "chosen"].map((name) => load(data[name])),
      );
      if (turn !== this.turn) return; // another update came meanwhile
      this.colourBy(legend, groupOf, values);
      this.choose(positions.length / 2, chosen);
      this.moveTo(positions, rows, data);
      this.pinned = data.current ?? -1;
      this.showWeight(data);
      this.showHeadline(data);
      this.say("");
      this.showSound();
      this.draw();
      this.parts.root.dataset.points = positions.length / 2;
    } catch (problem) {
      if (turn === this.turn) this.say(problem.message);
    }
  }

  colourBy(legend, groupOf, values) {
    if (this.legend === legend && this.groupOf === groupOf && this.values === values) return;
    Object.assign(this, { legend, groupOf, values, places: null });
    const { colours, shapes } = paint(legend, groupOf, values);
    this.renderer.setMarks(colours, shapes);
    this.renderer.pointSize = legend.size;
    fillLegend(this.parts.legend, legend, (k, adds) => this.selectGroup(k, adds));
  }

  choose(count, chosen) {
    if (this.chosen === chosen && this.count === count) return;
    Object.assign(this, { chosen, count });
    this.renderer.setStates(mark(count, chosen), Boolean(chosen));
  }

  // Let points move from where they are; points that were not there appear in their places.
  moveTo(positions, rows, data) {
    if (this.layout?.positions === positions && this.rows === rows) return;
    const isSame = this.place === data.place && this.layout;
    const from = isSame ? this.carry(rows, positions) : positions;
    if (this.view !== data.view) {
      this.camera.reset();
      if (!isSame || data.zoom) this.firstZoom = data.zoom;
    }
    Object.assign(this, { rows, place: data.place, view: data.view, layout: new Points(positions), places: null });
    this.camera.setBox(this.layout.bounds());
    if (this.firstZoom !== undefined) this.camera.fromText(this.firstZoom);
    this.firstZoom = undefined;
    if (from === positions || matchMedia("(prefers-reduced-motion: reduce)").matches) return this.stand(positions);
    this.renderer.setPositions(from, positions, 0);
    const began = performance.now();
    const step = (now) => {
      const share = Math.min(1, Math.max(0, (now - began) / MOVE_MS));
      this.renderer.mix = share * share * (3 - 2 * share);
      this.frames++;
      if (share === 1) this.stand(positions);
      this.draw();
      if (share < 1) this.moving = requestAnimationFrame(step);
    };
    cancelAnimationFrame(this.moving);
    this.moving = requestAnimationFrame(step);
    return undefined;
  }

  stand(positions) {
    this.from = this.to = positions;
    this.renderer.setPositions(positions, positions, 1);
    this.moving = undefined;
  }

  // Where the points of `rows` are on the screen now.
  carry(rows, positions) {
    const mixed = this.shown();
    if (rows === this.rows) return mixed;
    const at = new Map(Array.from(this.rows, (row, i) => [row, i]));
    const from = positions.slice();
    rows.forEach((row, i) => {
      const before = at.get(row);
      if (before !== undefined) from.set([mixed[2 * before], mixed[2 * before + 1]], 2 * i);
    });
    return from;
  }

  shown() {
    const { from, to } = this.renderer.held;
    const share = this.renderer.mix;
    return share === 1 || from === to ? to.slice() : to.map((v, i) => from[i] + (v - from[i]) * share);
  }

  // The slider moves: mix the two layouts beside its weight, without Python.
  async drag(weight) {
    this.parts.weightText.textContent = percent(weight);
    this.parts.slider.setAttribute("aria-valuetext", `${percent(weight)} text`);
    const chain = this.data.chain;
    if (!chain) return;
    this.wanted = weight;
    const layouts = this.chainOf === chain.href ? this.layouts : await this.loadChain(chain);
    if (this.wanted !== weight) return;
    const at = weight * (layouts.length - 1);
    const k = Math.min(layouts.length - 2, Math.floor(at));
    cancelAnimationFrame(this.moving);
    this.renderer.setPositions(layouts[k].positions, layouts[k + 1].positions, at - k);
    this.layout = at - k < 0.5 ? layouts[k] : layouts[k + 1];
    this.places = null;
    this.frames++;
    this.draw();
  }

  async loadChain(chain) {
    const all = await load(chain);
    const n = all.length / chain.steps;
    this.layouts = Array.from({ length: chain.steps }, (_, k) => new Points(all.subarray(k * n, (k + 1) * n)));
    this.chainOf = chain.href;
    return this.layouts;
  }

  showWeight(data) {
    const { weight, slider, weightText } = this.parts;
    weight.hidden = data.weight === null || data.weight === undefined;
    if (weight.hidden) return;
    slider.value = data.weight;
    weightText.textContent = data.chain ? percent(data.weight) : `${percent(data.weight)} · ${data.chainNote}`;
    if (data.chain) requestIdleCallback?.(() => this.loadChain(data.chain).catch(() => {}));
  }

  showHeadline(data) {
    this.parts.headline.replaceChildren(
      ...(data.headline ?? []).map(([name, value]) => {
        const item = document.createElement("span");
        item.append(Object.assign(document.createElement("b"), { textContent: value }), ` ${name}`);
        return item;
      }),
    );
  }

  // The pointer, or the keyboard, is at a point; -1 for none.
  async point(at) {
    if (at === this.focus) return;
    this.focus = at;
    this.placeRings();
    this.parts.card.hidden = true;
    if (at < 0) return void this.sound.leave();
    const titles = this.data.titles;
    const track = await describe(titles, at).catch((problem) => ({ title: problem.message, src: "" }));
    if (this.focus !== at || this.data.titles !== titles) return;
    this.showCard(at, track);
    this.sound.start(at, track);
  }

  showCard(at, track) {
    const { card } = this.parts;
    const weight = this.values && !Number.isNaN(this.values[at]) ? `text weight ${percent(this.values[at])}` : "";
    const lines = [track.title, track.artist, track.label, this.legend.groups[this.groupOf[at]].name, weight, track.src ? "" : "No audio"];
    card.replaceChildren(
      ...[...new Set(lines.filter(Boolean))].map((text, k) => Object.assign(document.createElement(k ? "span" : "b"), { textContent: text })),
    );
    card.hidden = false;
    this.placeRings();
  }

  click(at, adds) {
    if (at < 0) return adds ? undefined : this.clear();
    if (adds) return this.send("lasso", [...new Set([...(this.chosen ?? []), at])]);
    this.pinned = at;
    this.placeRings();
    this.hear(at);
    return this.send("click", [at]);
  }

  select(path, kind, adds) {
    const found = this.layout.within(path.map(([x, y]) => this.camera.toData(x, y)));
    const all = adds && this.chosen ? [...new Set([...this.chosen, ...found])] : found;
    if (all.length) this.send(kind === "box" ? "box" : "lasso", all);
    else this.clear();
  }

  selectGroup(group, adds) {
    const found = [];
    this.groupOf.forEach((g, i) => g === group && found.push(i));
    this.send("lasso", adds && this.chosen ? [...new Set([...this.chosen, ...found])] : found);
  }

  clear() {
    this.point(-1);
    this.send("clear", []);
  }

  send(kind, points) {
    this.answer({ kind, rows: points.map((i) => this.rows[i]) });
  }

  walk(dx, dy) {
    if (!this.layout?.count) return;
    let at = this.focus >= 0 ? this.focus : this.pinned;
    at = at >= 0 ? this.layout.next(this.camera, at, dx, dy) : this.layout.nearest(this.camera, this.camera.width / 2, this.camera.height / 2, 4000);
    if (at >= 0) this.point(at);
  }

  // Space: play what is focused or selected, or stop it.
  play() {
    const at = this.focus >= 0 ? this.focus : this.pinned;
    if (at < 0) return;
    if (!this.sound.audio.paused && this.sound.point === at) return void this.sound.stop();
    if (!this.sound.setting.on) this.sound.set({ on: true });
    this.hear(at);
  }

  async hear(at) {
    const track = await describe(this.data.titles, at).catch(() => null);
    if (track) this.sound.start(at, track, 0);
  }

  zoom(factor) {
    if (factor === null) this.camera.reset();
    else this.camera.zoomAt(this.camera.width / 2, this.camera.height / 2, factor);
    this.draw();
  }

  showSound() {
    const { on } = this.sound.setting;
    setLabel(this.soundTool, on ? "Sound on the map is on" : "Sound on the map is off", on ? "sound" : "silent");
    press(this.soundTool, on);
    const isSilent = on && !this.sound.isAllowed;
    if (isSilent) this.say("Click to enable sound");
    else if (this.parts.note.textContent === "Click to enable sound") this.say("");
  }

  present(on) {
    this.isPresenting = on;
    document.body.classList.toggle("songscape-present", on);
    this.parts.root.classList.toggle("map-presents", on);
    press(this.presentTool, on);
    this.parts.canvas.focus({ preventScroll: true });
    this.resize();
  }

  async copyLink() {
    const address = new URL(location.href);
    const zoom = this.camera.toText();
    if (zoom) address.searchParams.set("zoom", zoom);
    else address.searchParams.delete("zoom");
    try {
      await navigator.clipboard.writeText(address.href);
      this.say("Link copied.", 1500);
    } catch {
      this.say(address.href, 8000);
    }
  }

  say(text, forMs) {
    this.parts.note.textContent = text;
    clearTimeout(this.saying);
    if (forMs) this.saying = setTimeout(() => this.say(""), forMs);
  }

  resize() {
    const { offsetWidth: width, offsetHeight: height } = this.parts.stage;
    if (!width || !height) return;
    this.camera.resize(width, height);
    this.renderer.resize(width, height);
    this.draw();
  }

  draw() {
    if (!this.layout) return;
    const style = getComputedStyle(this.parts.root);
    this.renderer.ground = parseColour(style.getPropertyValue("--st-background-color").trim() || "#ffffff").map((v) => v / 255);
    this.renderer.draw(this.camera.clip());
    this.placeRings();
    if (this.moving || this.legend.scale || !this.legend.hasNames) return void (this.parts.names.hidden = true);
    this.parts.names.hidden = false;
    this.places ??= placeNames(this.legend, this.groupOf, this.shown());
    showNames(this.parts.names, this.places, this.camera);
  }

  // The ring follows the pinned track, the halo and the card the point under the pointer.
  placeRings() {
    if (!this.layout) return;
    const { from, to } = this.renderer.held;
    const put = (element, at) => {
      element.hidden = !(at >= 0 && at < this.layout.count);
      if (element.hidden) return [0, 0];
      const [x, y] = [0, 1].map((axis) => from[2 * at + axis] + (to[2 * at + axis] - from[2 * at + axis]) * this.renderer.mix);
      const place = this.camera.toScreen(x, y);
      element.style.transform = `translate(${place[0]}px, ${place[1]}px) translate(-50%, -50%)`;
      return place;
    };
    put(this.parts.ring, this.pinned);
    const [x, y] = put(this.parts.halo, this.focus);
    const { card } = this.parts;
    if (card.hidden) return;
    const left = Math.min(Math.max(4, x + 14), this.camera.width - card.offsetWidth - 4);
    const top = y + 18 + card.offsetHeight > this.camera.height ? y - card.offsetHeight - 14 : y + 14;
    card.style.transform = `translate(${left}px, ${top}px)`;
  }

  release() {
    this.present(false);
    cancelAnimationFrame(this.moving);
    this.watcher.disconnect();
    document.removeEventListener("keydown", this.escape);
    document.removeEventListener("pointerdown", this.unlock);
    this.gestures.release();
    this.sound.release();
    this.renderer.release();
  }
}

function percent(share) {
  return `${Math.round(share * 100)} %`;
}
