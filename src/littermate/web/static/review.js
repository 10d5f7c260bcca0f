// Review: the motion of a trial under its recording: to be looked at, and beside the keys where it is corrected.
//
// - On the page of a trial the recording plays with its trace. On the scoring page, where a review is corrected through
//   the same keys as any clip, the trace stands above the timeline, and shows the stretch of time that it shows.

import { ask } from "./requests.js";
import { tonesOf, Trace } from "./trace.js";
import { correcting, told, Watch } from "./watch.js";

const looking = document.getElementById("reviewing"), scoring = document.getElementById("scoring");

async function look() {
  const trial = looking.dataset.trial, data = await ask(`/api/trials/${trial}/trace`);
  const trace = new Trace(looking.querySelector(".trace"));
  trace.show(data, tonesOf(looking.dataset.behaviours.split("|")));
  const watch = new Watch(looking, {
    t0_s: data.t0_s,
    window_s: [0, data.window_s[1]],
    actions: { ...correcting(trial), near: (button) => { trace.near = !trace.near; button.setAttribute("aria-pressed", trace.near); } },
    keys: { ",": "near" },
  });
  watch.player.addEventListener("frame", ({ detail }) => trace.at(detail.t_s));
  trace.addEventListener("seek", ({ detail }) => watch.player.seekTo(detail.t_s));
  await watch.begin(trial, data.t0_s + data.window_s[0]);
}

/** Put the trace above the timeline of the scoring page. */
async function stand({ player, timeline, buttons }) {
  const data = await ask(`/api/trials/${scoring.dataset.trial}/trace`);
  const trace = new Trace(scoring.querySelector(".trace"), { axis: false });
  const follow = () => { const { from_s, to_s } = timeline.shown; trace.look(from_s, to_s); };
  trace.show(data, tonesOf(buttons.map((one) => one.dataset.state).filter(Boolean)), { corrected: false });
  follow();
  timeline.addEventListener("view", follow);
  player.addEventListener("frame", ({ detail }) => trace.at(detail.t_s));
  if (player.ready) trace.at(player.t_s);
  trace.addEventListener("seek", ({ detail }) => player.seekTo(detail.t_s));
}

if (looking) look().catch(told);
if (scoring) scoring.addEventListener("desk", ({ detail }) => stand(detail).catch(told), { once: true });
