"""Subgroups and meta-regressions are those of R metafor; what cannot be told is refused or named."""

from collections.abc import Callable
from typing import Any

import pytest

from littermate.errors import AnalysisError, TableError
from littermate.literature.between import METHODS
from littermate.literature.effect_table import EffectTable
from littermate.literature.moderators import by_subgroup, regress
from littermate.literature.pooling import Pooling
from littermate.model.study_effect import StudyEffect

NEAR = 1e-8
MODELS = {
    ("bcg", "RR"): {"ablat": ["ablat"], "alloc": ["alloc"], "both": ["alloc", "ablat"]},
    ("preclinical", "SMD"): {"dose": ["dose"], "both": ["species", "dose"]},
}


@pytest.mark.parametrize("data", MODELS, ids=lambda data: data[0])
def test_meta_regressions(data: tuple[str, str], metafor: dict[str, Any], read: Callable[..., EffectTable]) -> None:
    effects = read(*data).effects
    for name, columns in MODELS[data].items():
        for method in METHODS:
            said = metafor[f"regression_{data[0]}"][name][method]
            for test in ("z", "knha") if method in ("REML", "DL") else ("z",):
                found, theirs = regress(effects, columns, Pooling(method=method, test=test)), said[test]
                assert [one.estimate for one in found.coefficients] == pytest.approx(theirs["beta"], rel=NEAR)
                assert [one.se for one in found.coefficients] == pytest.approx(theirs["se"], rel=NEAR)
                assert [one.p for one in found.coefficients] == pytest.approx(theirs["p"], rel=NEAR)
                assert [found.qm, found.qm_p, found.heterogeneity.tau2] == pytest.approx(
                    [theirs["qm"], theirs["qm_p"], theirs["tau2"]], rel=NEAR
                )
                if test == "z" and theirs.get("r2") is not None:
                    assert found.r2 == pytest.approx(theirs["r2"], rel=NEAR)


@pytest.mark.parametrize(("data", "column"), [(("bcg", "RR"), "alloc"), (("preclinical", "SMD"), "species")])
def test_subgroups(
    data: tuple[str, str], column: str, metafor: dict[str, Any], read: Callable[..., EffectTable]
) -> None:
    found, said = by_subgroup(read(*data).effects, column, Pooling()), metafor["subgroups"][column]
    assert [group.level for group in found.groups] == said["levels"]
    assert [group.pooled.estimate for group in found.groups] == pytest.approx(said["beta"], rel=NEAR)
    assert [group.pooled.se for group in found.groups] == pytest.approx(said["se"], rel=NEAR)
    assert [found.q, found.p, found.q_common, found.p_common] == pytest.approx(
        [said["q"], said["p"], said["qm"], said["qm_p"]], rel=NEAR
    )


def some(*levels: str) -> list[StudyEffect]:
    return [
        StudyEffect(study=f"s{row}", cluster=f"s{row}", yi=0.1 * row, vi=0.1, columns=(("strain", level),))
        for row, level in enumerate(levels)
    ]


def test_studies_that_do_not_say_are_named() -> None:
    effects = some("a", "a", "n/a", "b", "b")
    assert by_subgroup(effects, "strain", Pooling()).unknown == ("s2",)
    found = regress(effects, ["strain"], Pooling())
    assert (found.k, found.unknown) == (4, ("s2",))
    assert [one.name for one in found.coefficients] == ["intercept", "strain: b"]


def test_one_level_is_not_compared() -> None:
    found = by_subgroup(some("a", "a", "a"), "strain", Pooling())
    assert (found.q, found.p, found.q_common, found.df) == (None, None, None, 0)


def test_levels_of_one_study_each_share_no_variance() -> None:
    found = by_subgroup(some("a", "b", "c"), "strain", Pooling())
    assert found.q is not None and found.q_common is None


def test_a_column_that_is_not_there() -> None:
    with pytest.raises(TableError, match="one of the columns strain"):
        regress(some("a", "b"), ["dose"], Pooling())


def test_a_moderator_that_does_not_vary() -> None:
    with pytest.raises(AnalysisError, match="differ among them"):
        regress(some("3", "3", "3"), ["strain"], Pooling())
