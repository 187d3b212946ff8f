// What Streamlit loads: it fetches the map's modules from this server, or draws by plotly where WebGL2 is missing.

const maps = new WeakMap();

function hasWebGL2() {
  const probe = document.createElement("canvas").getContext("webgl2");
  probe?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(probe);
}

export default function (component) {
  const { data, parentElement, setTriggerValue, setStateValue } = component;
  const root = parentElement.querySelector(".soundmap");
  let map = maps.get(root);
  if (!map) {
    map = { isPlain: !hasWebGL2(), answer: null };
    map.ready = import(`${location.origin}${data.scripts}/${map.isPlain ? "plotly_map" : "soundmap"}.js`).then((module) => {
      map.drawn = map.isPlain ? new module.PlotlyMap(root) : new module.SoundMap(root);
      map.drawn.answer = (picked) => map.answer(picked);
      window.songscapeMap = map.drawn; // for measurements
    });
    maps.set(root, map);
  }
  map.answer = (picked) => setTriggerValue("picked", picked);
  if (map.isPlain && !data.figure) setStateValue("plain", true); // Python sends the figure on the next run
  map.ready
    .then(() => map.drawn.update(data))
    .catch((problem) => (root.textContent = `The map could not be loaded: ${problem.message}`));
  return () => {
    map.drawn?.release();
    maps.delete(root);
  };
}
