// The elements of the map, and its small drawings. Texts come from tags, so they are set as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  lasso: "M8 3c4 0 6 1.6 6 3.7S11.5 10.5 8 10.5c-1 0-2-.1-2.8-.4M5 10a1.5 1.5 0 1 0 0 3c.8 0 1 1 .2 1.7M2.8 9C2.2 8.3 2 7.5 2 6.7 2 4.6 4.5 3 8 3",
  box: "M2.5 3.5h11v9h-11Z",
  pan: "M8 1.5v13M1.5 8h13M6 3.5 8 1.5l2 2M6 12.5l2 2 2-2M3.5 6l-2 2 2 2M12.5 6l2 2-2 2",
  in: "M8 3v10M3 8h10",
  out: "M3 8h10",
  whole: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  sound: "M2.5 6h2.5l3.5-3v10L5 10H2.5ZM11 5.5c1.3 1.4 1.3 3.6 0 5M13 3.5c2.3 2.5 2.3 6.5 0 9",
  silent: "M2.5 6h2.5l3.5-3v10L5 10H2.5ZM11 6l3.5 4M14.5 6 11 10",
  present: "M2 3h12v8H2ZM8 11v3M5 14h6",
  link: "M6.5 9.5l3-3M7 5l1.5-1.5a2.5 2.5 0 0 1 3.5 3.5L10.5 8.5M9 11l-1.5 1.5A2.5 2.5 0 0 1 4 9L5.5 7.5",
};

export function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}

function drawing(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

// The scores above the map, as [name, value].
export function fillHeadline(root, scores) {
  root.replaceChildren(
    ...scores.map(([name, value]) => {
      const item = make("span");
      item.append(make("b", "", value), ` ${name}`);
      return item;
    }),
  );
}

export function swatch(href) {
  return Object.assign(make("img", "swatch"), { src: href, alt: "" });
}

export function button(icon, label, onClick) {
  const element = make("button", `tool tool-${icon}`);
  element.type = "button";
  element.append(drawing(ICONS[icon]));
  setLabel(element, label);
  element.addEventListener("click", onClick);
  return element;
}

export function setLabel(element, label, icon) {
  element.title = label;
  element.setAttribute("aria-label", label);
  if (icon) element.querySelector("path").setAttribute("d", ICONS[icon]);
}

export function press(element, pressed) {
  element.setAttribute("aria-pressed", String(pressed));
}

// Build the map's elements into `root`; returns them by name.
export function build(root) {
  const parts = { root };
  parts.stage = make("div", "map-stage");
  parts.canvas = make("canvas", "map-canvas");
  parts.canvas.tabIndex = 0;
  parts.canvas.setAttribute("role", "application");
  parts.canvas.setAttribute(
    "aria-label",
    "Map of the tracks: nearby tracks are similar. Arrow keys walk from track to track, space plays, Enter selects, Escape clears. The tables list the same tracks.",
  );
  parts.names = make("div", "map-names");
  parts.names.setAttribute("aria-hidden", "true");
  parts.outline = document.createElementNS(SVG, "svg");
  parts.outline.setAttribute("class", "map-outline");
  parts.outline.append(document.createElementNS(SVG, "polygon"));
  parts.ring = make("div", "map-ring");
  parts.halo = make("div", "map-ring map-halo");
  parts.card = make("div", "map-card");
  parts.card.setAttribute("role", "status");
  parts.note = make("p", "map-note", "Loading the map …");
  parts.note.setAttribute("role", "status");
  parts.tools = make("div", "map-tools");
  parts.tools.setAttribute("role", "toolbar");
  parts.tools.setAttribute("aria-label", "Map tools");
  parts.headline = make("div", "map-headline");
  parts.weight = make("label", "map-weight");
  parts.weightText = make("span", "map-weight-text");
  parts.slider = make("input");
  Object.assign(parts.slider, { type: "range", min: 0, max: 1, step: 0.05 });
  parts.slider.setAttribute("aria-label", "Text weight");
  parts.weight.append(make("span", "", "Audio"), parts.slider, make("span", "", "Text"), parts.weightText);
  parts.legend = make("div", "map-legend");
  parts.legend.setAttribute("role", "group");
  parts.legend.setAttribute("aria-label", "Legend: select the tracks of one colour");
  parts.stage.append(parts.canvas, parts.names, parts.outline, parts.halo, parts.ring, parts.card, parts.note);
  parts.frame = make("div", "map-frame");
  parts.bar = make("div", "map-bar");
  parts.bar.append(parts.headline, parts.tools);
  parts.frame.append(parts.bar, parts.stage);
  root.replaceChildren(parts.frame, parts.weight, parts.legend);
  for (const name of ["ring", "halo", "card", "weight"]) parts[name].hidden = true;
  return parts;
}
