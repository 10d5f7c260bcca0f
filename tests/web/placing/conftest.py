"""A served study of two open fields and one forced swim to be placed: scenes and copies of the fields are made."""

import shutil
from pathlib import Path

import pytest

from littermate.model.trial import Trial
from littermate.study import Study, open_study

PASSPHRASE = "correct horse"
PASSWORD = "battery staple"


@pytest.fixture(scope="session")
def placing_template(filmed_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("placing") / "ketamine-magnesium"
    shutil.copytree(filmed_template, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LITTERMATE_CONFIG", str(tmp_path_factory.mktemp("config")))
        study = open_study(folder, who="ada", passphrase=PASSPHRASE)
        for assay, count in (("open field", 2), ("forced swim", 1)):
            for path in sorted((study.folder.recordings / assay.replace(" ", "-")).glob("*.mp4"))[count:]:
                path.unlink()
            study.add_recordings("recordings", assay=assay)
        study.add_account("bo", role="scorer", password=PASSWORD)
        for trial in study.database.trials("open field"):
            study.prepare_scene(trial)
            study.prepare_playable(trial)
    return folder


@pytest.fixture
def given(placing_template: Path, tmp_path: Path) -> Study:
    """A study of one's own, as Ada opens it; it is what `live` serves."""
    folder = tmp_path / "ketamine-magnesium"
    shutil.copytree(placing_template, folder)
    return open_study(folder, who="ada", passphrase=PASSPHRASE)


@pytest.fixture
def field(given: Study) -> Trial:
    return min(given.database.trials("open field"), key=lambda one: one.id)


@pytest.fixture
def other_field(given: Study) -> Trial:
    return max(given.database.trials("open field"), key=lambda one: one.id)


@pytest.fixture
def swim(given: Study) -> Trial:
    return given.database.trials("forced swim")[0]
