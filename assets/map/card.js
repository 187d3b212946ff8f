// The marks of single points: the ring around the pinned track; the halo around the point under the pointer, and beside it
// a card with title, artist, label and group of its track.

import { make } from "./elements.js";

// Show each line once, the first in bold; empty ones are left out.
export function fillCard(card, lines) {
  card.replaceChildren(...[...new Set(lines.filter(Boolean))].map((text, k) => make(k ? "span" : "b", "", text)));
  card.hidden = false;
}

// Put the ring, the halo and the card where their points are shown.
export function placeRings({ parts, camera, layout, motion, pinned, focus }) {
  const put = (element, at) => {
    element.hidden = !(at >= 0 && at < layout.count);
    if (element.hidden) return [0, 0];
    const place = camera.toScreen(...motion.placeOf(at));
    element.style.transform = `translate(${place[0]}px, ${place[1]}px) translate(-50%, -50%)`;
    return place;
  };
  put(parts.ring, pinned);
  placeCard(parts.card, camera, put(parts.halo, focus));
}

// Put the card beside a place on the canvas, within the canvas.
function placeCard(card, camera, [x, y]) {
  if (card.hidden) return;
  const left = Math.min(Math.max(4, x + 14), camera.width - card.offsetWidth - 4);
  const top = y + 18 + card.offsetHeight > camera.height ? y - card.offsetHeight - 14 : y + 14;
  card.style.transform = `translate(${left}px, ${top}px)`;
}
