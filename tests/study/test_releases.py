"""A study folder of every release opens, verifies and gives the numbers it gave (the raw files are left out)."""

import shutil
from pathlib import Path

import pytest

from littermate.study import open_study

RELEASES = sorted((Path(__file__).parent / "releases").iterdir())


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_old_studies_open_forever(release: Path, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(release, folder)
    study = open_study(folder)
    study.verify()
    assert study.stage == "unblinded"
    assert len(study.tags) == 8
    outcomes = {analysis.plan.outcome: analysis.n for analysis in study.fit()}
    assert outcomes == dict.fromkeys((plan.outcome for plan in study.protocol.plans), 8)
    study.verify()
