// Trace: a trial's motion under its recording, with the thresholds and the bouts that were detected and corrected.
//
// - Times given and told are seconds of the recording's own clock; the trace itself is on the trial clock, which begins
//   at t0_s. It is drawn between the same edges as a Timeline beneath it.
// - Strips of bouts, one for the program and one for each person who corrected, stand above the motion. Time in which
//   nothing could be seen is hatched; the scored window has a ground of its own.
// - Motion is drawn on a root scale: what tells stillness from movement lies far below the strokes of a swimming animal.
// - The playhead is an element of its own, so that a playing recording does not redraw the trace.
// - Event: "seek" ({t_s}) where somebody clicks or drags.

import { clock } from "./timeline.js";

const LEFT = 112, PAD = 10;
const STRIP = 18, GAP = 3, AXIS = 18;
const FONT = '12px system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif';
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800];
const TICK_PX = 62;
const NEAR_S = 30;

export class Trace extends EventTarget {
  #box; #canvas; #head; #data = null; #from = 0; #to = 1; #t_s = NaN; #near = false; #axis; #strips = [];

  /** `box` holds a canvas and the playhead; `axis` is whether the trial's clock is written beneath. */
  constructor(box, { axis = true } = {}) {
    super();
    this.#box = box;
    this.#canvas = box.querySelector("canvas");
    this.#head = box.querySelector(".trace-head");
    this.#axis = axis;
    this.#listen();
  }

  /** Show a trial: what `/api/trials/ID/trace` answers; `tones` gives each behaviour's colour as a CSS variable. */
  show(data, tones, { corrected = true } = {}) {
    this.#data = { ...data, tones };
    this.#strips = [{ label: "program", bouts: data.detected, counts: !data.corrected.some((one) => one.counts) }];
    if (corrected) this.#strips.push(...data.corrected.map(({ by, bouts, counts }) => ({ label: by, bouts, counts })));
    this.look(data.t0_s, data.t0_s + data.window_s[1]);
  }

  /** What stretch of time is drawn. */
  look(from_s, to_s) {
    [this.#from, this.#to] = [from_s, to_s];
    this.#draw();
  }

  /** Whether only half a minute around the playhead is shown. */
  get near() { return this.#near; }
  set near(on) { this.#near = on; this.#follow(); }

  /** Move the playhead. */
  at(t_s) {
    this.#t_s = t_s;
    if (this.#near) this.#follow(); else this.#place();
  }

  #follow() {
    if (!this.#data) return;
    const start = this.#data.t0_s, stop = start + this.#data.window_s[1], wide = Math.min(NEAR_S, stop - start);
    const from = this.#near ? Math.min(Math.max(this.#t_s - wide / 2, start), stop - wide) : start;
    this.look(from, this.#near ? from + wide : stop);
  }

  get #width() { return Math.max(1, this.#canvas.clientWidth - LEFT - PAD); }
  #x(t_s) { return LEFT + ((t_s - this.#from) / (this.#to - this.#from)) * this.#width; }

  #place() {
    const x = this.#x(this.#t_s), shown = x >= LEFT - 1 && x <= LEFT + this.#width + 1;
    this.#head.style.transform = `translateX(${x}px)`;
    this.#head.hidden = !shown;
  }

  #listen() {
    const seek = (event) => {
      const x = event.clientX - this.#canvas.getBoundingClientRect().left - LEFT;
      const t_s = this.#from + Math.min(Math.max(x / this.#width, 0), 1) * (this.#to - this.#from);
      this.dispatchEvent(new CustomEvent("seek", { detail: { t_s } }));
    };
    this.#canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this.#canvas.setPointerCapture(event.pointerId);
      seek(event);
    });
    this.#canvas.addEventListener("pointermove", (event) => { if (this.#canvas.hasPointerCapture(event.pointerId)) seek(event); });
    new ResizeObserver(() => this.#draw()).observe(this.#canvas);
    new MutationObserver(() => this.#draw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
  }

  #draw() {
    const canvas = this.#canvas, dots = devicePixelRatio || 1, { clientWidth: wide, clientHeight: high } = canvas;
    if (!wide || !high) return;
    if (canvas.width !== Math.round(wide * dots) || canvas.height !== Math.round(high * dots)) {
      canvas.width = Math.round(wide * dots);
      canvas.height = Math.round(high * dots);
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(dots, 0, 0, dots, 0, 0);
    pen.clearRect(0, 0, wide, high);
    if (!this.#data) return;
    const colour = colours(canvas), strips = this.#strips.length * STRIP, foot = high - (this.#axis ? AXIS : 4), top = strips + 4;
    pen.font = FONT;
    pen.textBaseline = "middle";
    this.#ground(pen, colour, top, foot);
    pen.save();
    pen.beginPath();
    pen.rect(LEFT, 0, this.#width, foot);
    pen.clip();
    this.#hatch(pen, colour, top, foot);
    this.#drawStrips(pen, colour);
    const scale = this.#scale();
    this.#drawMotion(pen, colour, top, foot, scale);
    pen.restore();
    this.#labels(pen, colour, top, foot, scale);
    if (this.#axis) this.#ticks(pen, colour, foot);
    this.#place();
  }

  #ground(pen, colour, top, foot) {
    const [start, stop] = this.#data.window_s.map((edge) => this.#x(edge + this.#data.t0_s));
    pen.fillStyle = colour("--well");
    const left = Math.max(start, LEFT), right = Math.min(stop, LEFT + this.#width);
    if (right > left) pen.fillRect(left, top, right - left, foot - top);
  }

  #hatch(pen, colour, top, foot) {
    const { t_s, activity, step_s, t0_s } = this.#data;
    pen.strokeStyle = colour("--hatch");
    pen.lineWidth = 1.5;
    for (let k = 0; k < t_s.length; k++) {
      if (activity[k] !== null) continue;
      let last = k;
      while (last + 1 < t_s.length && activity[last + 1] === null) last++;
      hatched(pen, this.#x(t_s[k] + t0_s), this.#x(t_s[last] + step_s + t0_s), top, foot);
      k = last;
    }
    const recorded = t_s.length ? t_s.at(-1) + step_s : 0;
    if (recorded < this.#data.window_s[1] - step_s) hatched(pen, this.#x(recorded + t0_s), this.#x(this.#data.window_s[1] + t0_s), top, foot);
  }

  #drawStrips(pen, colour) {
    this.#strips.forEach(({ bouts, counts }, row) => {
      pen.fillStyle = colour("--well");
      pen.fillRect(LEFT, row * STRIP + GAP, this.#width, STRIP - GAP);
      pen.globalAlpha = counts ? 1 : 0.45;
      for (const { behaviour, start_s, stop_s } of bouts) {
        const left = this.#x(start_s + this.#data.t0_s), right = this.#x(stop_s + this.#data.t0_s);
        pen.fillStyle = colour(this.#data.tones[behaviour] ?? "--tone-8");
        pen.fillRect(left, row * STRIP + GAP, Math.max(1, right - left), STRIP - GAP);
      }
      pen.globalAlpha = 1;
    });
  }

  /** The highest activity drawn: most of the motion, and the thresholds far enough down to be told apart. */
  #scale() {
    const { activity, thresholds } = this.#data, seen = activity.filter((one) => one !== null).sort((a, b) => a - b);
    const most = seen.length ? seen[Math.floor(seen.length * 0.98)] * 1.3 : 1;
    return Math.max(most, thresholds ? 2.5 * thresholds[1] : 0, 1e-6);
  }

  #drawMotion(pen, colour, top, foot, scale) {
    const { t_s, activity, step_s, t0_s, thresholds } = this.#data, y = height(scale, top, foot);
    pen.beginPath();
    let down = false;
    for (let k = 0; k < t_s.length; k++) {
      const at = t_s[k] + step_s / 2 + t0_s;
      if (activity[k] === null || at < this.#from - 1 || at > this.#to + 1) { down = false; continue; }
      if (down) pen.lineTo(this.#x(at), y(activity[k])); else pen.moveTo(this.#x(at), y(activity[k]));
      down = true;
    }
    pen.strokeStyle = colour("--ink");
    pen.lineWidth = 1;
    pen.lineJoin = "round";
    pen.stroke();
    if (!thresholds) return;
    pen.strokeStyle = colour("--bad");
    thresholds.forEach((value, k) => {
      pen.setLineDash(k ? [5, 4] : []);
      pen.beginPath();
      pen.moveTo(LEFT, y(value));
      pen.lineTo(LEFT + this.#width, y(value));
      pen.stroke();
    });
    pen.setLineDash([]);
  }

  #labels(pen, colour, top, foot, scale) {
    const { thresholds } = this.#data, y = height(scale, top, foot);
    pen.textAlign = "right";
    pen.fillStyle = colour("--soft");
    this.#strips.forEach(({ label }, row) => pen.fillText(short(pen, label), LEFT - 12, row * STRIP + GAP + (STRIP - GAP) / 2));
    pen.fillText("motion", LEFT - 12, top + 8);
    if (!thresholds) return;
    pen.fillStyle = colour("--bad");
    const [below, above] = thresholds.map(y), apart = Math.max(0, 14 - (below - above)) / 2;
    pen.fillText(`mobile ${thresholds[1]}`, LEFT - 12, above - apart);
    pen.fillText(`immobile ${thresholds[0]}`, LEFT - 12, Math.min(below + apart, foot - 6));
  }

  #ticks(pen, colour, foot) {
    const start = this.#from - this.#data.t0_s, stop = this.#to - this.#data.t0_s, scale = this.#width / (stop - start);
    const step = STEPS_S.find((one) => one * scale >= TICK_PX) ?? STEPS_S.at(-1);
    pen.fillStyle = colour("--soft");
    for (let t = Math.ceil((start - 1e-6) / step) * step; t <= stop + 1e-6; t += step) {
      const x = this.#x(t + this.#data.t0_s);
      pen.textAlign = t + step / 4 > stop ? "right" : x < LEFT + 12 ? "left" : "center";
      pen.fillText(clock(t, 0), x, foot + AXIS / 2 + 1);
    }
  }
}

/** Colours of behaviours as on the scoring page: in the order of the assay's behaviours. */
export function tonesOf(behaviours) {
  return Object.fromEntries(behaviours.map((name, k) => [name, `--tone-${(k % 8) + 1}`]));
}

function height(scale, top, foot) {
  return (value) => foot - Math.sqrt(Math.min(value / scale, 1)) * (foot - top);
}

function colours(element) {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(name).trim();
}

function hatched(pen, left, right, top, foot) {
  pen.save();
  pen.beginPath();
  pen.rect(left, top, right - left, foot - top);
  pen.clip();
  pen.beginPath();
  const high = foot - top, first = Math.floor((left - high) / 7) * 7;
  for (let x = first; x < right + high; x += 7) { pen.moveTo(x, foot); pen.lineTo(x + high, top); }
  pen.stroke();
  pen.restore();
}

function short(pen, text) {
  if (pen.measureText(text).width <= LEFT - 16) return text;
  let kept = text;
  while (kept.length > 1 && pen.measureText(`${kept}…`).width > LEFT - 16) kept = kept.slice(0, -1);
  return `${kept}…`;
}
