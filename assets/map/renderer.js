// Draws points with WebGL2: two position buffers that the vertex shader mixes, so that a move costs one uniform per frame.

import { isEmulated, Raster } from "./raster.js";

const VERTEX = `#version 300 es
in vec2 a_from;
in vec2 a_to;
in vec4 a_colour;
in float a_shape;
in float a_state; // 0 normal, 1 dimmed, 2 selected
uniform float u_mix;
uniform vec2 u_scale;
uniform vec2 u_offset;
uniform float u_size;
uniform float u_pass; // 0 draws what is dimmed, 1 the rest
out vec4 v_colour;
flat out float v_shape;
flat out float v_size;
void main() {
  bool dimmed = a_state == 1.0;
  vec2 place = mix(a_from, a_to, u_mix) * u_scale + u_offset;
  gl_Position = dimmed == (u_pass == 0.0) ? vec4(place, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  v_size = a_state == 2.0 ? u_size * 1.15 : u_size;
  gl_PointSize = v_size;
  v_colour = a_colour;
  v_shape = a_shape;
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 v_colour;
flat in float v_shape;
flat in float v_size;
uniform vec4 u_ground;
uniform float u_fade; // opacity of this pass
uniform float u_line; // width of the outline in pixels
out vec4 colour;
float inside(vec2 p) { // signed distance to the edge, in units of the radius, above 0 within
  vec2 q = abs(p);
  if (v_shape < 0.5) return 0.88 - length(p);
  if (v_shape < 1.5) return (0.98 - q.x - q.y) * 0.7071;
  if (v_shape < 2.5) return 0.76 - max(q.x, q.y);
  if (v_shape < 3.5) return min(0.72 - p.y, (0.86 - q.x * 2.0 + p.y) * 0.4472);
  if (v_shape > 4.5) q = abs(vec2(p.x + p.y, p.x - p.y)) * 0.7071;
  return min(0.9 - max(q.x, q.y), 0.32 - min(q.x, q.y));
}
void main() {
  float edge = inside(gl_PointCoord * 2.0 - 1.0) * v_size * 0.5;
  float cover = clamp(edge + 0.5, 0.0, 1.0);
  if (cover <= 0.0) discard;
  vec3 shade = mix(u_ground.rgb, v_colour.rgb, u_line > 0.0 ? clamp(edge - u_line + 0.5, 0.0, 1.0) : 1.0);
  float alpha = cover * u_fade;
  colour = vec4(shade * alpha, alpha);
}`;

// Many points at a low zoom are translucent: the darker, the denser. Single ones appear as one zooms in.
const LEAST_OPACITY = 0.25;
const SOLID = 0.75; // layers of points, were they spread evenly, below which they are opaque

function opacityOf(count, size, { zoom }, { width, height }) {
  const layers = (count * size ** 2) / (width * height * zoom ** 2);
  return Math.min(1, Math.max(LEAST_OPACITY, Math.round((20 * SOLID) / layers) / 20)); // few values: the raster keeps each
}

export class Renderer {
  // Throws where WebGL2 is missing.
  constructor(canvas) {
    this.canvas = canvas;
    this.gl = canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false, powerPreference: "high-performance" });
    if (!this.gl) throw new Error("This browser has no WebGL2.");
    this.count = 0;
    this.mix = 1;
    this.dimmed = false;
    this.pointSize = 8;
    this.ground = [1, 1, 1];
    this.setup();
    canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    canvas.addEventListener("webglcontextrestored", () => this.restore());
  }

  setup() {
    const gl = this.gl;
    const program = (this.program = link(gl, VERTEX, FRAGMENT));
    this.raster = isEmulated(gl) ? new Raster(gl, link) : null;
    gl.useProgram(program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.uniforms = {};
    for (const name of ["mix", "scale", "offset", "size", "pass", "ground", "fade", "line"])
      this.uniforms[name] = gl.getUniformLocation(program, `u_${name}`);
    this.buffers = {};
    this.held = {};
    this.attribute("from", 2, gl.FLOAT, false);
    this.attribute("to", 2, gl.FLOAT, false);
    this.attribute("colour", 4, gl.UNSIGNED_BYTE, true);
    this.attribute("shape", 1, gl.UNSIGNED_BYTE, false);
    this.attribute("state", 1, gl.UNSIGNED_BYTE, false);
  }

  attribute(name, size, type, normalised) {
    const gl = this.gl;
    this.buffers[name] = gl.createBuffer();
    const place = gl.getAttribLocation(this.program, `a_${name}`);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[name]);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, size, type, normalised, 0, 0);
  }

  upload(name, values) {
    const gl = this.gl;
    if (this.held[name] === values) return;
    this.held[name] = values;
    if (this.raster) return;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[name]);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
  }

  // After the browser took the context away and gave it back.
  restore() {
    const held = this.held;
    this.setup();
    for (const [name, values] of Object.entries(held)) this.upload(name, values);
    this.draw();
  }

  // Positions, shape (n, 2) flat: the points stand at (1 - mix) * from + mix * to.
  setPositions(from, to, mix) {
    this.count = to.length / 2;
    this.upload("from", from);
    this.upload("to", to);
    this.mix = mix;
  }

  // Colours as n * 4 bytes, shapes as n bytes 0 to 5.
  setMarks(colours, shapes) {
    this.upload("colour", colours);
    this.upload("shape", shapes);
  }

  // One byte per point: 0 normal, 1 dimmed, 2 selected.
  setStates(states, anyDimmed) {
    this.upload("state", states);
    this.dimmed = anyDimmed;
  }

  // The view is an affine map from data to clip coordinates and how far it is zoomed in: {sx, sy, ox, oy, zoom}.
  draw(view = this.view) {
    this.view = view;
    const gl = this.gl;
    if (gl.isContextLost()) return;
    const pixels = devicePixels();
    const line = this.pointSize > 5 ? 0.7 * pixels : 0;
    const size = this.pointSize * pixels;
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    const fade = view && !this.dimmed ? opacityOf(this.count, size, view, this.canvas) : 1;
    if (this.raster && view && this.count) return void this.raster.draw(this.held, { ...this, size, line, fade }, view);
    gl.clearColor(...this.ground, 1); // opaque: the browser need not blend the canvas with the page
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!view || !this.count) return;
    gl.useProgram(this.program);
    gl.uniform1f(this.uniforms.mix, this.mix);
    gl.uniform2f(this.uniforms.scale, view.sx, view.sy);
    gl.uniform2f(this.uniforms.offset, view.ox, view.oy);
    gl.uniform1f(this.uniforms.size, size);
    gl.uniform4f(this.uniforms.ground, ...this.ground, 1);
    gl.uniform1f(this.uniforms.line, line);
    if (this.dimmed) {
      gl.uniform1f(this.uniforms.pass, 0);
      gl.uniform1f(this.uniforms.fade, 0.16);
      gl.drawArrays(gl.POINTS, 0, this.count);
    }
    gl.uniform1f(this.uniforms.pass, 1);
    gl.uniform1f(this.uniforms.fade, fade);
    gl.drawArrays(gl.POINTS, 0, this.count);
  }

  resize(width, height) {
    const pixels = devicePixels();
    this.canvas.width = Math.max(LEAST_OPACITY, Math.round(width * pixels));
    this.canvas.height = Math.max(LEAST_OPACITY, Math.round(height * pixels));
  }

  release() {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

// More than two pixels per CSS pixel cost time and show nothing more.
function devicePixels() {
  return Math.min(2, window.devicePixelRatio || 1);
}

// A program of two shaders; throws where they don't compile.
function link(gl, vertex, fragment) {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost())
    throw new Error(`The map's shaders don't compile: ${gl.getProgramInfoLog(program)}`);
  return program;
}
