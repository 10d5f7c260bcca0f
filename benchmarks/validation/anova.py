"""How far the statistics are from R and NIST, on the reference cases beside the repository (../shared/oracles).

`section()` runs every case and returns a table: the largest relative difference from the reference in each kind of
number. A number whose reference is 0 counts by its absolute difference.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

from comparing import ORACLES, Numbers, expected, worst

from littermate.model.analysis import Analysis
from littermate.model.comparison import Comparisons, MarginalMean
from littermate.model.equivalence import Equivalence
from littermate.model.hedges import hedges_correction
from littermate.stats.comparisons import How, against_control, pairwise, polynomial_contrasts, simple_effects
from littermate.stats.effect_size import (
    hedges_g,
    noncentral_f_interval,
    noncentral_t_interval,
    partial_eta_squared,
    partial_omega_squared,
    standardised_difference,
)
from littermate.stats.equivalence import tost, tost_two_groups
from littermate.stats.factorial import fit_formula, fit_model
from littermate.stats.marginal_means import marginal_means
from littermate.stats.multiplicity import adjust
from littermate.stats.power import f_power, smallest_detectable
from littermate.stats.slopes import equal_slopes
from littermate.stats.table import read_table

KETAMINE = {"ketamine": ("saline", "ketamine"), "magnesium": ("control", "mg")}


def table(name: str) -> pd.DataFrame:
    return read_table(ORACLES / f"{name}.csv")


def anova_lines(analysis: Analysis, lines: list[dict[str, Any]]) -> Numbers:
    """Compare with R's table, whose first line may be the intercept."""
    for line in lines:
        if line["term"] == "(Intercept)":
            continue
        if line["term"] == "Residuals":
            yield "SS", analysis.ss_error, line["Sum Sq"]
            yield "df", analysis.df_error, line["Df"]
            continue
        effect = analysis.effect(line["term"])
        yield "SS", effect.ss, line["Sum Sq"]
        yield "df", effect.df, line["Df"]
        yield "F", effect.f, line["F value"]
        yield "P", effect.p, line["Pr(>F)"]


def all_types(name: str, formula: str, levels: dict[str, tuple[str, ...]] | None = None) -> Numbers:
    for kind in (1, 2, 3):
        analysis = fit_formula(table(name), formula, type=kind, reference_levels=levels)
        yield from anova_lines(analysis, expected(name)[f"type{kind}"])


def unbal2x2() -> Numbers:
    reference = expected("unbal2x2")
    yield from all_types("unbal2x2", "immobility ~ ketamine * magnesium", KETAMINE)
    swapped = fit_formula(table("unbal2x2"), "immobility ~ magnesium * ketamine", type=1, reference_levels=KETAMINE)
    lines = [
        {**line, "term": line["term"].replace("ketamine:magnesium", "magnesium:ketamine")}
        for line in reference["type1_mg_first"]
    ]
    yield from anova_lines(swapped, lines)
    analysis = fit_formula(table("unbal2x2"), "immobility ~ ketamine * magnesium", reference_levels=KETAMINE)
    for line in reference["partial_eta2_ci90"]:
        yield "eta2", analysis.effect(line["Parameter"]).partial_eta_squared, line["Eta2_partial"]
    for group in reference["cell_summary"]:
        ours = next(
            one
            for one in analysis.groups
            if dict(one.levels)["ketamine"] == group["ketamine"] and dict(one.levels)["magnesium"] == group["magnesium"]
        )
        yield "mean, SD, SEM", ours.mean, group["mean"]
        yield "mean, SD, SEM", ours.sd or 0.0, group["sd"]
        yield "mean, SD, SEM", ours.sem or 0.0, group["sem"]
    yield from contrast_lines(analysis, reference)
    yield from mean_and_family_lines(reference)
    yield from size_lines(analysis, reference)
    spread, normal = analysis.assumptions
    yield "Levene", spread.statistic or 0.0, reference["brown_forsythe"][0]["F value"]
    yield "Levene", spread.p or 0.0, reference["brown_forsythe"][0]["Pr(>F)"]
    yield "Shapiro", normal.statistic or 0.0, reference["shapiro_resid"]["statistic"]
    yield "Shapiro", normal.p or 0.0, reference["shapiro_resid"]["p.value"]


def mean_lines(means: Iterable[MarginalMean], lines: list[dict[str, Any]]) -> Numbers:
    """Compare marginal means with those of emmeans."""
    found = list(means)
    for line in lines:
        ours = next(one for one in found if all(line[name] == level for name, level in one.levels))
        low, high = ours.interval or (0.0, 0.0)
        for value, name in ((ours.mean, "emmean"), (ours.se, "SE"), (low, "lower.CL"), (high, "upper.CL")):
            yield "marginal means", value or 0.0, line[name]


def family_lines(family: Comparisons, lines: list[dict[str, Any]], label: Callable[[dict[str, Any]], str]) -> Numbers:
    """Compare a family with emmeans, which may subtract the other way round."""
    for line in lines:
        ours = family.row(label(line))
        sign = 1 if ours.estimate * line["estimate"] > 0 else -1
        low, high = ours.interval if sign > 0 else (-ours.interval[1], -ours.interval[0])
        pairs = ((sign * ours.estimate, "estimate"), (ours.se, "SE"), (sign * ours.t, "t.ratio"))
        for value, name in (*pairs, (low, "lower.CL"), (high, "upper.CL")):
            if name in line:
                yield "families", value, line[name]
        # R's studentized range is 1 minus a sum: right to about 1e-12, not in relative terms.
        if line["p.value"] > 1e-4 or family.adjust != "tukey":
            yield "families", ours.p_adjusted, line["p.value"]


def pair(line: dict[str, Any]) -> str:
    return str(line["contrast"]).replace(" ", ":").replace(":-:", " - ")


def simple(line: dict[str, Any]) -> str:
    first, second = line["contrast"].split(" - ")
    held = f"magnesium = {line['magnesium']}" if line["ketamine"] == "." else f"ketamine = {line['ketamine']}"
    return f"{second} - {first} at {held}"


def mean_and_family_lines(reference: dict[str, Any]) -> Numbers:
    model = fit_model(table("unbal2x2"), "immobility ~ ketamine * magnesium", reference_levels=KETAMINE)
    yield from mean_lines(marginal_means(model, ["ketamine", "magnesium"]), reference["emm_cells"])
    for factor in ("ketamine", "magnesium"):
        yield from mean_lines(marginal_means(model, [factor]), reference[f"emm_{factor}"])
    proportional = marginal_means(model, ["ketamine"], averaging="proportional")
    yield from mean_lines(proportional, reference["emm_ketamine_proportional"])
    for method in ("none", "holm", "sidak", "bonferroni", "fdr"):
        yield from family_lines(simple_effects(model, how=How(adjust=method)), reference[f"simple_{method}"], simple)
    for method in ("tukey", "scheffe"):
        (family,) = pairwise(model, ["ketamine", "magnesium"], how=How(adjust=method))
        back = {" - ".join(reversed(row.label.split(" - "))): row.label for row in family.rows}
        lines = reference[f"{method}_cells"]
        yield from family_lines(family, lines, lambda line, back=back: back.get(pair(line), pair(line)))
    (family,) = against_control(model, ["ketamine", "magnesium"])
    dunnett = reference["dunnett_vs_saline_control"]
    yield "Dunnett", family.critical, dunnett["crit_95"]
    for label, t in dunnett["t"].items():
        row = family.row(label.replace("_", ":"))
        yield from (("Dunnett", row.t, t), ("Dunnett", row.p, dunnett["p_unadj"][label]))
        yield "Dunnett", row.p_adjusted, dunnett["p_exact"][label]


def size_lines(analysis: Analysis, reference: dict[str, Any]) -> Numbers:
    """Compare effect sizes with R effectsize, whose limits come from an optimiser that stops at about 1e-6."""
    limits = "effectsize's limits"
    shares = (("Eta2", partial_eta_squared), ("Omega2", partial_omega_squared))
    for name, share in shares:
        for line in reference[f"partial_{name.lower()}_ci90"]:
            effect = analysis.effect(line["Parameter"])
            value, (low, high) = share(effect.f, effect.df, effect.df_error, analysis.n, over="error")
            yield "eta2, omega2", value, line[f"{name}_partial"]
            yield from ((limits, low, line["CI_low"]), (limits, high, line["CI_high"]))
    cells = {tuple(level for _, level in group.levels): group for group in analysis.groups}
    for diet, name in (("control", "effects_control_diet"), ("mg", "effects_mg")):
        saline, ketamine = cells["saline", diet], cells["ketamine", diet]
        pooled = standardised_difference(saline, ketamine)
        glass = standardised_difference(ketamine, saline, by="SD of the reference")
        for value, interval, of, column in (
            (pooled.d, pooled.d_interval, "cohens_d", "Cohens_d"),
            (pooled.g, pooled.g_interval, "hedges_g", "Hedges_g"),
            (glass.d, glass.d_interval, "glass", "Glass_delta"),
        ):
            (line,) = reference[name][of]
            yield "d, g", value, line[column]
            yield from ((limits, interval[0], line["CI_low"]), (limits, interval[1], line["CI_high"]))


def padjust() -> Numbers:
    ps = [float(p) for p in table("padjust")["p"]]
    ours = {"BH": "fdr", "BY": "by", "holm_sidak": "holm-sidak"}
    for name, lines in expected("padjust").items():
        for value, line in zip(adjust(ps, ours.get(name, name)), lines, strict=True):
            yield "adjusted P", float(value), line


def contrast_lines(analysis: Analysis, reference: dict[str, Any]) -> Numbers:
    """Compare simple effects and the interaction with emmeans, which subtracts the other way round."""
    lines = []
    for line in reference["simple_none"]:
        held = "magnesium" if line["ketamine"] == "." else "ketamine"
        lines.append((((held, line[held]),), -1, line))
    lines.append(((), 1, {**reference["interaction_contrast"][0], "factor": "ketamine:magnesium"}))
    for within, sign, line in lines:
        ours = next(
            one
            for one in analysis.differences
            if one.within == within and (within or one.factor == "ketamine:magnesium")
        )
        low, high = ours.ci95 if sign > 0 else (-ours.ci95[1], -ours.ci95[0])
        pairs = ((sign * ours.estimate, "estimate"), (ours.se, "SE"), (sign * ours.t, "t.ratio"), (ours.p, "p.value"))
        for value, name in (*pairs, (low, "lower.CL"), (high, "upper.CL")):
            yield "contrasts", value, line[name]


def toothgrowth() -> Numbers:
    reference = expected("toothgrowth")
    yield from all_types("toothgrowth", "len ~ supp * dose")
    analysis = fit_formula(table("toothgrowth"), "len ~ supp * dose", reference_levels={"supp": ("VC", "OJ")})
    for line in reference["simple"]:
        ours = next(one for one in analysis.differences if one.within == (("dose", line["dose"]),))
        for value, name in ((ours.estimate, "estimate"), (ours.se, "SE"), (ours.t, "t.ratio"), (ours.p, "p.value")):
            yield "contrasts", value, line[name]
    model = fit_model(table("toothgrowth"), "len ~ supp * dose", reference_levels={"supp": ("OJ", "VC")})
    yield from mean_lines(marginal_means(model, ["supp", "dose"]), reference["emm"])
    (family,) = pairwise(model, ["dose", "supp"])
    yield from family_lines(family, reference["tukey_all"], dosed_pair)
    trends = polynomial_contrasts(model, "dose")
    yield from family_lines(trends, reference["dose_poly"], lambda line: str(line["contrast"]))
    spread, normal = analysis.assumptions
    yield "Levene", spread.statistic or 0.0, reference["brown_forsythe"][0]["F value"]
    yield "Shapiro", normal.statistic or 0.0, reference["shapiro"]["statistic"]
    yield "Shapiro", normal.p or 0.0, reference["shapiro"]["p.value"]


def dosed_pair(line: dict[str, Any]) -> str:
    """Return our label of "OJ dose0.5 - VC dose1"."""
    cells = (cell.split(" dose") for cell in line["contrast"].split(" - "))
    return " - ".join(f"{dose}:{supp}" for supp, dose in cells)


def warpbreaks() -> Numbers:
    levels = {"wool": ("A", "B"), "tension": ("L", "M", "H")}
    yield from all_types("warpbreaks", "breaks ~ wool * tension", levels)
    model = fit_model(table("warpbreaks"), "breaks ~ wool * tension", reference_levels=levels)
    for family, wool in zip(pairwise(model, ["tension"], within=["wool"]), levels["wool"], strict=True):
        lines = [line for line in expected("warpbreaks")["tension_by_wool_tukey"] if line["wool"] == wool]
        yield from family_lines(family, lines, pair)


def plantgrowth() -> Numbers:
    analysis = fit_formula(table("plantgrowth"), "weight ~ group", type=1)
    yield from anova_lines(analysis, expected("plantgrowth")["type1"])
    for line in expected("plantgrowth")["holm"][:2]:
        reference, level = line["contrast"].split(" - ")
        ours = next(one for one in analysis.differences if (one.reference, one.level) == (reference, level))
        yield "contrasts", -ours.estimate, line["estimate"]
        yield "contrasts", ours.se, line["SE"]
    yield from plantgrowth_families()


def plantgrowth_families() -> Numbers:
    model = fit_model(table("plantgrowth"), "weight ~ group")
    for method in ("holm", "sidak", "bonferroni"):
        (family,) = pairwise(model, ["group"], how=How(adjust=method))
        yield from family_lines(family, expected("plantgrowth")[method], pair)
    (family,), (dunnett,) = pairwise(model, ["group"]), against_control(model, ["group"])
    for line in expected("plantgrowth")["tukey"]:
        row = family.row(" - ".join(reversed(line["term"].split("-"))))
        pairs = ((-row.estimate, "diff"), (-row.interval[1], "lwr"), (-row.interval[0], "upr"))
        for value, name in (*pairs, (row.p_adjusted, "p adj")):
            yield "families", value, line[name]
    for label, p in expected("plantgrowth")["dunnett_p_exact"].items():
        yield "Dunnett", dunnett.row(label).p_adjusted, p


def npk() -> Numbers:
    analysis = fit_formula(table("npk"), "yield ~ block + N * P * K", type=1)
    yield from anova_lines(analysis, expected("npk")["type1"])


def ancova2x2() -> Numbers:
    formula = "immobility ~ weight + ketamine * magnesium"
    yield from all_types("ancova2x2", formula, KETAMINE)
    analysis = fit_formula(table("ancova2x2"), formula, reference_levels=KETAMINE)
    for line in expected("ancova2x2")["simple"]:
        ours = next(one for one in analysis.differences if one.within == (("magnesium", line["magnesium"]),))
        pairs = ((-ours.estimate, "estimate"), (ours.se, "SE"), (-ours.t, "t.ratio"), (ours.p, "p.value"))
        for value, name in pairs:
            yield "contrasts", value, line[name]
    model = fit_model(table("ancova2x2"), formula, reference_levels=KETAMINE)
    yield from mean_lines(marginal_means(model, ["ketamine", "magnesium"]), expected("ancova2x2")["adjusted_means"])
    slopes, line = equal_slopes(model), expected("ancova2x2")["slope_homogeneity"][1]
    yield from (("slopes", slopes.statistic or 0.0, line["F"]), ("slopes", slopes.p or 0.0, line["Pr(>F)"]))


def ci_noncentral() -> Numbers:
    reference = expected("ci_noncentral")
    for line in reference["F"]:
        low, high = noncentral_f_interval(line["F"], line["df1"], line["df2"])
        eta, (eta_low, eta_high) = partial_eta_squared(line["F"], line["df1"], line["df2"], line["N"])
        yield from (("lambda", low, line["ncp_lo"]), ("lambda", high, line["ncp_hi"]), ("eta2", eta, line["pes"]))
        yield from (("eta2 CI", eta_low, line["lo_N"]), ("eta2 CI", eta_high, line["hi_N"]))
        _, (eta_low, eta_high) = partial_eta_squared(line["F"], line["df1"], line["df2"], line["N"], over="error")
        yield from (("eta2 CI", eta_low, line["lo_dfe"]), ("eta2 CI", eta_high, line["hi_dfe"]))
    for line in reference["t"]:
        low, high = noncentral_t_interval(line["t"], line["df"])
        g, (g_low, g_high) = hedges_g(line["t"], line["df"], (1 / line["n1"] + 1 / line["n2"]) ** 0.5)
        yield from (("lambda", low, line["ncp_lo"]), ("lambda", high, line["ncp_hi"]))
        yield from (("g", g, line["g"]), ("g", hedges_correction(line["df"]), line["J"]))
        yield from (("g CI", g_low, line["g_lo"]), ("g CI", g_high, line["g_hi"]))


def power_2x2() -> Numbers:
    reference = expected("power_2x2")
    for line in reference["grid"]:
        yield "power", f_power(line["ncp"], 1, line["df2"]), line["power_mpmath"]
    main, _, interaction = smallest_detectable({"a": 2, "b": 2}, 8)
    yield "smallest effect", main.effect, reference["mdes_d_main_n8_80"]
    yield "smallest effect", interaction.effect, reference["mdes_dd_interaction_n8_80"]


def tost_2x2() -> Numbers:
    frame = table("tost_2x2")
    analysis = fit_formula(frame, "distance ~ group", reference_levels={"group": ("saline", "ketamine")})
    groups = [frame.distance[frame.group == level].astype(float) for level in ("ketamine", "saline")]
    for name, line in expected("tost_2x2").items():
        if name.startswith("welch"):
            yield from equivalence_lines(tost_two_groups(*groups, line["bound"]), line)
        elif name.startswith("student"):
            yield from equivalence_lines(tost(analysis.differences[0], line["bound"]), line)


def equivalence_lines(ours: Equivalence, line: dict[str, Any]) -> Numbers:
    for value in ("t_lower", "p_lower", "t_upper", "p_upper", "df"):
        yield "TOST", getattr(ours, value), line[value]
    yield "TOST", ours.p, line["p_tost"]
    yield from (("TOST", ours.interval[0], line["ci90"][0]), ("TOST", ours.interval[1], line["ci90"][1]))


def nist(name: str) -> Numbers:
    analysis = fit_formula(table(name), "y ~ group")
    effect, reference = analysis.effects[0], expected(name)
    yield from (("SS", effect.ss, reference["ss_between"]), ("SS", analysis.ss_error, reference["ss_within"]))
    yield from (("df", effect.df, reference["df_between"]), ("df", analysis.df_error, reference["df_within"]))
    yield from (("F", effect.f, reference["F"]), ("P", effect.p, reference["p"]))


def cases() -> dict[str, Callable[[], Numbers]]:
    """Every case by its name."""
    own = (unbal2x2, toothgrowth, warpbreaks, plantgrowth, npk, ancova2x2, padjust, ci_noncentral, power_2x2, tost_2x2)
    found: dict[str, Callable[[], Numbers]] = {case.__name__: case for case in own}
    for path in sorted(ORACLES.glob("nist_*.csv")):
        found[path.stem] = lambda name=path.stem: nist(name)
    return found


def section() -> str:
    """Return the section of the validation page."""
    lines = [
        "## Statistics",
        "",
        "Largest relative difference from the reference (R 4.2 with car, emmeans, effectsize; NIST certified values).",
        "",
        "| case | SS | F | P | other |",
        "|---|---|---|---|---|",
    ]
    if not ORACLES.is_dir():
        return "The reference cases (../shared/oracles) are not on this machine."
    for name, case in cases().items():
        found = worst(case)
        named = [f"{found[kind]:.1e}" if kind in found else "" for kind in ("SS", "F", "P")]
        others = "; ".join(f"{kind} {size:.1e}" for kind, size in found.items() if kind not in ("SS", "F", "P", "df"))
        lines.append(f"| {name} | {' | '.join(named)} | {others} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(section())
