"""Planned table: the values of one outcome with all that its plan explains them by, one row an animal.

Factors come from the opened key, blocks and random groups from where they were set: the animal's row (the cage), the
measurement (the membrane its sample was run on), else what was spread evenly at allocation (the injection side).
"""

from __future__ import annotations

from collections.abc import Mapping

from littermate.errors import AnalysisError, Complaint
from littermate.model.animal import Animal
from littermate.model.plan import Plan
from littermate.planning.strata import COLUMNS, value_of
from littermate.stats.table import Table
from littermate.study.record import StudyRecord

__all__ = ["planned_table", "reference_levels"]


def planned_table(
    study: StudyRecord, plan: Plan, values: Mapping[str, float | None], measured_on: Mapping[str, str]
) -> Table:
    """Return the table of a plan.

    Parameters
    ----------
    values
        Of each code.
    measured_on
        Each code's level of the block in which it was measured; empty where there is none.

    Raises
    ------
    StageError
        If the study is still blind.
    AnalysisError
        If an animal has no level of a block, or none has a covariate.
    """
    allocation = study.allocation
    animals = _animals_by_code(study)
    cells = {code: allocation.cell_of(animals[code].id) for code in values}
    factors = {name: [cells[code][allocation.factors.index(name)] for code in values] for name in plan.factors}
    spread = {tag.code: dict(tag.balanced) for tag in study.tags}
    for name in (*plan.blocks, *plan.random):
        factors[name] = [
            value_of(animals[code], name)
            if name in COLUMNS
            else measured_on.get(code, "") or spread[code].get(name, "")
            for code in values
        ]
    covariates = {name: [animals[code].weight_g for code in values] for name in plan.covariates}
    _require_known(plan, tuple(values), factors, covariates)
    return Table(
        outcome=plan.outcome,
        units=tuple(values),
        values=tuple(values.values()),
        factors=factors,
        covariates=covariates,
    )


def reference_levels(study: StudyRecord, plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the levels of each factor of a plan in the design's order, the control first."""
    return {factor.name: factor.levels for factor in study.protocol.design.factors if factor.name in plan.factors}


def _animals_by_code(study: StudyRecord) -> dict[str, Animal]:
    by_id = {animal.id: animal for animal in study.animals}
    return {tag.code: by_id[tag.animal] for tag in study.tags}


def _require_known(
    plan: Plan,
    codes: tuple[str, ...],
    factors: Mapping[str, list[str]],
    covariates: Mapping[str, list[float | None]],
) -> None:
    complaints = [
        Complaint(
            expected=f"a {name} for every animal of {plan.outcome}",
            found=f"none for {', '.join(code for code, level in zip(codes, factors[name], strict=True) if not level)}",
            do=f"fill {name} in where it is noted (animals.csv, lanes.csv), or leave it out of the plan",
        )
        for name in (*plan.blocks, *plan.random)
        if not all(factors[name])
    ]
    complaints += [
        Complaint(
            expected=f"a {name} for the animals of {plan.outcome}",
            found="none at all",
            do=f"fill it in in animals.csv (weight_g), or leave {name} out of the plan",
        )
        for name, numbers in covariates.items()
        if all(number is None for number in numbers)
    ]
    if complaints:
        raise AnalysisError.of(complaints)
