// The map in one HTML file: what Python does in the app is done here with data that the file holds.

import { hold } from "../map/arrays.js";
import { make, swatch } from "../map/elements.js";
import { SoundMap } from "../map/soundmap.js";

const MOST_LISTED = 200;
const NO_WEBGL2 = "This browser has no WebGL2, which the map needs; any recent Chrome, Edge, Firefox or Safari has it.";
const page = JSON.parse(document.getElementById("songscape-data").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");
const clips = new Map();

function bytesOf(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function embedded(name, array) {
  hold(name, array);
  return { href: name };
}

// The address of a track's excerpt, made when it is first heard; "" where there is none.
function clipOf(point) {
  const block = document.getElementById(`clip-${point}`);
  if (block && !clips.has(point)) clips.set(point, URL.createObjectURL(new Blob([bytesOf(block.textContent.trim())], { type: "audio/mpeg" })));
  return clips.get(point) ?? "";
}

const tracks = page.tracks.map(([title, artist, label], point) => ({ title, artist, label, get src() { return clipOf(point); } }));
const positions = new Float32Array(bytesOf(page.positions).buffer);
const chain = page.chain && new Float32Array(bytesOf(page.chain).buffer);
const groups = page.colourings.map((colouring) => new Uint16Array(bytesOf(colouring.groups).buffer));
const state = {
  positions: embedded("positions", positions),
  rows: embedded("rows", Int32Array.from(tracks.keys())),
  titles: { href: "titles", size: Math.max(1, tracks.length) },
  chosen: null,
  current: -1,
  weight: page.weight,
  chain: chain && { ...embedded("chain", chain), steps: page.steps },
  chainNote: "",
  headline: page.headline,
  view: "standalone",
  place: "standalone",
  zoom: "",
};
hold("titles", tracks);
let map;
let colouring = 0;

function refresh() {
  const legend = page.colourings[colouring][dark.matches ? "dark" : "light"];
  state.groups = embedded(`groups-${colouring}`, groups[colouring]);
  state.legend = embedded(`legend-${colouring}-${dark.matches}`, legend);
  return map?.update({ ...state });
}

// Where points stand at a text weight: between the two nearest steps of the chain.
function mixed(weight) {
  const size = chain.length / page.steps;
  const at = weight * (page.steps - 1);
  const k = Math.min(page.steps - 2, Math.floor(at));
  return Float32Array.from({ length: size }, (_, i) => {
    const before = chain[k * size + i];
    return before + (chain[(k + 1) * size + i] - before) * (at - k);
  });
}

function choose(points) {
  state.chosen = points ? embedded(`chosen ${points.join()}`, Int32Array.from(points)) : null;
  listTracks(points);
  refresh();
}

function answer({ kind, rows, weight }) {
  if (kind === "weight") {
    state.weight = weight;
    state.positions = embedded(`positions at ${weight}`, mixed(weight));
    refresh();
  } else if (kind === "click") {
    state.current = rows[0];
    refresh();
  } else {
    if (kind === "clear") state.current = -1;
    choose(rows.length ? rows : null);
  }
}

function cell(content, isNumber, tag = "td") {
  const element = make(tag, isNumber ? "number" : "");
  element.append(...[content].flat());
  return element;
}

function rowOf(cells) {
  const row = make("tr");
  row.append(...cells);
  return row;
}

function link(text, onClick) {
  const element = make("button", "plain", text);
  element.type = "button";
  element.addEventListener("click", onClick);
  return element;
}

function nameOf(point) {
  return [tracks[point].title, tracks[point].artist].filter(Boolean).join(" – ") || "Untitled";
}

function hear(point) {
  if (!map) return void new Audio(clipOf(point)).play();
  state.current = point;
  refresh();
  if (!map.sound.setting.on) map.sound.set({ on: true });
  map.hear(point);
}

function listClusters() {
  const legend = page.colourings[0][dark.matches ? "dark" : "light"];
  const table = document.getElementById("clusters");
  table.replaceChildren(rowOf([cell("Cluster", false, "th"), cell("Tracks", true, "th"), cell("Label", false, "th"), cell("Typical tracks", false, "th")]));
  page.clusters.forEach((cluster, k) => {
    const members = () => choose(Array.from(groups[0].keys()).filter((point) => groups[0][point] === k));
    const typical = cluster.typical.map((point) => link(nameOf(point), () => hear(point)));
    const name = cell([swatch(legend.groups[k].swatch), link(cluster.name, members)]);
    table.append(rowOf([name, cell(cluster.size.toLocaleString(), true), cell(cluster.label), cell(typical)]));
  });
}

function listScores() {
  const table = document.getElementById("scores");
  table.append(rowOf([cell("Score", false, "th"), cell("Value", true, "th"), cell("95 % interval", true, "th"), cell("Chance", true, "th")]));
  for (const [title, help, value, interval, chance] of page.scores) {
    const row = rowOf([cell(title), cell(value, true), cell(interval, true), cell(chance, true)]);
    row.title = help;
    table.append(row);
  }
}

function listTracks(points) {
  const list = document.getElementById("tracks");
  list.parentElement.hidden = !points;
  document.getElementById("tracks-title").textContent = `Selection: ${(points ?? []).length.toLocaleString()} tracks`;
  document.getElementById("tracks-note").textContent = points?.length > MOST_LISTED ? `The first ${MOST_LISTED} of them:` : "";
  list.replaceChildren(...(points ?? []).slice(0, MOST_LISTED).map((point) => {
    const item = make("li");
    item.append(link(nameOf(point), () => hear(point)));
    return item;
  }));
}

function offerColourings() {
  const select = document.getElementById("colouring");
  page.colourings.forEach((one, k) => select.append(Object.assign(make("option", "", one.title), { value: k })));
  select.parentElement.hidden = page.colourings.length < 2;
  select.addEventListener("change", () => {
    colouring = Number(select.value);
    refresh();
  });
}

const root = document.querySelector(".soundmap");
listClusters();
listScores();
listTracks(null);
offerColourings();
try {
  map = window.songscapeMap = new SoundMap(root);
  map.answer = answer;
  dark.addEventListener("change", () => {
    listClusters();
    refresh();
  });
  refresh();
} catch (problem) {
  root.replaceChildren(make("p", "", problem.message.includes("WebGL2") ? NO_WEBGL2 : problem.message));
}
