"""A small study that is quick to film: 8 mice, 2 x 2, trials of 12 s."""

import re
import shutil
from pathlib import Path

import pytest

from littermate.demo import fill
from littermate.simulate.scale import SMALL
from littermate.study import Study, create_study, open_study

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
