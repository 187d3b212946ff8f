// The slider of the text weight: points move while it is dragged, Python hears of it when it rests.

export class WeightSlider {
  constructor(map) {
    this.map = map;
    const { slider } = map.parts;
    slider.addEventListener("input", () => this.drag(Number(slider.value)));
    slider.addEventListener("change", () => map.answer({ kind: "weight", weight: Number(slider.value), rows: [] }));
  }

  // Points follow without Python.
  drag(weight) {
    const { map } = this;
    map.parts.weightText.textContent = percent(weight);
    map.parts.slider.setAttribute("aria-valuetext", `${percent(weight)} text`);
    if (map.data.chain) map.motion.mixAt(weight, map.data.chain).catch((problem) => map.say(problem.message));
  }

  // Take what Python sends; without a weight there is no slider.
  show(data) {
    const { weight, slider, weightText } = this.map.parts;
    weight.hidden = data.weight === null || data.weight === undefined;
    if (weight.hidden) return;
    slider.value = data.weight;
    weightText.textContent = data.chain ? percent(data.weight) : `${percent(data.weight)} · ${data.chainNote}`;
    if (data.chain) window.requestIdleCallback?.(() => this.map.motion.layoutsOf(data.chain).catch(() => {}));
  }
}

function percent(share) {
  return `${Math.round(share * 100)} %`;
}
