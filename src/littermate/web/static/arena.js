// Arena: four points or a box on a picture, dragged by handles or moved by keys. It knows nothing of trials.
//
// - Lengths are px of the whole picture, the middle of the upper left pixel at (0, 0). The svg's viewBox begins at
//   (-0.5, -0.5), so that a place in it is a place in the picture.
// - Points are kept to 0.1 px. A box is whole pixels [x, y, width, height]; its line runs around them, half a pixel out.
// - What is drawn between the points is not worked out here: the page asks the server for the lines of the analysis.
// - Events: "change" (the shape was moved by a person), "look" ({point, of} or {point: null}: where the magnifier is).

const SVG = "http://www.w3.org/2000/svg";
const GRIP_PX = 22, RING_PX = 10;
const LEAST_PX = 4;
const STEP_PX = 1, LEAP_PX = 10;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
// Of a box: which sides a handle moves, as (left, top, right, bottom), and where it is.
const SIDES = [
  ["upper left corner", [1, 1, 0, 0]], ["upper side", [0, 1, 0, 0]], ["upper right corner", [0, 1, 1, 0]], ["right side", [0, 0, 1, 0]],
  ["lower right corner", [0, 0, 1, 1]], ["lower side", [0, 0, 0, 1]], ["lower left corner", [1, 0, 0, 1]], ["left side", [1, 0, 0, 0]],
];

const within = (value, low, high) => Math.min(Math.max(value, low), high);
const tenth = (value) => Math.round(value * 10) / 10;

export function element(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A line with a dark edge, in the given group. */
export function draw(group, points, { closed = true, faint = false, name = "" } = {}) {
  const text = points.map(([x, y]) => `${x},${y}`).join(" ");
  for (const layer of ["under", "over"]) {
    group.append(element(closed ? "polygon" : "polyline", { points: text, class: `${layer}${faint ? " faint" : ""}` }));
  }
  if (name) {
    const middle = [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
    const label = element("text", { x: middle[0], y: middle[1] });
    label.textContent = name;
    group.append(label);
  }
}

export class ArenaEditor extends EventTarget {
  #svg; #group; #names; #width; #height; #shape = null; #handles = []; #inside = null; #grab = null; #open;

  constructor(svg, group, { corners, width, height, open }) {
    super();
    [this.#svg, this.#group, this.#names, this.#width, this.#height, this.#open] = [svg, group, corners, width, height, open];
    new ResizeObserver(() => this.#place()).observe(svg);
  }

  get byCorners() { return this.#names.length === 4; }
  /** [[x, y] × 4], [x, y, width, height], or null. */
  get shape() { return this.#shape; }
  set shape(shape) {
    this.#shape = shape;
    this.#build();
    this.#place();
  }

  /** The points of the outline. */
  get outline() {
    if (!this.#shape || this.byCorners) return this.#shape;
    const [left, top, right, bottom] = this.#edges();
    return [[left, top], [right, top], [right, bottom], [left, bottom]].map(([x, y]) => [x - 0.5, y - 0.5]);
  }

  /** Names and places, for people. */
  get words() {
    if (!this.#shape) return [];
    if (this.byCorners) return this.#names.map((name, k) => [name, this.#shape[k].map((one) => one.toFixed(1)).join(", ")]);
    const [x, y, width, height] = this.#shape;
    return [["upper left", `${x}, ${y}`], ["width × height", `${width} × ${height}`]];
  }

  /** Pixels of the screen along one of the picture. */
  get scale() { return this.#svg.getScreenCTM()?.a || 1; }

  #edges() { const [x, y, width, height] = this.#shape; return [x, y, x + width, y + height]; }

  #build() {
    const wanted = !this.#shape || !this.#open ? 0 : this.byCorners ? 4 : SIDES.length;
    if (this.#handles.length === wanted) return;
    this.#inside = wanted && !this.byCorners ? this.#makeInside() : null;
    this.#handles = Array.from({ length: wanted }, (_, k) => this.#makeHandle(k));
    this.#group.replaceChildren(...(this.#inside ? [this.#inside] : []), ...this.#handles);
  }

  #makeHandle(k) {
    const ring = (layer) => element("circle", { r: RING_PX, class: `ring ${layer}` });
    const cross = element("path", { d: "M-4 0H4M0 -4V4", class: "cross" });
    const handle = element("g", { class: "handle", tabindex: "0", role: "button", "aria-roledescription": "handle", "data-handle": k });
    handle.append(element("circle", { r: GRIP_PX, class: "grip" }), ring("under"), ring("over"), ...(this.byCorners ? [cross] : []));
    this.#listen(handle, (dx, dy) => this.#move(k, dx, dy), () => this.#at(k));
    return handle;
  }

  #makeInside() {
    const inside = element("rect", { class: "inside", tabindex: "0", role: "button", "aria-roledescription": "handle", "data-handle": "box" });
    this.#listen(inside, (dx, dy) => this.#shift(dx, dy), () => null);
    return inside;
  }

  #listen(handle, move, at) {
    handle.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      handle.focus({ focusVisible: false });
      handle.setPointerCapture(event.pointerId);
      handle.classList.add("held");
      this.#grab = { from: this.#place_of(event), shape: structuredClone(this.#shape) };
      this.#look(at());
    });
    handle.addEventListener("pointermove", (event) => {
      if (!this.#grab || !handle.hasPointerCapture(event.pointerId)) return;
      const [x, y] = this.#place_of(event), { from, shape } = this.#grab;
      this.#shape = structuredClone(shape);
      move(x - from[0], y - from[1]);
      this.#changed(at());
    });
    const drop = () => { handle.classList.remove("held"); this.#grab = null; this.#look(null); };
    handle.addEventListener("lostpointercapture", drop);
    handle.addEventListener("blur", drop);
    handle.addEventListener("keydown", (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      const step = event.shiftKey ? LEAP_PX : STEP_PX;
      move(arrow[0] * step, arrow[1] * step);
      this.#changed(at());
    });
    handle.addEventListener("focus", () => { if (handle.matches(":focus-visible")) this.#look(at()); });
  }

  #place_of(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.#svg.getScreenCTM().inverse());
    return [point.x, point.y];
  }

  #move(k, dx, dy) {
    if (this.byCorners) {
      const [x, y] = this.#shape[k];
      this.#shape = this.#shape.with(k, [tenth(within(x + dx, 0, this.#width - 1)), tenth(within(y + dy, 0, this.#height - 1))]);
      return;
    }
    const [, [left, top, right, bottom]] = SIDES[k];
    let [x0, y0, x1, y1] = this.#edges();
    if (left) x0 = within(Math.round(x0 + dx), 0, x1 - LEAST_PX);
    if (top) y0 = within(Math.round(y0 + dy), 0, y1 - LEAST_PX);
    if (right) x1 = within(Math.round(x1 + dx), x0 + LEAST_PX, this.#width);
    if (bottom) y1 = within(Math.round(y1 + dy), y0 + LEAST_PX, this.#height);
    this.#shape = [x0, y0, x1 - x0, y1 - y0];
  }

  #shift(dx, dy) {
    const [x, y, width, height] = this.#shape;
    this.#shape = [within(Math.round(x + dx), 0, this.#width - width), within(Math.round(y + dy), 0, this.#height - height), width, height];
  }

  #at(k) {
    if (this.byCorners) return this.#shape[k];
    const [x0, y0, x1, y1] = this.#edges().map((one) => one - 0.5), [, [left, top, right, bottom]] = SIDES[k];
    return [left ? x0 : right ? x1 : (x0 + x1) / 2, top ? y0 : bottom ? y1 : (y0 + y1) / 2];
  }

  #changed(point) {
    this.#place();
    this.#look(point);
    this.dispatchEvent(new CustomEvent("change"));
  }

  #look(point) { this.dispatchEvent(new CustomEvent("look", { detail: { point } })); }

  #place() {
    if (!this.#handles.length) return;
    const small = 1 / this.scale;
    this.#handles.forEach((handle, k) => {
      const [x, y] = this.#at(k);
      handle.setAttribute("transform", `translate(${x} ${y}) scale(${small})`);
      handle.setAttribute("aria-label", `${this.byCorners ? this.#names[k] : SIDES[k][0]}, ${x.toFixed(1)}, ${y.toFixed(1)} px; arrow keys move it`);
    });
    if (!this.#inside) return;
    const [x, y, width, height] = this.#shape;
    for (const [key, value] of Object.entries({ x: x - 0.5, y: y - 0.5, width, height })) this.#inside.setAttribute(key, value);
    this.#inside.setAttribute("aria-label", `the box, ${width} by ${height} px at ${x}, ${y}; arrow keys move it`);
  }
}
