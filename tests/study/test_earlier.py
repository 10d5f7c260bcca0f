"""This study's effect among earlier ones: its g, its variance, its sign, and where it has none."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from littermate.errors import TableError
from littermate.files import sha256_of
from littermate.model.analysis import Analysis
from littermate.model.earlier_studies import EarlierStudies, LiteraturePlan
from littermate.model.plan import Plan
from littermate.report.earlier import earlier_sentences
from littermate.simulate.literature import write_literature
from littermate.stats.table import Table
from littermate.stats.whole import analyse
from littermate.study.earlier import OWN, earlier_studies, noticed_in_literature

PLAN = LiteraturePlan(outcome="immobility", factor="ketamine", level="ketamine")


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    values = [150, 160, 140, 155, 145, 120, 130, 110, 125, 115]
    table = Table(
        outcome="immobility",
        values=[float(value) for value in values],
        factors={"ketamine": ["saline"] * 5 + ["ketamine"] * 5},
        units=[f"K{row}" for row in range(10)],
    )
    plan = Plan(outcome="immobility", factors=("ketamine",))
    return analyse(table, plan, reference_levels={"ketamine": ("saline", "ketamine")})


def study_in(folder: Path, *plans: LiteraturePlan) -> SimpleNamespace:
    return SimpleNamespace(protocol=SimpleNamespace(literature=plans), folder=SimpleNamespace(root=folder))


def placed(folder: Path, analysis: Analysis, plan: LiteraturePlan = PLAN) -> EarlierStudies:
    (found,) = earlier_studies(study_in(folder, plan), [analysis])
    return found


def test_it_is_pooled_with_and_without(tmp_path: Path, analysis: Analysis) -> None:
    path = write_literature(tmp_path / "literature.csv", 6)
    found = placed(tmp_path, analysis)
    (difference,) = analysis.differences
    assert found.own.yi == difference.hedges_g < 0
    assert found.own.vi == pytest.approx(2 / 5 + difference.hedges_g**2 / 20)
    assert (found.alone.pooled.k, found.together.pooled.k) == (6, 7)
    assert found.together.effects[-1].study == OWN and found.sha256 == sha256_of(path)
    assert "outside the prediction interval of the earlier studies" in " ".join(earlier_sentences(found))


def test_where_the_other_direction_is_better_the_sign_is_turned(tmp_path: Path, analysis: Analysis) -> None:
    write_literature(tmp_path / "literature.csv", 3)
    alike, other = (
        placed(tmp_path, analysis, replace(PLAN, direction=f"higher is {word}")) for word in ("worse", "better")
    )
    assert other.own.yi == -alike.own.yi and "sign turned" in other.own.flags[0]


def test_an_effect_on_another_scale_is_not_placed(tmp_path: Path, analysis: Analysis) -> None:
    write_literature(tmp_path / "literature.csv", 3)
    found = placed(tmp_path, replace(analysis, plan=replace(analysis.plan, scale="log")))
    assert found.own is None and found.together is None
    assert list(earlier_sentences(found))[-1].startswith("This study is not placed among them: it is analysed on the")
    nothing = placed(tmp_path, analysis, replace(PLAN, level="high"))
    assert "no difference of high" in nothing.reason


def test_a_table_that_is_not_there(tmp_path: Path, analysis: Analysis) -> None:
    with pytest.raises(TableError, match="no such file"):
        placed(tmp_path, analysis)


def test_a_table_that_cannot_be_read_is_noticed_before_the_report(tmp_path: Path) -> None:
    study = study_in(tmp_path, PLAN, replace(PLAN, outcome="lines crossed"))
    (gone,) = noticed_in_literature(study)
    assert (gone.id, gone.about) == ("earlier-studies", "literature.csv") and "found no such file" in gone.message
    write_literature(tmp_path / "literature.csv", 6)
    assert noticed_in_literature(study) == ()
    (tmp_path / "literature.csv").write_text("study,colour\nA,red\n", encoding="utf-8")
    assert noticed_in_literature(study)[0].message.startswith("expected ")


def test_one_earlier_study_predicts_nothing(tmp_path: Path, analysis: Analysis) -> None:
    write_literature(tmp_path / "literature.csv", 1)
    words = " ".join(earlier_sentences(placed(tmp_path, analysis)))
    assert "1 effect of earlier studies pools to" in words
    assert "prediction" not in words and "Between them" not in words
