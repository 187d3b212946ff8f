// From data to the screen and back. Data lie in a box around 0; the box fills the canvas at zoom 1.

const MOST_STRETCH = 2; // an elongated layout is stretched to fill its panel, at most by this factor
const MARGIN = 28;
const ZOOMS = [0.5, 2000];

export class Camera {
  constructor() {
    this.box = [-1, -1, 1, 1];
    this.width = this.height = 1;
    this.reset();
  }

  reset() {
    this.zoom = 1;
    this.x = (this.box[0] + this.box[2]) / 2;
    this.y = (this.box[1] + this.box[3]) / 2;
  }

  // The box that the layout fills; the view stays where it is relative to it.
  setBox(box) {
    const isWhole = this.zoom === 1;
    this.box = box;
    if (isWhole) this.reset();
  }

  resize(width, height) {
    this.width = width;
    this.height = height;
  }

  // Pixels per unit of data.
  scale() {
    const [left, bottom, right, top] = this.box;
    let sx = Math.max(1, this.width - 2 * MARGIN) / Math.max(right - left, 1e-9);
    let sy = Math.max(1, this.height - 2 * MARGIN) / Math.max(top - bottom, 1e-9);
    sx = Math.min(sx, sy * MOST_STRETCH);
    sy = Math.min(sy, sx * MOST_STRETCH);
    return [sx * this.zoom, sy * this.zoom];
  }

  toScreen(x, y) {
    const [sx, sy] = this.scale();
    return [this.width / 2 + (x - this.x) * sx, this.height / 2 - (y - this.y) * sy];
  }

  toData(px, py) {
    const [sx, sy] = this.scale();
    return [this.x + (px - this.width / 2) / sx, this.y - (py - this.height / 2) / sy];
  }

  // The affine map that the renderer needs: data to clip coordinates.
  clip() {
    const [sx, sy] = this.scale();
    const ax = (2 * sx) / this.width;
    const ay = (2 * sy) / this.height;
    return { sx: ax, sy: ay, ox: -this.x * ax, oy: -this.y * ay, zoom: this.zoom };
  }

  // Zoom so that what lies under a pixel stays there.
  zoomAt(px, py, factor) {
    const before = this.toData(px, py);
    this.zoom = Math.min(ZOOMS[1], Math.max(ZOOMS[0], this.zoom * factor));
    const after = this.toData(px, py);
    this.x += before[0] - after[0];
    this.y += before[1] - after[1];
  }

  pan(dx, dy) {
    const [sx, sy] = this.scale();
    this.x -= dx / sx;
    this.y += dy / sy;
  }

  // The view as text for a link: zoom and centre; "" for the whole map.
  toText() {
    return this.zoom === 1 ? "" : [this.zoom, this.x, this.y].map((v) => +v.toPrecision(4)).join("_");
  }

  fromText(text) {
    const [zoom, x, y] = (text || "").split("_").map(Number);
    if (![zoom, x, y].every(Number.isFinite) || !(zoom > 0)) return this.reset();
    Object.assign(this, { zoom: Math.min(ZOOMS[1], Math.max(ZOOMS[0], zoom)), x, y });
  }
}
