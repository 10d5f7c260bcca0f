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
from littermate.plates.curve_models import MODELS
from littermate.plates.elisa import quantify_elisa
from littermate.plates.recovery import recovery
from littermate.plates.rules import ElisaRules
from littermate.simulate.plate import write_bca, write_elisa

SHARED = Path(__file__).parents[2].parent / "shared"
REAL = SHARED / "data" / "plates"
GEN5 = SHARED / "data" / "plates" / "gen5"
ELISA = SHARED / "data" / "plates" / "elisa"
PLATES = 100
INTERVALS = 100


def section() -> str:
    """Return the section as markdown, from a run made now."""
    parts = ["## Plates"]
    parts += [
        part()
        for part, folder in (
            (_files, REAL),
            (_drc, SHARED / "oracles"),
            (_gen5, GEN5),
            (_published, ELISA),
            (_elisa, ELISA),
        )
        if folder.is_dir()
    ]
    return "\n\n".join([*parts, _quadratic(), _intervals(), _simulated()]) + "\n"


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
                f"{_cosine(curve):.0e}",
            )
        )
    head = (
        "curve",
        "sum of squares",
        "drc's",
        "relative difference",
        "largest relative difference of a parameter",
        "gradient",
    )
    words = (
        "### R's drc, ryegrass (24 wells)\n\nA negative difference is a better fit; drc stops at 1e-7. That ours is the"
        " optimum is seen by Newton's method in 50 digits, from our parameters (tests/plates/test_optimum.py): they are"
        " within 1e-7 of the stationary point, where the Hessian is positive definite; and the residuals are at right"
        " angles to the gradient (last column, cosine)."
    )
    return f"{words}\n\n{_table(head, rows)}"


def _cosine(curve: Curve) -> float:
    """Return the largest cosine between the residuals and the gradient of a (relative) parameter."""
    points, p = np.array(curve.points), np.array([value for _, value in curve.parameters])
    gradient = MODELS[curve.model].gradient(points[:, 0], p) * p
    residual = points[:, 1] - curve.signal(points[:, 0])
    return float(np.max(np.abs(gradient.T @ residual) / np.linalg.norm(gradient, axis=0)) / np.linalg.norm(residual))


def _block(text: str, label: str) -> np.ndarray:
    """Return the 8 x 12 numbers of a Gen5 block by the label at the end of its lines; NaN where there is none."""
    lines = [line.split("\t")[1:13] for line in text.splitlines() if line.rstrip().endswith(f"\t{label}")]
    return np.array(
        [[float(cell) if re.fullmatch(r"-?\d+\.?\d*", cell) else np.nan for cell in line] for line in lines[-8:]]
    )


def _against(
    name: str, known: np.ndarray, standards: np.ndarray, printed: str, signals: np.ndarray, theirs: np.ndarray
) -> tuple[str, ...]:
    """Compare a straight line with Gen5's: the parameters as printed, and every concentration inside the range.

    Gen5 computes from more digits than it prints. How far that can move a concentration is the sum, over the sample's
    signal and every standard's, of half a last digit times the concentration's derivative.
    """
    curve = fit_curve(known, standards, model="linear")
    pairs = [
        (found.value, seen, _reach(known, curve, float(signal)))
        for signal, seen in zip(signals.ravel(), theirs.ravel(), strict=True)
        if np.isfinite([signal, seen]).all() and (found := curve.concentration(float(signal))).value is not None
    ]
    fine = [(ours, seen) for ours, seen, reach in pairs if reach <= 1e-3 * seen]
    worst_fine = max((abs(ours / seen - 1) for ours, seen in fine), default=float("nan"))
    within = sum(abs(ours - seen) <= reach for ours, seen, reach in pairs)
    ours = ", ".join(f"{value:.3g}" for _, value in curve.parameters)
    fine_words = f"{len(fine)}, at most {100 * worst_fine:.3f} %" if fine else "none"
    return name, ours, printed, f"{within} of {len(pairs)}", fine_words


def _reach(known: np.ndarray, curve: Curve, signal: float) -> float:
    """Return by how much rounding to 0.001 (and the printed concentration to 0.001) can move a concentration."""
    slope = dict(curve.parameters)["b"]
    concentration = (signal - dict(curve.parameters)["a"]) / slope
    offset = known - known.mean()
    of_standards = np.abs(1 / len(known) + offset * (concentration - known.mean()) / np.sum(offset**2)) / abs(slope)
    return 0.0005 * (1 / abs(slope) + float(of_standards.sum())) + 0.0005


def _gen5() -> str:
    rows = []
    text = (GEN5 / "endpoint_stdcurve_singleplate.txt").read_text(encoding="utf-8")
    blanked = _block(text, "Blank 630nmAbsRead:630")
    known = np.repeat([2000, 666.67, 222.22, 74.074, 24.691, 8.2305, 2.7435], 3)
    theirs = _block(text, "[Concentration]")
    rows.append(_against("mock BCA", known, blanked[:7, :3].ravel(), "-0.000723, 0.00168", blanked, theirs))
    text = (GEN5 / "Lowry_Protein_Assay_no_results_matrix.txt").read_text(encoding="utf-8")
    raw = _block(text, "660")
    known = np.tile([0.0, 10, 25, 50, 100, 200], 2)
    theirs = _block(text, "Conc")
    rows.append(_against("Lowry, one masked well", known, raw[:2, :6].ravel(), "0.049, 0.00297", raw, theirs))
    text = (GEN5 / "Fluorescamine_Protein_Quantitation_no_results_matrix.txt").read_text(encoding="utf-8")
    blanked = _block(text, "Blank 400/30,460/40")
    known = np.repeat([50, 100, 200, 300, 400, 500, 600], 2)
    curve = fit_curve(known, blanked[1:, :2].ravel(), model="4pl")
    ours = ", ".join(f"{value:.3g}" for _, value in curve.parameters)
    rows.append(("fluorescamine, 4PL", ours, "1.93E+03, 1.31, 676, 1.48E+05", "not in the file", "not in the file"))
    head = (
        "plate",
        "parameters",
        "printed by Gen5",
        "concentrations within what rounding can do",
        "of those told to 0.1 % by the printed digits: difference",
    )
    words = (
        "Fitted to single wells. Gen5 prints signals to 0.001 and computes from more digits; what that can do to a"
        " concentration is worked out for every well (the sample's own digit and those of all standards, each at its"
        " worst)."
    )
    return f"### Gen5's own fits\n\n{words}\n\n{_table(head, rows)}"


PRINTED = {
    "Ab40": {
        "Background": ("a", "0.09488513"),
        "Mid": ("c", "307.798"),
        "Slope": ("b", "1.948053"),
        "Bmax": ("d", "4.61912"),
    },
    "Ab42": {"Background": ("a", "0.05489"), "Mid": ("c", "1513"), "Slope": ("b", "1.335"), "Bmax": ("d", "13.16")},
    "total_tau": {
        "Background": ("a", "0.03666"),
        "Mid": ("c", "2889"),
        "Slope": ("b", "1.027"),
        "Bmax": ("d", "6.972"),
    },
}


def _published() -> str:
    """The three curves as the script of their publication prints them."""
    rules = ElisaRules(weights="none", fit_to="means", blank="subtract")
    rows = []
    for name, parameters in PRINTED.items():
        result = quantify_elisa(read_plates(ELISA / f"240319_ELISA_{name}.csv", kind="elisa")[0], rules=rules)
        found = dict(result.curve.parameters)
        for word, (key, text) in parameters.items():
            digit = 10.0 ** -len(text.partition(".")[2])
            off = abs(found[key] - float(text)) / digit
            rows.append((name, word, f"{found[key]:.9g}", text, f"{off:.2f}", result.verdict))
    words = (
        "lasseignelab/230418_TS_AgingCCC, src/elisa/01_protein_quantification.Rmd: an unweighted 4PL (R's nls,"
        " tolerance 1e-5) of the triplicates' means less the mean of the blank wells; its `Background` is the lower"
        " asymptote. Here: `--weights none --fit-to means --blank subtract`."
    )
    head = ("assay", "parameter", "ours", "printed", "difference in last printed digits", "our verdict on the curve")
    return f"### The publication's own fits of these ELISAs\n\n{words}\n\n{_table(head, rows)}"


def _quadratic() -> str:
    """Exact data on a parabola that bends: the rising root, to the digits of a double; nothing beyond the standards."""
    x = np.array([0, 125, 250, 500, 750, 1000, 1500, 2000.0])
    worst, refused, tried = 0.0, 0, 0
    for bend in (-2.2e-7, -1e-7, 0.0, 1e-7):
        curve = fit_curve(x, 0.09 + 1.1e-3 * x + bend * x**2, model="quadratic")
        for truth in np.linspace(125, 2000, 200):
            found = curve.concentration(float(0.09 + 1.1e-3 * truth + bend * truth**2))
            worst = max(worst, abs(found.value / truth - 1))
        for beyond in (0.0, 60.0, 120.0, 2010.0, 2400.0):
            tried += 1
            refused += curve.concentration(float(0.09 + 1.1e-3 * beyond + bend * beyond**2)).value is None
    words = (
        f"800 concentrations between the standards, four bends: at most {worst:.1e} from the truth (relative)."
        f" Signals beyond the standards: {refused} of {tried} refused with a reason."
    )
    return f"### BCA, quadratic, exact data\n\n{words}"


def _intervals() -> str:
    """Coverage of both intervals, on simulated ELISA plates whose wells have a constant CV."""
    random = np.random.default_rng(20260412)
    doses = np.repeat([0, 15.6, 31.2, 62.5, 125, 250, 500, 1000.0], 2)
    model = MODELS["4pl"]
    p = np.array([0.06, 1.2, 300.0, 3.2])
    rows = []
    for truth in (25.0, 140.0, 700.0):
        held, width, open_ends = {"delta": 0, "profile": 0}, {"delta": [], "profile": []}, 0
        for _ in range(INTERVALS):
            y = model.signal(doses, p) * (1 + 0.03 * random.standard_normal(16))
            curve = fit_curve(doses, y, model="4pl", weights="1/y2")
            mean = float(np.mean(model.signal(truth, p) * (1 + 0.03 * random.standard_normal(2))))
            for method in held:
                low, high = curve.concentration(mean, wells=2, ci_method=method).ci or (None, None)
                open_ends += low is None or high is None
                low, high = (0.0 if low is None else low), (np.inf if high is None else high)
                held[method] += low <= truth <= high
                width[method].append(high / low if low > 0 else np.inf)
        rows.append(
            (
                f"{truth:g}",
                *(f"{100 * held[method] / INTERVALS:.1f} %" for method in held),
                *(f"{np.median(width[method]):.3f}" for method in width),
                f"{open_ends}",
            )
        )
    head = (
        "true pg/mL",
        "delta holds it",
        "profile holds it",
        "upper / lower, delta",
        "upper / lower, profile",
        "open",
    )
    words = (
        f"{INTERVALS} plates each, 95 % intervals; binomial standard deviation"
        f" {100 * (0.95 * 0.05 / INTERVALS) ** 0.5:.1f} points."
        " The profile's limits are those of base R (tests/plates/references/profile_ci.R) to 1e-9."
    )
    return f"### Intervals of a concentration, 4PL\n\n{words}\n\n{_table(head, rows)}"


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
                "; ".join([*(fault.words for fault in result.faults), *result.warnings]) or "none",
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
