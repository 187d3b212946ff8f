// The player's browser side. One <audio> element per player lives as long as the component does; Python sends what to
// show, and hears only of steps to a neighbour, of the track that was started and of a wish for more rows.
// Names come from files and tags, so they are set as text, never as HTML.

const ICONS = {
  previous: "M6 6h2v12H6zM20 6v12l-10-6z",
  next: "M16 6h2v12h-2zM4 6l10 6-10 6z",
  play: "M8 5v14l11-7z",
  pause: "M7 5h4v14H7zM13 5h4v14h-4z",
};
const PLAYING = "songscape-playing"; // only one player sounds at a time
const decks = new WeakMap();

function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

function button(name, label, onClick) {
  const element = make("button", name);
  element.type = "button";
  element.title = label;
  element.setAttribute("aria-label", label);
  element.append(icon(name));
  element.addEventListener("click", onClick);
  return element;
}

function build(parent) {
  const deck = { current: null, tracks: [], list: false, rows: new Map() };
  const root = (deck.root = make("section", "deck"));
  const head = make("div", "head");
  const words = make("div", "words");
  deck.title = make("div", "title");
  deck.artist = make("div", "artist");
  deck.label = make("span", "label");
  deck.note = make("p", "note");
  deck.note.setAttribute("role", "status");
  deck.audio = make("audio");
  deck.audio.controls = true;
  deck.audio.preload = "metadata";
  deck.previous = button("previous", "Previous track", () => step(deck, -1));
  deck.next = button("next", "Next track", () => step(deck, 1));
  deck.body = make("ol", "rows");
  deck.more = make("button", "more");
  deck.more.type = "button";
  deck.more.addEventListener("click", () => deck.send.setStateValue("limit", deck.tracks.length + 50));

  words.append(deck.title, deck.artist);
  head.append(deck.previous, words, deck.label, deck.next);
  root.append(head, deck.audio, deck.note, deck.body, deck.more);
  parent.append(root);

  const audio = deck.audio;
  audio.addEventListener("play", () => {
    deck.output?.open();
    window.dispatchEvent(new CustomEvent(PLAYING, { detail: deck }));
    mark(deck);
  });
  audio.addEventListener("pause", () => mark(deck));
  audio.addEventListener("loadstart", () => say(deck, audio.autoplay ? "Preparing the sound …" : ""));
  audio.addEventListener("canplay", () => say(deck, ""));
  audio.addEventListener("error", () => explain(deck));
  audio.addEventListener("ended", () => deck.list && step(deck, 1));
  deck.hush = (event) => event.detail !== deck && audio.pause();
  window.addEventListener(PLAYING, deck.hush);
  return deck;
}

// Play through a gain that makes all tracks equally loud; without its module they play as they are.
async function matchLoudness(deck, module) {
  const { Output } = await import(location.origin + module);
  deck.output = new Output(deck.audio);
  if (!deck.audio.paused) deck.output.open();
  if (deck.current) deck.output.follow(deck.current.src);
}

function say(deck, text) {
  deck.note.textContent = text;
  deck.note.hidden = !text;
}

// The media element only says "failed"; the server says why, in one sentence.
async function explain(deck) {
  const track = deck.current;
  let reason = "This browser can't play the file.";
  try {
    const answer = await fetch(track.src, { headers: { Range: "bytes=0-0" } });
    if (answer.status >= 400) reason = (await answer.text()).slice(0, 300);
  } catch {
    reason = "Songscape's server does not answer. Is it still running?";
  }
  if (track === deck.current) say(deck, reason);
}

function load(deck, track, start) {
  deck.current = track;
  start = start && navigator.userActivation?.hasBeenActive !== false; // a page that was just opened stays silent
  deck.title.textContent = track.title;
  deck.artist.textContent = track.artist;
  deck.artist.hidden = !track.artist;
  deck.label.textContent = track.label;
  deck.label.hidden = !track.label;
  deck.audio.setAttribute("aria-label", track.artist ? `${track.title} – ${track.artist}` : track.title);
  deck.audio.autoplay = start;
  deck.audio.src = track.src;
  deck.output?.follow(track.src);
  if (start) deck.audio.play().catch(() => {}); // refused without a click before, or replaced by the next one
  mark(deck);
}

function step(deck, by) {
  if (!deck.list) {
    deck.send.setTriggerValue("step", by < 0 ? "previous" : "next");
    return;
  }
  const at = deck.tracks.findIndex((track) => track.id === deck.current?.id);
  const track = deck.tracks[at + by];
  if (track) choose(deck, track);
}

function choose(deck, track) {
  if (deck.current?.id === track.id && deck.started) {
    if (deck.audio.paused) deck.audio.play().catch(() => {});
    else deck.audio.pause();
    return;
  }
  deck.started = true;
  deck.root.classList.remove("idle");
  load(deck, track, true);
  deck.send.setStateValue("playing", track.id);
}

// Show which row sounds, and where the walk ends.
function mark(deck) {
  const at = deck.tracks.findIndex((track) => track.id === deck.current?.id);
  if (deck.list) {
    deck.previous.disabled = at <= 0;
    deck.next.disabled = at < 0 || at >= deck.tracks.length - 1;
  }
  for (const [id, row] of deck.rows) {
    const current = id === deck.current?.id;
    const sounds = current && !deck.audio.paused;
    row.classList.toggle("current", current);
    row.querySelector("path").setAttribute("d", ICONS[sounds ? "pause" : "play"]);
    if (current) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

// What the rows of a list say: they are drawn anew when it changes.
function listed(tracks) {
  return JSON.stringify(tracks.map((track) => [track.id, track.label, track.why]));
}

function fill(deck, tracks) {
  deck.rows.clear();
  deck.body.replaceChildren(
    ...tracks.map((track) => {
      const item = make("li");
      const row = make("button", "row");
      row.type = "button";
      row.append(icon("play"), make("span", "title", track.title), make("span", "artist", track.artist), make("span", "label", track.label));
      if (track.why) row.append(make("span", "why", track.why));
      row.addEventListener("click", () => choose(deck, track));
      deck.rows.set(track.id, row);
      item.append(row);
      return item;
    }),
  );
}

function isDark(element) {
  const [red, green, blue] = getComputedStyle(element.closest(".deck")).color.match(/[\d.]+/g).map(Number);
  return red + green + blue > 380; // bright letters
}

export default function ({ parentElement, data, setTriggerValue, setStateValue }) {
  let deck = decks.get(parentElement);
  if (!deck) {
    decks.set(parentElement, (deck = build(parentElement)));
    matchLoudness(deck, data.loudness).catch(() => {});
  }
  deck.send = { setTriggerValue, setStateValue };
  deck.audio.style.colorScheme = isDark(deck.audio) ? "dark" : "light"; // the browser's own controls follow the theme
  const before = listed(deck.tracks);
  deck.tracks = data.tracks;
  deck.list = data.list;
  deck.body.hidden = !data.list;
  deck.more.hidden = !data.more;
  deck.more.textContent = `Show more (${data.more} left)`;
  if (data.list) {
    if (before !== listed(data.tracks)) fill(deck, data.tracks);
    if (!data.tracks.some((track) => track.id === deck.current?.id)) {
      deck.started = false;
      deck.root.classList.add("idle"); // a list needs no player until a row is started
      load(deck, data.tracks[0], false);
    } else mark(deck);
  } else {
    deck.previous.disabled = !data.previous;
    deck.next.disabled = !data.next;
    if (deck.current?.id !== data.tracks[0].id) load(deck, data.tracks[0], data.autoplay);
  }
  return () => {
    window.removeEventListener(PLAYING, deck.hush);
    deck.audio.pause();
    deck.audio.removeAttribute("src");
    deck.output?.close();
    decks.delete(parentElement);
  };
}
