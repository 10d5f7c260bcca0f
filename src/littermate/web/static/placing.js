// Placing: when a trial starts, and where its arena is, on its own recording.
//
// - t says: the frame on screen is the start. It is saved at once; z goes back to the start before.
// - The arena is saved by s. Its lines (walls, grid, box) come from the server, from the analysis's own functions: while
//   a corner is dragged the newest shape is asked for as soon as the last answer is there.
// - "As analysed" shows the lines and the path that the stored result was made with, whatever was drawn since.

import { ArenaEditor, draw, element } from "./arena.js";
import { Player } from "./player.js";
import { ask, notice } from "./requests.js";

const POLL_MS = 400;
const MAGNIFIED = 6;
const $ = (id) => document.getElementById(id);
const page = $("placing");
const address = `/api/trials/${page.dataset.trial}`;
const width = Number(page.dataset.width), height = Number(page.dataset.height);
const names = page.dataset.corners ? page.dataset.corners.split("|") : [];
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const seconds = (t_s) => `${t_s.toFixed(2)} s`;
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const button = (name) => page.querySelector(`[data-do="${name}"]`);

/** A recording in the middle of which no arena is known: most of the picture. */
function anywhere() {
  const [left, top] = [Math.round(width * 0.15), Math.round(height * 0.15)], [right, bottom] = [width - left, height - top];
  return names.length ? [[left, top], [right, top], [right, bottom], [left, bottom]] : [left, top, right - left, bottom - top];
}

class Desk {
  constructor() {
    this.open = "open" in page.dataset;
    this.mode = "";
    this.placement = null;
    this.scene = null;
    this.before_s = null;
    this.asking = false;
    this.refused = "";
    this.analysed = null;
    this.player = new Player($("stage"), $("video"));
    this.editor = new ArenaEditor($("drawing"), $("handles"), { corners: names, width, height, open: this.open });
    this.picture = new Image();
    this.listen();
  }

  async open_() {
    this.show(await ask(`${address}/scene`));
    this.setMode(this.placement.t0_set ? "arena" : "start");
    this.loadVideo();
    this.loadAnalysed();
    await this.loadScene();
    page.dataset.ready = "";
  }

  /** Wait for the scene; until then there is no picture and no proposal. */
  async loadScene() {
    let scene = this.scene;
    while (scene.state !== "ready") {
      if (scene.state === "failed") { this.noScene(); return; }
      this.drawCurtain();
      await sleep(POLL_MS);
      scene = await ask(`${address}/scene`);
      this.scene = scene;
    }
    $("picture").setAttribute("href", `${address}/scene.png`);
    this.picture.src = `${address}/scene.png`;
    this.showScene();
  }

  async loadVideo() {
    try {
      await this.player.load({ preparation: `${address}/preparation`, media: `${address}/media`, frames: `${address}/frames`, at_s: this.placement.t0_s });
    } catch (fault) {
      this.videoFault = fault.message;
      this.drawCurtain();
      return;
    }
    $("seek").max = this.player.last;
    this.drawEnabled();
    this.drawCurtain();
    page.dataset.playable = "";
  }

  async loadAnalysed() {
    this.analysed = await ask(`${address}/analysed`);
    this.drawAnalysed();
    this.drawEnabled();
  }

  // --- what happens -------------------------------------------------------------------------------------------------

  listen() {
    const player = this.player;
    player.addEventListener("progress", ({ detail }) => { this.videoPart = detail; this.drawCurtain(); });
    player.addEventListener("frame", ({ detail }) => this.onFrame(detail));
    player.addEventListener("play", () => this.drawPlaying(true));
    player.addEventListener("pause", () => this.drawPlaying(false));
    player.addEventListener("fault", ({ detail }) => notice(detail.words, "refused"));
    this.editor.addEventListener("change", () => this.onShape());
    this.editor.addEventListener("look", ({ detail }) => this.magnify(detail.point));
    $("seek").addEventListener("input", () => player.goTo(Number($("seek").value)));
    $("t0-form").addEventListener("submit", (event) => { event.preventDefault(); this.typeStart(); });
    for (const one of page.querySelectorAll("[data-mode]:not(#stage)")) one.addEventListener("click", () => this.setMode(one.dataset.mode));
    for (const one of page.querySelectorAll("[data-do]")) one.addEventListener("click", (event) => ACTIONS[one.dataset.do](this, event));
    document.addEventListener("keydown", (event) => this.onKey(event));
    addEventListener("beforeunload", (event) => { if (this.unsaved) event.preventDefault(); });
    $("copies-do").addEventListener("click", () => this.copy());
    $("copies-all").addEventListener("change", ({ target }) => {
      for (const box of $("copies-rows").querySelectorAll("input:not([data-warned])")) box.checked = target.checked;
      this.drawCopies();
    });
    $("copies-rows").addEventListener("change", () => this.drawCopies());
  }

  onKey(event) {
    const typing = event.target instanceof HTMLInputElement && event.target.type !== "range" && event.target.type !== "checkbox";
    if (event.ctrlKey || event.metaKey || event.altKey || typing || document.querySelector("dialog[open]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if ((key === " " || key === "Enter") && event.target.closest?.("button, a, .handle, .inside")) return;
    const act = (this.mode === "start" && START_KEYS[key]) || KEYS[key];
    if (!act || (event.repeat && !key.startsWith("Arrow"))) return;
    event.preventDefault();
    act(this, event);
  }

  onFrame({ frame, t_s }) {
    $("time").textContent = seconds(t_s);
    $("frame").textContent = `frame ${frame + 1}`;
    $("seek").value = frame;
    $("seek").setAttribute("aria-valuetext", seconds(t_s));
  }

  onShape() {
    this.touched = true;
    this.drawShape();
    this.askLines();
    this.drawEnabled();
  }

  setMode(mode) {
    if (mode === this.mode || page.querySelector(`[data-mode="${mode}"]:not(#stage)`).disabled) return;
    this.mode = mode;
    $("stage").dataset.mode = mode;
    for (const one of page.querySelectorAll("[data-mode]:not(#stage)")) one.setAttribute("aria-pressed", one.dataset.mode === mode);
    page.querySelector(".transport").toggleAttribute("data-off", mode !== "start");
    if (mode !== "start") this.player.pause();
    this.drawLines();
    this.drawShape();
    this.drawTold();
    this.drawCurtain();
    this.drawEnabled();
  }

  // --- the start ----------------------------------------------------------------------------------------------------

  startHere(event) {
    if (!this.player.ready || !this.open) return;
    const moment = event instanceof KeyboardEvent && !this.player.paused ? this.player.frameAt(event.timeStamp) : this.player.frame;
    this.player.pause();
    this.saveStart(this.player.times[moment]);
  }

  typeStart() {
    const t_s = $("t0-typed").valueAsNumber;
    if (!Number.isFinite(t_s)) return;
    this.player.seekTo(t_s);
    this.saveStart(t_s);
    $("t0-typed").value = "";
  }

  async saveStart(t0_s) {
    const before_s = this.placement.t0_s;
    if (!(await this.save({ t0_s }))) return;
    this.before_s = before_s;
    notice(`The trial starts at ${seconds(t0_s)}: saved.`);
    this.drawEnabled();
  }

  async undoStart() {
    if (this.before_s === null || !(await this.save({ t0_s: this.before_s }))) return;
    notice(`The trial starts at ${seconds(this.before_s)} again: saved.`);
    this.player.seekTo(this.before_s);
    this.before_s = null;
    this.drawEnabled();
  }

  lookAtProposal() {
    this.setMode("start");
    if (this.scene.proposed_t0_s !== null) this.player.seekTo(this.scene.proposed_t0_s);
  }

  // --- the arena ----------------------------------------------------------------------------------------------------

  get saved() { return names.length ? this.placement.corners_px : this.placement.arena_px; }
  get proposals() { return names.length ? [this.scene.proposed_corners_px].filter(Boolean) : this.scene.proposed_boxes_px; }
  get unsaved() { return Boolean(this.touched) && !same(this.editor.shape, this.saved); }

  propose(k = 0) {
    const proposal = this.proposals[k];
    if (!proposal || !this.open) return;
    this.setMode("arena");
    this.editor.shape = names.length ? proposal.map(([x, y]) => [Math.round(x * 10) / 10, Math.round(y * 10) / 10]) : [...proposal];
    this.onShape();
  }

  reset() {
    this.touched = false;
    this.editor.shape = this.saved ? structuredClone(this.saved) : this.beginning();
    this.drawShape();
    this.askLines();
    this.drawEnabled();
  }

  beginning() {
    const proposal = this.proposals[0];
    if (!proposal) return anywhere();
    return names.length ? proposal.map((point) => point.map((one) => Math.round(one * 10) / 10)) : [...proposal];
  }

  async saveArena() {
    const shape = this.editor.shape;
    if (button("save").disabled || !(await this.save(names.length ? { corners_px: shape } : { arena_px: shape }))) return;
    this.touched = false;
    this.drawShape();
    this.drawEnabled();
    notice("The arena is saved.");
  }

  async save(said) {
    try {
      this.placement = await ask(`${address}/placement`, said);
    } catch (fault) {
      notice(fault.status ? fault.message : "Not saved: the server does not answer.", "refused");
      return false;
    }
    this.drawPlacement();
    this.loadAnalysed();
    return true;
  }

  /** Ask for the lines of the newest shape; one question at a time. */
  async askLines() {
    if (this.asking || !this.editor.shape) return;
    this.asking = true;
    for (let asked = null; asked !== this.editor.shape; ) {
      asked = this.editor.shape;
      const at = asked.flat().map((one) => `at=${one}`).join("&");
      try {
        const { outlines, refused } = await ask(`${address}/outlines?${at}`);
        [this.lines, this.refused] = [outlines, refused];
      } catch (fault) {
        [this.lines, this.refused] = [[], fault.status ? fault.message : "The server does not answer."];
      }
      this.drawLines();
      this.drawShape();
      this.drawTold();
      this.drawEnabled();
    }
    this.asking = false;
  }

  // --- the same arena elsewhere -------------------------------------------------------------------------------------

  async openCopies() {
    $("copies-rows").replaceChildren();
    $("copies").showModal();
    while ($("copies").open) {
      let found;
      try {
        found = await ask(`${address}/similar`);
      } catch (fault) {
        $("copies-state").textContent = fault.message;
        return;
      }
      this.showSimilar(found);
      if (!found.waiting) return;
      await sleep(POLL_MS * 2);
    }
  }

  showSimilar({ trials, waiting, failed, of }) {
    const known = new Set([...$("copies-rows").children].map((row) => row.dataset.trial));
    $("copies-rows").append(...trials.filter((one) => !known.has(one.trial)).map((one) => this.similarRow(one)));
    const looked = waiting ? `Looking at the recordings: ${of - waiting} of ${of}. ` : "";
    const bad = failed ? ` ${failed} could not be read.` : "";
    $("copies-state").textContent = `${looked}${trials.length} of ${of} other recordings show the same scene.${bad}`;
    this.drawCopies();
  }

  similarRow(one) {
    const row = document.createElement("tr"), box = document.createElement("input"), shift = Math.hypot(one.right_px, one.down_px) > 0;
    row.dataset.trial = one.trial;
    box.type = "checkbox";
    box.value = one.trial;
    box.checked = !one.warnings.length;
    if (one.warnings.length) box.dataset.warned = "";
    box.setAttribute("aria-label", `Copy to ${one.trial}`);
    const cells = [box, code(one.trial), code(one.code), shift ? `${one.right_px.toFixed(1)}, ${one.down_px.toFixed(1)}` : "0", ""].map(cell);
    cells[3].className = "number";
    cells[4].className = "warning";
    cells[4].textContent = one.warnings.join("; ");
    if (shift) cells[4].append(this.thumbnail(one));
    row.append(...cells);
    return row;
  }

  /** The other recording with the arena as it would be placed. */
  thumbnail(one) {
    const picture = element("image", { href: `/api/trials/${one.trial}/scene.png`, x: -0.5, y: -0.5, width, height });
    const points = this.editor.outline.map(([x, y]) => `${x + one.right_px},${y + one.down_px}`).join(" ");
    return element("svg", { viewBox: `-0.5 -0.5 ${width} ${height}`, role: "img", "aria-label": `The arena on ${one.trial}` }, picture, element("polygon", { points }));
  }

  get chosen() { return [...$("copies-rows").querySelectorAll("input:checked")].map((box) => box.value); }

  drawCopies() {
    const count = this.chosen.length;
    const safe = [...$("copies-rows").querySelectorAll("input:not([data-warned])")];
    $("copies-all").checked = safe.length > 0 && safe.every((box) => box.checked);
    $("copies-all").disabled = !safe.length;
    $("copies-do").disabled = !count;
    $("copies-do").textContent = count ? `Copy to ${count} trial${count === 1 ? "" : "s"}` : "Copy";
  }

  async copy() {
    try {
      const { placed } = await ask(`${address}/copies`, { to: this.chosen });
      $("copies").close();
      notice(`The arena was copied to ${placed.length} trial${placed.length === 1 ? "" : "s"}.`);
    } catch (fault) {
      $("copies-state").textContent = fault.message;
    }
  }

  // --- what is shown ------------------------------------------------------------------------------------------------

  show(scene) {
    this.scene = scene;
    this.placement = scene.placement;
    this.drawPlacement();
  }

  showScene() {
    const { t0_reason, proposed_t0_s, reason } = this.scene;
    $("t0-proposal").textContent = proposed_t0_s === null ? `No proposal: ${t0_reason}` : `Proposed: ${seconds(proposed_t0_s)}, ${t0_reason}`;
    $("arena-proposal").textContent = this.proposals.length ? `Proposed: ${reason}` : reason;
    this.drawMoves();
    this.drawProposals();
    if (!this.touched) this.reset();
    this.drawPlacement();
    this.drawCurtain();
  }

  noScene() {
    $("t0-proposal").textContent = "No proposal: the recording could not be looked at.";
    $("arena-proposal").textContent = "No picture: the recording could not be looked at. The server's log says why.";
    this.sceneFailed = true;
    this.reset();
    this.drawCurtain();
  }

  drawPlacement() {
    const { t0_s, t0_set, scored } = this.placement;
    $("t0").textContent = seconds(t0_s);
    $("t0-said").textContent = t0_set ? "set by a person" : "as it came in";
    $("scored").textContent = { current: "Scored as it is placed.", stale: "Scored before; the next score scores it anew.", "not scored": "Not scored yet." }[scored];
    this.drawArenaSaid();
    this.drawMarks();
    this.drawEnabled();
  }

  drawArenaSaid() {
    const unset = names.length ? "Not set: looked for when it is scored." : "Not set: the whole picture is looked at.";
    const said = this.unsaved ? "Not saved yet." : this.saved ? "Set; drawn as it is analysed." : unset;
    $("arena-said").textContent = this.refused ? "It cannot be analysed like this." : said;
    $("arena-said").classList.toggle("refused", Boolean(this.refused));
    $("coordinates").replaceChildren(...this.editor.words.map((pair) => {
      const row = document.createElement("li");
      row.append(...pair.map((text) => Object.assign(document.createElement("span"), { textContent: text })));
      return row;
    }));
  }

  drawShape() {
    const group = $("shape"), outline = this.editor.outline;
    group.replaceChildren();
    group.setAttribute("class", `${this.unsaved || !this.saved ? "unsaved" : ""} ${this.refused ? "wrong" : ""}`);
    if (outline && this.mode !== "analysed") draw(group, outline);
    this.drawArenaSaid();
  }

  drawLines() {
    const lines = this.mode === "analysed" ? this.analysed?.outlines : this.lines;
    $("lines").replaceChildren();
    for (const { points_px, ...line } of lines ?? []) draw($("lines"), points_px, line);
  }

  drawProposals() {
    $("proposed").replaceChildren();
    for (const proposal of this.proposals) {
      const [x, y, w, h] = proposal;
      draw($("proposed"), names.length ? proposal : [[x, y], [x + w, y], [x + w, y + h], [x, y + h]].map(([a, b]) => [a - 0.5, b - 0.5]));
    }
    if (this.proposals.length < 2) return;
    $("boxes").replaceChildren(...this.proposals.map((_, k) => {
      const made = document.createElement("button");
      Object.assign(made, { type: "button", className: "quiet", textContent: `Box ${k + 1} from the left`, disabled: !this.open });
      made.addEventListener("click", () => this.propose(k));
      return made;
    }));
  }

  drawAnalysed() {
    const { paths_px, bridged_px } = this.analysed;
    const line = (name) => (points) => element("polyline", { class: name, points: points.map((point) => point.join(",")).join(" ") });
    $("track").replaceChildren(...paths_px.map(line("path")), ...bridged_px.map(line("gap")));
    this.drawLines();
    this.drawTold();
  }

  drawTold() {
    const refused = this.mode === "arena" ? this.refused : "";
    $("told").textContent = refused || (TOLD[this.mode]?.(this) ?? "");
    $("told").classList.toggle("refused", Boolean(refused));
  }

  drawMoves() {
    const moves = this.scene.camera_moves;
    $("moves").hidden = !moves.length;
    if (!moves.length) return;
    const head = document.createElement("p");
    head.append(Object.assign(document.createElement("b"), { textContent: "The camera moved." }), " The arena fits only where it stood still:");
    $("moves").replaceChildren(head, ...moves.map(({ start_s, stop_s, right_px, down_px }) => {
      const line = document.createElement("p"), go = document.createElement("button");
      go.type = "button";
      go.textContent = `${start_s.toFixed(1)} to ${stop_s.toFixed(1)} s`;
      go.addEventListener("click", () => { this.setMode("start"); this.player.seekTo((start_s + stop_s) / 2); });
      line.append(go, `: by ${Math.hypot(right_px, down_px).toFixed(0)} px`);
      return line;
    }));
  }

  drawMarks() {
    const length = this.scene.duration_s;
    if (!length) return;
    const x = (t_s) => (1000 * t_s) / length;
    const mark = (name, from_s, to_s) => element("rect", { class: name, x: x(from_s), y: 0, height: 10, width: Math.max(3, x(to_s) - x(from_s)) });
    const marks = this.scene.camera_moves.map((move) => mark("moved", move.start_s, move.stop_s));
    if (this.scene.proposed_t0_s !== null) marks.push(mark("offered", this.scene.proposed_t0_s, this.scene.proposed_t0_s));
    $("marks").replaceChildren(...marks, mark("t0", this.placement.t0_s, this.placement.t0_s));
  }

  drawEnabled() {
    const ready = this.open && this.player.ready, scene = this.scene?.state === "ready" || this.sceneFailed;
    const enabled = {
      t0: ready && this.mode === "start",
      proposed: this.player.ready && this.scene?.proposed_t0_s !== null && this.scene?.state === "ready",
      undo: ready && this.before_s !== null,
      propose: this.open && scene && this.proposals.length > 0,
      reset: this.open && scene && this.unsaved,
      save: this.open && scene && this.unsaved && !this.refused,
      copy: this.open && Boolean(this.placement && this.saved) && !this.unsaved,
    };
    for (const [name, on] of Object.entries(enabled)) setEnabled(button(name), on);
    for (const one of $("t0-form").elements) if (!one.dataset.do) setEnabled(one, ready);
    $("seek").disabled = !this.player.ready;
    setEnabled(page.querySelector('[data-mode="analysed"]:not(#stage)'), Boolean(this.analysed?.scored));
  }

  drawPlaying(playing) {
    const play = page.querySelector(".play");
    play.dataset.playing = playing;
    play.setAttribute("aria-label", playing ? "Pause" : "Play");
  }

  /** What is waited for, over the stage. */
  drawCurtain() {
    const [words, part] = this.mode === "start" ? this.waitForVideo() : this.waitForScene();
    $("curtain").hidden = !words;
    $("curtain-words").textContent = words;
    $("curtain-part").hidden = part === null;
    if (part > 0) $("curtain-part").value = Math.min(part, 1); else $("curtain-part").removeAttribute("value");
  }

  waitForVideo() {
    if (this.player.ready) return ["", null];
    if (this.videoFault) return [this.videoFault, null];
    return ["Making the recording ready for this browser", this.videoPart?.part ?? 0];
  }

  waitForScene() {
    if (this.sceneFailed || this.scene?.state === "ready") return ["", null];
    return ["Looking at the recording", this.scene?.part ?? 0];
  }

  /** The picture around a point, enlarged, with the lines that meet there. */
  magnify(point) {
    const canvas = $("magnifier");
    canvas.hidden = !point || !this.picture.naturalWidth;
    if (canvas.hidden) return;
    canvas.dataset.side = point[0] < width / 2 ? "right" : "left";
    const pen = canvas.getContext("2d"), size = canvas.width, by = Math.max(MAGNIFIED, MAGNIFIED * this.editor.scale) * (size / 336);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = "#000";
    pen.fillRect(0, 0, size, size);
    pen.imageSmoothingEnabled = false;
    pen.setTransform(by, 0, 0, by, size / 2 - point[0] * by, size / 2 - point[1] * by);
    pen.drawImage(this.picture, -0.5, -0.5, width, height);
    pen.beginPath();
    this.editor.outline.forEach(([x, y]) => pen.lineTo(x, y));
    pen.closePath();
    for (const [colour, wide] of [["#000a", 5], ["#ffb454", 2]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = wide / by;
      pen.stroke();
    }
  }
}

function setEnabled(control, on) {
  if (control.disabled === !on) return;
  const focused = document.activeElement === control;
  control.disabled = !on;
  if (focused && !on) $("main").focus({ preventScroll: true });
}

function code(text) {
  return Object.assign(document.createElement("span"), { className: "code", textContent: text });
}

function cell(content) {
  const made = document.createElement("td");
  made.append(content);
  return made;
}

const TOLD = {
  start: () => "The start is the frame in which the animal is in place and the hand is away.",
  arena: () => (names.length ? "Drag the corners to where the floor meets the walls. Arrow keys: 1 px, with shift 10 px." : "Drag the box around the animal's part of the picture. Arrow keys: 1 px, with shift 10 px."),
  analysed: ({ analysed }) => {
    if (!analysed?.kept) return "This result was made before its lines were kept; score the trial anew to see them.";
    const what = `Drawn as analysed, with t0 = ${seconds(analysed.t0_s)}.`;
    if (analysed.newer) return `${what} The trial was placed anew since: the next score uses the new placement.`;
    return analysed.outlines.length ? what : `${what} The whole picture was looked at.`;
  },
};

const ACTIONS = {
  play: (desk) => desk.player.toggle(),
  "back-frame": (desk) => desk.player.step(-1),
  "on-frame": (desk) => desk.player.step(1),
  "back-second": (desk) => desk.player.seekBy(-1),
  "on-second": (desk) => desk.player.seekBy(1),
  t0: (desk, event) => desk.startHere(event),
  proposed: (desk) => desk.lookAtProposal(),
  undo: (desk) => desk.undoStart(),
  propose: (desk) => desk.propose(),
  reset: (desk) => desk.reset(),
  save: (desk) => desk.saveArena(),
  copy: (desk) => desk.openCopies(),
};

/** What a key does where its button can be pressed. */
const pressed = (name) => (desk, event) => { if (!button(name).disabled) ACTIONS[name](desk, event); };

const START_KEYS = {
  " ": ACTIONS.play,
  t: pressed("t0"),
  ArrowLeft: (desk, event) => (event.shiftKey ? desk.player.seekBy(-1) : desk.player.step(-1)),
  ArrowRight: (desk, event) => (event.shiftKey ? desk.player.seekBy(1) : desk.player.step(1)),
  ArrowDown: ACTIONS["back-second"],
  ArrowUp: ACTIONS["on-second"],
};

const KEYS = {
  1: (desk) => desk.setMode("start"),
  2: (desk) => desk.setMode("arena"),
  3: (desk) => desk.setMode("analysed"),
  p: pressed("proposed"),
  z: pressed("undo"),
  a: pressed("propose"),
  r: pressed("reset"),
  s: pressed("save"),
};

await new Desk().open_();
