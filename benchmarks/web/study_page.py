"""Study page: how long a study of 1,000 trials takes to show, from the request to the last byte, on loopback.

The study is made without recordings: 1,000 animals in a 2 x 2, a trial of each with its measurement, 20,000 key presses
by two scorers. The alternative in the same run is an empty page of the same app (signing in): what a request costs at
least. `python benchmarks/web/study_page.py` prints its own markdown.
"""

from __future__ import annotations

import http.client
import re
import resource
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from littermate.model.clip import Clip
from littermate.model.key_press import KeyPress
from littermate.model.measurement import Measurement, Source
from littermate.model.rules import RuleSet
from littermate.model.trial import Trial
from littermate.planning.codes import clip_ids, trial_id
from littermate.study import Study, create_study, open_study
from littermate.web.serving import Listening, prepare_serving, run_server

ANIMALS, PRESSES, ROUNDS = 1000, 20_000, 30
GOAL_MS = 200.0
RULES = RuleSet(name="made", parameters=(), words=("made for a benchmark",))


def make_study(folder: Path) -> Study:
    """Make an allocated study of 1,000 scored trials."""
    study = create_study(folder)
    text = study.folder.protocol_path.read_text(encoding="utf-8")
    text = text.replace("per_group = 8", f"per_group = {ANIMALS // 4}").replace("animals = 32", f"animals = {ANIMALS}")
    study.folder.protocol_path.write_text(text, encoding="utf-8")
    rows = "".join(f"M{number:04d},male,CD1,,,\n" for number in range(ANIMALS))
    study.folder.animals_path.write_text("id,sex,strain,birth,weight_g,cage\n" + rows, encoding="utf-8")
    study = open_study(folder, passphrase="a benchmark has nothing to hide")
    study.allocate(seed=1)
    _fill(study)
    return study


def _fill(study: Study) -> None:
    taken: set[str] = set()
    trials = []
    for number, tag in enumerate(study.tags):
        taken.add(name := trial_id(taken=taken))
        path, sha256 = f"recordings/{tag.code}.mp4", f"{number:064x}"
        trials.append(Trial(id=name, code=tag.code, assay="forced swim", recording=path, sha256=sha256))
    with study.database.writing("made", "add recordings", {}) as write:
        write.trials(trials)
        write.rules(RULES)
    for trial in trials:
        with study.database.writing("made", "score", {"trial": trial.id}) as write:
            write.measurements([_measurement(trial)])
    clips = [
        Clip(id=name, trial=trial.id, assay="forced swim", scorer=scorer, position=place, kind="score")
        for scorer, names in (("ada", clip_ids(500)), ("bob", clip_ids(500)))
        for place, (name, trial) in enumerate(zip(names, trials, strict=False), 1)
    ]
    with study.database.writing("made", "give clips", {}) as write:
        write.clips(clips)
    each = PRESSES // len(clips)
    for clip in clips:
        for number in range(1, each + 1):
            action = "done" if number == each else "state"
            press = KeyPress(clip=clip.id, number=number, action=action, t_s=120.0 + number, behaviour="")
            with study.database.writing(clip.scorer, "press key", {"clip": clip.id, "number": number}) as write:
                write.key_presses([press])


def _measurement(trial: Trial) -> Measurement:
    source = Source(kind="recording", sha256=trial.sha256, place="120-360 s")
    return Measurement(
        outcome="immobility", code=trial.code, value=100.0, unit="s", source=source, rules_hash=RULES.hash
    )


class Visitor:
    """One person's browser, as far as a benchmark needs it."""

    def __init__(self, link: str) -> None:
        host, path = re.fullmatch(r"http://([^/]+)(/.*)", link).groups()  # type: ignore[union-attr]
        self._connection = http.client.HTTPConnection(host)
        self._cookie = ""
        self.get(path)

    def get(self, path: str) -> tuple[int, float, int]:
        """Return status, milliseconds and bytes of an answer."""
        start = time.perf_counter()
        self._connection.request("GET", path, headers={"Cookie": self._cookie})
        answer = self._connection.getresponse()
        body = answer.read()
        took = 1000 * (time.perf_counter() - start)
        if cookie := answer.headers.get("Set-Cookie"):
            self._cookie = cookie.partition(";")[0]
        return answer.status, took, len(body)


def measured(visitor: Visitor, path: str, rounds: int) -> tuple[float, float, int]:
    """Return median and largest time of a page, in ms, and its size."""
    visitor.get(path)
    answers = [visitor.get(path) for _ in range(rounds)]
    assert all(status == 200 for status, _, _ in answers), answers
    times = sorted(took for _, took, _ in answers)
    return statistics.median(times), times[-1], answers[0][2]


def report() -> str:
    """Run it and return its markdown."""
    with tempfile.TemporaryDirectory() as folder:
        study = make_study(Path(folder) / "thousand")
        entries = len(study.database.entries())
        serving = prepare_serving(study.folder.root, Listening(port=0), who="cora")
        threading.Thread(target=run_server, args=(serving,), daemon=True).start()
        time.sleep(3)
        visitor = Visitor(serving.link)
        page, least = measured(visitor, "/study", ROUNDS), measured(visitor, "/sign-in", ROUNDS)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"""## Study page of {ANIMALS} trials

{entries} journal entries, {PRESSES} key presses. {ROUNDS} requests one after the other; peak memory {peak:.0f} MB, with
the making of the study.

| page | must be, ms | median, ms | longest, ms | size, kB |
| --- | ---: | ---: | ---: | ---: |
| study | < {GOAL_MS:g} | {page[0]:.1f} | {page[1]:.1f} | {page[2] / 1000:.0f} |
| signing in (the least a page costs) | | {least[0]:.1f} | {least[1]:.1f} | {least[2] / 1000:.0f} |"""


if __name__ == "__main__":
    sys.stdout.write(report() + "\n")
