"""A study on disk with two coded animals, and records to put into it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from littermate.model.allocation import Allocation, Assignment, Tag
from littermate.model.measurement import Measurement, Source
from littermate.model.rules import RuleSet
from littermate.store.database import Database, open_database
from littermate.store.folder import StudyFolder, create_study

RULES = RuleSet(name="swim", parameters=(("gap_s", 0.5), ("window_s", (120.0, 360.0))), words=("closes short gaps",))


@pytest.fixture
def folder(tmp_path: Path) -> StudyFolder:
    return create_study(tmp_path / "study", "ketamine-magnesium")


@pytest.fixture
def database(folder: StudyFolder) -> Database:
    database = open_database(folder)
    with database.writing("m", "allocate", {"animals": 2}) as write:
        write.tags([Tag(animal="M1", code="QX7", vials=(("ketamine", "V9"),)), Tag(animal="M2", code="BD3")])
        write.rules(RULES)
    return database


@pytest.fixture
def allocation() -> Allocation:
    return Allocation(
        factors=("magnesium", "ketamine"),
        assignments=(
            Assignment(animal="M1", cell=("saline", "ketamine")),
            Assignment(animal="M2", cell=("magnesium", "saline")),
        ),
        balanced=(("M1", "membrane", "1"), ("M2", "membrane", "2")),
        seed=2**62 + 1,
        scheme="dealt",
    )


@pytest.fixture
def own_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LITTERMATE_CONFIG", str(tmp_path / "config"))
    monkeypatch.delenv("LITTERMATE_PASSPHRASE", raising=False)
    return tmp_path / "config"


@pytest.fixture
def immobility() -> Callable[..., Measurement]:
    def make(value: float | None, code: str = "QX7", *, reason: str = "", rules: RuleSet = RULES) -> Measurement:
        return Measurement(
            outcome="immobility",
            code=code,
            value=value,
            unit="s",
            source=Source(kind="recording", sha256="0" * 64, place="120-360 s"),
            rules_hash=rules.hash,
            reason=reason,
            flags=("censored",),
        )

    return make
