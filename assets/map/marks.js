// Colours, shapes and states of points, the legend, and names of groups on the map.

import { make, swatch } from "./elements.js";

const NAME_GAP = 6; // pixels between two names on the map
const MOST_MEMBERS = 200; // a name's place is found by so many members: sorting all would slow a move

// [r, g, b] of "#rrggbb".
export function parseColour(text) {
  return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
}

// Colours as n * 4 bytes and shapes as n bytes, from each point's group; the groups of a scale are its steps.
export function paint(legend, groupOf) {
  const n = groupOf.length;
  const colours = new Uint8Array(4 * n);
  const shapes = new Uint8Array(n);
  const shades = legend.groups.map((group) => parseColour(group.colour));
  for (let i = 0; i < n; i++) {
    const group = groupOf[i];
    colours.set(shades[group], 4 * i);
    colours[4 * i + 3] = 255;
    shapes[i] = legend.groups[group].symbol;
  }
  return { colours, shapes };
}

// One byte per point: 2 selected, 1 dimmed; all 0 where nothing is selected.
export function mark(count, chosen) {
  const states = new Uint8Array(count);
  if (!chosen) return states;
  states.fill(1);
  for (const point of chosen) if (point < count) states[point] = 2;
  return states;
}

export function fillLegend(root, legend, onGroup) {
  if (legend.scale) {
    const bar = make("span", "map-scale");
    bar.style.background = `linear-gradient(90deg, ${legend.scale.map(([at, colour]) => `${colour} ${at * 100}%`).join(", ")})`;
    root.replaceChildren(make("span", "", legend.ends[0]), bar, make("span", "", legend.ends[1]));
    return;
  }
  root.replaceChildren(
    ...legend.groups.map((group, k) => {
      const item = make("button", "map-group");
      item.type = "button";
      item.title = `Select the tracks of ${group.name}`;
      item.append(swatch(group.swatch), make("span", "", group.name), make("span", "count", group.count.toLocaleString()));
      item.addEventListener("click", (event) => onGroup(k, event.shiftKey));
      return item;
    }),
  );
}

// Up to MOST_MEMBERS points of each group, evenly spread over the collection, and the size of the group.
export function sampleGroups(legend, groupOf) {
  const members = legend.groups.map(() => []);
  groupOf.forEach((group, point) => members[group].push(point));
  return members.map((all) => {
    const step = Math.max(1, all.length / MOST_MEMBERS);
    return { size: all.length, points: Array.from({ length: Math.min(all.length, MOST_MEMBERS) }, (_, k) => all[Math.floor(k * step)]) };
  });
}

// Where names of groups stand, the largest group first: where sampled members are dense; `placeOf` a point is [x, y].
export function placeNames(legend, samples, placeOf) {
  return legend.groups
    .map((group, k) => {
      const [x, y] = densePlace(samples[k].points.map(placeOf));
      return { name: group.short ?? group.name, size: samples[k].size, x, y, grey: group.grey };
    })
    .filter((place) => place.size && !place.grey)
    .sort((a, b) => b.size - a.size);
}

// Show the names that don't touch one that is already there; others appear with zoom.
export function showNames(root, places, camera) {
  while (root.children.length < places.length) root.append(make("span"));
  while (root.children.length > places.length) root.lastChild.remove();
  const taken = [];
  const sizes = measure(root, places);
  places.forEach((place, k) => {
    const element = root.children[k];
    const [x, y] = camera.toScreen(place.x, place.y);
    const [w, h] = sizes[k];
    const isOutside = x < w || y < h || x > camera.width - w || y > camera.height - h;
    const touches = taken.some(([a, b, c, d]) => Math.abs(a - x) < c + w && Math.abs(b - y) < d + h);
    element.style.visibility = isOutside || touches ? "hidden" : "visible";
    element.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
    if (!isOutside && !touches) taken.push([x, y, w, h]);
  });
}

// Half the width and height that each name takes; measured again only where a name or its type changed.
function measure(root, places) {
  const type = `${getComputedStyle(root).fontSize} ${document.fonts.status}`; // the font may come later
  places.forEach((place, k) => {
    const element = root.children[k];
    if (element.textContent === place.name && element.type === type) return;
    Object.assign(element, { textContent: place.name, type, half: null });
  });
  return places.map((_, k) => {
    const element = root.children[k];
    element.half ??= [element.offsetWidth / 2 + NAME_GAP, element.offsetHeight / 2 + NAME_GAP];
    return element.half;
  });
}

// A median of places: twice the half nearer to it is kept, so that of several islands it is on one.
function densePlace(places) {
  const middle = () => [0, 1].map((axis) => median(places.map((place) => place[axis])));
  for (let halving = 0; halving < 2 && places.length > 3; halving++) {
    const [x, y] = middle();
    const distance = new Map(places.map((place) => [place, (place[0] - x) ** 2 + (place[1] - y) ** 2]));
    places = places.sort((a, b) => distance.get(a) - distance.get(b)).slice(0, places.length >> 1);
  }
  return middle();
}

function median(values) {
  values.sort((a, b) => a - b);
  return values[values.length >> 1] ?? 0;
}
