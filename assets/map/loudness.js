// Sounds at equal loudness: the server measures a track (EBU R 128), a gain node lowers or raises it. An <audio> element
// alone can't be raised, and on some phones its volume can't be set.

const UNKNOWN = 0.15; // gain until the loudness is known
const SMOOTH_S = 0.01;
let context; // one per page: browsers allow few
const known = new Map();

// The gain of the audio at `src`, UNKNOWN where it can't be measured; excerpts within the page are equally loud already.
export function gainOf(src) {
  if (src.startsWith("blob:")) return Promise.resolve(1);
  const [path, query] = src.split("?");
  if (!known.has(path))
    known.set(path, measure(`${path}/loudness${query ? `?${query}` : ""}`).catch(() => {
      known.delete(path);
      return UNKNOWN;
    }));
  return known.get(path);
}

async function measure(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(await answer.text());
  return 10 ** ((await answer.json()).gain_db / 20);
}

// What an <audio> element sounds through.
export class Output {
  constructor(audio) {
    this.audio = audio;
    this.level = 1; // of the user and of fades, 0 to 1
    this.match = UNKNOWN;
  }

  // Call after a gesture: before, browsers start no sound.
  open() {
    if (!window.AudioContext) return;
    context ??= new AudioContext();
    if (!this.node) {
      this.node = context.createGain();
      context.createMediaElementSource(this.audio).connect(this.node).connect(context.destination);
      this.node.gain.value = this.level * this.match;
    }
    if (context.state === "suspended") context.resume().catch(() => {});
  }

  // Take the gain of the audio at `src`; until it is known, the sound is low.
  follow(src) {
    this.src = src;
    this.match = UNKNOWN;
    return gainOf(src).then((gain) => {
      if (this.src !== src) return;
      this.match = gain;
      this.set(this.level);
    });
  }

  set(level) {
    this.level = level;
    if (this.node) this.node.gain.setTargetAtTime(level * this.match, context.currentTime, SMOOTH_S);
    else if (!window.AudioContext) this.audio.volume = Math.min(1, level * this.match);
  }

  close() {
    this.node?.disconnect();
  }
}
