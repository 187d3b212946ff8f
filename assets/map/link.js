// Maps on one page that show the same tracks: the track under the pointer of one is marked on the others.

const POINTED = "songscape-pointed";

export class Link {
  constructor(map) {
    this.map = map;
    this.follow = ({ detail }) => {
      if (detail.from === map || !map.data?.link || detail.link !== map.data.link || !map.rows) return;
      map.point(detail.row < 0 ? -1 : map.rows.indexOf(detail.row), true);
    };
    window.addEventListener(POINTED, this.follow);
  }

  // Say which point is under the pointer; -1 for none.
  tell(at) {
    const { data, rows } = this.map;
    if (!data?.link) return;
    window.dispatchEvent(new CustomEvent(POINTED, { detail: { from: this.map, link: data.link, row: at < 0 ? -1 : rows[at] } }));
  }

  release() {
    window.removeEventListener(POINTED, this.follow);
  }
}
