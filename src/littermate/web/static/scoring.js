// Scoring: one clip under its code, one key for each behaviour; every press goes to the server as it is made.
//
// - The time of a press is that of the frame that was on screen when the key went down.
// - Keys latch (one press on, one off) or are held. With a key held to the end of the window, the end ends the bout.
// - Nothing here differs between a trial's first showing and its return: the page knows of neither.

import { Player, SPEEDS } from "./player.js";
import { Presses } from "./presses.js";
import { clock, Timeline } from "./timeline.js";
import { ask, notice } from "./requests.js";

const NEXT_AFTER_S = 5;
const SHOWN_PRESSES = 30;
const CALM_MS = 400;
const $ = (id) => document.getElementById(id);
const page = $("scoring");
const names = (state) => state || "none of them";
const recall = (key, otherwise) => JSON.parse(localStorage.getItem(key) ?? "null") ?? otherwise;
const remember = (key, value) => localStorage.setItem(key, JSON.stringify(value));

class Desk {
  constructor(clip) {
    this.clip = clip;
    this.latch = recall("littermate-latch", true);
    this.held = null;
    this.leaving = null;
    this.buttons = [...page.querySelectorAll("[data-state]")];
    this.states = new Map(this.buttons.map((one) => [one.dataset.key, one.dataset.state]));
    this.player = new Player($("stage"), $("video"));
    this.presses = new Presses(clip.clip, clip);
    this.timeline = new Timeline($("timeline"), { lanes: this.lanes(), window_s: clip.window_s, t0_s: clip.t0_s });
    const kept = recall(this.placeKey, {});
    const review = "review" in page.dataset; // what the program found was not watched by anyone, and need not be in order
    this.furthest_s = review ? clip.window_s[1] : Math.max(clip.window_s[0], kept.furthest_s ?? 0, ...this.presses.states.map((one) => one.t_s));
    this.begin_s = kept.at_s ?? (review ? clip.window_s[0] : this.furthest_s);
  }

  get placeKey() { return `littermate-place-${this.clip.clip}`; }

  lanes() {
    const named = this.buttons.filter((one) => one.dataset.state);
    return named.map((one) => ({
      name: one.dataset.state,
      label: one.dataset.state,
      tone: [...one.classList].find((name) => name.startsWith("tone-")),
    }));
  }

  async open() {
    const address = `/api/clips/${this.clip.clip}`;
    this.listen();
    page.dispatchEvent(new CustomEvent("desk", { detail: this })); // for what stands beside it on the page of a review
    this.drawPresses();
    const [start, stop] = this.clip.window_s;
    $("timeline").setAttribute("aria-valuemin", Math.round(start - this.clip.t0_s));
    $("timeline").setAttribute("aria-valuemax", Math.round(stop - this.clip.t0_s));
    await this.player.load({
      preparation: `${address}/preparation`,
      media: `${address}/media`,
      frames: `${address}/frames`,
      window_s: this.clip.window_s,
      arena_px: this.clip.arena_px,
      at_s: Math.min(Math.max(this.begin_s, start), stop),
    });
    this.player.rate = recall("littermate-speed", 1);
    this.drawZoom();
    $("curtain").hidden = true;
    page.dataset.ready = "";
    performance.mark("first frame"); // read by benchmarks/web
    if (this.presses.done !== null) this.showFinished({ leave: false });
  }

  // --- what happens -------------------------------------------------------------------------------------------------

  listen() {
    const player = this.player, presses = this.presses;
    player.addEventListener("progress", ({ detail }) => this.drawProgress(detail));
    player.addEventListener("frame", ({ detail }) => this.onFrame(detail));
    player.addEventListener("play", () => this.drawPlaying(true));
    player.addEventListener("pause", () => { this.drawPlaying(false); this.keepPlace(); });
    player.addEventListener("rate", ({ detail }) => { $("speed").textContent = `${detail.rate}×`; });
    player.addEventListener("zoom", () => this.drawZoom());
    player.addEventListener("fault", ({ detail }) => this.showTrouble(detail.words));
    presses.addEventListener("change", () => this.onPresses());
    presses.addEventListener("late", () => { player.pause(); this.drawSaving(); });
    presses.addEventListener("refused", ({ detail }) => this.onRefused(detail));
    this.timeline.addEventListener("seek", ({ detail }) => player.seekTo(detail.t_s));
    addEventListener("pagehide", () => this.keepPlace());
    addEventListener("blur", () => this.release());
    document.addEventListener("keydown", (event) => this.onKeyDown(event));
    document.addEventListener("keyup", (event) => this.onKeyUp(event));
    for (const button of page.querySelectorAll("[data-do]")) this.onClick(button, () => ACTIONS[button.dataset.do](this));
    for (const button of this.buttons) this.onClick(button, () => this.toggleState(button.dataset.state, this.player.frame));
    this.onClick($("presses"), ({ target }) => {
      const row = target.closest("[data-undoes]");
      if (row) this.undo(Number(row.dataset.undoes));
    });
    $("finished-back").addEventListener("click", () => this.takeBack());
    $("trouble-reload").addEventListener("click", () => location.reload());
    $("trouble-discard").addEventListener("click", () => { presses.discard(); location.reload(); });
    $("unfinished").addEventListener("close", () => { if ($("unfinished").returnValue === "done") this.sayDone(); });
  }

  /** A control that was clicked with the mouse gives the keyboard back, so that space still pauses. */
  onClick(control, act) {
    control.addEventListener("click", (event) => {
      if (event.detail) document.activeElement?.blur();
      act(event);
    });
  }

  onFrame({ frame, t_s }) {
    this.furthest_s = Math.max(this.furthest_s, t_s);
    $("time").textContent = clock(t_s - this.clip.t0_s);
    $("frame").textContent = `frame ${frame + 1}`;
    this.timeline.at(t_s, this.furthest_s);
    this.drawNow();
  }

  onPresses() {
    this.drawPresses();
    const done = this.presses.done;
    if (done === null) this.hideFinished();
    else if ($("finished").hidden && !this.presses.unsaved) this.showFinished({ leave: true });
  }

  onRefused({ words, kept }) {
    this.player.pause();
    this.drawSaving();
    $("trouble-discard").hidden = kept;
    const count = this.presses.unsaved, what = count === 1 ? "One press is" : `${count} presses are`;
    this.showTrouble(`${words} ${what} not saved${kept ? ", and kept in this browser until you have signed in again" : ""}.`);
  }

  onKeyDown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || isTyping(event.target)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (this.states.has(key)) {
      event.preventDefault();
      if (!event.repeat) this.onBehaviourKey(key, event);
      return;
    }
    if ((key === " " || key === "Enter") && event.target.closest("button, a, summary")) return;
    const act = KEYS[key];
    if (!act || (event.repeat && !key.startsWith("Arrow"))) return;
    event.preventDefault();
    act(this, event);
  }

  onBehaviourKey(key, event) {
    const state = this.states.get(key), frame = this.player.frameAt(event.timeStamp);
    if (this.latch || !state) { this.toggleState(state, frame); return; }
    this.held = key;
    this.sayState(state, frame);
  }

  onKeyUp(event) {
    if (event.key.toLowerCase() === this.held) this.release(event.timeStamp);
  }

  release(moment = performance.now()) {
    if (this.held === null) return;
    this.held = null;
    if (!this.player.atEnd) this.sayState("", this.player.frameAt(moment));
  }

  // --- what is said -------------------------------------------------------------------------------------------------

  toggleState(state, frame) {
    const now = this.presses.stateAt(this.player.times[frame]);
    this.sayState(now === state ? "" : state, frame);
  }

  sayState(behaviour, frame) {
    if (!this.player.ready) return;
    if (this.presses.done !== null) { notice("This clip is done. Take that back first: press z."); return; }
    const t_s = this.player.times[frame];
    if (this.presses.stateAt(t_s) === behaviour) return;
    this.say({ action: "state", t_s, behaviour });
    $("said").textContent = `${names(behaviour)}, ${clock(t_s - this.clip.t0_s, 1)}`;
  }

  undo(number) {
    if (this.presses.done !== null) { this.takeBack(); return; }
    const newest = this.presses.states.reduce((found, one) => (one.number > (found?.number ?? 0) ? one : found), null);
    const undoes = number ?? newest?.number;
    if (undoes === undefined) { notice("There is nothing to undo."); return; }
    const gone = this.presses.states.find((one) => one.number === undoes);
    if (this.say({ action: "undo", t_s: this.player.t_s, undoes })) $("said").textContent = `undone: ${names(gone.behaviour)}, ${clock(gone.t_s - this.clip.t0_s, 1)}`;
  }

  say(press) {
    if (!this.player.ready) return false;
    return this.presses.say({ ...press, speed: this.player.paused ? 0 : this.player.rate, latch: this.latch });
  }

  done() {
    if (!this.player.ready || this.presses.done !== null) return;
    this.player.pause();
    const left_s = this.player.times[this.player.last] - this.furthest_s;
    if (left_s <= 0) { this.sayDone(); return; }
    $("unfinished-words").textContent = `The last ${clock(left_s, 0)} of this clip were not watched yet. They would count as they are drawn now.`;
    $("unfinished").returnValue = "";
    $("unfinished").showModal();
  }

  sayDone() { this.say({ action: "done", t_s: this.player.t_s }); }

  takeBack() {
    const number = this.presses.done;
    if (number !== null) this.say({ action: "undo", t_s: this.player.t_s, undoes: number });
  }

  setLatch(latch) {
    this.release();
    this.latch = latch;
    remember("littermate-latch", latch);
    this.drawLatch();
  }

  faster(steps) {
    const at = SPEEDS.indexOf(this.player.rate), rate = SPEEDS[Math.min(Math.max(at + steps, 0), SPEEDS.length - 1)];
    this.player.rate = rate;
    remember("littermate-speed", rate);
  }

  keepPlace() {
    if (this.player.ready && !this.gone) remember(this.placeKey, { at_s: this.player.t_s, furthest_s: this.furthest_s });
  }

  // --- what is shown ------------------------------------------------------------------------------------------------

  drawPresses() {
    const states = this.presses.states;
    this.timeline.draw(states);
    const newest = [...states].sort((a, b) => b.number - a.number).slice(0, SHOWN_PRESSES);
    $("presses").replaceChildren(...newest.map((one) => this.pressRow(one)));
    this.drawNow();
    this.drawSaving();
    this.drawLatch();
  }

  pressRow({ t_s, behaviour, number, saved }) {
    const row = document.createElement("li"), time = document.createElement("span"), what = document.createElement("b"), undo = document.createElement("button");
    row.className = this.toneOf(behaviour);
    time.textContent = clock(t_s - this.clip.t0_s);
    what.textContent = names(behaviour);
    row.dataset.saved = saved;
    undo.type = "button";
    undo.textContent = "undo";
    undo.dataset.undoes = number;
    undo.setAttribute("aria-label", `Undo ${names(behaviour)} at ${time.textContent}`);
    row.append(time, what, undo);
    return row;
  }

  toneOf(state) {
    const button = this.buttons.find((one) => one.dataset.state === state);
    return button ? [...button.classList].find((name) => name.startsWith("tone-")) : "tone-none";
  }

  drawNow() {
    const state = this.player.ready ? this.presses.stateAt(this.player.t_s) : "";
    if ($("now").dataset.state === state) return;
    $("now").dataset.state = state;
    $("now").className = this.toneOf(state);
    $("now-name").textContent = state || "none";
    for (const button of this.buttons) button.setAttribute("aria-pressed", button.dataset.state === state);
  }

  drawSaving() {
    const { unsaved, late, refused } = this.presses;
    const many = unsaved === 1 ? "1 press" : `${unsaved} presses`;
    if (refused) this.showSaving("late", `Not saved: ${many}`);
    else if (late) this.showSaving("late", `Not saved yet: ${many}; the server does not answer`);
    else if (unsaved) this.calm ??= setTimeout(() => { this.calm = null; if (this.presses.unsaved && !this.presses.late) this.showSaving("saving", "Saving"); }, CALM_MS);
    else this.showSaving("saved", "Everything is saved");
  }

  showSaving(is, words) {
    if (is !== "saving") { clearTimeout(this.calm); this.calm = null; }
    const before = $("saving").dataset.is;
    $("saving").dataset.is = is;
    $("saving-words").textContent = words;
    if ((is === "late") !== (before === "late")) $("saving-said").textContent = words;
  }

  drawLatch() { $("latch").textContent = this.latch ? "keys latch" : "keys are held"; }

  drawPlaying(playing) {
    const button = page.querySelector(".play");
    button.dataset.playing = playing;
    button.setAttribute("aria-label", playing ? "Pause" : "Play");
  }

  drawZoom() {
    const button = page.querySelector("[data-do=zoom]");
    button.disabled = !this.player.canZoom;
    button.setAttribute("aria-pressed", this.player.zoomed);
  }

  drawNear() {
    page.querySelector("[data-do=near]").setAttribute("aria-pressed", this.timeline.near);
  }

  drawProgress({ state, part }) {
    if (state === "ready") return;
    $("curtain-words").textContent = state === "waiting" ? "Waiting for another recording to be made ready" : "Making the recording ready for this browser";
    if (part > 0) $("curtain-part").value = Math.min(part, 1);
  }

  showTrouble(words) {
    $("curtain").hidden = true;
    $("trouble-words").textContent = words;
    $("trouble").hidden = false;
  }

  showFinished({ leave }) {
    this.player.pause();
    $("finished-words").textContent = `${this.clip.clip} is done.`;
    $("finished").hidden = false;
    $("finished-next").focus({ focusVisible: true });
    if (leave) this.leaveIn(NEXT_AFTER_S);
  }

  hideFinished() {
    if ($("finished").hidden) return;
    this.stay();
    $("finished").hidden = true;
    $("stage").focus();
  }

  leaveIn(seconds) {
    $("finished-clock").textContent = seconds ? `Goes on by itself in ${seconds} s; Escape stops that.` : "Going on.";
    if (!seconds) { this.goOn(); return; }
    this.leaving = setTimeout(() => this.leaveIn(seconds - 1), 1000);
  }

  stay() {
    clearTimeout(this.leaving);
    $("finished-clock").textContent = "";
  }

  goOn() {
    localStorage.removeItem(this.placeKey);
    this.gone = true;
    location.assign(page.dataset.after);
  }
}

function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

const ACTIONS = {
  play: (desk) => desk.player.toggle(),
  "back-frame": (desk) => desk.player.step(-1),
  "on-frame": (desk) => desk.player.step(1),
  "back-second": (desk) => desk.player.seekBy(-1),
  "on-second": (desk) => desk.player.seekBy(1),
  slower: (desk) => desk.faster(-1),
  faster: (desk) => desk.faster(1),
  zoom: (desk) => { desk.player.zoomed = !desk.player.zoomed; },
  near: (desk) => { desk.timeline.near = !desk.timeline.near; desk.drawNear(); },
  help: () => $("help").showModal(),
  latch: (desk) => desk.setLatch(!desk.latch),
  undo: (desk) => desk.undo(),
  done: (desk) => desk.done(),
};

const KEYS = {
  " ": ACTIONS.play,
  ArrowLeft: (desk, event) => (event.shiftKey ? desk.player.seekBy(-1) : desk.player.step(-1)),
  ArrowRight: (desk, event) => (event.shiftKey ? desk.player.seekBy(1) : desk.player.step(1)),
  ArrowDown: ACTIONS["back-second"],
  ArrowUp: ACTIONS["on-second"],
  "-": ACTIONS.slower,
  "+": ACTIONS.faster,
  "=": ACTIONS.faster,
  ".": ACTIONS.zoom,
  ",": ACTIONS.near,
  "?": ACTIONS.help,
  h: ACTIONS.latch,
  z: ACTIONS.undo,
  Enter: (desk) => (desk.presses.done === null ? desk.done() : desk.goOn()),
  Escape: (desk) => desk.stay(),
};

/** One window at a time: where the browser can tell, a second one of the same clip only says so. */
async function alone(clip) {
  if (!navigator.locks) return true;
  return new Promise((resolve) => {
    navigator.locks.request(`littermate ${clip}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => {});
    });
  });
}

async function begin() {
  const trouble = (words) => { $("curtain").hidden = true; $("trouble-words").textContent = words; $("trouble").hidden = false; };
  $("trouble-reload").addEventListener("click", () => location.reload());
  if (!(await alone(page.dataset.clip))) { trouble("This clip is open in another window; close that one, then reload this page."); return; }
  try {
    await new Desk(await ask(`/api/clips/${page.dataset.clip}`)).open();
  } catch (fault) {
    trouble(fault instanceof TypeError ? "The server does not answer. Reload the page when it runs again." : fault.message);
  }
}

begin();
