"""A study in which everything that must not be seen has a name found nowhere else.

Its drugs, levels, animals, cages, dates, files and folder bear marks; so do the titles, comments and dates inside its
recordings. Ada is the custodian, Bo and Cy score (with practice and repeats; Bo has
not begun, Cy is done), Vi watches; all have `PASSWORD`.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest

from littermate.demo import FieldClip, SwimClip, make_clip
from littermate.model.clip import REPEAT, SCORE, Clip
from littermate.model.key_press import DONE, STATE, KeyPress
from littermate.planning.queue import QueuePlan
from littermate.simulate.blot import BlotScene, write_blot
from littermate.simulate.field_scene import FieldScene
from littermate.simulate.swim_scene import SwimScene
from littermate.store.key import open_seal, seal
from littermate.study import Study, create_study, open_study
from littermate.web.settings import ServeSettings

PASSPHRASE, PASSWORD = "correct horse", "battery staple"
SECRET = "of the sessions in tests, " * 2
LINK = "the-one-time-token-of-tests"
SWIM, FIELD = "forced swim", "open field"
DONE_WITH_THEIRS = ("ada", "cy")
ROLES = {"ada": "custodian", "bo": "scorer", "cy": "scorer", "vi": "viewer"}
DRUGS = {"magnesium": "quokkasalt", "ketamine": "zirconium", "Ketamine": "Zirconium", "saline": "wombatwater"}
WRITTEN_AT = 1_551_966_605
"""2019-03-07 13:50:05 UTC: when everything was filmed."""
GROUP_WORDS = ("quokkasalt", "zirconium", "wombatwater")
FILE_WORDS = ("dovecot", "brw-77", "pavlova", "headcam", "2019-03-07", "20190307", "07 mar 2019", "2018-12-24")
FILE_WORDS += (str(WRITTEN_AT), "recordings/", "tracks/", "lanes.csv", ".tif", "littermate.db")
FILE_BYTES = tuple(struct.pack(">I", WRITTEN_AT + day) for day in (0, 2_082_844_800))
"""The same second as MP4 writes it, and as 32 bits."""
_SECONDS = 3.0
_FILMED = 5


@pytest.fixture(scope="session")
def marked_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study, ready to be scored by hand; copied by whoever wants it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LITTERMATE_CONFIG", str(tmp_path_factory.mktemp("config")))
        return make_marked(tmp_path_factory.mktemp("template") / "pavlova-quokkasalt")


@pytest.fixture(scope="session")
def people_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with people and without files; copied by whoever wants it."""
    study = create_study(tmp_path_factory.mktemp("people") / "ketamine-magnesium")
    for name, role in ROLES.items():
        study.add_account(name, role=role, password=PASSWORD)
    return study.folder.root


@pytest.fixture
def people(people_template: Path, tmp_path: Path) -> Study:
    """A study of one's own with people and without files."""
    return copy_of(people_template, tmp_path / "ketamine-magnesium")


@pytest.fixture
def marked(marked_template: Path, tmp_path: Path) -> Study:
    """A marked study of one's own."""
    return copy_of(marked_template, tmp_path / "pavlova-quokkasalt")


def copy_of(template: Path, folder: Path) -> Study:
    """Copy a study, the times of its files with it."""
    shutil.copytree(template, folder)
    return open_study(folder, who="ada", passphrase=PASSPHRASE)


def settings_of(study: Study, **more: object) -> ServeSettings:
    """Settings under which a study is served to people with passwords, and to Ada by the link."""
    given = ServeSettings(folder=study.folder.root, secret=SECRET, entry_token=LINK, local_name="ada")
    return replace(given, **more)


def make_marked(folder: Path) -> Path:
    """Make the study and everything in it."""
    study = create_study(folder)
    _write_protocol(study)
    study = open_study(folder, who="ada", passphrase=PASSPHRASE)
    study.allocate(seed=20260411)
    _film(study)
    _blot(study)
    study.add_recordings("recordings", assay=SWIM)
    study.add_recordings("recordings", assay=FIELD)
    for assay in (SWIM, FIELD):
        study.score(assay, workers=1)
    study.quantify("BDNF", relative_to="beta-actin")
    _let_people_in(study)
    for path in folder.rglob("*"):
        os.utime(path, (WRITTEN_AT, WRITTEN_AT))
    return folder


def _write_protocol(study: Study) -> None:
    text = study.folder.protocol_path.read_text(encoding="utf-8")
    for word, mark in DRUGS.items():
        text = text.replace(word, mark)
    for pattern, replacement in [
        (r"(?m)^per_group = 8", "per_group = 2"),
        (r"(?m)^animals = 32", "animals = 8"),
        (r'duration = "(360|600) s"', f'duration = "{_SECONDS:g} s"'),
        (r'window = \["(120|0) s", "(360|600) s"\]', f'window = ["1 s", "{_SECONDS:g} s"]'),
    ]:
        text, count = re.subn(pattern, replacement, text)
        assert count, pattern
    study.folder.protocol_path.write_text(text, encoding="utf-8")
    rows = [f"BRW-77{one}4,male,CD1,2018-12-24,2{one}.7,DOVECOT-{one}" for one in "52816374"]
    study.folder.animals_path.write_text("\n".join(["id,sex,strain,birth,weight_g,cage", *rows]) + "\n", "utf-8")


def _film(study: Study) -> None:
    """Film the first animals, each file with marks in its name and inside."""
    tags = study.tags[:_FILMED]
    for assay, seconds in ((SWIM, 0), (FIELD, 60)):
        folder = study.folder.recordings / assay.replace(" ", "-")
        rows = []
        for number, tag in enumerate(tags if assay == SWIM else tags[:1]):
            name = f"2019-03-07_DOVECOT_{tag.animal}_{seconds + number}.mp4"
            plain = study.folder.root / "plain.mp4"
            make_clip(_scene(study, assay, tag.code, str(plain), seed=number))
            _with_marks(plain, folder / name)
            rows.append((name, tag.code))
        _write_csv(folder / "recordings.csv", ("file", "code"), rows)


def _scene(study: Study, assay: str, code: str, path: str, *, seed: int) -> SwimClip | FieldClip:
    plan = study.assay(assay)
    if assay == SWIM:
        scene = SwimScene.small("dark")
        about = {"outcome": "immobility", "immobile_fraction": 0.4, "scene": scene}
        return SwimClip(path=path, code=code, plan=plan, seed=seed, **about)
    about = {"wall_preference": 0.5, "speed_cm_s": 12.0, "start_corner": "upper left"}
    scene = replace(FieldScene.small(), coat="dark")
    return FieldClip(path=path, code=code, outcomes=(), plan=plan, scene=scene, seed=seed, **about)


def _with_marks(plain: Path, path: Path) -> None:
    """Write a recording anew with what cameras and people write into files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(plain)) as source, av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as marked:
        marked.metadata.update(
            title="ZIRCONIUM high dose, DOVECOT",
            comment="BRW-7754 in the quokkasalt group",
            creation_time="2019-03-07T13:50:05.000000Z",
            encoder="HEADCAM 2",
        )
        track = marked.add_stream_from_template(source.streams.video[0])
        track.metadata["handler_name"] = "HEADCAM of DOVECOT"
        for packet in source.demux(source.streams.video[0]):
            if packet.size:
                packet.stream = track
                marked.mux(packet)
    plain.unlink()


def _blot(study: Study) -> None:
    lanes = ["control", *sorted(tag.code for tag in study.tags), "control"]
    rows = []
    for target, kda, scene in (("BDNF", 14.0, BlotScene.target()), ("beta-actin", 42.0, BlotScene.loading_control())):
        name = f"2019-03-07_DOVECOT_{target}_zirconium.tif"
        volumes = [1.0 + 0.1 * (lane % 3) for lane in range(len(lanes))]
        write_blot(study.folder.blots / name, volumes, scene=scene, row=scene.row_of(kda), seed=3)
        rows += [(name, target, "hippocampus", "1", lane, code) for lane, code in enumerate(lanes, 1)]
    _write_csv(study.folder.blots / "lanes.csv", ("image", "target", "region", "membrane", "lane", "code"), rows)


def _write_csv(path: Path, head: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def _let_people_in(study: Study) -> None:
    for number, (name, role) in enumerate(ROLES.items()):
        study.add_account(name, role=role, password=PASSWORD)
        if role != "viewer":
            study.give_clips(name, assay=SWIM, plan=QueuePlan(repeats=0.4, practice=1), seed=number)
    for trial in study.trials:
        study.prepare_playable(trial)
    for name in DONE_WITH_THEIRS:
        for clip in study.clips(scorer=name):
            score_clip(study.acting_as(name), clip)


def score_clip(study: Study, clip: Clip) -> None:
    """Score one's own clip: still for a second, and done."""
    t0_s, said = study.trial_of(clip).t0_s, partial(KeyPress, clip=clip.id)
    behaviour = study.behaviours(clip.assay)[0].name
    study.press(said(number=1, action=STATE, t_s=t0_s + 1.5, behaviour=behaviour))
    study.press(said(number=2, action=STATE, t_s=t0_s + 2.5))
    study.press(said(number=3, action=DONE, t_s=t0_s + 2.5))


def pairs_of_showings(study: Study, scorer: str) -> Iterator[tuple[Clip, Clip]]:
    """Yield a scorer's repeats, each after the first showing of its trial."""
    clips = study.clips(scorer=scorer, assay=SWIM)
    firsts = {clip.trial: clip for clip in clips if clip.kind == SCORE}
    yield from ((firsts[clip.trial], clip) for clip in clips if clip.kind == REPEAT)


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """What an answer must not hold: words in any case, ids as words of their own, and bytes in the head of a film."""

    words: tuple[str, ...]
    ids: tuple[str, ...]
    raw: tuple[bytes, ...]


def secrets_from(study: Study, who: str) -> Secrets:
    """Return what is secret from a person; nobody is the one who has not signed in.

    From everyone: all about files, animals' cards and dates. From all but the custodian: the groups' names, animals'
    codes, everybody else's clips; and from scorers, until they are done with theirs, the ids of trials.
    """
    files = {one.recording.path: one.recording.sha256 for one in study.database.recordings()}
    files |= {one.path: one.sha256 for one in study.database.blot_images()}
    words = [*FILE_WORDS, str(study.folder.root), study.folder.root.name]
    for path, sha256 in files.items():
        words += [Path(path).name, Path(path).stem, sha256[:12]]
    ids: list[str] = []
    if ROLES.get(who) != "custodian":
        words += GROUP_WORDS
        ids += [tag.code for tag in study.tags]
        ids += [] if who in (*DONE_WITH_THEIRS, "vi") else [trial.id for trial in study.trials]
        ids += [clip.id for clip in study.clips() if clip.scorer != who]
    return Secrets(words=tuple(dict.fromkeys(word.lower() for word in words)), ids=tuple(ids), raw=FILE_BYTES)


def with_other_groups(study: Study) -> None:
    """Give the animals each other's groups, and seal that: nothing else of the study changes."""
    entry = next(one for one in study.database.entries() if one.what == "allocate")
    (commitment,) = re.findall(r'"commitment":"([0-9a-f]+)"', entry.arguments)
    key = open_seal(study.folder.key_path.read_bytes(), PASSPHRASE, commitment)
    cells = np.roll([one.cell for one in key.assignments], 1, axis=0).tolist()
    moved = tuple(replace(one, cell=tuple(cell)) for one, cell in zip(key.assignments, cells, strict=True))
    assert moved != key.assignments
    sealed, _ = seal(replace(key, assignments=moved), PASSPHRASE)
    study.folder.key_path.write_bytes(sealed)
