"""Demo: a simulated study with known truth, and the whole chain walked on it.

`simulate_study` makes the folder: protocol, animals, a sealed allocation, and recordings, blots and plates in which
the chosen effects are planted; the truth goes to ``truth/truth.csv``. `run_demo` walks it to the report, and puts the
truth beside what was measured. Nothing of the truth reaches the code that scores.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from littermate.assays.open_field import OpenFieldRules, score_open_field
from littermate.assays.open_field import readings as field_readings
from littermate.files import written_whole
from littermate.model.analysis import Analysis
from littermate.model.arena import Arena
from littermate.model.protocol import AssayPlan, BlotPlan, PlatePlan, Protocol
from littermate.report.content import TruthRow
from littermate.run.executor import run_all
from littermate.run.progress import Progress, silent
from littermate.simulate.blot import BlotScene, write_blot
from littermate.simulate.cohort import (
    Cohort,
    PlantedEffect,
    default_effects,
    default_models,
    draw_cohort,
    regional,
)
from littermate.simulate.field_scene import FieldScene, true_track, write_field
from littermate.simulate.literature import write_literature
from littermate.simulate.plate import write_bca, write_elisa
from littermate.simulate.scale import Scale, scale_named
from littermate.simulate.swim_scene import SwimScene, draw_bouts, write_swim
from littermate.simulate.wander import START_CORNERS, wander
from littermate.store.folder import StudyFolder
from littermate.study import Study, create_study, open_study
from littermate.units import parse_quantity

__all__ = ["DEMO_PASSPHRASE", "DEMO_SEED", "Demo", "Truth", "compare", "fill", "run_demo", "simulate_study"]

DEMO_PASSPHRASE = "a simulated study has nothing to hide"
DEMO_SEED = 20260411
_KDA = {"BDNF": 14.0, "beta-actin": 42.0}
_COATS = ("dark", "light")
_EARLIER = """
# Earlier studies, simulated like everything here.
[[literature]]
outcome = "immobility"
factor = "ketamine"
level = "ketamine"
direction = "higher is worse"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One planted value: outcome, code, value."""

    outcome: str
    code: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What a demo gives: the study, its report, and truth beside measured."""

    study: Path
    report: Path
    truth: tuple[TruthRow, ...]
    analyses: tuple[Analysis, ...]


def simulate_study(
    folder: str | Path,
    *,
    scale: str = "small",
    seed: int = DEMO_SEED,
    effects: Sequence[PlantedEffect] | None = None,
    template: str = "ketamine-magnesium",
    progress: Progress = silent,
) -> tuple[Study, tuple[Truth, ...]]:
    """Make a study folder with simulated raw files and known truth, allocated and sealed, not yet scored.

    Parameters
    ----------
    folder
        The new folder.
    scale
        ``"small"`` (short clips of low resolution) or ``"full"`` (real length, 640 x 480 at 30 frames a second).
    seed
        Of the allocation, the cohort and every picture; codes are drawn anew each time.
    effects
        What is planted; by default less immobility under ketamine, of about Hedges g = 0.8, and nothing else.
    template
        The protocol.
    progress
        Called while it goes on.

    Raises
    ------
    StoreError
        If there is something in the folder.
    """
    size = scale_named(scale)
    root = create_study(folder, template=template).folder
    text = root.protocol_path.read_text(encoding="utf-8")
    root.protocol_path.write_text(_scaled(text, size) + _EARLIER, encoding="utf-8")
    write_literature(root.root / "literature.csv", seed=seed)
    _weigh(root, seed)
    study = open_study(folder, passphrase=DEMO_PASSPHRASE, progress=progress)
    study.allocate(seed=seed)
    _inject(study)
    return study, fill(study, scale=size, seed=seed, effects=effects)


def fill(study: Study, *, scale: Scale, seed: int, effects: Sequence[PlantedEffect] | None = None) -> tuple[Truth, ...]:
    """Fill an allocated study without files with simulated recordings, blots and plates; return what was planted.

    The lengths of the clips are those of the protocol; `scale` sets their resolution.

    Raises
    ------
    StageError
        If the study holds files already.
    """
    regions = tuple(dict.fromkeys(outcome.region for outcome in study.protocol.outcomes if outcome.region))
    cohort = draw_cohort(
        study.cells_for_simulation(),
        models=default_models(regions),
        effects=default_effects() if effects is None else effects,
        seed=seed,
    )
    truth = [*_film(study, cohort, scale)]
    for plan in study.protocol.blots:
        truth += _blot(study, plan, cohort)
    for plate in study.protocol.plates:
        truth += _plate(study, plate, cohort)
    _write_truth(study.folder.root / "truth" / "truth.csv", truth)
    return tuple(truth)


def run_demo(folder: str | Path, *, scale: str = "small", seed: int = DEMO_SEED, progress: Progress = silent) -> Demo:
    """Simulate a study and walk it to its report.

    Parameters
    ----------
    folder, scale, seed, progress
        As in `simulate_study`.
    """
    study, truth = simulate_study(folder, scale=scale, seed=seed, progress=progress)
    for assay in study.protocol.assays:
        study.add_recordings("recordings", assay=assay.name)
        study.score(assay.name)
    for blot in study.protocol.blots:
        study.quantify(blot.target, relative_to=blot.relative_to)
    study.read_plates()
    study.check()
    study.lock()
    study.unblind(because="every trial, blot and plate of the simulated study is measured")
    analyses = study.fit()
    progress("writing the report", 0, 1)
    rows = compare(study, truth, analyses)
    report = study.report(truth=rows)
    _write_rows(study.folder.report / "truth.csv", rows)
    progress("writing the report", 1, 1)
    return Demo(study=study.folder.root, report=report, truth=rows, analyses=analyses)


def compare(study: Study, truth: Iterable[Truth], analyses: Sequence[Analysis]) -> tuple[TruthRow, ...]:
    """Put each planted value beside the measured one, and the analysis of the truth beside that of the measurements."""
    measured = {(one.outcome, one.code): one.value for one in study.measurements}
    planted = {(one.outcome, one.code): one.value for one in truth}
    rows = [
        _row(study.protocol, outcome, code, value, measured.get((outcome, code)))
        for (outcome, code), value in planted.items()
    ]
    for analysis in analyses:
        values = {code: value for (outcome, code), value in planted.items() if outcome == analysis.plan.outcome}
        rows += _anova_rows(analysis, study.fit_values(analysis.plan, values))
    return tuple(rows)


def _row(protocol: Protocol, outcome: str, code: str, truth: float, measured: float | None) -> TruthRow:
    words, limit = _tolerance(protocol, outcome, truth)
    within = None if measured is None else abs(measured - truth) <= limit
    return TruthRow(outcome=outcome, code=code, truth=truth, measured=measured, tolerance=words, within=within)


def _tolerance(protocol: Protocol, outcome: str, truth: float) -> tuple[str, float]:
    """What is promised of an outcome: words, and the limit in its unit."""
    plan = protocol.outcome(outcome)
    kinds = {assay.name: assay for assay in protocol.assays}
    assay = kinds.get(plan.assay)
    if assay is not None:
        span = assay.window_s[1] - assay.window_s[0]
        if assay.kind == "forced swim":
            return "within 5 % of the window", 0.05 * span
        if plan.measure.endswith("_time_s"):
            return "within 2 % of the trial", 0.02 * span
    if plan.measure.endswith("percent"):
        return "within 10 points", 10.0
    return "within 5 %", 0.05 * abs(truth)


def _anova_rows(analysis: Analysis, of_truth: Analysis) -> Iterator[TruthRow]:
    for effect in analysis.effects:
        if ":" in effect.term or effect.term in analysis.plan.factors:
            yield TruthRow(
                outcome=f"{analysis.plan.outcome}, F of {effect.term}",
                code="",
                truth=of_truth.effect(effect.term).f,
                measured=effect.f,
                tolerance="ANOVA of the true values beside that of the measured ones",
            )


# Injections -------------------------------------------------------------------------------------------------------


def _weigh(folder: StudyFolder, seed: int) -> None:
    """Give each animal of animals.csv a weight; the empty column is the template's."""
    rng = random.Random(seed)
    head, *rows = folder.animals_path.read_text(encoding="utf-8").splitlines()
    place = head.split(",").index("weight_g")
    animals = [row.split(",") for row in rows]
    for fields in animals:
        fields[place] = f"{rng.gauss(32, 2):.1f}"
    lines = [head, *(",".join(fields) for fields in animals)]
    folder.animals_path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _inject(study: Study) -> None:
    """Weigh again after a week, and log the injections as planned but for one that is late and one on the other side.

    None is missed: the protocol leaves such an animal out, and truth and measurements would be of different animals.
    """
    injections = [one for one in study.injections if one.by_syringe]
    days = max(one.day for one in injections)
    study.start(datetime.combine(date.today(), time(9)) - timedelta(days=days))
    weights = study.sheets / "weights.csv"
    again = [{"animal": one.id, "day": 8, "weight_g": f"{(one.weight_g or 0) + 1:.1f}"} for one in study.animals]
    _write_table(weights, again)
    study.weigh(weights)
    rows: list[dict[str, object]] = [
        {"injection": one.number, "animal": one.animal, "given_at": "09:10", "given_ml": "ok", "given_side": ""}
        for one in injections
    ]
    rows[2]["given_at"] = "11:10"
    rows[5]["given_side"] = {"left": "right", "right": "left"}[injections[5].side]
    table = study.sheets / "given.csv"
    _write_table(table, rows)
    study.give(table)


# Recordings -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SwimClip:
    """One forced swim recording to be made."""

    path: str
    code: str
    outcome: str
    immobile_fraction: float
    plan: AssayPlan
    scene: SwimScene
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldClip:
    """One open field recording to be made; `outcomes` are pairs (outcome, measure)."""

    path: str
    code: str
    outcomes: tuple[tuple[str, str], ...]
    wall_preference: float
    speed_cm_s: float
    start_corner: str
    plan: AssayPlan
    scene: FieldScene
    seed: int


def make_clip(clip: SwimClip | FieldClip) -> tuple[Truth, ...]:
    """Write one recording, and return its truth."""
    return _make_swim(clip) if isinstance(clip, SwimClip) else _make_field(clip)


def _make_swim(clip: SwimClip) -> tuple[Truth, ...]:
    start, stop = clip.plan.window_s
    bouts = draw_bouts(
        immobile_fraction=clip.immobile_fraction,
        duration_s=clip.plan.duration_s,
        window_s=clip.plan.window_s,
        seed=clip.seed,
    )
    write_swim(clip.path, bouts, scene=clip.scene, duration_s=clip.plan.duration_s, seed=clip.seed)
    immobile = sum(max(0.0, min(bout.stop_s, stop) - max(bout.start_s, start)) for bout in bouts)
    return (Truth(outcome=clip.outcome, code=clip.code, value=immobile),)


def _make_field(clip: FieldClip) -> tuple[Truth, ...]:
    size = clip.scene.size_cm
    path = wander(
        duration_s=clip.plan.duration_s,
        size_cm=size,
        seed=clip.seed,
        wall_preference=clip.wall_preference,
        speed_cm_s=clip.speed_cm_s,
        start_corner=clip.start_corner,
    )
    write_field(clip.path, path, scene=clip.scene, seed=clip.seed)
    arena = Arena(corners_px=clip.scene.corners_px, width_cm=size, height_cm=size)
    score = score_open_field(
        true_track(path, clip.scene),
        arena,
        duration_s=clip.plan.duration_s,
        rules=replace(OpenFieldRules(), grid=clip.plan.grid),
    )
    values = {reading.measure: reading.value for reading in field_readings(score)}
    return tuple(
        Truth(outcome=outcome, code=clip.code, value=value)
        for outcome, measure in clip.outcomes
        if (value := values.get(measure)) is not None
    )


def _film(study: Study, cohort: Cohort, scale: Scale) -> Iterator[Truth]:
    clips = [clip for assay in study.protocol.assays for clip in _clips(study, assay, cohort, scale)]
    for done, (_, truth) in enumerate(run_all(make_clip, clips), 1):
        study.progress("filming the simulated mice", done, len(clips))
        yield from truth


def _clips(study: Study, assay: AssayPlan, cohort: Cohort, scale: Scale) -> Iterator[SwimClip | FieldClip]:
    outcomes = tuple((one.name, one.measure) for one in study.protocol.outcomes if one.assay == assay.name)
    for number, tag in enumerate(sorted(study.tags, key=lambda one: one.animal)):
        path = str(study.folder.recordings / assay.name.replace(" ", "-") / f"{tag.code}.mp4")
        seed = cohort.seed + 1000 * number
        coat = _COATS[number % len(_COATS)]
        if assay.kind == "forced swim":
            yield SwimClip(
                path=path,
                code=tag.code,
                outcome=next(name for name, measure in outcomes if measure == "immobility_s"),
                immobile_fraction=cohort.value("immobile_fraction", tag.code),
                plan=assay,
                scene=SwimScene.small(coat) if scale.name == "small" else SwimScene.full(coat),
                seed=seed,
            )
        else:
            scene = FieldScene.small() if scale.name == "small" else FieldScene.full()
            yield FieldClip(
                path=path,
                code=tag.code,
                outcomes=outcomes,
                wall_preference=cohort.value("wall_preference", tag.code),
                speed_cm_s=cohort.value("speed_cm_s", tag.code),
                start_corner=tag.level("start corner") or START_CORNERS[0],
                plan=assay,
                scene=replace(scene, coat=coat, size_cm=assay.size_cm or scene.size_cm),
                seed=seed + 1,
            )


# Blots and plates -------------------------------------------------------------------------------------------------


def _blot(study: Study, plan: BlotPlan, cohort: Cohort) -> Iterator[Truth]:
    """Write the membranes of one target: 16 animals or fewer each, an inter-blot control on either side."""
    rows: list[dict[str, object]] = []
    for region in plan.regions:
        outcome = _outcome_of(study.protocol, "blot", region)
        for membrane, codes in _membranes(study).items():
            lanes = ["control", *codes, "control"]
            true = [1.0, *(cohort.value(regional("bdnf_ratio", region), code) for code in codes), 1.0]
            seed = cohort.seed + 31 * len(rows)
            stem = f"{region.replace(' ', '-')}-membrane-{membrane}"
            loads = [0.85 + 0.3 * ((7 * k + int(seed)) % 11) / 10 for k in range(len(lanes))]
            amounts = {
                plan.target: [load * ratio for load, ratio in zip(loads, true, strict=True)],
                plan.relative_to: loads,
            }
            for target, scene in ((plan.target, BlotScene.target()), (plan.relative_to, BlotScene.loading_control())):
                name = f"{target}-{stem}.tif"
                row = scene.row_of(_KDA.get(target, 30.0))
                write_blot(study.folder.blots / name, amounts[target], scene=scene, row=row, seed=seed + len(rows))
                rows += [
                    {
                        "image": name,
                        "target": target,
                        "region": region,
                        "membrane": membrane,
                        "lane": lane,
                        "code": code,
                    }
                    for lane, code in enumerate(lanes, 1)
                ]
            if outcome:
                yield from (
                    Truth(outcome=outcome, code=c, value=v) for c, v in zip(lanes, true, strict=True) if c in codes
                )
    _write_table(study.folder.blots / "lanes.csv", rows)


def _membranes(study: Study) -> dict[str, list[str]]:
    """Return the codes on each membrane, in an order that says nothing; all on one where none is balanced."""
    membranes: dict[str, list[str]] = {}
    for code, membrane in sorted((tag.code, tag.level("membrane") or "1") for tag in study.tags):
        membranes.setdefault(membrane, []).append(code)
    return dict(sorted(membranes.items()))


def _plate(study: Study, plan: PlatePlan, cohort: Cohort) -> Iterator[Truth]:
    rows: list[dict[str, object]] = []
    codes = sorted(tag.code for tag in study.tags)
    for region in plan.regions:
        per_plate = 40 if plan.kind == "bca" else 20 if plan.spike is None else 16
        for number, part in enumerate(_parts(codes, per_plate), 1):
            name = f"{plan.kind}-{region.replace(' ', '-')}-{number}.csv"
            path, seed = study.folder.plates / name, cohort.seed + 17 * number + 1000 * len(rows)
            _write_plate(path, plan, region, part, cohort, seed)
            rows.append({"file": name, "kind": plan.kind, "region": region})
            yield from _plate_truth(study.protocol, plan, region, part, cohort)
    table = study.folder.plates / "plates.csv"
    _write_table(table, [*_read_rows(table), *rows])


def _write_plate(path: Path, plan: PlatePlan, region: str, codes: Sequence[str], cohort: Cohort, seed: int) -> None:
    if plan.kind == "bca":
        protein = {code: cohort.value(regional("protein_ug_ml", region), code) for code in codes}
        write_bca(path, protein, seed=seed)
    else:
        bdnf = {code: cohort.value(regional("bdnf_pg_ml", region), code) for code in codes}
        recovered = {code: cohort.value(regional("spike_recovery", region), code) for code in codes}
        write_elisa(path, bdnf, spike=plan.spike, recovery=recovered, seed=seed)


_PLATE_TRUTH: Mapping[str, tuple[str, float]] = {
    "recovery_percent": ("spike_recovery", 100.0),
    "protein_ug_ml": ("protein_ug_ml", 1.0),
    "concentration_pg_ml": ("bdnf_pg_ml", 1.0),
}


def _plate_truth(
    protocol: Protocol, plan: PlatePlan, region: str, codes: Sequence[str], cohort: Cohort
) -> Iterator[Truth]:
    for outcome in protocol.outcomes:
        if (outcome.assay, outcome.region) == (plan.kind, region) and outcome.measure in _PLATE_TRUTH:
            name, factor = _PLATE_TRUTH[outcome.measure]
            for code in codes:
                yield Truth(outcome=outcome.name, code=code, value=factor * cohort.value(regional(name, region), code))


def _outcome_of(protocol: Protocol, assay: str, region: str) -> str:
    return next((one.name for one in protocol.outcomes if (one.assay, one.region) == (assay, region)), "")


# Files ------------------------------------------------------------------------------------------------------------


def _scaled(text: str, scale: Scale) -> str:
    """Give the assays of a protocol's text the lengths of a scale; the rest stays as written.

    The smallest effects of interest of their outcomes, which are amounts of time or of lines, shrink alike.
    """
    lengths = {
        "forced swim": (scale.swim_duration_s, scale.swim_window_s),
        "open field": (scale.field_duration_s, (0.0, scale.field_duration_s)),
    }
    blocks = re.split(r"(?m)^(?=\[)", text)
    shares: dict[str, float] = {}
    for number, block in enumerate(blocks):
        kind, name = _entry(block, "kind"), _entry(block, "name")
        if block.startswith("[[assay]]") and kind in lengths:
            duration_s, window_s = lengths[kind]
            shares[name] = (window_s[1] - window_s[0]) / _scored_s(block)
            blocks[number] = _timed(block, duration_s, window_s)
    return "".join(_with_smaller_effect(block, shares) for block in blocks)


def _entry(block: str, key: str) -> str:
    found = re.search(rf'(?m)^{key}\s*=\s*"([^"]*)"', block)
    return found[1] if found else ""


def _scored_s(block: str) -> float:
    start, stop = re.findall(r'(?m)^window\s*=\s*\["([^"]+)",\s*"([^"]+)"\]', block)[0]
    return parse_quantity(stop, "s") - parse_quantity(start, "s")


def _timed(block: str, duration_s: float, window_s: tuple[float, float]) -> str:
    start, stop = window_s
    block = re.sub(r"(?m)^duration\s*=.*$", f'duration = "{duration_s:g} s"', block)
    return re.sub(r"(?m)^window\s*=.*$", f'window = ["{start:g} s", "{stop:g} s"]', block)


def _with_smaller_effect(block: str, shares: Mapping[str, float]) -> str:
    share = shares.get(_entry(block, "assay"))
    effect = re.search(r"(?m)^smallest_effect\s*=\s*([0-9.]+)", block)
    if not block.startswith("[[outcome]]") or share is None or effect is None:
        return block
    return block.replace(effect[0], f"smallest_effect = {share * float(effect[1]):g}")


def _parts(codes: Sequence[str], size: int) -> list[Sequence[str]]:
    return [codes[start : start + size] for start in range(0, len(codes), size)]


def _write_truth(path: Path, truth: Iterable[Truth]) -> None:
    _write_table(path, [{"outcome": one.outcome, "code": one.code, "truth": repr(one.value)} for one in truth])


def _write_rows(path: Path, rows: Iterable[TruthRow]) -> None:
    _write_table(
        path,
        [
            {
                "outcome": row.outcome,
                "code": row.code,
                "truth": repr(row.truth),
                "measured": "" if row.measured is None else repr(row.measured),
                "tolerance": row.tolerance,
                "within": "" if row.within is None else row.within,
            }
            for row in rows
        ],
    )


def _write_table(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    with written_whole(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _read_rows(path: Path) -> list[dict[str, object]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]
