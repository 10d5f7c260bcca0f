// Timeline: what was said about a recording, one lane for each behaviour, from the window's start to its end.
//
// - Times are seconds of the recording's own clock; the axis shows the trial's clock, which begins at t0_s.
// - A state lasts to the next one. The last one is drawn full to the furthest frame seen, and faint to the window's end.
// - Lanes are {name, label, tone}; a tone is a class of scoring.css ("tone-1" ... "tone-8", "tone-missing"), so that
//   colours follow dark and light. Colour never stands alone: every lane has its name.
// - Events: "seek" ({t_s}) where somebody clicks or drags; "view" where another stretch of time is shown.

const SVG = "http://www.w3.org/2000/svg";
const LABELS = 112;
const PAD = 10;
const AXIS = 28;
const SPILL = 16;
const NEAR_S = 30;
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800];
const TICK_PX = 62;
export const LANE = 22;
let made = 0;

export class Timeline extends EventTarget {
  #svg; #lanes; #start; #stop; #t0; #states = []; #at = NaN; #until = NaN; #near = false; #bouts; #ticks; #clips; #head; #open = []; #mark; #marked = null;

  constructor(svg, { lanes, window_s, t0_s = 0 }) {
    super();
    this.#svg = svg;
    this.#lanes = lanes;
    [this.#start, this.#stop] = window_s;
    this.#t0 = t0_s;
    this.#build();
    this.#listen();
    new ResizeObserver(() => this.#redraw()).observe(svg);
  }

  /** Show states: [{t_s, behaviour}] in order of time. */
  draw(states) {
    this.#states = states;
    this.#redraw();
  }

  /** Move the playhead; `until_s` is the furthest time that was seen. */
  at(t_s, until_s = t_s) {
    this.#at = t_s;
    this.#until = Math.max(until_s, t_s);
    const x = this.#x(t_s);
    this.#head.setAttribute("transform", `translate(${x}, 0)`);
    for (const moved of [this.#ticks, this.#mark, this.#bouts]) moved.setAttribute("transform", `translate(${LABELS - this.#offset}, 0)`);
    for (const { rect, from_s } of this.#open) this.#span(rect, from_s, Math.max(this.#until, from_s));
    if (this.#near) this.dispatchEvent(new Event("view"));
    this.#speak();
  }

  /** The stretch of time that is shown. */
  get shown() {
    const from_s = this.#start + this.#offset / this.#scale;
    return { from_s, to_s: from_s + this.#width / this.#scale };
  }

  /** Shade a stretch through all lanes, or none. */
  mark(start_s = null, stop_s = null) {
    this.#marked = start_s === null ? null : [start_s, stop_s];
    this.#redraw();
  }

  /** Whether only half a minute around the playhead is shown. */
  get near() { return this.#near; }
  set near(on) { this.#near = on; this.#redraw(); }

  get #width() { return Math.max(1, this.#svg.clientWidth - LABELS - PAD); }
  get #scale() { return this.#width / (this.#near ? Math.min(NEAR_S, this.#stop - this.#start) : this.#stop - this.#start); }
  get #offset() {
    if (!this.#near || Number.isNaN(this.#at)) return 0;
    const most = (this.#stop - this.#start) * this.#scale - this.#width;
    return Math.min(Math.max((this.#at - this.#start) * this.#scale - this.#width / 2, 0), Math.max(0, most));
  }
  #x(t_s) { return LABELS + (t_s - this.#start) * this.#scale - this.#offset; }

  #build() {
    const lanes = this.#lanes.length * LANE, plot = `timeline-plot-${made}`, axis = `timeline-axis-${made++}`;
    this.#svg.replaceChildren();
    const defs = add(this.#svg, "defs");
    this.#clips = [
      add(add(defs, "clipPath", { id: plot }), "rect", { x: LABELS, y: 0, height: lanes }),
      add(add(defs, "clipPath", { id: axis }), "rect", { x: LABELS - SPILL, y: 0, height: lanes + AXIS }),
    ];
    hatch(defs);
    this.#lanes.forEach(({ label }, lane) => {
      add(this.#svg, "text", { class: "lane-label", x: LABELS - 12, y: lane * LANE + LANE / 2 }).textContent = label;
      add(this.#svg, "rect", { class: "lane", x: LABELS, y: lane * LANE + 2, height: LANE - 4, rx: 3 });
    });
    this.#ticks = add(add(this.#svg, "g", { "clip-path": `url(#${axis})` }), "g");
    const clipped = add(this.#svg, "g", { "clip-path": `url(#${plot})` });
    this.#mark = add(clipped, "rect", { class: "mark", y: 0, height: lanes });
    this.#bouts = add(clipped, "g");
    this.#head = add(this.#svg, "g", { class: "playhead" });
    add(this.#head, "line", { x1: 0, x2: 0, y1: 0, y2: lanes + 2 });
    add(this.#head, "path", { d: `M-5 ${lanes + 8} L0 ${lanes + 1} L5 ${lanes + 8} Z` });
  }

  #redraw() {
    const width = this.#width;
    this.#clips.forEach((clip, k) => clip.setAttribute("width", width + 2 * k * SPILL));
    for (const lane of this.#svg.querySelectorAll(".lane")) lane.setAttribute("width", width);
    const [from_s, to_s] = this.#marked ?? [this.#start, this.#start];
    this.#mark.setAttribute("x", (from_s - this.#start) * this.#scale);
    this.#mark.setAttribute("width", (to_s - from_s) * this.#scale);
    this.#drawTicks();
    this.#drawBouts();
    if (!Number.isNaN(this.#at)) this.at(this.#at, this.#until);
    this.dispatchEvent(new Event("view"));
  }

  #drawTicks() {
    const lanes = this.#lanes.length * LANE, step = STEPS_S.find((one) => one * this.#scale >= TICK_PX) ?? STEPS_S.at(-1);
    this.#ticks.replaceChildren();
    for (let t = Math.ceil((this.#start - this.#t0 - 1e-6) / step) * step; t <= this.#stop - this.#t0 + 1e-6; t += step) {
      const x = (t + this.#t0 - this.#start) * this.#scale, place = t + this.#t0 + step / 4 > this.#stop ? "end" : x < 12 ? "start" : "middle";
      add(this.#ticks, "line", { class: "tick", x1: x, x2: x, y1: 0, y2: lanes });
      add(this.#ticks, "text", { class: `tick-label ${place}`, x, y: lanes + AXIS - 6 }).textContent = clock(t, 0);
    }
  }

  #drawBouts() {
    this.#bouts.replaceChildren();
    this.#open = [];
    this.#states.forEach(({ t_s, behaviour }, k) => {
      const lane = this.#lanes.findIndex((one) => one.name === behaviour), next = this.#states[k + 1]?.t_s;
      const from_s = Math.max(t_s, this.#start);
      if (lane < 0 || (next !== undefined && next <= from_s)) return;
      if (next === undefined) this.#span(this.#bout(lane, "faint"), from_s, this.#stop);
      const rect = this.#bout(lane, "bout");
      this.#span(rect, from_s, next ?? from_s);
      if (next === undefined) this.#open.push({ rect, from_s });
    });
  }

  #bout(lane, kind) {
    return add(this.#bouts, "rect", { class: `${kind} ${this.#lanes[lane].tone}`, y: lane * LANE + 2, height: LANE - 4 });
  }

  #span(rect, from_s, to_s) {
    const stop = Math.min(to_s, this.#stop);
    rect.setAttribute("x", (from_s - this.#start) * this.#scale);
    rect.setAttribute("width", Math.max(1, (stop - from_s) * this.#scale));
  }

  #listen() {
    const seek = (event) => {
      const x = event.clientX - this.#svg.getBoundingClientRect().left - LABELS + this.#offset;
      const t_s = Math.min(Math.max(this.#start + x / this.#scale, this.#start), this.#stop);
      this.dispatchEvent(new CustomEvent("seek", { detail: { t_s } }));
    };
    this.#svg.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this.#svg.setPointerCapture(event.pointerId);
      seek(event);
    });
    this.#svg.addEventListener("pointermove", (event) => { if (this.#svg.hasPointerCapture(event.pointerId)) seek(event); });
  }

  #speak() {
    const t_s = Math.round(this.#at - this.#t0);
    if (this.#svg.getAttribute("aria-valuenow") === String(t_s)) return;
    this.#svg.setAttribute("aria-valuenow", t_s);
    this.#svg.setAttribute("aria-valuetext", clock(t_s, 0));
  }
}

/** Minutes and seconds, as people read them: 1:05.20. */
export function clock(seconds, decimals = 2) {
  const unit = 10 ** decimals, all = Math.round(Math.abs(seconds) * unit), minutes = Math.floor(all / (60 * unit));
  const rest = ((all - minutes * 60 * unit) / unit).toFixed(decimals).padStart(decimals ? decimals + 3 : 2, "0");
  return `${seconds < 0 && all ? "−" : ""}${minutes}:${rest}`;
}

function hatch(defs) {
  const pattern = add(defs, "pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  add(pattern, "rect", { class: "hatch-ground", width: 6, height: 6 });
  add(pattern, "rect", { class: "hatch-line", width: 2.5, height: 6 });
}

function add(parent, name, attributes = {}) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return parent.appendChild(made);
}
