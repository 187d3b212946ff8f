// The map by plotly, for browsers without WebGL2: one chart whose colours, positions and highlighted points change.

import { make } from "./elements.js";

const MOVE_MS = 600; // how long points take to a new layout
const MOST_MOVING = 4000; // above this they move without a transition
let loading;

function loadPlotly(address) {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      loading = undefined;
      reject(new Error(`The map's drawing library could not be loaded from ${address}.`));
    };
    document.head.appendChild(script);
  });
  return loading;
}

export class PlotlyMap {
  constructor(root) {
    const stage = make("div", "map-stage");
    stage.append(make("div", "soundmap-plot"), make("p", "soundmap-note", "Loading the map …"));
    root.replaceChildren(stage);
    Object.assign(root.querySelector(".soundmap-plot").style, { position: "absolute", inset: 0 });
    Object.assign(this, { root, drawn: Promise.resolve(), shown: new Map() });
  }

  update(sent) {
    if (!sent.figure) return; // Python sends it on the next run
    const data = { ...sent, chosen: sent.chosenRows, current: sent.currentRow };
    this.drawn = this.drawn
      .then(() => loadPlotly(data.library))
      .then((Plotly) => draw(Plotly, this, data))
      .catch((problem) => (this.root.querySelector(".soundmap-note").textContent = problem.message));
  }

  release() {
    window.Plotly?.purge(this.root.querySelector(".soundmap-plot"));
    this.watcher?.disconnect();
  }
}

async function draw(Plotly, map, data) {
  const plot = map.root.querySelector(".soundmap-plot");
  const figure = JSON.parse(data.figure);
  for (const trace of figure.data) for (const axis of ["x", "y", "customdata"]) trace[axis] = numbers(trace[axis]);
  const target = positionsOf(figure.data);
  dress(figure, plot);
  choose(figure, data.chosen, data.current, target);
  const fresh = map.place !== data.place; // another collection: the old view does not apply
  map.place = data.place;
  figure.layout.uirevision = data.view;
  figure.layout.selections = []; // remove the outline once its points are known
  figure.layout.selectionrevision = map.draws = (map.draws ?? 0) + 1;
  const from = fresh ? new Map() : map.shown;
  const moves = [...target].filter(([row, to]) => from.has(row) && far(from.get(row), to)).length;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (moves && target.size <= MOST_MOVING && !still) await move(Plotly, plot, figure, from, target);
  await Plotly.react(plot, figure.data, figure.layout, config(Plotly));
  map.shown = target;
  map.root.querySelector(".soundmap-note").textContent = "";
  map.root.dataset.points = target.size;
  if (!map.listening) listen(Plotly, map, plot);
}

// Send clicks, selections and deselections.
function listen(Plotly, map, plot) {
  map.listening = true;
  plot.on("plotly_click", (event) => {
    const point = event.points.find((p) => p.customdata !== undefined);
    if (point) map.answer({ kind: "click", rows: [point.customdata] });
  });
  plot.on("plotly_selected", (event) => {
    if (!event || (!event.range && !event.lassoPoints)) return;
    const rows = event.points.map((p) => p.customdata).filter((row) => row !== undefined);
    // Nothing was selected: without this the outline would stay and every point be dimmed.
    if (!rows.length) Plotly.update(plot, { selectedpoints: [null] }, { selections: [] });
    map.answer({ kind: rows.length ? (event.range ? "box" : "lasso") : "clear", rows });
  });
  plot.on("plotly_deselect", () => map.answer({ kind: "clear", rows: [] }));
  map.watcher = new ResizeObserver(() => plot.offsetWidth && Plotly.Plots.resize(plot));
  map.watcher.observe(map.root);
}

// Move the points from their current to their new positions, at any frame rate.
async function move(Plotly, plot, figure, from, target) {
  const began = performance.now();
  const ends = figure.data.map((trace) => ({ x: trace.x, y: trace.y, rows: trace.customdata }));
  const between = (axis, k, share) =>
    Float32Array.from(ends[k].rows ?? [], (row, i) => {
      const start = from.get(row)?.[axis === "x" ? 0 : 1];
      return start === undefined ? ends[k][axis][i] : start + (ends[k][axis][i] - start) * share;
    });
  for (let share = 0; share < 1; share = Math.min(1, (performance.now() - began) / MOVE_MS)) {
    const eased = share * share * (3 - 2 * share);
    const traces = figure.data.map((trace, k) =>
      ends[k].rows ? { ...trace, x: between("x", k, eased), y: between("y", k, eased) } : { ...trace, visible: false });
    await Plotly.react(plot, traces, figure.layout, config(Plotly));
    await new Promise(requestAnimationFrame);
  }
}

// Highlight the chosen points by full opacity and the current one by a ring.
function choose(figure, chosen, current, target) {
  if (chosen) {
    const wanted = new Set(chosen);
    for (const trace of figure.data)
      trace.selectedpoints = Array.from(trace.customdata.keys()).filter((i) => wanted.has(trace.customdata[i]));
  }
  const place = target.get(current);
  if (!place) return;
  const size = figure.data[0].marker.size;
  figure.data.push({
    type: "scattergl", mode: "markers", x: [place[0]], y: [place[1]], hoverinfo: "skip", showlegend: false, uid: "current",
    marker: { symbol: "circle-open", size: size + 9, color: figure.layout.font.color, line: { width: 3 } },
    selectedpoints: [0],
  });
}

// Take colours and font from the current theme.
function dress(figure, plot) {
  const style = getComputedStyle(plot);
  const text = style.getPropertyValue("--st-text-color").trim() || style.color;
  const ground = style.getPropertyValue("--st-background-color").trim() || "#ffffff";
  const font = { color: text, family: style.fontFamily, size: 13 };
  Object.assign(figure.layout, { font, modebar: { color: text + "99", activecolor: text, bgcolor: "rgba(0,0,0,0)" } });
  figure.layout.hoverlabel = { bgcolor: ground, bordercolor: text, font, align: "left" };
  figure.layout.newselection = { line: { color: text, width: 2, dash: "dot" } };
  figure.layout.legend.font = font;
  for (const trace of figure.data) trace.marker.line = { width: trace.marker.size > 5 ? 0.8 : 0, color: ground };
}

function config(Plotly) {
  return {
    displaylogo: false, displayModeBar: true, scrollZoom: true, responsive: false, doubleClick: "reset+autosize",
    modeBarButtons: [["lasso2d", "select2d", "pan2d"], ["zoomIn2d", "zoomOut2d", "autoScale2d"], ["toImage"]],
    toImageButtonOptions: { filename: "songscape", scale: 2 },
  };
}

// Plotly's typed arrays come as {dtype, bdata}; positions are needed as numbers here.
function numbers(value) {
  if (!value?.bdata) return value;
  const bytes = Uint8Array.from(atob(value.bdata), (c) => c.charCodeAt(0));
  const kinds = { f4: Float32Array, f8: Float64Array, i4: Int32Array, i2: Int16Array, i1: Int8Array, u1: Uint8Array, u2: Uint16Array, u4: Uint32Array };
  return new kinds[value.dtype](bytes.buffer);
}

function positionsOf(traces) {
  const found = new Map();
  for (const trace of traces) trace.customdata.forEach((row, i) => found.set(row, [trace.x[i], trace.y[i]]));
  return found;
}

function far(a, b) {
  return Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) > 1e-4;
}
