// Tracks: an animal's path over its recording, in step with the frames, and from above where its time was spent.
//
// - The path is drawn on a canvas over the video, placed as the player places the video; lengths are px of the picture.
// - A filled point was found, an open one lies in a bridged gap; a missing animal has no point, and the page says so.
// - Bridged stretches are drawn in another colour, and on the timeline; missing ones break the line.

import { ask } from "./requests.js";
import { Timeline } from "./timeline.js";
import { correcting, told, Watch } from "./watch.js";

const FOUND = 0, INTERPOLATED = 1, MISSING = 2;
const LANES = [{ name: "interpolated", label: "bridged", tone: "tone-2" }, { name: "missing", label: "not found", tone: "tone-missing" }];
const TRAIL_S = 8;
const SKY = "#56b4e9", ORANGE = "#e69f00", WHITE = "#ffffff", EDGE = "rgba(0, 0, 0, .6)", LINE = "#bfe6ff";
const MAGMA = [[0, 0, 4], [40, 17, 89], [114, 31, 129], [182, 54, 121], [241, 96, 93], [254, 176, 120], [252, 253, 191]];
const $ = (id) => document.getElementById(id);
const page = $("reviewing");

class Path {
  constructor(data, player) {
    this.data = data;
    this.times = data.t_s.map((t_s) => t_s + data.t0_s);
    this.player = player;
    this.whole = true;
    this.lines = true;
    this.canvas = $("drawing");
    const redraw = () => this.draw();
    player.addEventListener("frame", redraw);
    new ResizeObserver(redraw).observe(this.canvas);
  }

  /** The sample that belongs to a time: the nearest. */
  at(t_s) {
    let low = 0, high = this.times.length;
    while (low < high) { const middle = (low + high) >> 1; if (this.times[middle] < t_s) low = middle + 1; else high = middle; }
    return low > 0 && (low === this.times.length || t_s - this.times[low - 1] < this.times[low] - t_s) ? low - 1 : low;
  }

  draw() {
    const { canvas, player } = this, dots = devicePixelRatio || 1;
    const wide = Math.round(canvas.clientWidth * dots), high = Math.round(canvas.clientHeight * dots);
    if (canvas.width !== wide || canvas.height !== high) { canvas.width = wide; canvas.height = high; }
    const pen = canvas.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, wide, high);
    const { a: scale, e: left, f: top } = new DOMMatrix(getComputedStyle($("video")).transform);
    if (!player.ready || !this.times.length) return;
    // The middle of the upper left pixel is (0, 0): half a pixel into the picture.
    pen.setTransform(scale * dots, 0, 0, scale * dots, (left + scale / 2) * dots, (top + scale / 2) * dots);
    pen.lineJoin = pen.lineCap = "round";
    if (this.lines) this.drawLines(pen, scale);
    const now = this.at(player.t_s), first = this.whole ? 0 : this.at(player.t_s - TRAIL_S);
    this.drawPath(pen, scale, first, now);
    this.drawPoint(pen, scale, now);
  }

  drawLines(pen, scale) {
    for (const { points_px, closed, faint } of this.data.outlines) {
      pen.beginPath();
      points_px.forEach(([x, y], k) => (k ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      if (closed) pen.closePath();
      for (const [style, width] of [[EDGE, 3], [LINE, 1]]) {
        pen.globalAlpha = faint ? 0.5 : 1;
        pen.strokeStyle = style;
        pen.lineWidth = (faint ? width * 0.8 : width * 1.3) / scale;
        pen.stroke();
      }
    }
    pen.globalAlpha = 1;
  }

  drawPath(pen, scale, first, last) {
    const { x_px, y_px, state } = this.data, whole = new Path2D(), bridged = new Path2D();
    for (let k = first + 1; k <= last; k++) {
      if (x_px[k] === null || x_px[k - 1] === null) continue;
      const path = state[k] === INTERPOLATED || state[k - 1] === INTERPOLATED ? bridged : whole;
      path.moveTo(x_px[k - 1], y_px[k - 1]);
      path.lineTo(x_px[k], y_px[k]);
    }
    for (const [path, style, width] of [[whole, EDGE, 3], [whole, SKY, 1.3], [bridged, EDGE, 3], [bridged, ORANGE, 2]]) {
      pen.strokeStyle = style;
      pen.lineWidth = width / scale;
      pen.stroke(path);
    }
  }

  drawPoint(pen, scale, now) {
    const { x_px, y_px, state } = this.data;
    if (state[now] === MISSING || x_px[now] === null) return;
    pen.beginPath();
    pen.arc(x_px[now], y_px[now], 6 / scale, 0, 2 * Math.PI);
    pen.lineWidth = 5 / scale;
    pen.strokeStyle = EDGE;
    pen.stroke();
    pen.lineWidth = 2.2 / scale;
    pen.strokeStyle = WHITE;
    pen.stroke();
    if (state[now] === FOUND) { pen.fillStyle = ORANGE; pen.fill(); }
  }
}

/** Where the path has gaps, as states of a timeline. */
function gaps({ t_s, t0_s, state }) {
  const states = [];
  state.forEach((one, k) => {
    if (k === 0 ? one !== FOUND : one !== state[k - 1]) states.push({ t_s: t_s[k] + t0_s, behaviour: ["", "interpolated", "missing"][one] });
  });
  return states.length ? states : [{ t_s: t0_s, behaviour: "" }];
}

/** The floor from above, lightly smoothed; the longest sleep does not darken the rest. */
function drawMap({ time_map_s, grid }) {
  const cells = time_map_s.length, flat = time_map_s.flat(), used = flat.filter((one) => one > 0).sort((a, b) => a - b);
  const most = used.length ? used[Math.floor((used.length - 1) * 0.98)] : 1, small = new OffscreenCanvas(cells, cells), pixels = small.getContext("2d");
  const image = pixels.createImageData(cells, cells);
  flat.forEach((one, k) => image.data.set([...magma(Math.min(one / most, 1) ** 0.7), 255], 4 * k));
  pixels.putImageData(image, 0, 0);
  const canvas = $("map"), pen = canvas.getContext("2d"), side = canvas.width;
  pen.imageSmoothingEnabled = true;
  pen.imageSmoothingQuality = "high";
  pen.drawImage(small, 0, 0, side, side);
  pen.strokeStyle = "rgba(255, 255, 255, .35)";
  for (let k = 1; k < grid; k++) {
    const at = Math.round((k * side) / grid) + 0.5;
    pen.beginPath();
    pen.moveTo(at, 0); pen.lineTo(at, side); pen.moveTo(0, at); pen.lineTo(side, at);
    pen.stroke();
  }
  const scale = $("map-scale"), ramp = scale.getContext("2d");
  for (let x = 0; x < scale.width; x++) { ramp.fillStyle = `rgb(${magma((x / (scale.width - 1)) ** 0.7).join(",")})`; ramp.fillRect(x, 0, 1, 1); }
  $("map-most").textContent = used.length ? `${most.toPrecision(2)} s or more` : "nowhere";
}

function magma(part) {
  const at = part * (MAGMA.length - 1), k = Math.min(Math.floor(at), MAGMA.length - 2), rest = at - k;
  return MAGMA[k].map((low, channel) => Math.round(low + (MAGMA[k + 1][channel] - low) * rest));
}

async function begin() {
  const trial = page.dataset.trial, data = await ask(`/api/trials/${trial}/track`);
  drawMap(data);
  let path;
  const toggle = (name) => (button) => { path[name] = !path[name]; button.setAttribute("aria-pressed", path[name]); path.draw(); };
  const watch = new Watch(page, {
    t0_s: data.t0_s,
    window_s: data.window_s,
    actions: { ...correcting(trial), whole: toggle("whole"), lines: toggle("lines") },
    keys: { p: "whole", g: "lines" },
  });
  path = new Path(data, watch.player);
  const timeline = new Timeline($("timeline"), { lanes: LANES, window_s: watch.window_s, t0_s: data.t0_s });
  timeline.draw(gaps(data));
  $("timeline").setAttribute("aria-valuemin", Math.round(data.window_s[0]));
  $("timeline").setAttribute("aria-valuemax", Math.round(data.window_s[1]));
  timeline.addEventListener("seek", ({ detail }) => watch.player.seekTo(detail.t_s));
  watch.player.addEventListener("frame", ({ detail }) => timeline.at(detail.t_s, watch.window_s[1]));
  await watch.begin(trial);
}

begin().catch(told);
