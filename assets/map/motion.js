// Where points stand, and how they move: to a new layout, and between the layouts beside a text weight.

import { load } from "./arrays.js";
import { Points } from "./points.js";

const MOVE_MS = 700; // how long points take to a new layout

export class Motion {
  // `onFrame` is called after every change of a position.
  constructor(renderer, onFrame) {
    this.renderer = renderer;
    this.onFrame = onFrame;
    this.frames = 0;
  }

  // Let points move from where they are; points that were not there appear in their places.
  moveTo(positions, rows, isSame) {
    const from = isSame && this.layout ? this.carry(rows, positions) : positions;
    this.rows = rows;
    this.layout = new Points(positions);
    this.stop();
    if (from === positions || matchMedia("(prefers-reduced-motion: reduce)").matches) return this.stand(positions);
    this.renderer.setPositions(from, positions, 0);
    const began = performance.now();
    const step = (now) => {
      const share = Math.min(1, Math.max(0, (now - began) / MOVE_MS));
      this.renderer.mix = share * share * (3 - 2 * share);
      this.frames++;
      if (share === 1) this.stand(positions);
      else this.moving = requestAnimationFrame(step);
      this.onFrame();
    };
    this.moving = requestAnimationFrame(step);
    return undefined;
  }

  stand(positions) {
    this.renderer.setPositions(positions, positions, 1);
    this.moving = undefined;
  }

  stop() {
    cancelAnimationFrame(this.moving);
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
    return this.renderer.held.to.map((_, i) => this.coordinate(i));
  }

  // Where one point is now.
  placeOf(point) {
    return [this.coordinate(2 * point), this.coordinate(2 * point + 1)];
  }

  coordinate(i) {
    const { from, to } = this.renderer.held;
    return from[i] + (to[i] - from[i]) * this.renderer.mix;
  }

  // Mix the two layouts beside a weight from 0 to 1; resolves once they are drawn, unless a later call came.
  async mixAt(weight, chain) {
    this.wanted = weight;
    const layouts = await this.layoutsOf(chain);
    if (this.wanted !== weight) return;
    const at = weight * (layouts.length - 1);
    const k = Math.min(layouts.length - 2, Math.floor(at));
    this.stop();
    this.renderer.setPositions(layouts[k].positions, layouts[k + 1].positions, at - k);
    this.layout = at - k < 0.5 ? layouts[k] : layouts[k + 1];
    this.frames++;
    this.onFrame();
  }

  // The layouts of a chain, fetched and split once.
  layoutsOf(chain) {
    if (this.chain?.href !== chain.href)
      this.chain = {
        href: chain.href,
        layouts: load(chain).then((all) => {
          const n = all.length / chain.steps;
          return Array.from({ length: chain.steps }, (_, k) => new Points(all.subarray(k * n, (k + 1) * n)));
        }),
      };
    return this.chain.layouts;
  }
}
