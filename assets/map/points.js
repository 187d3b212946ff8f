// The points of one layout with a spatial index: nearest to a pixel, within a polygon, next in a direction.

import KDBush from "./vendor/kdbush.js";

export class Points {
  constructor(positions) {
    this.positions = positions;
    this.count = positions.length / 2;
  }

  // Built when it is first needed: 100,000 points take some 30 ms.
  get index() {
    if (!this.tree) {
      this.tree = new KDBush(this.count, 64, Float32Array);
      for (let i = 0; i < this.count; i++) this.tree.add(this.positions[2 * i], this.positions[2 * i + 1]);
      this.tree.finish();
    }
    return this.tree;
  }

  bounds() {
    if (!this.box) {
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      for (let i = 0; i < this.positions.length; i += 2) {
        box[0] = Math.min(box[0], this.positions[i]);
        box[1] = Math.min(box[1], this.positions[i + 1]);
        box[2] = Math.max(box[2], this.positions[i]);
        box[3] = Math.max(box[3], this.positions[i + 1]);
      }
      this.box = this.count ? box : [-1, -1, 1, 1];
    }
    return this.box;
  }

  // The point nearest to a pixel, within `reach` pixels; -1 if there is none.
  nearest(camera, px, py, reach) {
    if (!this.count) return -1;
    const a = camera.toData(px - reach, py + reach);
    const b = camera.toData(px + reach, py - reach);
    let best = -1;
    let least = reach * reach;
    for (const i of this.index.range(a[0], a[1], b[0], b[1])) {
      const [x, y] = camera.toScreen(this.positions[2 * i], this.positions[2 * i + 1]);
      const distance = (x - px) ** 2 + (y - py) ** 2;
      if (distance <= least) [best, least] = [i, distance];
    }
    return best;
  }

  // The points within a polygon of data coordinates [[x, y], ...] (even-odd rule).
  within(polygon) {
    const xs = polygon.map((p) => p[0]);
    const ys = polygon.map((p) => p[1]);
    const found = [];
    for (const i of this.index.range(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)))
      if (contains(xs, ys, this.positions[2 * i], this.positions[2 * i + 1])) found.push(i);
    return found;
  }

  // The nearest point within 45 degrees of a screen direction (dx, dy); -1 if there is none.
  next(camera, from, dx, dy) {
    const [x, y] = camera.toScreen(this.positions[2 * from], this.positions[2 * from + 1]);
    let best = -1;
    let least = Infinity;
    for (let i = 0; i < this.count; i++) {
      const [px, py] = camera.toScreen(this.positions[2 * i], this.positions[2 * i + 1]);
      const along = (px - x) * dx + (py - y) * dy;
      const across = Math.abs((px - x) * dy - (py - y) * dx);
      if (i === from || along <= 0 || across > along) continue;
      const distance = along + 2 * across;
      if (distance < least) [best, least] = [i, distance];
    }
    return best;
  }
}

function contains(xs, ys, x, y) {
  let inside = false;
  for (let i = 0, j = xs.length - 1; i < xs.length; j = i++)
    if (ys[i] > y !== ys[j] > y && x < ((xs[j] - xs[i]) * (y - ys[i])) / (ys[j] - ys[i]) + xs[i]) inside = !inside;
  return inside;
}
