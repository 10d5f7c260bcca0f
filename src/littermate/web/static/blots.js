// Blots: boxes of bands over a blot image, moved and sized by mouse and keys; what is changed is saved together.
//
// - Boxes are whole px of the image, (left, top, width, height). The svg's viewBox is the image.
// - A box is as the program found it, as a person placed it, or as it was changed here and not saved yet.
// - Every change here is sent at once with all others: boxes that overlap must be measured together. What the server
//   refuses is said in its words; nothing is saved then, and the changes stay on the page.

import { ask, inWords, Refused } from "./requests.js";

const SVG = "http://www.w3.org/2000/svg";
const LEAST_PX = 3, GRIP = 7;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
// Which sides a grip moves: left, top, right, bottom.
const GRIPS = { nw: [1, 1, 0, 0], n: [0, 1, 0, 0], ne: [0, 1, 1, 0], e: [0, 0, 1, 0], se: [0, 0, 1, 1], s: [0, 0, 0, 1], sw: [1, 0, 0, 1], w: [1, 0, 0, 0] };
const $ = (id) => document.getElementById(id);
const page = $("blot");
const address = `/api/blots/${page.dataset.blot}`;
const width = Number(page.dataset.width), height = Number(page.dataset.height);
const within = (value, low, high) => Math.min(Math.max(value, low), high);
const same = (one, other) => one === other || (one && other && one.every((side, k) => side === other[k]));
const number = (value) => (value === null ? "–" : value.toFixed(3));

class Desk {
  constructor(blot) {
    this.open = "open" in page.dataset;
    this.changed = new Map(); // lane: box, or null for "as the program finds it"
    this.held = null;
    this.saving = false;
    this.show(blot);
    $("save").addEventListener("click", () => this.save());
    $("drop").addEventListener("click", () => { this.changed.clear(); this.draw(); if (this.said) this.say(this.said); });
    if (!this.open) return;
    $("film").addEventListener("pointermove", (event) => this.onDrag(event));
    $("film").addEventListener("pointerup", () => { this.held = null; });
    $("film").addEventListener("pointercancel", () => { this.held = null; });
    addEventListener("beforeunload", (event) => { if (this.changed.size) event.preventDefault(); });
  }

  show(blot) {
    this.blot = blot;
    this.lanes = new Map(blot.lanes.map((one) => [one.lane, one]));
    this.build();
    this.draw();
    if (this.said) this.say(this.said);
  }

  /** The box of a lane as it stands on the page. */
  boxOf(lane) {
    const one = this.lanes.get(lane);
    if (this.changed.has(lane)) return this.changed.get(lane) ?? one.automatic_px;
    return one.placed_px ?? one.automatic_px;
  }

  /** `"automatic"`, `"placed"` or `"changed"`. */
  standing(lane) {
    if (this.changed.has(lane)) return "changed";
    return this.lanes.get(lane).placed_px ? "placed" : "automatic";
  }

  // --- what is done -------------------------------------------------------------------------------------------------

  put(lane, box) {
    if (!this.open || this.saving) return;
    const saved = this.lanes.get(lane).placed_px, kept = box === null ? null : inside(box);
    if (same(saved, kept)) this.changed.delete(lane); else this.changed.set(lane, kept);
    this.draw();
    this.say(lane);
  }

  onDown(event, lane, sides) {
    if (event.button || !this.open) return;
    event.preventDefault();
    const [x, y] = this.place(event);
    $("film").setPointerCapture(event.pointerId);
    this.held = { lane, sides, x, y, box: this.boxOf(lane) };
    this.groups.get(lane).focus({ focusVisible: false });
  }

  onDrag(event) {
    if (!this.held) return;
    const { lane, sides, x, y, box } = this.held, [now_x, now_y] = this.place(event);
    this.put(lane, shifted(box, sides, Math.round(now_x - x), Math.round(now_y - y)));
  }

  onKey(event, lane) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.key === "Delete" || event.key === "Backspace") && this.open) { event.preventDefault(); this.put(lane, null); return; }
    const arrow = ARROWS[event.key];
    if (!arrow || !this.open) return;
    event.preventDefault();
    this.put(lane, shifted(this.boxOf(lane), event.shiftKey ? GRIPS.se : null, ...arrow));
  }

  place(event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform($("film").getScreenCTM().inverse());
    return [at.x, at.y];
  }

  async save() {
    if (!this.changed.size || this.saving) return;
    this.saving = true;
    $("refused").textContent = "";
    this.draw();
    try {
      const places = [...this.changed].map(([lane, box_px]) => ({ lane, box_px }));
      const blot = await ask(`${address}/places`, { places });
      this.changed.clear();
      this.saved = true;
      this.saving = false;
      this.show(blot);
    } catch (fault) {
      this.saving = false;
      $("refused").textContent = fault instanceof Refused ? inWords(fault.error) : "The server does not answer; nothing is saved yet.";
      this.draw();
    }
  }

  // --- what is shown ------------------------------------------------------------------------------------------------

  build() {
    const focused = document.activeElement?.dataset?.lane;
    this.groups = new Map();
    $("lines").replaceChildren(...this.blot.lanes.flatMap((one) => this.laneLine(one)));
    $("automatic").replaceChildren(...this.blot.lanes.map(({ automatic_px: [x, y, w, h] }) => element("rect", { class: "found", x, y, width: w, height: h })));
    $("boxes").replaceChildren(...this.blot.lanes.map((one) => this.boxGroup(one)));
    $("ratios").replaceChildren(...this.blot.ratios.flatMap((pair) => this.pairTable(pair)));
    if (focused) this.groups.get(Number(focused))?.focus();
  }

  laneLine({ lane, line_px }) {
    const points = line_px.map(([x, y]) => `${x + 0.5},${y + 0.5}`).join(" ");
    const [x] = line_px[0];
    const name = element("text", { class: "lane-number", x: x + 0.5, y: 12 });
    name.textContent = lane;
    return [element("polyline", { class: "lane-line", points }), name];
  }

  boxGroup({ lane, holds }) {
    const group = element("g", { class: "box", tabindex: 0, role: "button", "data-lane": lane, "aria-roledescription": "box of a band", "aria-describedby": "box-said" });
    const halo = element("rect", { class: "halo" }), body = element("rect", { class: "body" });
    group.append(halo, body);
    body.addEventListener("pointerdown", (event) => this.onDown(event, lane, null));
    if (this.open) {
      for (const [name, sides] of Object.entries(GRIPS)) {
        const grip = element("rect", { class: `grip ${name}`, "data-grip": name });
        grip.addEventListener("pointerdown", (event) => this.onDown(event, lane, sides));
        group.append(grip);
      }
    }
    group.addEventListener("keydown", (event) => this.onKey(event, lane));
    group.addEventListener("focus", () => this.say(lane));
    group.addEventListener("pointerenter", () => { if (!this.held) this.say(lane); });
    group.dataset.holds = holds;
    this.groups.set(lane, group);
    return group;
  }

  pairTable({ measure, lanes }) {
    const title = document.createElement("h2"), table = document.createElement("table"), body = document.createElement("tbody");
    title.textContent = measure;
    table.innerHTML = "<thead><tr><th>lane</th><th>on it</th><th class=\"number\">automatic</th><th class=\"number\">now</th><th></th></tr></thead>";
    body.append(...lanes.map((one) => this.ratioRow(one)));
    table.append(body);
    return [title, table];
  }

  ratioRow({ lane, holds, before, after, reason, flags }) {
    const row = document.createElement("tr");
    row.dataset.lane = lane;
    if (before !== after) row.className = "differs";
    const words = [reason, ...flags].filter(Boolean).join("; ");
    for (const [text, kind] of [[lane, ""], [holds, holds.length === 5 ? "code" : "soft"], [number(before), "number"], [number(after), "number now"]]) {
      const cell = document.createElement("td");
      cell.textContent = text;
      cell.className = kind;
      row.append(cell);
    }
    const last = document.createElement("td"), back = document.createElement("button");
    last.className = "doings";
    back.type = "button";
    back.className = "back";
    back.textContent = "automatic";
    back.title = "Back to the box that the program found";
    back.setAttribute("aria-label", `Lane ${lane} back to automatic`);
    back.addEventListener("click", () => this.put(lane, null));
    last.append(back);
    row.append(last);
    if (words) row.title = words;
    row.addEventListener("pointerenter", () => { if (!this.held) this.say(lane); });
    return row;
  }

  draw() {
    const grip = GRIP / Math.max(0.25, ($("film").getScreenCTM()?.a ?? 1));
    for (const [lane, group] of this.groups) {
      const box = this.boxOf(lane), standing = this.standing(lane);
      group.setAttribute("class", `box ${standing}`);
      group.setAttribute("aria-label", `Lane ${lane}${group.dataset.holds ? `, ${group.dataset.holds}` : ""}: ${box[2]} by ${box[3]} px at ${box[0]}, ${box[1]}, ${words(standing)}`);
      for (const one of group.querySelectorAll(".halo, .body")) size(one, box);
      for (const one of group.querySelectorAll(".grip")) gripAt(one, box, grip);
    }
    for (const row of $("ratios").querySelectorAll("tr[data-lane]")) {
      const lane = Number(row.dataset.lane);
      row.classList.toggle("waits", this.changed.has(lane));
      const back = row.querySelector(".back");
      back.hidden = !this.open || !(this.changed.has(lane) ? this.changed.get(lane) !== null : this.lanes.get(lane)?.placed_px);
    }
    this.drawSaving();
  }

  drawSaving() {
    const many = this.changed.size === 1 ? "1 lane is" : `${this.changed.size} lanes are`;
    const said = this.saving ? "Measuring and saving" : this.changed.size ? `${many} changed, not saved` : this.saved ? "Everything is saved" : "Nothing is changed";
    $("saving").dataset.is = this.saving ? "saving" : this.changed.size ? "late" : "saved";
    if ($("saving-words").textContent !== said) $("saving-words").textContent = said;
    $("save").disabled = $("drop").disabled = this.saving || !this.changed.size;
  }

  say(lane) {
    this.said = lane;
    const one = this.lanes.get(lane), [left, top, wide, high] = this.boxOf(lane), standing = this.standing(lane);
    const by = standing === "placed" ? ` by ${one.placed_by}` : "", flags = standing === "changed" ? [] : one.flags.filter((flag) => flag !== "placed by a person");
    $("box-said").textContent = `Lane ${lane}${one.holds ? ` (${one.holds})` : ""}: ${wide} × ${high} px at ${left}, ${top}; ${words(standing)}${by}${flags.length ? `; ${flags.join("; ")}` : ""}.`;
    for (const row of $("ratios").querySelectorAll("tr[data-lane]")) row.classList.toggle("here", Number(row.dataset.lane) === lane);
  }
}

function words(standing) {
  return { automatic: "as the program found it", placed: "placed by a person", changed: "changed, not saved" }[standing];
}

/** Move a box, or the sides of it that are held. */
function shifted([left, top, wide, high], sides, dx, dy) {
  if (!sides) return [within(left + dx, 0, width - wide), within(top + dy, 0, height - high), wide, high];
  const [l, t, r, b] = sides;
  const x0 = within(left + l * dx, 0, left + wide - LEAST_PX), y0 = within(top + t * dy, 0, top + high - LEAST_PX);
  const x1 = within(left + wide + r * dx, left + LEAST_PX, width), y1 = within(top + high + b * dy, top + LEAST_PX, height);
  return [x0, y0, x1 - x0, y1 - y0];
}

function inside([left, top, wide, high]) {
  const w = within(wide, LEAST_PX, width), h = within(high, LEAST_PX, height);
  return [within(left, 0, width - w), within(top, 0, height - h), w, h];
}

function size(rect, [x, y, w, h]) {
  rect.setAttribute("x", x);
  rect.setAttribute("y", y);
  rect.setAttribute("width", w);
  rect.setAttribute("height", h);
}

function gripAt(rect, [x, y, w, h], side) {
  const name = rect.dataset.grip, thick = Math.min(side, w / 3, h / 3);
  const left = name.includes("w") ? x - thick / 2 : name.includes("e") ? x + w - thick / 2 : x + thick / 2;
  const top = name.includes("n") ? y - thick / 2 : name.includes("s") ? y + h - thick / 2 : y + thick / 2;
  size(rect, [left, top, /[we]/.test(name) ? thick : Math.max(1, w - thick), /[ns]/.test(name) ? thick : Math.max(1, h - thick)]);
}

function element(name, attributes = {}) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

async function begin() {
  try {
    const desk = new Desk(await ask(address));
    $("box-said").textContent = "Nothing is chosen.";
    new ResizeObserver(() => desk.draw()).observe($("film"));
    page.dataset.ready = "";
  } catch (fault) {
    $("box-said").textContent = "";
    $("refused").textContent = fault instanceof Refused ? inWords(fault.error) : "The server does not answer; reload the page when it runs again.";
    if (!(fault instanceof Refused || fault instanceof TypeError)) throw fault;
  }
}

begin();
