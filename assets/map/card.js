// The card beside the point under the pointer: title, artist, label and group of its track.

import { make } from "./elements.js";

// Show each line once, the first in bold; empty ones are left out.
export function fillCard(card, lines) {
  card.replaceChildren(...[...new Set(lines.filter(Boolean))].map((text, k) => make(k ? "span" : "b", "", text)));
  card.hidden = false;
}

// Put it beside a place on the canvas, within the canvas.
export function placeCard(card, camera, [x, y]) {
  if (card.hidden) return;
  const left = Math.min(Math.max(4, x + 14), camera.width - card.offsetWidth - 4);
  const top = y + 18 + card.offsetHeight > camera.height ? y - card.offsetHeight - 14 : y + 14;
  card.style.transform = `translate(${left}px, ${top}px)`;
}
