// Pointer, wheel, touch and keys on the map, as calls of `on`.

const DRAG_PX = 4;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Gestures {
  constructor(canvas, camera, on) {
    this.canvas = canvas;
    this.camera = camera;
    this.on = on;
    this.pointers = new Map();
    this.events = new AbortController();
    const listen = (name, handle, options = {}) =>
      canvas.addEventListener(name, handle.bind(this), { signal: this.events.signal, ...options });
    listen("pointerdown", this.down);
    listen("pointermove", this.move);
    listen("pointerup", this.up);
    listen("pointercancel", this.cancel);
    listen("pointerleave", () => this.pointers.size || on.leave());
    listen("wheel", this.wheel, { passive: false });
    listen("keydown", this.key);
    listen("dblclick", () => on.whole());
  }

  // "lasso", "box" and "pan" say what dragging does; with "scroll" one finger scrolls the page, and a tap still selects.
  setMode(mode) {
    this.mode = mode;
    this.canvas.style.touchAction = mode === "scroll" ? "pan-y" : "none";
    this.canvas.style.cursor = mode === "pan" ? "grab" : "crosshair";
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  down(event) {
    if (event.button > 0) return;
    this.canvas.focus({ preventScroll: true, focusVisible: false });
    this.pointers.set(event.pointerId, this.at(event));
    try {
      this.canvas.setPointerCapture(event.pointerId);
    } catch {
      // a pointer that is already up
    }
    this.path = this.pointers.size === 1 ? [this.at(event)] : null;
    this.isDrag = false;
  }

  move(event) {
    const before = this.pointers.get(event.pointerId);
    const here = this.at(event);
    if (!before) return event.pointerType === "touch" ? undefined : this.on.hover(...here);
    this.pointers.set(event.pointerId, here);
    if (this.pointers.size === 2) return this.pinch(event.pointerId, before, here);
    if (!this.path) return undefined;
    const [x, y] = this.path[0];
    this.isDrag ||= Math.hypot(here[0] - x, here[1] - y) > DRAG_PX;
    if (!this.isDrag || this.mode === "scroll") return undefined;
    if (this.mode === "pan") {
      this.camera.pan(here[0] - before[0], here[1] - before[1]);
      return this.on.view();
    }
    if (this.mode === "box") this.path = [[x, y], [here[0], y], here, [x, here[1]]];
    else this.path.push(here);
    return this.on.outline(this.path);
  }

  pinch(id, before, here) {
    const other = [...this.pointers].find(([key]) => key !== id)[1];
    const apart = (p) => Math.max(10, Math.hypot(p[0] - other[0], p[1] - other[1]));
    this.path = null;
    this.camera.zoomAt((here[0] + other[0]) / 2, (here[1] + other[1]) / 2, apart(here) / apart(before));
    this.on.view();
  }

  up(event) {
    const path = this.path;
    this.cancel(event);
    if (!path) return;
    if (!this.isDrag) this.on.click(...path[0], event.shiftKey);
    else if (path.length > 2) this.on.select(path, this.mode, event.shiftKey);
  }

  cancel(event) {
    this.pointers.delete(event.pointerId);
    this.path = null;
    this.on.outline(null);
  }

  wheel(event) {
    event.preventDefault();
    this.camera.zoomAt(...this.at(event), Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)));
    this.on.view();
  }

  key(event) {
    if (ARROWS[event.key]) this.on.walk(...ARROWS[event.key]);
    else if (event.key === " ") this.on.space();
    else if (event.key === "Enter") this.on.open();
    else if (event.key === "Escape") this.on.escape();
    else if (event.key === "+" || event.key === "-") this.on.zoom(event.key === "+" ? 1.4 : 1 / 1.4);
    else if (event.key === "0") this.on.whole();
    else return;
    event.preventDefault();
  }

  release() {
    this.events.abort();
  }
}
