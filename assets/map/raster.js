// Points drawn by the processor, where WebGL is emulated on it anyway (no graphics card, virtual machines, remote desks):
// an emulated pipeline takes some 2 microseconds per point, writing its few pixels a tenth. Shapes and outlines are those of
// renderer.js.

const SUB = 4; // places of a point within a pixel, in each direction
const DIMMED = 0.16;
const SHAPES = 6;
const VERTEX = `#version 300 es
void main() { gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0); }`;
const FRAGMENT = `#version 300 es
precision mediump float;
uniform sampler2D u_pixels;
out vec4 colour;
void main() { colour = texelFetch(u_pixels, ivec2(gl_FragCoord.xy), 0); }`;

// Whether this context is emulated by the processor.
export function isEmulated(gl) {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : "");
}

export class Raster {
  // `link` makes a program of two shaders.
  constructor(gl, link) {
    this.gl = gl;
    this.program = link(gl, VERTEX, FRAGMENT);
    this.stamps = {};
  }

  resize(width, height, pad) {
    if (this.width === width && this.height === height && this.pad >= pad) return;
    Object.assign(this, { width, height, pad, stride: width + 2 * pad });
    this.pixels = new Uint32Array(this.stride * (height + 2 * pad)); // points at the edge are drawn into the margin
    this.bytes = new Uint8Array(this.pixels.buffer);
    const gl = this.gl;
    gl.deleteTexture(this.texture);
    gl.bindTexture(gl.TEXTURE_2D, (this.texture = gl.createTexture()));
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
  }

  // Draw `count` points of `size` pixels and opacity `fade` with outlines of `line` pixels on a ground [r, g, b] from 0 to 1.
  draw(held, { count, mix, size, line, fade, ground, dimmed }, view) {
    const gl = this.gl;
    this.resize(gl.drawingBufferWidth, gl.drawingBufferHeight, Math.ceil(size * 1.15) + 2);
    const under = ground.map((v) => Math.round(v * 255));
    this.pixels.fill(((255 << 24) | (under[2] << 16) | (under[1] << 8) | under[0]) >>> 0);
    for (const pass of dimmed ? [0, 1] : [1]) this.pass(held, { count, mix, under, pass, stamps: this.stampsOf(size, line, pass ? fade : DIMMED) }, view);
    gl.useProgram(this.program);
    gl.disable(gl.BLEND);
    gl.pixelStorei(gl.UNPACK_ROW_LENGTH, this.stride);
    gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, this.pad);
    gl.pixelStorei(gl.UNPACK_SKIP_ROWS, this.pad);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, this.width, this.height, gl.RGBA, gl.UNSIGNED_BYTE, this.bytes);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  // Draw what is dimmed (pass 0) or the rest (pass 1).
  pass({ from, to, colour, shape, state }, { count, mix, under, pass, stamps }, view) {
    const { pixels, stride, pad, width, height } = this;
    const [kx, ky] = [(view.sx * width) / 2, (view.sy * height) / 2];
    const [cx, cy] = [((view.ox + 1) * width) / 2 + pad, ((view.oy + 1) * height) / 2 + pad];
    for (let i = 0; i < count; i++) {
      if ((state[i] === 1) !== (pass === 0)) continue;
      const { half, places } = stamps[state[i] === 2 ? shape[i] + SHAPES : shape[i]];
      const x = (from[2 * i] + (to[2 * i] - from[2 * i]) * mix) * kx + cx - half;
      const y = (from[2 * i + 1] + (to[2 * i + 1] - from[2 * i + 1]) * mix) * ky + cy - half;
      if (!(x >= 0 && y >= 0 && x < width + pad && y < height + pad)) continue;
      const [left, bottom] = [x | 0, y | 0];
      const { dx, dy, cover, inner } = places[(((y - bottom) * SUB) | 0) * SUB + (((x - left) * SUB) | 0)];
      const [r, g, b] = [colour[4 * i], colour[4 * i + 1], colour[4 * i + 2]];
      const whole = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
      const first = bottom * stride + left;
      for (let k = 0; k < cover.length; k++) {
        const at = first + dy[k] * stride + dx[k];
        const a = cover[k];
        const c = inner[k];
        if (a === 256 && c === 256) {
          pixels[at] = whole;
          continue;
        }
        const d = pixels[at];
        const [dr, dg, db] = [d & 255, (d >> 8) & 255, (d >> 16) & 255];
        const sr = under[0] + (((r - under[0]) * c) >> 8);
        const sg = under[1] + (((g - under[1]) * c) >> 8);
        const sb = under[2] + (((b - under[2]) * c) >> 8);
        pixels[at] = ((255 << 24) | ((db + (((sb - db) * a) >> 8)) << 16) | ((dg + (((sg - dg) * a) >> 8)) << 8) | (dr + (((sr - dr) * a) >> 8))) >>> 0;
      }
    }
  }

  // The pixels of each shape, normal then selected, at each place within a pixel.
  stampsOf(size, line, fade) {
    const name = [size, line, fade].join();
    this.stamps[name] ??= Array.from({ length: 2 * SHAPES }, (_, k) => makeStamp(k % SHAPES, k < SHAPES ? size : size * 1.15, line, fade));
    return this.stamps[name];
  }
}

// Coverage (0 to 256) and share of the colour against the outline (0 to 256) of the pixels of a shape.
function makeStamp(shape, size, line, fade) {
  const n = Math.ceil(size) + 1;
  const places = [];
  for (let sub = 0; sub < SUB * SUB; sub++) {
    const [ox, oy] = [((sub % SUB) + 0.5) / SUB, (Math.floor(sub / SUB) + 0.5) / SUB];
    const found = { dx: [], dy: [], cover: [], inner: [] };
    for (let j = 0; j < n; j++)
      for (let i = 0; i < n; i++) {
        const [x, y] = [((i + 0.5 - ox) / size) * 2 - 1, 1 - ((j + 0.5 - oy) / size) * 2];
        const edge = Math.max(Math.abs(x), Math.abs(y)) > 1 ? -9 : (inside(shape, x, y) * size) / 2;
        const cover = Math.round(clamp(edge + 0.5) * fade * 256);
        if (!cover) continue;
        found.dx.push(i);
        found.dy.push(j);
        found.cover.push(cover);
        found.inner.push(line > 0 ? Math.round(clamp(edge - line + 0.5) * 256) : 256);
      }
    places.push(Object.fromEntries(Object.entries(found).map(([key, values]) => [key, Int32Array.from(values)])));
  }
  return { half: size / 2, places };
}

// As in the fragment shader of renderer.js: the signed distance to the edge in units of the radius.
function inside(shape, x, y) {
  let [a, b] = [Math.abs(x), Math.abs(y)];
  if (shape === 0) return 0.88 - Math.hypot(x, y);
  if (shape === 1) return (0.98 - a - b) * 0.7071;
  if (shape === 2) return 0.76 - Math.max(a, b);
  if (shape === 3) return Math.min(0.72 - y, (0.86 - a * 2 + y) * 0.4472);
  if (shape === 5) [a, b] = [Math.abs(x + y) * 0.7071, Math.abs(x - y) * 0.7071];
  return Math.min(0.9 - Math.max(a, b), 0.32 - Math.min(a, b));
}

function clamp(share) {
  return Math.min(1, Math.max(0, share));
}
