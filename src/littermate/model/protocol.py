"""Protocol: study.toml as one frozen record: what will be done to whom, what is measured, and how it is analysed.

It knows the groups, so nothing that scores may reach it; `study` hands each workshop its own options.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.bout import Behaviour
from littermate.model.design import Design
from littermate.model.earlier_studies import LiteraturePlan
from littermate.model.outcome import Outcome
from littermate.model.plan import Family, Plan
from littermate.model.species import Species, species_named
from littermate.model.treatment import Treatment

__all__ = ["AssayPlan", "BlotPlan", "ExclusionRule", "PlatePlan", "Protocol", "Step"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the schedule.

    Parameters
    ----------
    name
        ``"magnesium injections"``, ``"forced swim"``.
    treats
        Factor whose treatment is given, or ``""``.
    assay
        Assay that is run, or ``""``.
    after
        Name of the step that this one follows (its last repeat), or ``""`` for the study's start.
    delay_s
        Time between the two.
    repeat, every_s
        How many times, and the time from one to the next.
    apart_s
        How much later each animal's turn is than that of the animal before it, by their ids.
    within_s
        How much earlier or later than planned is not yet a deviation.
    mark_ml
        Distance of the marks on the syringe a treatment is given with.
    """

    name: str
    treats: str = ""
    assay: str = ""
    after: str = ""
    delay_s: float = 0.0
    repeat: int = 1
    every_s: float = 0.0
    apart_s: float = 0.0
    within_s: float = 3600.0
    mark_ml: float = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class AssayPlan:
    """One behavioural assay.

    `kind` is the assay (``"forced swim"``, ``"open field"``, ...); `window_s` the scored part on the trial clock;
    `size_cm` the inner side of a square floor or the size of the apparatus, and `grid` the cells along a floor;
    `settings` are rules of the assay that differ from its own, as (name, value) pairs; `behaviours` are those that a
    person scores, empty for the assay's own.
    """

    name: str
    kind: str
    duration_s: float
    window_s: tuple[float, float]
    size_cm: float | None = None
    grid: int = 6
    settings: tuple[tuple[str, bool | int | float | str], ...] = ()
    behaviours: tuple[Behaviour, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BlotPlan:
    """One Western-blot target, its loading control, and the regions it is measured in."""

    target: str
    relative_to: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatePlan:
    """One plate assay.

    Parameters
    ----------
    kind, unit, regions
        ``"bca"`` or ``"elisa"``, the unit of its standards, and where the samples are from.
    spike
        What is added to a spiked half; `None` without a spike.
    settings
        Rules of the plate that differ from the kind's own, as (name, value) pairs.
    normalise
        What an ELISA is also given relative to: of ``"tissue"`` and ``"protein"``.
    load_ug, volume_ul, well_ul, dye_ul
        Of a protein assay's loading table: protein and volume of every lane, what a well holds, and how much of the
        volume is loading buffer.
    """

    kind: str
    unit: str
    regions: tuple[str, ...]
    spike: float | None = None
    settings: tuple[tuple[str, str | float], ...] = ()
    normalise: tuple[str, ...] = ()
    load_ug: float = 30.0
    volume_ul: float = 30.0
    well_ul: float = 30.0
    dye_ul: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionRule:
    """A rule, stated beforehand, by which animals may be left out."""

    name: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """The whole protocol. `facts` are (heading, text) pairs for the report: species, housing, apparatus."""

    name: str
    title: str
    question: str
    design: Design
    treatments: tuple[Treatment, ...]
    schedule: tuple[Step, ...]
    assays: tuple[AssayPlan, ...]
    blots: tuple[BlotPlan, ...]
    plates: tuple[PlatePlan, ...]
    outcomes: tuple[Outcome, ...]
    exclusion_rules: tuple[ExclusionRule, ...]
    plans: tuple[Plan, ...]
    families: tuple[Family, ...] = ()
    literature: tuple[LiteraturePlan, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    database: str = ""

    @property
    def species(self) -> Species | None:
        """The species that the facts name; `None` where what is usual for it is not known here."""
        return species_named(dict(self.facts).get("species", ""))

    def outcome(self, name: str) -> Outcome:
        """Look an outcome up by its name; `KeyError` where there is none."""
        return {outcome.name: outcome for outcome in self.outcomes}[name]

    def assay(self, name: str) -> AssayPlan:
        """Look an assay up by its name; `KeyError` where there is none."""
        return {assay.name: assay for assay in self.assays}[name]
