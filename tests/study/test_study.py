"""A study walks through its stages in order, blind until it is unblinded, and nothing is half-written."""

import json
import shutil
import sqlite3
from pathlib import Path

import pandas as pd
import pytest

import littermate as lm
from littermate.errors import (
    AnalysisError,
    DataError,
    ProtocolError,
    SealError,
    StageError,
    StoreError,
    TableError,
    UsageError,
)
from littermate.model.plan import Plan
from littermate.study import Study, create_study, open_study

PASSPHRASE = "correct horse"


@pytest.fixture(scope="module")
def scored_template(filmed_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scored") / "ketamine-magnesium"
    shutil.copytree(filmed_template, folder)
    study = open_study(folder, passphrase=PASSPHRASE)
    for assay in ("forced swim", "open field"):
        study.add_recordings("recordings/", assay=assay)
        study.score(assay)
    study.quantify("BDNF", relative_to="beta-actin")
    study.read_plates()
    return folder


@pytest.fixture
def scored(scored_template: Path, tmp_path: Path) -> Study:
    folder = tmp_path / "ketamine-magnesium"
    shutil.copytree(scored_template, folder)
    return open_study(folder, passphrase=PASSPHRASE)


def test_it_reads_as_the_design_says(
    scored: Study, filmed_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The example of the README, word for word, on files of a study that is not allocated yet.

    The codes of a new allocation are new, so the simulated files are renamed to them first.
    """
    monkeypatch.chdir(scored.folder.root.parent)
    monkeypatch.setenv("LITTERMATE_PASSPHRASE", PASSPHRASE)
    study = lm.open_study("ketamine-magnesium")
    with pytest.raises(StageError, match="not allocated yet"):
        study.allocate(seed=20260411)
    study.add_recordings("recordings/", assay="forced swim")
    study.score("forced swim")
    study.quantify("BDNF", relative_to="beta-actin")
    study.check()
    study.lock()
    study.unblind(because="32 of 32 trials scored")
    analyses = study.fit()
    report = study.report()
    assert [analysis.df_error for analysis in analyses[:5]] == [4] * 5
    assert [analysis.df_error for analysis in analyses[5:]] == [3, 3]
    assert report.read_text(encoding="utf-8").count("<svg") >= 4


def test_every_outcome_is_measured_for_every_animal(scored: Study) -> None:
    measured = {(one.outcome, one.code) for one in scored.measurements if one.value is not None}
    assert measured == {(o.name, tag.code) for o in scored.protocol.outcomes for tag in scored.tags}


def test_scoring_again_scores_nothing(scored: Study) -> None:
    before = scored.database.entries()
    assert scored.score("forced swim") == ()
    assert scored.database.entries() == before


def test_unblinding_is_refused_before_the_lock_and_done_once(scored: Study) -> None:
    with pytest.raises(StageError, match="locked"):
        scored.unblind(because="curious")
    with pytest.raises(StageError, match="unblinded"):
        scored.fit()
    scored.lock()
    with pytest.raises(UsageError, match="reason"):
        scored.unblind(because=" ")
    scored.unblind(because="all scored")
    with pytest.raises(StageError):
        scored.unblind(because="again")
    last = scored.database.entries()[-1]
    assert last.what == "unblind"
    assert json.loads(last.arguments)["because"] == "all scored"


def test_nothing_changes_after_the_lock(scored: Study) -> None:
    scored.lock()
    code = scored.tags[0].code
    for step in (
        lambda: scored.score("forced swim"),
        lambda: scored.quantify("BDNF", relative_to="beta-actin"),
        lambda: scored.exclude(code, because="rescued"),
        lambda: scored.add_recordings("recordings", assay="open field"),
    ):
        with pytest.raises(StageError, match="after the lock"):
            step()


def test_the_seed_reproduces_the_groups(small_study: Study, filmed: Study) -> None:
    small_study.allocate(seed=20260411)
    first, second = (_open_all(study) for study in (small_study, filmed))
    assert first == second


def _open_all(study: Study) -> dict[str, tuple[str, ...]]:
    from littermate.study.sealing import open_key

    return {one.animal: one.cell for one in open_key(study).assignments}


def test_the_seed_is_not_in_the_journal_before_unblinding(filmed: Study) -> None:
    assert "20260411" not in "".join(entry.arguments for entry in filmed.database.entries())
    assert b"20260411" not in filmed.folder.key_path.read_bytes()


def test_the_bench_sheet_names_no_treatment(filmed: Study) -> None:
    sheet = (filmed.sheets / "injections.csv").read_text(encoding="utf-8").lower()
    assert all(tag.code.lower() in sheet or tag.animal.lower() in sheet for tag in filmed.tags)
    for word in ("ketamine", "magnesium", "saline"):
        assert word not in sheet


def test_a_wrong_passphrase_and_a_changed_seal_are_refused(scored: Study) -> None:
    scored.lock()
    with pytest.raises(SealError):
        open_study(scored.folder.root, passphrase="wrong").unblind(because="all scored")
    sealed = bytearray(scored.folder.key_path.read_bytes())
    place = sealed.rindex(b'"') - 10
    sealed[place] = ord("A") if sealed[place] != ord("A") else ord("B")
    scored.folder.key_path.write_bytes(bytes(sealed))
    with pytest.raises(SealError):
        scored.unblind(because="all scored")
    assert scored.stage == "locked"


def test_a_recording_cut_off_is_named_and_none_is_registered(filmed: Study) -> None:
    victim = sorted(filmed.folder.recordings.rglob("*.mp4"))[0]
    data = victim.read_bytes()
    victim.write_bytes(data[: len(data) // 2])
    with pytest.raises(DataError, match=victim.name):
        filmed.add_recordings("recordings", assay="forced swim")
    assert filmed.trials == ()


def test_a_recording_may_go_by_its_cage_card_id(filmed: Study) -> None:
    tag = filmed.tags[0]
    path = filmed.folder.recordings / "forced-swim" / f"{tag.code}.mp4"
    path.rename(path.with_name(f"2026-04-26 {tag.animal} fst.mp4"))
    trials = {trial.code: trial.recording for trial in filmed.add_recordings("recordings", assay="forced swim")}
    assert trials[tag.code].endswith(f"{tag.animal} fst.mp4")


def test_a_recording_without_a_known_code_is_named(filmed: Study) -> None:
    victim = sorted((filmed.folder.recordings / "forced-swim").glob("*.mp4"))[0]
    victim.rename(victim.with_name("mouse seven.mp4"))
    with pytest.raises(TableError, match=r"mouse seven\.mp4"):
        filmed.add_recordings("recordings", assay="forced swim")


def test_the_same_bytes_for_two_animals_are_refused(filmed: Study) -> None:
    first, second = sorted((filmed.folder.recordings / "forced-swim").glob("*.mp4"))[:2]
    shutil.copy(first, second)
    with pytest.raises(DataError, match="the same bytes"):
        filmed.add_recordings("recordings", assay="forced swim")


def test_seven_animals_do_not_make_four_groups(small_study: Study) -> None:
    rows = small_study.folder.animals_path.read_text(encoding="utf-8").splitlines()
    small_study.folder.animals_path.write_text("\n".join(rows[:8]) + "\n", encoding="utf-8")
    with pytest.raises(ProtocolError, match="7 animals"):
        small_study.allocate(seed=1)
    assert small_study.stage == "planned"
    assert not small_study.folder.key_path.exists()


def test_an_excluded_animal_leaves_its_analysis(scored: Study) -> None:
    code = scored.tags[0].code
    assert scored.exclude(scored.tags[0].animal, because="rescued", outcome="immobility").planned
    scored.lock()
    scored.unblind(because="all scored")
    by_outcome = {analysis.plan.outcome: analysis for analysis in scored.fit()}
    assert by_outcome["immobility"].n == 7
    assert by_outcome["lines crossed"].n == 8
    assert code not in {point.unit for point in by_outcome["immobility"].points}


def test_the_planned_analyses_are_exported_after_unblinding_and_no_earlier(scored: Study) -> None:
    scored.lock()
    with pytest.raises(StageError, match="unblinded"):
        scored.export("r")
    scored.unblind(because="all scored")
    data, script = scored.export("r")
    assert data == scored.folder.root / "export" / "r" / "data.csv"
    assert "lm(hippocampal_BDNF ~ membrane + magnesium" in script.read_text(encoding="utf-8")
    assert len(data.read_text(encoding="utf-8").splitlines()) == 1 + len(scored.tags)
    assert scored.database.entries()[-1].what == "export"


def test_a_plan_reaches_what_was_set_at_allocation_and_in_the_animals_table(scored: Study) -> None:
    scored.lock()
    scored.unblind(because="all scored")
    plan = Plan(outcome="immobility", factors=("ketamine",), blocks=("injection side",), covariates=("weight",))
    values = {one.code: one.value for one in scored.measurements if one.outcome == "immobility"}
    with pytest.raises(AnalysisError, match="a weight for the animals"):
        scored.fit_values(plan, values)
    table = pd.read_csv(scored.folder.animals_path, dtype=str)
    table.assign(weight_g=[f"{30 + 0.7 * row % 3}" for row in range(8)]).to_csv(scored.folder.animals_path, index=False)
    point = scored.fit_values(plan, values).points[0]
    tag = next(tag for tag in scored.tags if tag.code == point.unit)
    animal = next(animal for animal in scored.animals if animal.id == tag.animal)
    assert point.blocks == (("injection side", tag.level("injection side")),)
    assert point.covariates == (("weight", animal.weight_g),)


def test_tampering_with_the_journal_is_named(scored: Study) -> None:
    scored.verify()
    with sqlite3.connect(scored.folder.database_path) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE journal SET who = 'somebody else' WHERE number = 3")
    connection.close()
    with pytest.raises(StoreError, match="3"):
        open_study(scored.folder.root).verify()


def test_no_passphrase_means_one_is_made_and_kept_outside(small_study: Study) -> None:
    study = open_study(small_study.folder.root)
    study.allocate()
    assert study.kept_passphrase is not None
    assert not study.kept_passphrase.is_relative_to(study.folder.root)
    assert _open_all(open_study(study.folder.root))


def test_effects_are_planted_only_into_a_study_without_files(scored: Study) -> None:
    with pytest.raises(StageError, match="without any file"):
        scored.cells_for_simulation()


def test_faults_of_both_files_are_told_together(tmp_path: Path) -> None:
    root = create_study(tmp_path / "pilot").folder
    lines = root.animals_path.read_text(encoding="utf-8").splitlines()
    root.animals_path.write_text("\n".join([*lines, lines[1]]), encoding="utf-8")
    protocol = root.protocol_path.read_text(encoding="utf-8")
    root.protocol_path.write_text(protocol.replace('kind = "forced swim"', 'kind = "forced swimming"'))
    with pytest.raises(ProtocolError) as fault:
        open_study(root.root)
    assert {complaint.where.split(",")[0] for complaint in fault.value.complaints} == {"study.toml", "animals.csv"}


def test_settings_of_an_assay_are_known_to_it(tmp_path: Path) -> None:
    path = create_study(tmp_path / "pilot").folder.protocol_path
    text = path.read_text(encoding="utf-8")
    hung = text.replace('kind = "forced swim"', 'kind = "tail suspension"\nsettings = { immobile_below = 0.04 }')
    path.write_text(hung, encoding="utf-8")
    assert open_study(path.parent).protocol.assays[0].settings == (("immobile_below", 0.04),)
    path.write_text(hung.replace("immobile_below", "imobile"), encoding="utf-8")
    with pytest.raises(ProtocolError, match="a rule of tail suspension"):
        open_study(path.parent)


def test_a_seal_that_is_gone_is_said(filmed: Study) -> None:
    filmed.folder.key_path.unlink()
    with pytest.raises(SealError, match="put it back"):
        filmed.vial_key()


def test_a_database_that_is_gone_is_not_made_anew(filmed: Study) -> None:
    sealed = filmed.folder.key_path.read_bytes()
    filmed.folder.database_path.unlink()
    with pytest.raises(StoreError, match="no database beside"):
        open_study(filmed.folder.root)
    assert filmed.folder.key_path.read_bytes() == sealed
