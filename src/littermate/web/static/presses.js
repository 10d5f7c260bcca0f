// Presses: what a scorer said about a clip, saved in order, one at a time; nothing said is lost.
//
// - The server's answer is the authority. What it has not acknowledged yet is shown, too, and kept in this browser, so
//   that a reload, a closed laptop or a server that was killed only delays it: it is sent again, under its own number.
// - A press sent twice is saved once: the server knows it by its number.
// - Where the server does not answer, it is asked again every second. Where it refuses, nothing more is sent.
// - Events: "change" (something was said or saved), "late" (the oldest unsaved press waits for too long), "refused"
//   ({status, words}).

import { ask, Refused } from "./requests.js";

const AGAIN_MS = 1000;
const PATIENCE_MS = 5000;
const LATE_MS = 3000;
const SIGNED_OUT = [401, 403];

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Presses extends EventTarget {
  #address; #key; #saved; #waiting; #sending = false; #refused = null; #since = 0; #late = null;

  /** `saved` is the server's word on the clip: {presses, states, done, done_number}. */
  constructor(clip, saved) {
    super();
    this.#address = `/api/clips/${clip}/presses`;
    this.#key = `littermate-unsaved-${clip}`;
    this.#saved = saved;
    this.#waiting = read(this.#key);
    if (this.#waiting.length) this.#send();
  }

  /** Standing states in order of time: {t_s, behaviour, number, saved}. */
  get states() {
    const undone = new Set(this.#new.filter((one) => one.action === "undo").map((one) => one.undoes));
    const known = this.#saved.states.map(([t_s, behaviour, number]) => ({ t_s, behaviour, number, saved: true }));
    const fresh = this.#new.filter((one) => one.action === "state").map((one) => ({ ...one, saved: false }));
    return [...known, ...fresh].filter((one) => !undone.has(one.number)).sort((a, b) => a.t_s - b.t_s || a.number - b.number);
  }

  /** The state at a time, empty for none. */
  stateAt(t_s) {
    let found = "";
    for (const one of this.states) { if (one.t_s > t_s + 1e-6) break; found = one.behaviour; }
    return found;
  }

  /** The number of the press that says that the clip is done; null where it is not. */
  get done() {
    let number = this.#saved.done ? this.#saved.done_number : null;
    for (const one of this.#new) {
      if (one.action === "done") number = one.number;
      if (one.action === "undo" && one.undoes === number) number = null;
    }
    return number;
  }

  /** How many presses the server has not acknowledged, whether that takes too long, and what it refused. */
  get unsaved() { return this.#waiting.length; }
  get late() { return this.#waiting.length > 0 && performance.now() - this.#since > LATE_MS; }
  get refused() { return this.#refused; }
  get count() { return Math.max(this.#saved.presses, this.#waiting.at(-1)?.number ?? 0); }

  /** Say something: {action, t_s, behaviour, undoes, speed, latch}. Returns false where nothing is taken any more. */
  say(press) {
    if (this.#refused) return false;
    if (!this.#waiting.length) this.#wait();
    this.#waiting.push({ ...press, number: this.count + 1 });
    this.#keep();
    this.#tell("change");
    this.#send();
    return true;
  }

  /** Forget what the server refused; the page is to be loaded anew. */
  discard() {
    this.#waiting = [];
    this.#keep();
  }

  get #new() { return this.#waiting.filter((one) => one.number > this.#saved.presses); }

  async #send() {
    if (this.#sending) return;
    this.#sending = true;
    if (!this.#since) this.#wait();
    while (this.#waiting.length && !this.#refused) await this.#sendFirst();
    this.#sending = false;
  }

  async #sendFirst() {
    try {
      this.#acknowledge(await ask(this.#address, this.#waiting[0], PATIENCE_MS));
    } catch (fault) {
      if (fault instanceof Refused && fault.status < 500) this.#refuse(fault);
      else await sleep(AGAIN_MS);
    }
  }

  #acknowledge(saved) {
    this.#saved = saved;
    this.#waiting.shift();
    this.#keep();
    this.#wait();
    this.#tell("change");
  }

  #refuse({ status, message }) {
    clearTimeout(this.#late);
    this.#refused = { status, words: message, kept: SIGNED_OUT.includes(status) };
    this.#tell("refused", this.#refused);
  }

  /** From now on the oldest unsaved press waits. */
  #wait() {
    clearTimeout(this.#late);
    this.#since = performance.now();
    this.#late = setTimeout(() => { if (this.#waiting.length) this.#tell("late"); }, LATE_MS + 1);
  }

  #keep() {
    try {
      if (this.#waiting.length) localStorage.setItem(this.#key, JSON.stringify(this.#waiting));
      else localStorage.removeItem(this.#key);
    } catch { /* a browser that keeps nothing: the presses are still here, and sent */ }
  }

  #tell(name, detail = {}) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}

function read(key) {
  try { return JSON.parse(localStorage.getItem(key)) ?? []; } catch { return []; }
}
