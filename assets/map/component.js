// The map in the app: WebGL2, or plotly where that is missing. Streamlit loads it by soundmap.py's few lines.

const maps = new WeakMap();
let styles;

function hasWebGL2() {
  const probe = document.createElement("canvas").getContext("webgl2");
  probe?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(probe);
}

// The map's style sheet, once per page; a map that is built before it is there would have no size.
function loadStyles(scripts) {
  styles ??= new Promise((resolve) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: `${scripts}/soundmap.css` });
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
  return styles;
}

// Show what Python sent; returns what to do when the map leaves the page.
export function show({ data, parentElement, setTriggerValue, setStateValue }) {
  const root = parentElement.querySelector(".soundmap");
  let map = maps.get(root);
  if (!map) {
    map = { isPlain: !hasWebGL2(), answer: null };
    map.ready = Promise.all([import(map.isPlain ? "./plotly_map.js" : "./soundmap.js"), loadStyles(data.scripts)]).then(([module]) => {
      if (map.isGone) return;
      map.drawn = map.isPlain ? new module.PlotlyMap(root) : new module.SoundMap(root);
      map.drawn.answer = (picked) => map.answer(picked);
      window.songscapeMap = map.drawn; // for measurements
    });
    maps.set(root, map);
  }
  map.answer = (picked) => setTriggerValue("picked", picked);
  if (map.isPlain && !data.figure) setStateValue("plain", true); // Python sends the figure on the next run
  map.ready
    .then(() => map.drawn?.update(data))
    .catch((problem) => (root.textContent = `The map could not be loaded: ${problem.message}`));
  return () => {
    map.isGone = true;
    map.drawn?.release();
    maps.delete(root);
  };
}
