// The map: points that move, sound and can be selected. Python sends references to arrays by content and small values
// (see core/ui/explore/map/soundmap.py); the map answers with {kind, rows, ...}, where rows are positions in the collection.

import { describe, load } from "./arrays.js";
import { Camera } from "./camera.js";
import { fillCard, placeRings } from "./card.js";
import { build, fillHeadline, press } from "./elements.js";
import { Gestures } from "./gestures.js";
import { Link } from "./link.js";
import { fillLegend, mark, paint, parseColour, placeNames, sampleGroups, showNames } from "./marks.js";
import { Motion } from "./motion.js";
import { Renderer } from "./renderer.js";
import { HoverSound } from "./sound.js";
import { Toolbar } from "./toolbar.js";
import { WeightSlider } from "./weight.js";

const REACH_PX = 14;

export class SoundMap {
  // Throws where WebGL2 is missing.
  constructor(root) {
    this.parts = build(root);
    this.camera = new Camera();
    this.renderer = new Renderer(this.parts.canvas);
    this.motion = new Motion(this.renderer, () => this.moved());
    this.sound = new HoverSound(() => this.toolbar?.showSound());
    this.focus = -1;
    this.link = new Link(this);
    this.gestures = new Gestures(this.parts.canvas, this.camera, this.handlers());
    this.toolbar = new Toolbar(this);
    this.weight = new WeightSlider(this);
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(this.parts.stage);
    this.escape = (event) => event.key === "Escape" && this.isPresenting && this.present(false);
    document.addEventListener("keydown", this.escape);
    this.unlock = () => this.toolbar.showSound();
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
      whole: () => this.zoom(null),
      zoom: (factor) => this.zoom(factor),
      walk: (dx, dy) => this.walk(dx, dy),
      space: () => this.play(),
      open: () => this.focus >= 0 && this.click(this.focus, false),
      escape: () => (this.isPresenting ? this.present(false) : this.clear()),
    };
  }

  // Take what Python sends.
  async update(data) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    this.data = data;
    try {
      const [positions, rows, groupOf, legend, chosen] = await Promise.all(
        ["positions", "rows", "groups", "legend", "chosen"].map((name) => load(data[name])),
      );
      if (turn !== this.turn) return; // another update came meanwhile
      this.colourBy(legend, groupOf);
      this.choose(positions.length / 2, chosen);
      this.place(positions, rows, data);
      this.pinned = data.current ?? -1;
      this.weight.show(data);
      fillHeadline(this.parts.headline, data.headline ?? []);
      this.say("");
      this.toolbar.showSound();
      this.dress();
      this.draw();
      this.parts.root.dataset.points = positions.length / 2;
      // The first titles, once the frame is shown: the server's first page waits for it (core/server/map_arrays.py).
      if (positions.length) requestAnimationFrame(() => setTimeout(() => describe(data.titles, 0).catch(() => {})));
    } catch (problem) {
      if (turn === this.turn) this.say(problem.message);
    }
  }

  colourBy(legend, groupOf) {
    if (this.legend === legend && this.groupOf === groupOf) return;
    Object.assign(this, { legend, groupOf, names: null, samples: legend.scale ? [] : sampleGroups(legend, groupOf) });
    const { colours, shapes } = paint(legend, groupOf);
    this.renderer.setMarks(colours, shapes);
    this.renderer.pointSize = legend.size;
    fillLegend(this.parts.legend, legend, (k, adds) => this.selectGroup(k, adds));
  }

  choose(count, chosen) {
    if (this.chosen === chosen && this.count === count) return;
    Object.assign(this, { chosen, count });
    this.renderer.setStates(mark(count, chosen), Boolean(chosen));
  }

  get layout() {
    return this.motion.layout;
  }

  get rows() {
    return this.motion.rows;
  }

  // Take a layout; the view is reset where it is another one.
  place(positions, rows, data) {
    if (this.layout?.positions === positions && this.rows === rows) return;
    const isNewView = this.view !== data.view;
    if (isNewView) this.camera.reset();
    const isSame = this.collection === data.place;
    Object.assign(this, { collection: data.place, view: data.view, names: null });
    this.motion.moveTo(positions, rows, isSame);
    this.camera.setBox(this.layout.bounds());
    if (isNewView) this.camera.fromText(data.zoom);
  }

  // Points moved: so do their names.
  moved() {
    this.names = null;
    this.draw();
  }

  // The pointer, or the keyboard, is at a point; -1 for none. A linked map follows without sound.
  async point(at, follows = false) {
    if (at === this.focus) return;
    this.focus = at;
    if (!follows) this.link.tell(at);
    this.placeRings();
    this.parts.card.hidden = true;
    if (at < 0) return void this.sound.leave();
    const titles = this.data.titles;
    const track = await describe(titles, at).catch((problem) => ({ title: problem.message, src: "" }));
    if (this.focus !== at || this.data.titles !== titles) return;
    this.showCard(at, track);
    if (!follows) this.sound.start(at, track);
  }

  showCard(at, track) {
    fillCard(this.parts.card, [track.title, track.artist, track.label, this.legend.groups[this.groupOf[at]].name, track.src ? "" : "No audio"]);
    this.placeRings();
  }

  click(at, adds) {
    if (at < 0) return adds ? undefined : this.clear();
    if (adds) return this.send("lasso", this.withChosen([at], adds));
    this.pinned = at;
    this.placeRings();
    this.hear(at);
    return this.send("click", [at]);
  }

  select(path, kind, adds) {
    const found = this.layout.within(path.map(([x, y]) => this.camera.toData(x, y)));
    const all = this.withChosen(found, adds);
    if (all.length) this.send(kind === "box" ? "box" : "lasso", all);
    else this.clear();
  }

  selectGroup(group, adds) {
    const found = [];
    this.groupOf.forEach((g, i) => g === group && found.push(i));
    this.send("lasso", this.withChosen(found, adds));
  }

  withChosen(found, adds) {
    return adds && this.chosen ? [...new Set([...this.chosen, ...found])] : found;
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

  present(on) {
    this.isPresenting = on;
    document.body.classList.toggle("songscape-present", on);
    this.parts.root.classList.toggle("map-presents", on);
    press(this.toolbar.present, on);
    this.parts.canvas.focus({ preventScroll: true });
    this.resize();
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
    this.dress();
    this.draw();
  }

  // Take the theme's ground; reading it in every frame would cost a layout of the page each.
  dress() {
    const ground = getComputedStyle(this.parts.root).getPropertyValue("--st-background-color").trim();
    this.renderer.ground = parseColour(ground || "#ffffff").map((v) => v / 255);
  }

  draw() {
    this.renderer.draw(this.camera.clip());
    if (!this.layout) return;
    this.placeRings();
    this.parts.names.hidden = Boolean(this.motion.moving || this.legend.scale || !this.legend.hasNames);
    if (this.parts.names.hidden) return;
    this.names ??= placeNames(this.legend, this.samples, (point) => this.motion.placeOf(point));
    showNames(this.parts.names, this.names, this.camera);
  }

  placeRings() {
    if (this.layout) placeRings(this);
  }

  release() {
    this.present(false);
    this.motion.stop();
    this.watcher.disconnect();
    document.removeEventListener("keydown", this.escape);
    document.removeEventListener("pointerdown", this.unlock);
    this.gestures.release();
    this.link.release();
    this.sound.release();
    this.renderer.release();
  }
}
