// Player: a recording on screen, exact to the frame. It knows nothing of scoring.
//
// - Times are seconds of the recording's own clock. Frame k (from 0) is on screen from times[k] to times[k + 1].
// - The playable copy has those same times: what is on screen is known by its media time, never by a frame rate.
// - A seek goes to the middle between two frames, where no browser's rounding can give another one, and is checked.
// - Of several seeks the last counts: a key that is held down never queues up.
// - Events: "progress" ({state, part} of the preparation), "ready", "frame" ({frame, t_s}), "play", "pause", "rate",
//   "end" (the window's last frame is on screen), "zoom", "fault" ({words}).
//
//   const player = new Player(stage, video);          // stage: a box of fixed size, position: relative; see player.css
//   await player.load({ preparation, media, frames, window_s: [120, 360], arena_px: [x, y, w, h] });

import { ask, askNumbers } from "./requests.js";

export const SPEEDS = [0.5, 1, 1.5, 2, 3, 4];
const FIRST_WAIT_MS = 40;
const LONGEST_WAIT_MS = 250;
const PICTURE_WAIT_MS = 400;
const TRIES = 3;
const KEPT_PICTURES = 64;
const MARGIN = 0.04;
const EDGE_S = 1e-6;
const EARLIEST_S = 0.25;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Player extends EventTarget {
  #stage; #video; #times = new Float64Array(); #first = 0; #last = 0; #frame = -1; #pictures = []; #target = null;
  #seeking = null; #onPicture = null; #arena = null; #zoomed = false; #ended = false; #closing = new AbortController();

  constructor(stage, video) {
    super();
    this.#stage = stage;
    this.#video = video;
    const heard = { signal: this.#closing.signal };
    video.addEventListener("play", () => this.#say("play"), heard);
    video.addEventListener("pause", () => this.#say("pause"), heard);
    video.addEventListener("error", () => this.#fault("The picture cannot be played by this browser; reload the page."), heard);
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.pause(); }, heard);
    const sizes = new ResizeObserver(() => this.#place());
    sizes.observe(stage);
    heard.signal.addEventListener("abort", () => sizes.disconnect());
  }

  /** Frame times of the whole recording. */
  get times() { return this.#times; }
  /** First and last frame that may be shown. */
  get first() { return this.#first; }
  get last() { return this.#last; }
  /** The frame on screen, -1 before there is one, and its time. */
  get frame() { return this.#frame; }
  get t_s() { return this.#times[this.#frame] ?? NaN; }
  get ready() { return this.#frame >= 0; }
  get paused() { return this.#video.paused; }
  get atEnd() { return this.#frame >= this.#last; }
  get rate() { return this.#video.playbackRate; }
  set rate(rate) {
    this.#video.playbackRate = rate;
    this.#video.defaultPlaybackRate = rate;
    this.#say("rate", { rate });
  }

  /** Whether the arena is shown enlarged; without an arena always false. */
  get zoomed() { return this.#zoomed; }
  get canZoom() { return this.#arena !== null; }
  set zoomed(on) {
    this.#zoomed = on && this.canZoom;
    this.#place();
    this.#say("zoom", { zoomed: this.#zoomed });
  }

  /**
   * Load a recording and show the first frame of its window; resolves when that is on screen.
   * `at_s` is where to begin instead. Throws `Refused` or TypeError as `ask` does, Error where it cannot be prepared.
   */
  async load({ preparation, media, frames, window_s = [0, Infinity], arena_px = null, at_s = window_s[0] }) {
    if (!("requestVideoFrameCallback" in this.#video)) {
      throw new Error("This browser cannot tell which frame is on screen: use Chromium, Edge, Safari, or Firefox from version 132.");
    }
    await this.#prepared(preparation);
    this.#arena = arena_px;
    this.#zoomed = arena_px !== null;
    const video = this.#video;
    const opened = new Promise((resolve) => video.addEventListener("loadedmetadata", resolve, { once: true }));
    video.muted = true;
    video.preload = "auto";
    video.src = media;
    video.currentTime = at_s; // where decoding begins: nothing before it is fetched
    this.#times = await askNumbers(frames);
    this.#first = this.#firstFrom(window_s[0]);
    this.#last = Math.max(this.#first, this.#lastBefore(window_s[1]));
    await opened;
    this.#place();
    this.#video.requestVideoFrameCallback(this.#pictureShown);
    await this.goTo(this.frameOf(at_s));
    this.#say("ready");
  }

  /** Stop listening, and let go of the video. */
  close() {
    this.#closing.abort();
    this.#video.removeAttribute("src");
    this.#video.load();
  }

  play() {
    if (!this.ready || this.atEnd) return;
    this.#ended = false;
    this.#video.play().catch((fault) => { if (fault.name !== "AbortError") this.#fault("The browser does not let the video play."); });
  }
  pause() { this.#video.pause(); }
  toggle() { this.paused ? this.play() : this.pause(); }

  /** Go n frames on (or back), paused. */
  step(n) {
    this.pause();
    return this.goTo((this.#target ?? this.#frame) + n);
  }
  /** Go some seconds on or back; goes on playing. */
  seekBy(seconds) { return this.seekTo(this.#times[this.#target ?? this.#frame] + seconds); }
  /** Show the frame that is on screen at a time. */
  seekTo(t_s) { return this.goTo(this.frameOf(t_s)); }

  /** Show a frame of the window; resolves when it is on screen. */
  goTo(frame) {
    if (!this.#times.length) return Promise.resolve();
    this.#target = Math.min(Math.max(frame, this.#first), this.#last);
    this.#seeking ??= this.#follow().finally(() => { this.#seeking = null; });
    return this.#seeking;
  }

  /** The frame on screen at a time: the last that begins at or before it. */
  frameOf(t_s) {
    let low = 0, high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#times[middle] <= t_s + EDGE_S) low = middle + 1; else high = middle;
    }
    return Math.max(0, low - 1);
  }
  /** The frame whose time is nearest. */
  nearest(t_s) {
    const frame = this.frameOf(t_s), next = this.#times[frame + 1];
    return next !== undefined && next - t_s < t_s - this.#times[frame] ? frame + 1 : frame;
  }

  /** The frame that was on screen at a moment of the page's clock (an event's timeStamp): a busy page does not shift it. */
  frameAt(moment_ms) {
    for (let k = this.#pictures.length - 1; k >= 0; k--) {
      if (this.#pictures[k].at_ms <= moment_ms) return this.#pictures[k].frame;
    }
    return this.#frame;
  }

  async #prepared(address) {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 1.25, LONGEST_WAIT_MS)) {
      const { state, part } = await ask(address);
      this.#say("progress", { state, part });
      if (state === "ready") return;
      if (state === "failed") throw new Error("This recording cannot be shown. Ask the custodian: the server's log says why.");
      await sleep(wait);
    }
  }

  /** The frame on screen when the window begins; the next, where that one was taken long before. */
  #firstFrom(start_s) {
    const frame = this.frameOf(start_s);
    return this.#times[frame] < start_s - EARLIEST_S && frame + 1 < this.#times.length ? frame + 1 : frame;
  }

  #lastBefore(stop_s) {
    const frame = this.frameOf(stop_s);
    return this.#times[frame] >= stop_s - EDGE_S ? frame - 1 : frame;
  }

  #middle(frame) {
    const start = this.#times[frame], next = this.#times[frame + 1];
    return next === undefined ? start + EDGE_S : (start + next) / 2;
  }

  async #follow() {
    for (let tries = 0; this.#target !== null; ) {
      const wanted = this.#target;
      await this.#show(wanted);
      if (this.#target !== wanted) { tries = 0; continue; }
      tries += 1;
      if (!this.paused || this.#frame === wanted) this.#target = null;
      else if (tries === TRIES) {
        this.#target = null;
        this.#fault(`The browser shows frame ${this.#frame + 1} where ${wanted + 1} was asked for; reload the page.`);
      }
    }
  }

  /** Seek, and wait for the picture; a browser that does not announce it is asked where it is. */
  #show(frame) {
    return new Promise((resolve) => {
      const video = this.#video;
      let late;
      const settle = () => { clearTimeout(late); video.removeEventListener("seeked", sought); this.#onPicture = null; resolve(); };
      const sought = () => { late = setTimeout(() => { this.#take(this.frameOf(video.currentTime), performance.now()); settle(); }, PICTURE_WAIT_MS); };
      this.#onPicture = () => { if (!video.seeking) settle(); };
      video.addEventListener("seeked", sought, { once: true });
      video.currentTime = this.#middle(frame);
    });
  }

  #pictureShown = (_, { mediaTime, expectedDisplayTime }) => {
    if (this.#closing.signal.aborted) return;
    this.#video.requestVideoFrameCallback(this.#pictureShown);
    this.#take(this.nearest(mediaTime), expectedDisplayTime);
    this.#onPicture?.();
  };

  #take(frame, at_ms) {
    this.#pictures.push({ frame, at_ms });
    if (this.#pictures.length > KEPT_PICTURES) this.#pictures.shift();
    this.#frame = frame;
    this.#say("frame", { frame, t_s: this.#times[frame] });
    if (!this.paused && frame >= this.#last) this.#stopAtEnd();
  }

  #stopAtEnd() {
    this.pause();
    if (this.#frame > this.#last) this.goTo(this.#last);
    if (!this.#ended) this.#say("end");
    this.#ended = true;
  }

  /** Put the picture into the stage: whole, or its arena with a small margin. */
  #place() {
    const { videoWidth: width, videoHeight: height } = this.#video;
    const { clientWidth: wide, clientHeight: high } = this.#stage;
    if (!width || !wide) return;
    const [x, y, w, h] = this.#zoomed ? grown(this.#arena) : [0, 0, width, height];
    const scale = Math.min(wide / w, high / h);
    const left = (wide - w * scale) / 2 - x * scale, top = (high - h * scale) / 2 - y * scale;
    Object.assign(this.#video.style, { width: `${width}px`, height: `${height}px`, transform: `translate(${left}px, ${top}px) scale(${scale})` });
    const cut = this.#zoomed ? `inset(${y}px ${Math.max(0, width - x - w)}px ${Math.max(0, height - y - h)}px ${x}px)` : "none";
    this.#video.style.clipPath = cut;
  }

  #fault(words) { this.#say("fault", { words }); }
  #say(name, detail = {}) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}

function grown([x, y, w, h]) {
  const side = MARGIN * Math.max(w, h);
  return [Math.max(0, x - side), Math.max(0, y - side), w + 2 * side, h + 2 * side];
}
