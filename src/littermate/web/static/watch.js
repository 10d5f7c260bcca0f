// Watch: a recording to be looked at, with its buttons and keys; nothing is said about it here.
//
// - `begin` loads the trial's copy, and answers with the player when its first picture is on screen.
// - Keys are those of the scoring page: space, arrows, shift with arrows, plus and minus. A page adds its own.

import { Player, SPEEDS } from "./player.js";
import { ask, inWords, notice, Refused } from "./requests.js";
import { clock } from "./timeline.js";

const $ = (id) => document.getElementById(id);

export function told(fault) {
  if (fault instanceof Refused) notice(inWords(fault.error), "refused");
  else if (fault instanceof TypeError) notice("The server does not answer.", "refused");
  else throw fault;
}

/** What the buttons beside a trial do. */
export function correcting(trial) {
  const say = async (what, then) => { try { then(await ask(`/api/trials/${trial}/${what}`, {})); } catch (fault) { told(fault); } };
  return {
    correct: () => say("review", ({ clip }) => location.assign(`/score/${clip}`)),
    automatic: () => say("automatic", () => location.reload()),
  };
}

export class Watch {
  constructor(page, { t0_s, window_s, actions = {}, keys = {} }) {
    this.page = page;
    this.t0_s = t0_s;
    this.window_s = window_s.map((edge) => edge + t0_s);
    this.player = new Player($("stage"), $("video"));
    this.actions = { ...this.own(), ...actions };
    this.keys = { " ": "play", ArrowDown: "back-second", ArrowUp: "on-second", "-": "slower", "+": "faster", "=": "faster", ...keys };
    this.listen();
  }

  own() {
    const player = this.player;
    return {
      play: () => player.toggle(),
      "back-frame": () => player.step(-1),
      "on-frame": () => player.step(1),
      "back-second": () => player.seekBy(-1),
      "on-second": () => player.seekBy(1),
      slower: () => this.faster(-1),
      faster: () => this.faster(1),
    };
  }

  async begin(trial, at_s = this.window_s[0]) {
    const address = `/api/trials/${trial}`;
    try {
      await this.player.load({ preparation: `${address}/preparation`, media: `${address}/media`, frames: `${address}/frames`, window_s: this.window_s, at_s });
    } catch (fault) {
      $("curtain-words").textContent = fault instanceof TypeError ? "The server does not answer. Reload the page when it runs again." : fault.message;
      $("curtain-part").hidden = true;
      return;
    }
    $("curtain").hidden = true;
    this.page.dataset.ready = "";
  }

  faster(steps) {
    const at = SPEEDS.indexOf(this.player.rate);
    this.player.rate = SPEEDS[Math.min(Math.max(at + steps, 0), SPEEDS.length - 1)];
  }

  listen() {
    const player = this.player, play = this.page.querySelector(".play");
    const playing = (on) => { play.dataset.playing = on; play.setAttribute("aria-label", on ? "Pause" : "Play"); };
    player.addEventListener("play", () => playing(true));
    player.addEventListener("pause", () => playing(false));
    player.addEventListener("rate", ({ detail }) => { $("speed").textContent = `${detail.rate}×`; });
    player.addEventListener("fault", ({ detail }) => notice(detail.words, "refused"));
    player.addEventListener("progress", ({ detail }) => { if (detail.part > 0) $("curtain-part").value = Math.min(detail.part, 1); });
    player.addEventListener("frame", ({ detail }) => {
      $("time").textContent = clock(detail.t_s - this.t0_s);
      $("frame").textContent = `frame ${detail.frame + 1}`;
    });
    for (const button of this.page.querySelectorAll("[data-do]")) {
      button.addEventListener("click", (event) => {
        if (event.detail) document.activeElement?.blur();
        this.actions[button.dataset.do]?.(button);
      });
    }
    document.addEventListener("keydown", (event) => this.onKey(event));
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    if ((event.key === " " || event.key === "Enter") && event.target.closest("button, a, summary")) return;
    const frames = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (frames) {
      event.preventDefault();
      if (event.shiftKey) this.player.seekBy(frames); else this.player.step(frames);
      return;
    }
    const name = this.keys[event.key];
    if (!name || (event.repeat && !event.key.startsWith("Arrow"))) return;
    event.preventDefault();
    this.actions[name](this.page.querySelector(`[data-do="${name}"]`));
  }
}
