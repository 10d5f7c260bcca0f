"""Validation of the plates: against R's drc, against Gen5's own fits, on real ELISAs, and on simulated plates.

Prints markdown; every number comes from the run. Outside references are read from ../shared, beside the repository.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from littermate.errors import PlateError
from littermate.formats.plain_plate import read_plates
from littermate.formats.plate_file import read_plate_file
from littermate.plates.bca import quantify_bca
from littermate.plates.curve import Curve, fit_curve
from littermate.plates.elisa import quantify_elisa
from littermate.plates.recovery import recovery
from littermate.plates.rules import ElisaRules
from littermate.simulate.plate import write_bca, write_elisa

SHARED = Path(__file__).parents[2].parent / "shared"
REAL = SHARED / "data" / "plates"
GEN5 = SHARED / "data" / "plates" / "gen5"
ELISA = SHARED / "data" / "plates" / "elisa"
PLATES = 100


def section() -> str:
    """Return the section as markdown, from a run made now."""
    parts = ["## Plates"]
    parts += [
        part()
        for part, folder in ((_files, REAL), (_drc, SHARED / "oracles"), (_gen5, GEN5), (_elisa, ELISA))
        if folder.is_dir()
    ]
    return "\n\n".join([*parts, _simulated()]) + "\n"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _files() -> str:
    """Every real file: as what it was recognised, and what was read of it, or why it was refused."""
    rows = [row for path in sorted(REAL.rglob("*.*")) for row in _file(path)]
    head = ("file", "format", "plate", "read", "wells with a number", "their sum", "without, and why", "roles")
    words = "A file without a layout is refused, and says what to do."
    return f"### Real files\n\n{words}\n\n{_table(head, rows)}"


def _file(path: Path) -> list[tuple[str, ...]]:
    try:
        plates = read_plate_file(path, kind="elisa" if "elisa" in path.parent.name else "bca")
    except PlateError as fault:
        reasons = "; ".join(f"{one.expected.partition(',')[0]}: {one.found}" for one in fault.complaints)
        return [(path.name, "refused", "", "", "", "", reasons[:160], "")]
    rows = []
    for plate in plates:
        signals = [well.absorbance for well in plate.wells if well.absorbance is not None]
        reasons = Counter(well.reason for well in plate.wells if well.reason)
        roles = Counter(well.role for well in plate.wells)
        rows.append(
            (
                path.name,
                plate.format,
                plate.name,
                plate.read or "the only one",
                f"{len(signals)} of {len(plate.wells)}",
                f"{sum(signals):.4f}",
                ", ".join(f"{count} {reason}" for reason, count in reasons.items()) or "none",
                ", ".join(f"{count} {role}" for role, count in roles.items()),
            )
        )
    return rows


def _drc() -> str:
    """Ryegrass root lengths: the sum of squares and the parameters of R's drc."""
    table = np.genfromtxt(SHARED / "oracles" / "drc_ryegrass.csv", delimiter=",", skip_header=1)
    expected = json.loads((SHARED / "oracles" / "drc_ryegrass.json").read_text(encoding="utf-8"))["expected"]
    order = {"a": "d", "b": "b", "c": "e", "d": "c", "g": "f"}
    rows = []
    for model, name in (("4pl", "LL4"), ("5pl", "LL5")):
        curve = fit_curve(table[:, 1], table[:, 0], model=model)
        theirs = {row["term"][0]: row["Estimate"] for row in expected[name]["coef"]}
        worst = max(abs(value / theirs[order[key]] - 1) for key, value in curve.parameters)
        rss = curve.residual_sd**2 * curve.df
        rows.append(
            (
                model,
                f"{rss:.12f}",
                f"{expected[name]['rss']:.12f}",
                f"{rss / expected[name]['rss'] - 1:.1e}",
                f"{worst:.1e}",
            )
        )
    head = ("curve", "sum of squares", "drc's", "relative difference", "largest relative difference of a parameter")
    words = "### R's drc, ryegrass (24 wells)\n\nA negative difference is a better fit; drc stops at 1e-7."
    return f"{words}\n\n{_table(head, rows)}"


def _block(text: str, label: str) -> np.ndarray:
    """Return the 8 x 12 numbers of a Gen5 block by the label at the end of its lines; NaN where there is none."""
    lines = [line.split("\t")[1:13] for line in text.splitlines() if line.rstrip().endswith(f"\t{label}")]
    return np.array(
        [[float(cell) if re.fullmatch(r"-?\d+\.?\d*", cell) else np.nan for cell in line] for line in lines[-8:]]
    )


def _against(name: str, curve: Curve, printed: str, signals: np.ndarray, theirs: np.ndarray | None) -> tuple[str, ...]:
    """Compare with Gen5: the parameters as printed (3 digits), and every concentration inside the range."""
    ours = ", ".join(f"{value:.4g}" for _, value in curve.parameters)
    if theirs is None:
        return name, curve.model, ours, printed, "not in the file"
    pairs = [
        (found.value, known)
        for signal, known in zip(signals.ravel(), theirs.ravel(), strict=True)
        if np.isfinite([signal, known]).all() and (found := curve.concentration(float(signal))).value is not None
    ]
    worst = max(abs(found - known) for found, known in pairs)
    return (
        name,
        curve.model,
        ours,
        printed,
        f"{len(pairs)} wells, at most {worst:.2g} (highest standard {curve.uloq:g})",
    )


def _gen5() -> str:
    rows = []
    text = (GEN5 / "endpoint_stdcurve_singleplate.txt").read_text(encoding="utf-8")
    blanked = _block(text, "Blank 630nmAbsRead:630")
    known = np.repeat([2000, 666.67, 222.22, 74.074, 24.691, 8.2305, 2.7435], 3)
    curve = fit_curve(known, blanked[:7, :3].ravel(), model="linear")
    rows.append(_against("mock BCA", curve, "-0.000723, 0.00168", blanked, _block(text, "[Concentration]")))
    text = (GEN5 / "Lowry_Protein_Assay_no_results_matrix.txt").read_text(encoding="utf-8")
    raw = _block(text, "660")
    curve = fit_curve(np.tile([0, 10, 25, 50, 100, 200], 2), raw[:2, :6].ravel(), model="linear")
    rows.append(_against("Lowry, one masked well", curve, "0.049, 0.00297", raw, _block(text, "Conc")))
    text = (GEN5 / "Fluorescamine_Protein_Quantitation_no_results_matrix.txt").read_text(encoding="utf-8")
    blanked = _block(text, "Blank 400/30,460/40")
    known = np.repeat([50, 100, 200, 300, 400, 500, 600], 2)
    curve = fit_curve(known, blanked[1:, :2].ravel(), model="4pl")
    rows.append(_against("fluorescamine", curve, "1.93E+03, 1.31, 676, 1.48E+05", blanked, None))
    head = ("plate", "curve", "parameters", "printed by Gen5", "concentrations, difference from Gen5's")
    words = "Fitted to single wells. Gen5 prints 3 digits of a parameter and absorbances to 0.001, from more."
    return f"### Gen5's own fits\n\n{words}\n\n{_table(head, rows)}"


def _elisa() -> str:
    rows = []
    for path in sorted(ELISA.glob("*.csv")):
        result = quantify_elisa(read_plates(path, kind="elisa")[0])
        back = [s.recovery_percent for s in result.standards if s.recovery_percent is not None]
        out = sum(not sample.in_range for sample in result.samples)
        curve = result.curve
        rows.append(
            (
                path.stem.partition("_ELISA_")[2],
                f"{curve.lloq:g}-{curve.uloq:g}",
                f"{min(back):.0f}-{max(back):.0f}",
                f"{len(result.samples) - out} and {out}",
                "; ".join(result.warnings) or "none",
            )
        )
    head = ("assay", "usable range (pg/mL)", "standards come back as (%)", "samples in and out of range", "warnings")
    return f"### ELISAs of mouse brain, 4PL with weights 1/y2\n\n{_table(head, rows)}"


def _simulated() -> str:
    """Simulated plates: error and coverage of concentrations, error of recovery."""
    random = np.random.default_rng(20260411)
    names = [f"C{number:02d}" for number in range(32)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plate.csv"
        protein, analyte, differences = [], [], []
        for seed in range(PLATES):
            truth = dict(zip(names, random.uniform(700, 1950, 32).tolist(), strict=True))
            write_bca(path, truth, seed=seed)
            protein += [(truth[s.name], s) for s in quantify_bca(read_plates(path, kind="bca")[0]).samples]
            truth = dict(zip(names[:16], random.uniform(40, 300, 16).tolist(), strict=True))
            share = dict(zip(names[:16], random.uniform(0.82, 1.1, 16).tolist(), strict=True))
            write_elisa(path, truth, spike=250.0, recovery=share, seed=seed, spike_volume_fraction=0.1)
            rules = ElisaRules(spike_volume_fraction=0.1)
            result = quantify_elisa(read_plates(path, kind="elisa")[0], rules=rules)
            analyte += [(truth[s.name], s) for s in result.samples if not s.spiked]
            differences += [
                one.percent - 100 * share[one.sample] for one in recovery(result) if one.percent is not None
            ]
    rows = [_errors("BCA, quadratic", protein), _errors("ELISA, 4PL", analyte)]
    head = (
        "assay",
        "samples",
        "mean error",
        "SD of the error",
        "95 % intervals that hold the truth",
        "without a number",
    )
    words = f"### Simulated plates ({PLATES} of each kind, wells with a CV of 2.5 %)"
    spread = (
        f"Percent recovery ({len(differences)} samples, spike 250 pg/mL in a tenth of the volume): mean error"
        f" {np.mean(differences):+.2f} points, mean absolute error {np.mean(np.abs(differences)):.2f} points."
    )
    return f"{words}\n\n{_table(head, rows)}\n\n{spread}"


def _errors(name: str, pairs: list) -> tuple[str, ...]:
    found = [(truth, sample) for truth, sample in pairs if sample.concentration is not None]
    errors = np.array([sample.concentration / truth - 1 for truth, sample in found])
    held = np.mean([sample.ci[0] <= truth <= sample.ci[1] for truth, sample in found])
    return (
        name,
        f"{len(pairs)}",
        f"{100 * errors.mean():+.2f} %",
        f"{100 * errors.std():.2f} %",
        f"{100 * held:.1f} %",
        f"{len(pairs) - len(found)}",
    )


if __name__ == "__main__":
    print(section())
