"""What a reader must know of a meta-analysis; effects of one study combined."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from littermate.errors import AnalysisError, UsageError
from littermate.literature.clusters import aggregate
from littermate.literature.effect_table import EffectTable, read_effects
from littermate.literature.pooling import Pooling
from littermate.literature.synthesis import Asked, findings_of, synthesise
from littermate.model.study_effect import StudyEffect

Rows = Callable[..., pd.DataFrame]


def ids(table: EffectTable, **asked: Any) -> list[str]:
    return [one.id for one in findings_of(synthesise(table, Asked(**asked)))]


def test_effects_of_one_study_are_combined_as_metafor_does(
    metafor: dict[str, Any], read: Callable[..., EffectTable]
) -> None:
    found = {one.cluster.rpartition(" ")[0]: one for one in aggregate(read("preclinical", "SMD").effects, 0.5)}
    said = metafor["aggregate"]
    assert list(found) == list(dict.fromkeys(said["study"]))
    assert [found[name].yi for name in said["study"]] == pytest.approx(said["yi"], rel=1e-9)
    assert [found[name].vi for name in said["study"]] == pytest.approx(said["vi"], rel=1e-9)
    assert dict(found["Lab 14"].columns)["dose"] == ""


def test_a_correlation_that_cannot_be_is_refused() -> None:
    three = [StudyEffect(study=name, cluster="A", yi=0.1, vi=0.1) for name in "abc"]
    with pytest.raises(UsageError, match="between -1 and 1"):
        aggregate(three, 1.5)
    with pytest.raises(AnalysisError, match="choose a larger one"):
        aggregate(three, -0.6)


def test_several_effects_of_a_study_are_said_until_they_are_combined(read: Callable[..., EffectTable]) -> None:
    assert "meta-not-independent" in ids(read("preclinical", "SMD"))
    assert "meta-not-independent" not in ids(read("preclinical", "SMD"), correlation=0.5)


@pytest.mark.parametrize(
    ("lines", "asked", "expected"),
    [
        (("A,1,0.1",), {}, ["meta-one-study"]),
        (("A,1,0.1", "B,2,0.2"), {}, ["meta-few-studies"]),
        (("A,1,0.1", "B,1,0.2", "C,1,0.3"), {}, ["meta-few-studies", "meta-too-alike"]),
        (("A,1,0.1", "B,1.1,0.2", "C,1,0.3"), {"how": Pooling(test="knha")},
         ["meta-few-studies", "meta-too-alike", "meta-knha-narrow"]),
        (("A,1,0.1", "B,NA,0.2", "C,1,0"), {}, ["meta-left-out", "meta-left-out", "meta-one-study"]),
        (("A,1,0.1", "B,2,0.2", "C,4,0.1"), {"moderators": ("yi",)}, ["meta-few-studies", "meta-few-for-regression"]),
    ],
)  # fmt: skip
def test_what_a_reader_must_know(
    lines: tuple[str, ...], asked: dict[str, Any], expected: list[str], rows: Rows
) -> None:
    assert ids(read_effects(rows("study,yi,vi", *lines)), **asked) == expected


def test_a_table_with_sems_for_all_sds_is_doubted(rows: Rows) -> None:
    lines = [f"S{row},9,{120 + row},9,9,150,9" for row in range(5)]
    table = read_effects(rows("study,n1,mean1,sd1,n2,mean2,sd2", *lines))
    assert "meta-large" in ids(table)
