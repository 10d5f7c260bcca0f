// Disagreement: one trial as two sides scored it, in step with its recording; a choice for every stretch they differ in.
//
// - Times are seconds of the recording's own clock; what people read is the trial's clock, which begins at t0_s.
// - A choice is kept in this browser until the consensus is recorded, so that a reload loses nothing.
// - Space plays the stretch with a second before and after it; anything else only moves the picture.

import { Player, SPEEDS } from "./player.js";
import { clock, Timeline } from "./timeline.js";
import { ask, notice } from "./requests.js";

const AROUND_S = 1;
const SAME_S = 1e-3;
const $ = (id) => document.getElementById(id);
const page = $("disagreement");

/** What a state is called; where only one behaviour is compared, none is "not" that one. */
function name(state) {
  const lanes = $("lanes").content.querySelectorAll("[data-key]");
  return state || (lanes.length === 1 ? `not ${lanes[0].dataset.name}` : "none");
}

class Desk {
  constructor(compared) {
    this.compared = compared;
    this.open = compared.disagreements.map((one) => ({ ...one, chosen: one.chosen ?? null }));
    this.at = -1;
    this.until_s = null;
    this.recall();
    const lanes = [...$("lanes").content.children].map(({ dataset }) => ({ name: dataset.name, label: dataset.name, tone: dataset.tone }));
    this.tones = new Map([...lanes.map((one) => [one.name, one.tone]), ["", "tone-none"], [compared.not_visible, "tone-missing"]]);
    const clocks = { window_s: compared.window_s, t0_s: compared.t0_s };
    this.first = new Timeline($("first"), { lanes, ...clocks });
    this.second = new Timeline($("second"), { lanes, ...clocks });
    const states = [{ name: "open", label: "to decide", tone: "tone-open" }, { name: "decided", label: "decided", tone: "tone-decided" }];
    this.differ = new Timeline($("differ"), { lanes: compared.can_settle ? states : [{ ...states[0], label: "they differ" }], ...clocks });
    this.timelines = [this.first, this.second, this.differ];
    this.player = new Player($("stage"), $("video"));
  }

  get key() { return `littermate-settle-${this.compared.trial}-${this.compared.first}-${this.compared.second}`; }
  get now() { return this.open[this.at]; }
  get left() { return this.open.filter((one) => one.chosen === null).length; }

  async begin() {
    const { trial, window_s, arena_px } = this.compared, address = `/api/compare/${encodeURIComponent(trial)}`;
    this.listen();
    const pairs = (states) => states.map(([t_s, behaviour]) => ({ t_s, behaviour }));
    this.first.draw(pairs(this.compared.first_states));
    this.second.draw(pairs(this.compared.second_states));
    this.draw();
    await this.player.load({ preparation: `${address}/preparation`, media: `${address}/media`, frames: `${address}/frames`, window_s, arena_px });
    $("curtain").hidden = true;
    this.drawZoom();
    page.dataset.ready = "";
    if (this.open.length) await this.goTo(Math.max(0, this.open.findIndex((one) => one.chosen === null)));
  }

  listen() {
    const player = this.player;
    player.addEventListener("progress", ({ detail }) => this.drawProgress(detail));
    player.addEventListener("frame", ({ detail }) => this.onFrame(detail));
    player.addEventListener("play", () => this.drawPlaying(true));
    player.addEventListener("pause", () => this.drawPlaying(false));
    player.addEventListener("rate", ({ detail }) => { $("speed").textContent = `${detail.rate}×`; });
    player.addEventListener("zoom", () => this.drawZoom());
    player.addEventListener("fault", ({ detail }) => trouble(detail.words));
    for (const one of this.timelines) one.addEventListener("seek", ({ detail }) => { this.until_s = null; player.seekTo(detail.t_s); });
    document.addEventListener("keydown", (event) => this.onKey(event));
    for (const button of page.querySelectorAll("[data-do]")) button.addEventListener("click", () => this.act(button.dataset.do));
    for (const button of page.querySelectorAll("[data-side]")) button.addEventListener("click", () => this.chooseSide(button.dataset.side));
    for (const button of page.querySelectorAll("[data-choice]")) button.addEventListener("click", () => this.choose(button.dataset.choice));
    $("list").addEventListener("click", ({ target }) => {
      const row = target.closest("[data-at]");
      if (row) this.goTo(Number(row.dataset.at));
    });
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if ((key === " " || key === "Enter") && event.target.closest("button, a")) return;
    const act = KEYS[key];
    const button = page.querySelector(`[data-choice][data-key="${CSS.escape(key)}"]`);
    if (!act && !button) return;
    event.preventDefault();
    if (event.repeat && !key.startsWith("Arrow")) return;
    if (act) act(this, event); else this.choose(button.dataset.choice);
  }

  act(what) { ACTIONS[what](this); }

  // --- moving -------------------------------------------------------------------------------------------------------

  goTo(at) {
    if (!this.open.length) return Promise.resolve();
    this.at = Math.min(Math.max(at, 0), this.open.length - 1);
    this.until_s = null;
    this.player.pause();
    for (const one of this.timelines) one.mark(this.now.start_s, this.now.stop_s);
    this.draw();
    $("list").children[this.at]?.scrollIntoView({ block: "nearest" });
    return this.player.seekTo(this.now.start_s);
  }

  async play() {
    if (!this.player.paused) { this.until_s = null; this.player.pause(); return; }
    if (!this.now) { this.player.play(); return; }
    await this.player.seekTo(this.now.start_s - AROUND_S);
    this.until_s = this.now.stop_s + AROUND_S;
    this.player.play();
  }

  onFrame({ frame, t_s }) {
    $("time").textContent = clock(t_s - this.compared.t0_s);
    $("frame").textContent = `frame ${frame + 1}`;
    for (const one of this.timelines) one.at(t_s, this.compared.window_s[1]);
    if (this.until_s !== null && t_s >= this.until_s) { this.until_s = null; this.player.pause(); }
  }

  faster(steps) {
    this.player.rate = SPEEDS[Math.min(Math.max(SPEEDS.indexOf(this.player.rate) + steps, 0), SPEEDS.length - 1)];
  }

  // --- deciding -----------------------------------------------------------------------------------------------------

  chooseSide(side) { if (this.now) this.choose(this.now[side]); }

  choose(behaviour) {
    if (!this.now || !this.compared.can_settle) return;
    this.now.chosen = behaviour;
    this.remember();
    const after = [...this.open.keys()].map((k) => (this.at + 1 + k) % this.open.length).find((k) => this.open[k].chosen === null);
    if (after === undefined) this.draw(); else this.goTo(after);
  }

  async record() {
    const { trial, first, second } = this.compared;
    if (this.left) { notice(`${this.left} of ${this.open.length} are not decided yet.`); return; }
    const choices = this.open.map((one) => ({ start_s: one.start_s, stop_s: one.stop_s, behaviour: one.chosen }));
    page.querySelector("[data-do=record]").disabled = true;
    try {
      this.compared = await ask(`/api/compare/${encodeURIComponent(trial)}/consensus`, { first, second, choices });
      localStorage.removeItem(this.key);
      notice("The consensus is recorded.");
    } catch (fault) {
      notice(fault instanceof TypeError ? "The server does not answer; your choices are kept in this browser." : fault.message, "refused");
    }
    this.draw();
  }

  /** Take up choices that were made here before and not recorded. */
  recall() {
    const kept = JSON.parse(localStorage.getItem(this.key) ?? "[]");
    for (const one of this.open) {
      const mine = kept.find(([start_s, stop_s]) => Math.abs(start_s - one.start_s) < SAME_S && Math.abs(stop_s - one.stop_s) < SAME_S);
      if (mine) one.chosen = mine[2];
    }
  }

  remember() {
    const made = this.open.filter((one) => one.chosen !== null);
    localStorage.setItem(this.key, JSON.stringify(made.map((one) => [one.start_s, one.stop_s, one.chosen])));
  }

  /** Whether what is chosen is what was recorded last. */
  get recorded() {
    const { settled, disagreements } = this.compared;
    return Boolean(settled?.stands) && this.open.every((one, k) => one.chosen === disagreements[k].chosen);
  }

  // --- what is shown ------------------------------------------------------------------------------------------------

  draw() {
    const one = this.now, t0_s = this.compared.t0_s;
    $("place").textContent = one
      ? `${this.at + 1} of ${this.open.length}: ${clock(one.start_s - t0_s, 1)} to ${clock(one.stop_s - t0_s, 1)}, ${(one.stop_s - one.start_s).toFixed(1)} s`
      : this.open.length ? `${this.open.length} disagreements` : "They agree throughout";
    for (const side of ["first", "second"]) {
      $(`${side}-says`).textContent = one ? name(one[side]) : "–";
      $(`${side}-says`).parentElement.className = one ? this.tones.get(one[side]) ?? "tone-none" : "unsaid";
    }
    for (const button of page.querySelectorAll("[data-side], [data-choice]")) button.disabled = !one;
    for (const button of page.querySelectorAll("[data-choice]")) button.setAttribute("aria-pressed", Boolean(one) && one.chosen === button.dataset.choice);
    $("list").replaceChildren(...this.open.map((row, k) => this.row(row, k)));
    this.differ.draw(this.open.flatMap((row) => [
      { t_s: row.start_s, behaviour: row.chosen === null || !this.compared.can_settle ? "open" : "decided" },
      { t_s: row.stop_s, behaviour: "" },
    ]));
    this.drawSettled();
    const { overlooked_s, shortest_s } = this.compared;
    $("overlooked").textContent = overlooked_s > 0.05 ? `Another ${overlooked_s.toFixed(1)} s are in differences shorter than ${shortest_s} s, about a reaction time: nobody is asked about them.` : "";
  }

  row(one, k) {
    const row = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.dataset.at = k;
    if (k === this.at) button.setAttribute("aria-current", "true");
    const said = (state, kind) => {
      const place = document.createElement("span");
      place.className = `${kind} ${this.tones.get(state) ?? "tone-none"}`;
      place.textContent = place.title = name(state);
      return place;
    };
    const time = document.createElement("time"), length = document.createElement("small");
    time.textContent = clock(one.start_s - this.compared.t0_s, 1);
    length.textContent = `${(one.stop_s - one.start_s).toFixed(1)} s`;
    button.append(time, length, said(one.first, "said"), said(one.second, "said"));
    if (this.compared.can_settle) {
      const chosen = one.chosen === null ? document.createElement("span") : said(one.chosen, "chosen");
      if (one.chosen === null) { chosen.className = "chosen none"; chosen.textContent = "?"; }
      button.append(chosen);
    }
    row.append(button);
    return row;
  }

  drawSettled() {
    const button = page.querySelector("[data-do=record]");
    if (!button) return;
    const { settled } = this.compared;
    button.disabled = this.left > 0 || this.recorded;
    const when = settled ? `${settled.at.slice(0, 16).replace("T", " ")} UTC` : "";
    let words = this.left ? `${this.left} of ${this.open.length} to decide` : "All decided, not recorded yet";
    if (this.recorded) words = `Settled by ${settled.by}, ${when}`;
    else if (settled && !settled.stands) words += "; the scores changed since it was settled";
    $("settled").textContent = words;
  }

  drawPlaying(playing) { page.querySelector(".play").dataset.playing = playing; }
  drawZoom() {
    const button = page.querySelector("[data-do=zoom]");
    button.disabled = !this.player.canZoom;
    button.setAttribute("aria-pressed", this.player.zoomed);
  }
  drawNear() { page.querySelector("[data-do=near]").setAttribute("aria-pressed", this.first.near); }
  drawProgress({ state, part }) {
    $("curtain-words").textContent = state === "running" ? "Preparing the recording for this browser" : state === "waiting" ? "Waiting for other recordings" : "Opening the recording";
    if (state === "running") $("curtain-part").value = part; else $("curtain-part").removeAttribute("value");
  }
}

const ACTIONS = {
  previous: (desk) => desk.goTo(desk.at - 1),
  next: (desk) => desk.goTo(desk.at + 1),
  play: (desk) => desk.play(),
  slower: (desk) => desk.faster(-1),
  faster: (desk) => desk.faster(1),
  zoom: (desk) => { desk.player.zoomed = !desk.player.zoomed; },
  near: (desk) => { for (const one of desk.timelines) one.near = !one.near; desk.drawNear(); },
  record: (desk) => desk.record(),
};

const KEYS = {
  n: ACTIONS.next, p: ACTIONS.previous, " ": ACTIONS.play, "1": (desk) => desk.chooseSide("first"), "2": (desk) => desk.chooseSide("second"),
  "-": ACTIONS.slower, "−": ACTIONS.slower, "+": ACTIONS.faster, "=": ACTIONS.faster, ".": ACTIONS.zoom, ",": ACTIONS.near,
  ArrowLeft: (desk, { shiftKey }) => { desk.until_s = null; if (shiftKey) desk.player.seekBy(-1); else desk.player.step(-1); },
  ArrowRight: (desk, { shiftKey }) => { desk.until_s = null; if (shiftKey) desk.player.seekBy(1); else desk.player.step(1); },
};

function trouble(words) {
  $("trouble-words").textContent = words;
  $("trouble").hidden = false;
}

async function begin() {
  const { trial, first, second } = page.dataset;
  try {
    await new Desk(await ask(`/api/compare/${encodeURIComponent(trial)}?${new URLSearchParams({ first, second })}`)).begin();
  } catch (fault) {
    trouble(fault instanceof TypeError ? "The server does not answer. Reload the page when it runs again." : fault.message);
  }
}

begin();
