"""Before the seal the balance can be looked at, and no look tells a group; the key keeps what it was drawn from."""

import json
import shutil
from pathlib import Path

import pytest

from littermate.errors import StageError
from littermate.model.balance import ColumnBalance, ExpectedBalance
from littermate.study import Study, open_study
from littermate.study.sealing import PREVIEW, drawn_from, open_key

OLD = Path(__file__).parent / "releases" / "0.1.0"


def test_looking_at_what_the_scheme_gives_leaves_no_trace(weighed_study: Study) -> None:
    before = weighed_study.database.entries()
    (weight, *_) = weighed_study.expect_balance()
    assert isinstance(weight, ExpectedBalance) and weight.column == "weight"
    assert weighed_study.database.entries() == before


def test_looking_at_a_draw_is_counted_and_keeps_nothing_of_it(weighed_study: Study) -> None:
    looks = [weighed_study.preview_balance(seed=seed)[0] for seed in (1, 2)]
    assert all(isinstance(one, ColumnBalance) and one.largest_difference for one in looks)
    entries = weighed_study.database.entries(PREVIEW)
    assert [entry.arguments for entry in entries] == ["{}", "{}"]
    assert weighed_study.stage == "planned" and not weighed_study.folder.key_path.exists()
    weighed_study.allocate(seed=2)
    assert weighed_study.balance[0] == looks[1]
    (allocated,) = weighed_study.database.entries("allocate")
    assert json.loads(allocated.arguments)["looks_before"] == 2
    assert "drawn-before-sealing" in {finding.id for finding in weighed_study.check()}
    with pytest.raises(StageError, match="not allocated yet"):
        weighed_study.preview_balance(seed=2)


def test_nothing_public_follows_from_the_weights_of_the_groups(weighed_study: Study) -> None:
    """Whoever guesses the seed could make the groups again, and tell by their balance that the guess is right."""
    weighed_study.allocate(seed=20260411)
    numbers = [f"{one.largest_difference:.3g}" for one in weighed_study.balance if one.largest_difference]
    assert numbers
    public = "".join(entry.arguments for entry in weighed_study.database.entries())
    assert not any(number in public for number in numbers)


def test_the_key_keeps_the_animals_of_that_day(weighed_study: Study) -> None:
    weighed_study.allocate(seed=1)
    then = weighed_study.animals
    text = weighed_study.folder.animals_path.read_text(encoding="utf-8")
    weighed_study.folder.animals_path.write_text(text.replace(",20,", ",21,"), encoding="utf-8")
    key = open_key(weighed_study)
    assert key.animals == then != weighed_study.animals
    assert key.design == weighed_study.protocol.design


def test_a_key_of_the_first_release_was_drawn_from_what_the_study_says(tmp_path: Path) -> None:
    shutil.copytree(OLD, tmp_path / "study")
    study = open_study(tmp_path / "study")
    assert study.allocation.design is None
    assert drawn_from(study) == (study.animals, study.protocol.design)
