"""A served study whose trials and blots were measured: what `live` serves; Ada is its custodian, Bo scores."""

from pathlib import Path

import pytest

from littermate.model.trial import Trial
from littermate.study import Study, open_study

PASSWORD = "battery staple"


@pytest.fixture
def given(measured: Study) -> Study:
    """A study of one's own, as Ada opens it."""
    measured.add_account("bo", role="scorer", password=PASSWORD)
    return open_study(measured.folder.root, who="ada", passphrase=measured.passphrase)


@pytest.fixture
def swim(given: Study) -> Trial:
    return given.database.trials("forced swim")[0]


@pytest.fixture
def field(given: Study) -> Trial:
    return given.database.trials("open field")[0]


@pytest.fixture
def band(given: Study) -> str:
    """The opaque id of an image of a target."""
    return next(one.id for one in given.blot_names() if not one.loading_control)


@pytest.fixture
def raw_names(given: Study) -> set[str]:
    """Names of raw files, which nobody at the browser may see, as far as they are no code of an animal."""
    kept = [trial.recording for trial in given.trials] + [image.path for image in given.database.blot_images()]
    return set(kept) | {Path(path).name for path in kept} | {given.folder.root.name, str(given.folder.root)}
