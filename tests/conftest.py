"""A small study that is quick to film: 8 mice, 2 x 2, trials of 12 s; and the same with its swims scored by hand.

By hand, trial number k (by id) is immobile from 3 + k / 2 s to 10 s for Ada, to 9 s for Bo; else it swims. A trial that
comes back is immobile a second longer.
"""

import re
import shutil
from pathlib import Path

import pytest
from tests.study.scorers import ASSAY, score_all

from littermate.demo import fill
from littermate.model.clip import REPEAT
from littermate.simulate.scale import SMALL
from littermate.study import QueuePlan, Study, create_study, open_study

PASSPHRASE = "correct horse"


@pytest.fixture(autouse=True)
def own_keyring(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the user's own keyring and passphrase."""
    monkeypatch.setenv("LITTERMATE_CONFIG", str(tmp_path_factory.mktemp("config")))
    monkeypatch.delenv("LITTERMATE_PASSPHRASE", raising=False)


def make_small(folder: Path) -> Study:
    """Write the founding protocol for 8 mice and short trials."""
    study = create_study(folder)
    text = study.folder.protocol_path.read_text(encoding="utf-8")
    for pattern, replacement in [
        (r"(?m)^per_group = 8", "per_group = 2"),
        (r"(?m)^animals = 32", "animals = 8"),
        (r'duration = "360 s"', 'duration = "12 s"'),
        (r'window = \["120 s", "360 s"\]', 'window = ["2 s", "12 s"]'),
        (r'duration = "600 s"', 'duration = "12 s"'),
        (r'window = \["0 s", "600 s"\]', 'window = ["0 s", "12 s"]'),
    ]:
        text, count = re.subn(pattern, replacement, text)
        assert count == 1, pattern
    study.folder.protocol_path.write_text(text, encoding="utf-8")
    rows = study.folder.animals_path.read_text(encoding="utf-8").splitlines()
    study.folder.animals_path.write_text("\n".join(rows[:9]) + "\n", encoding="utf-8")
    return open_study(folder, passphrase=PASSPHRASE)


@pytest.fixture
def small_study(tmp_path: Path) -> Study:
    """A planned study without files."""
    return make_small(tmp_path / "pilot")


@pytest.fixture
def weighed_study(small_study: Study) -> Study:
    """The same with weights that differ: 20 g, 23 g and so on."""
    path = small_study.folder.animals_path
    head, *rows = [row.split(",") for row in path.read_text(encoding="utf-8").splitlines()]
    for number, row in enumerate(rows):
        row[head.index("weight_g")] = str(20 + 3 * number)
    path.write_text("".join(",".join(row) + "\n" for row in (head, *rows)), encoding="utf-8")
    return small_study


@pytest.fixture(scope="session")
def filmed_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study, allocated and filled with simulated files; copied by whoever wants to change it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LITTERMATE_CONFIG", str(tmp_path_factory.mktemp("config")))
        study = make_small(tmp_path_factory.mktemp("filmed") / "ketamine-magnesium")
        study.allocate(seed=20260411)
        fill(study, scale=SMALL, seed=3)
    return study.folder.root


@pytest.fixture
def filmed(filmed_template: Path, tmp_path: Path) -> Study:
    """A study of one's own with simulated files, nothing registered yet."""
    folder = tmp_path / "ketamine-magnesium"
    shutil.copytree(filmed_template, folder)
    return open_study(folder, passphrase=PASSPHRASE)


PLAN = QueuePlan(practice=1, repeats=0.25)


def ask_people(study: Study) -> Study:
    """Let the immobility of a study be a person's number."""
    path = study.folder.protocol_path
    text = path.read_text(encoding="utf-8")
    new, count = re.subn(r'(?m)^(measure = "immobility_s")', r'\1\nscored_by = "person"', text)
    assert count == 1
    path.write_text(new, encoding="utf-8")
    return open_study(study.folder.root, who=study.who, passphrase=PASSPHRASE)


@pytest.fixture(scope="session")
def handed_out_template(filmed_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handed-out") / "ketamine-magnesium"
    shutil.copytree(filmed_template, folder)
    study = open_study(folder, who="ada", passphrase=PASSPHRASE)
    study.add_recordings("recordings/", assay=ASSAY)
    study.score(ASSAY)
    for seed, scorer in enumerate(("ada", "bo")):
        study.give_clips(scorer, assay=ASSAY, plan=PLAN, seed=seed)
    return folder


@pytest.fixture
def handed_out(handed_out_template: Path, tmp_path: Path) -> Study:
    """Scored by the program, and given to two people who have not begun."""
    folder = tmp_path / "ketamine-magnesium"
    shutil.copytree(handed_out_template, folder)
    return open_study(folder, who="ada", passphrase=PASSPHRASE)


@pytest.fixture(scope="session")
def hand_scored_template(handed_out_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hand-scored") / "ketamine-magnesium"
    shutil.copytree(handed_out_template, folder)
    study = open_study(folder, who="ada", passphrase=PASSPHRASE)
    score_all(study, "ada", lambda k, clip: _states(k, 10.0 + (clip.kind == REPEAT)))
    score_all(study, "bo", lambda k, clip: _states(k, 9.0 + (clip.kind == REPEAT)))
    return folder


def _states(k: int, stop_s: float) -> list[tuple[float, str]]:
    return [(2.0, "swimming"), (3 + k / 2, "immobile"), (stop_s, "swimming")]


@pytest.fixture
def hand_scored(hand_scored_template: Path, tmp_path: Path) -> Study:
    """Scored by the program and by two people, each trial by both, two of them twice."""
    folder = tmp_path / "ketamine-magnesium"
    shutil.copytree(hand_scored_template, folder)
    return open_study(folder, who="ada", passphrase=PASSPHRASE)


@pytest.fixture(scope="session")
def measured_template(filmed_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two forced swims, one open field and all blots of the filmed study, measured; copied by whoever changes it."""
    folder = tmp_path_factory.mktemp("measured") / "ketamine-magnesium"
    shutil.copytree(filmed_template, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LITTERMATE_CONFIG", str(tmp_path_factory.mktemp("config")))
        study = open_study(folder, passphrase=PASSPHRASE)
        for assay, kept in (("forced swim", 2), ("open field", 1)):
            for path in sorted((folder / "recordings" / assay.replace(" ", "-")).glob("*.mp4"))[kept:]:
                path.unlink()
            study.add_recordings("recordings", assay=assay)
            study.score(assay, workers=1)
        study.quantify("BDNF", relative_to="beta-actin")
    return folder


@pytest.fixture
def measured(measured_template: Path, tmp_path: Path) -> Study:
    """A study of one's own with trials and blots that were measured."""
    folder = tmp_path / "ketamine-magnesium"
    shutil.copytree(measured_template, folder)
    return open_study(folder, passphrase=PASSPHRASE)
