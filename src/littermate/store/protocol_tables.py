"""The tables of study.toml, as pydantic reads them: which keys there are and what each may hold.

One class a table. `record()` gives the frozen record of `model`; where a table is sound by itself but the record
refuses it, the record's own `ProtocolError` is raised. What several tables say together is checked in
`protocol_checks`. pydantic is used here, and in no other place of the store.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from littermate.errors import LittermateError, ProtocolError, UsageError
from littermate.model.bout import Behaviour
from littermate.model.design import Balance, Design, Factor, Scheme
from littermate.model.earlier_studies import LiteraturePlan
from littermate.model.outcome import Outcome
from littermate.model.plan import Family, Plan
from littermate.model.protocol import AssayPlan, BlotPlan, ExclusionRule, PlatePlan, Step
from littermate.model.treatment import Dose, Treatment
from littermate.units import parse_dose, parse_quantity

__all__ = [
    "SAYS_FAULT",
    "TO_BE_FILLED_IN",
    "AssayTable",
    "BalanceTable",
    "BehaviourTable",
    "BlotTable",
    "DesignTable",
    "ExclusionTable",
    "FactorTable",
    "FamilyTable",
    "HeadTable",
    "LiteratureTable",
    "OutcomeTable",
    "PlanTable",
    "PlateTable",
    "RecordTable",
    "StepTable",
    "Table",
    "TreatmentTable",
]

TO_BE_FILLED_IN = "to be filled in"
SAYS_FAULT = "littermate"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Adjustment = Literal["none", "bonferroni", "holm", "sidak", "holm-sidak", "hochberg", "hommel", "fdr", "by"]
Texts = Annotated[list[Text], Field(min_length=1)]


def _said(error: LittermateError) -> PydanticCustomError:
    """Turn the package's own complaint into one that pydantic carries."""
    first = error.complaints[0]
    context = {"expected": first.expected, "found": first.found, "do": first.do}
    return PydanticCustomError(SAYS_FAULT, "{expected}", context)


def _quantity(unit: str) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise _said(UsageError(expected=f"a quantity such as '1 {unit}'", found=repr(value), do="write it so"))
        try:
            return parse_quantity(value, unit)
        except UsageError as error:
            raise _said(error) from error

    return read


def _share(value: Any) -> Any:
    """Read a share: a number below 1, or a percentage as text."""
    if not isinstance(value, str):
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    try:
        return parse_quantity(value.replace("%", " percent"), "percent") / 100
    except UsageError as error:
        raise _said(
            UsageError(expected="a share such as 0.1 or '10 %'", found=repr(value), do="write it so")
        ) from error


def _dose(value: Any) -> Any:
    if isinstance(value, str) and value != TO_BE_FILLED_IN:
        try:
            parse_dose(value)
        except UsageError as error:
            fault = error.complaints[0]
            do = f"{fault.do}, or '{TO_BE_FILLED_IN}'; leave the line out for a vehicle"
            raise _said(UsageError(expected=fault.expected, found=fault.found, do=do)) from error
    return value


def _check_levels(levels: list[str]) -> None:
    if len(set(levels)) != len(levels):
        raise ProtocolError(
            expected="two or more different levels",
            found=", ".join(levels),
            do="list each level once, the control first",
            where="levels",
        )


Duration = Annotated[float, BeforeValidator(_quantity("s")), Field(ge=0)]
Microlitres = Annotated[float, BeforeValidator(_quantity("uL")), Field(gt=0)]
ProteinMass = Annotated[float, BeforeValidator(_quantity("ug")), Field(gt=0)]
Share = Annotated[float, BeforeValidator(_share), Field(ge=0, lt=1)]
Length = Annotated[float, BeforeValidator(_quantity("cm")), Field(gt=0)]
Millilitres = Annotated[float, BeforeValidator(_quantity("mL")), Field(gt=0)]
VolumePerWeight = Annotated[float, BeforeValidator(_quantity("mL/kg")), Field(gt=0)]
Concentration = Annotated[float, BeforeValidator(_quantity("mg/mL")), Field(gt=0)]
DoseText = Annotated[str, BeforeValidator(_dose)]


class Table(BaseModel):
    """A table whose keys are all known, with values of exactly the kind that is asked for."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class RecordTable(Table):
    """A table that is one record of `model`."""

    def record(self) -> Any:
        """Return the record."""
        raise NotImplementedError


class HeadTable(Table):
    """The keys above the first table, and the facts."""

    format: Literal[1]
    name: Text
    title: Text
    question: Text
    database: str = ""
    facts: dict[str, Text] = {}


class FactorTable(RecordTable):
    """One factor; the first level is the control."""

    name: Text
    levels: Annotated[list[Text], Field(min_length=2)]
    given_to: Literal["animal", "cage"] = "animal"

    def record(self) -> Factor:
        """Return the factor."""
        _check_levels(self.levels)
        return Factor(name=self.name, levels=tuple(self.levels), given_to=self.given_to)


class BalanceTable(RecordTable):
    """Something spread evenly over the groups."""

    name: Text
    levels: Annotated[list[Text], Field(min_length=2)]

    def record(self) -> Balance:
        """Return the balance."""
        _check_levels(self.levels)
        return Balance(name=self.name, levels=tuple(self.levels))


class DesignTable(Table):
    """The design without its factors and balances, which are tables of their own."""

    per_group: Annotated[int, Field(ge=1)]
    stages: Texts
    unit: Text = "animal"
    animals: Annotated[int, Field(ge=1)] | None = None
    block: Literal["", "cage", "sex", "strain", "birth"] = ""
    scheme: Literal["complete", "stratified", "minimised"] = "complete"
    by: list[Literal["weight", "cage", "sex", "strain", "birth"]] = []
    weight_classes: Annotated[int, Field(ge=2)] = 3
    probability: Annotated[float, Field(ge=0.5, lt=1)] = 0.8
    weight_limit: Annotated[float, Field(gt=0)] | None = None

    def record(self, factors: tuple[Factor, ...], balances: tuple[Balance, ...]) -> Design:
        """Return the design of these factors and balances."""
        return Design(
            factors=factors,
            per_group=self.per_group,
            stages=tuple(self.stages),
            block=self.block,
            balances=balances,
            unit=self.unit,
            scheme=self._scheme(),
        )

    def _scheme(self) -> Scheme:
        """Return the scheme; a number that belongs to another one is refused."""
        used = {
            "weight_classes": self.scheme == "stratified" and "weight" in self.by,
            "probability": self.scheme == "minimised",
        }
        if idle := [name for name in used if name in self.model_fields_set and not used[name]]:
            raise ProtocolError(
                expected=f"{idle[0]} only where it is used: weights in strata have classes, minimising a probability",
                found=f"scheme = {self.scheme}, by = {', '.join(self.by) or 'none'}",
                do="take the line out, or correct the scheme",
                where=idle[0],
            )
        return Scheme(
            kind=self.scheme,
            by=tuple(self.by),
            weight_classes=self.weight_classes,
            probability=self.probability,
            weight_limit=self.weight_limit,
        )


class TreatmentTable(RecordTable):
    """What the animals of one level of one factor receive."""

    factor: Text
    level: Text
    substance: Text
    dose: DoseText | None = None
    route: str = ""
    volume: VolumePerWeight | None = None
    concentration: Concentration | None = None
    salt_factor: Annotated[float, Field(gt=0)] = 1.0

    def record(self) -> Treatment:
        """Return the treatment; a dose that is to be filled in is `None` and needed."""
        return Treatment(
            factor=self.factor,
            level=self.level,
            substance=self.substance,
            dose=None if self.dose in (None, TO_BE_FILLED_IN) else _read_dose(self.dose),
            needs_dose=self.dose is not None,
            route=self.route,
            volume_ml_kg=self.volume,
            concentration_mg_ml=self.concentration,
            salt_factor=self.salt_factor,
        )


def _read_dose(text: str) -> Dose:
    """Return a dose, in mg/kg too where it is a mass per body weight."""
    size, unit = parse_dose(text)
    try:
        mg_per_kg = size * parse_quantity(f"1 {unit}", "mg/kg")
    except UsageError:
        mg_per_kg = None
    return Dose(size=size, unit=unit, mg_per_kg=mg_per_kg)


class StepTable(RecordTable):
    """One step of the schedule."""

    name: Text
    treats: str = ""
    assay: str = ""
    after: str = ""
    delay: Duration = 0.0
    repeat: Annotated[int, Field(ge=1)] = 1
    every: Duration = 0.0
    apart: Duration = 0.0
    within: Annotated[Duration, Field(gt=0)] = 3600.0
    syringe: Millilitres = 0.01

    def record(self) -> Step:
        """Return the step."""
        if self.repeat > 1 and not self.every > 0:
            raise ProtocolError(
                expected=f"the time between {self.repeat} repeats",
                found="none",
                do="add every = '24 h', for example",
                where="repeat",
            )
        return Step(
            name=self.name,
            treats=self.treats,
            assay=self.assay,
            after=self.after,
            delay_s=self.delay,
            repeat=self.repeat,
            every_s=self.every,
            apart_s=self.apart,
            within_s=self.within,
            mark_ml=self.syringe,
        )


class BehaviourTable(RecordTable):
    """One behaviour that a person scores."""

    name: Text
    key: Text
    definition: str = ""

    def record(self) -> Behaviour:
        """Return the behaviour."""
        return Behaviour(name=self.name, key=self.key, definition=self.definition)


class AssayTable(RecordTable):
    """One behavioural assay."""

    name: Text
    kind: Text
    duration: Annotated[Duration, Field(gt=0)]
    window: Annotated[list[Duration], Field(min_length=2, max_length=2)] | None = None
    size: Length | None = None
    grid: Annotated[int, Field(ge=2)] = 6
    settings: dict[str, bool | int | float | str] = {}
    behaviour: list[BehaviourTable] = []

    def record(self) -> AssayPlan:
        """Return the assay; without a window all of it is scored."""
        start_s, stop_s = self.window or (0.0, self.duration)
        if not start_s < stop_s <= self.duration:
            raise ProtocolError(
                expected=f"a window [start, stop] that ends by {self.duration:g} s",
                found=f"{start_s:g} s to {stop_s:g} s",
                do="give start before stop, both within the duration",
                where="window",
            )
        if self.kind == "open field" and self.size is None:
            raise ProtocolError(
                expected="the inner side of the floor", found="no size", do="add size = '48 cm', for example"
            )
        return AssayPlan(
            name=self.name,
            kind=self.kind,
            duration_s=self.duration,
            window_s=(start_s, stop_s),
            size_cm=self.size,
            grid=self.grid,
            settings=tuple(sorted(self.settings.items())),
            behaviours=tuple(one.record() for one in self.behaviour),
        )


class BlotTable(RecordTable):
    """One blot target and its loading control."""

    target: Text
    relative_to: Text
    regions: Texts

    def record(self) -> BlotPlan:
        """Return the blot plan."""
        return BlotPlan(target=self.target, relative_to=self.relative_to, regions=tuple(self.regions))


class PlateTable(RecordTable):
    """One plate assay."""

    kind: Literal["bca", "elisa"]
    unit: Text
    regions: Texts
    spike: str | float | None = None
    spike_volume: Share | None = None
    curve: Literal["linear", "quadratic", "4pl", "5pl"] | None = None
    weights: Literal["none", "1/y", "1/y2"] | None = None
    fit_to: Literal["wells", "means", "counted means"] | None = None
    blank: Literal["subtract", "none"] | None = None
    interval: Literal["delta", "profile"] | None = None
    dilutions: Literal["mean", "least diluted"] | None = None
    normalise: Annotated[list[Literal["tissue", "protein"]], Field(min_length=1)] | None = None
    load: ProteinMass | None = None
    volume: Microlitres | None = None
    well: Microlitres | None = None
    dye: Annotated[float, BeforeValidator(_quantity("uL")), Field(ge=0)] | None = None

    def record(self) -> PlatePlan:
        """Return the plate plan, the spike in its unit."""
        self._check_belongs()
        lanes = {"load_ug": self.load, "volume_ul": self.volume, "well_ul": self.well, "dye_ul": self.dye}
        return PlatePlan(
            kind=self.kind,
            unit=self.unit,
            regions=tuple(self.regions),
            spike=self._spike(),
            settings=self._settings(),
            normalise=tuple(self.normalise or ()),
            **{name: amount for name, amount in lanes.items() if amount is not None},
        )

    def _settings(self) -> tuple[tuple[str, str | float], ...]:
        rules: dict[str, str | float | None] = {
            "curve": self.curve,
            "weights": self.weights,
            "fit_to": self.fit_to,
            "blank": self.blank,
            "ci_method": self.interval,
            "dilutions": self.dilutions,
            "spike_volume_fraction": self.spike_volume,
        }
        return tuple((name, value) for name, value in rules.items() if value is not None)

    def _check_belongs(self) -> None:
        """Refuse what only the other kind of assay has, and lanes that cannot be."""
        of_gel = ("load", "volume", "well", "dye")
        wrong = ("normalise",) if self.kind == "bca" else of_gel
        if found := [name for name in wrong if getattr(self, name) is not None]:
            raise ProtocolError(
                expected=f"{', '.join(found)} only for kind {'elisa' if self.kind == 'bca' else 'bca'}",
                found=self.kind,
                do="move the line to the other plate",
                where=found[0],
            )
        if self.dye is not None and self.volume is not None and self.dye >= self.volume:
            raise ProtocolError(
                expected="less loading buffer than the lane's volume",
                found=f"{self.dye:g} uL",
                do="correct it",
                where="dye",
            )

    def _spike(self) -> float | None:
        if self.spike is None:
            return None
        try:
            spike = parse_quantity(self.spike, self.unit)
        except UsageError:
            spike = 0.0
        if spike > 0:
            return spike
        raise ProtocolError(
            expected=f"a spike above zero such as '250 {self.unit}'",
            found=repr(self.spike),
            do="correct it, or leave the line out where nothing is added",
            where="spike",
        )


class OutcomeTable(RecordTable):
    """One outcome."""

    name: Text
    assay: Text
    measure: Text
    unit: Text
    region: str = ""
    primary: bool = False
    smallest_effect: Annotated[float, Field(gt=0)] | None = None
    scored_by: Literal["program", "person"] = "program"

    def record(self) -> Outcome:
        """Return the outcome."""
        return Outcome(**self.model_dump())


class ExclusionTable(RecordTable):
    """One rule of exclusion."""

    name: Text
    rule: Text

    def record(self) -> ExclusionRule:
        """Return the rule."""
        return ExclusionRule(name=self.name, rule=self.rule)


class PlanTable(RecordTable):
    """The planned analysis of one outcome."""

    outcome: Text
    factors: Texts
    blocks: list[Text] = []
    type: Literal[1, 2, 3] = 3
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.05
    covariates: list[Literal["weight"]] = []
    random: list[Text] = []
    contrasts: list[Text] = []
    compare: Literal["", "pairs", "control"] = ""
    adjust: Adjustment | Literal["", "tukey", "dunnett", "scheffe"] = ""
    scale: Literal["", "log", "sqrt"] = ""
    outliers: Literal["", "grubbs", "rout", "mad"] = ""
    family: str = ""

    def record(self) -> Plan:
        """Return the plan."""
        return Plan(
            outcome=self.outcome,
            factors=tuple(self.factors),
            blocks=tuple(self.blocks),
            type=self.type,
            alpha=self.alpha,
            covariates=tuple(self.covariates),
            random=tuple(self.random),
            contrasts=tuple(self.contrasts),
            compare=self.compare,
            adjust=self.adjust,
            scale=self.scale,
            outliers=self.outliers,
            family=self.family,
        )


class FamilyTable(RecordTable):
    """Outcomes that answer one question together."""

    name: Text
    adjust: Adjustment = "holm"

    def record(self) -> Family:
        """Return the family."""
        return Family(name=self.name, adjust=self.adjust)


class LiteratureTable(RecordTable):
    """An effect of this study that is placed among those of earlier ones."""

    outcome: Text
    factor: Text
    level: Text
    direction: Literal["", "higher is worse", "higher is better"] = ""
    table: Text = "literature.csv"

    def record(self) -> LiteraturePlan:
        """Return the plan."""
        return LiteraturePlan(**self.model_dump())
