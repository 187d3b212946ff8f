// Arrays and texts by content: what has a key never changes, so each is fetched once per page.

const KINDS = { f4: Float32Array, i4: Int32Array, u2: Uint16Array, u1: Uint8Array };
const fetched = new Map();
const held = new Map(); // part of the page, never dropped
const MOST = 60;

function remember(address, make) {
  if (!fetched.has(address)) {
    fetched.set(address, make().catch((reason) => {
      fetched.delete(address);
      throw reason;
    }));
    if (fetched.size > MOST) fetched.delete(fetched.keys().next().value);
  }
  return fetched.get(address);
}

async function request(address) {
  let answer;
  try {
    answer = await fetch(address);
  } catch {
    throw new Error("Songscape's server does not answer. Is it still running?");
  }
  if (!answer.ok) throw new Error((await answer.text()).slice(0, 300));
  return answer;
}

// Give the value of a reference that is part of the page.
export function hold(href, value) {
  held.set(href, value);
}

// A reference is {href, type}, with type one of f4, i4, u2, u1 or json.
export function load(reference) {
  if (!reference) return Promise.resolve(null);
  if (held.has(reference.href)) return Promise.resolve(held.get(reference.href));
  return remember(reference.href, async () => {
    const answer = await request(reference.href);
    return reference.type === "json" ? answer.json() : new KINDS[reference.type](await answer.arrayBuffer());
  });
}

// The titles of points, in pages of `size`; `href` holds {page}.
export async function describe(titles, point) {
  const page = Math.floor(point / titles.size);
  const texts = await load({ href: titles.href.replace("{page}", page), type: "json" });
  return texts[point % titles.size];
}
