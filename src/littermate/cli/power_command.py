"""Power command: what a planned design can find, how many units it needs, how often it finds an effect."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from littermate.cli.json_output import record_json
from littermate.cli.options import Json, drawable
from littermate.cli.power_arguments import Levels, design_of, means_table, numbers_of, share_of, sizes_of
from littermate.cli.printing import out, print_findings, print_json, print_rules, print_table
from littermate.errors import Complaint, UsageError
from littermate.single.picture import save
from littermate.single.power import PowerAnswer, PowerRequest, SimulationRequest, picture_of_power, plan_power

if TYPE_CHECKING:
    from littermate.model.power import EffectPower

__all__ = ["power_json", "register"]

_TITLES = {
    "effect": "the smallest effects that are found",
    "n": "the units needed",
    "power": "how often effects are found",
}


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(power)


def power(
    design: Annotated[
        list[str] | None, typer.Argument(help="2x2, 3x2, 4 (one factor), or magnesium:2 ketamine:2.")
    ] = None,
    n: Annotated[str | None, typer.Option("--n", help="Animals in each group: 8, or one a group: 8,7,8,6.")] = None,
    effect: Annotated[
        str | None,
        typer.Option("--effect", "--d", help="Size in SD within groups; several with commas. See Rules in the output."),
    ] = None,
    term: Annotated[
        str, typer.Option(help="main, interaction, simple, a factor, A:B, or 'A within B=2'. All where left out.")
    ] = "",
    contrast: Annotated[
        str | None, typer.Option(help="Weights of a contrast, one a group (last factor fastest): -1,0,0,1.")
    ] = None,
    f: Annotated[float | None, typer.Option("--f", help="Cohen's f, instead of --effect.")] = None,
    means: Annotated[
        str | None,
        typer.Option(
            help="Expected means, one a group (last factor fastest), or a CSV of factors and mean; with --sd."
        ),
    ] = None,
    sd: Annotated[str | None, typer.Option(help="SD within groups: one, or one a group (then simulated).")] = None,
    wanted: Annotated[float, typer.Option("--power", help="Wanted power.")] = 0.8,
    alpha: Annotated[float, typer.Option(help="Level of significance.")] = 0.05,
    equivalence: Annotated[
        float | None, typer.Option(help="Show that a difference is smaller than this many SD (two one-sided tests).")
    ] = None,
    ratio: Annotated[
        str | None, typer.Option(help="Ratio of the groups' sizes where n is looked for: 2,1,1,1.")
    ] = None,
    attrition: Annotated[str, typer.Option(help="Share of animals expected to be lost: 10%.")] = "0",
    covariates: Annotated[int, typer.Option(min=0, help="Number of covariates (each takes a degree of freedom).")] = 0,
    blocks: Annotated[int, typer.Option(min=1, help="Number of blocks, such as membranes or cohorts.")] = 1,
    explained: Annotated[str, typer.Option(help="Share of the variance that covariates and blocks explain.")] = "0",
    test: Annotated[str | None, typer.Option(help="F, welch or randomisation (then simulated).")] = None,
    simulate: Annotated[int | None, typer.Option(help="Simulate so many experiments.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Of the simulation; drawn and said where left out.")] = None,
    cage: Annotated[int, typer.Option(help="Animals in a cage.")] = 1,
    icc: Annotated[float, typer.Option(help="Share of the variance that lies between cages, 0 to 1.")] = 0.0,
    treat: Annotated[str, typer.Option(help="What is allocated to groups: animal or cage.")] = "animal",
    skew: Annotated[float, typer.Option(help="Skewness of the outcome; 2 is that of an exponential.")] = 0.0,
    bounds: Annotated[
        str | None, typer.Option(help="Least and greatest possible outcome: 0,240; with --means.")
    ] = None,
    curve: Annotated[
        Path | None,
        typer.Option("--curve", "--figure", help="Draw power curves (PNG, SVG or PDF).", callback=drawable),
    ] = None,
    json: Json = False,
) -> None:
    """Work out power, sample size or the smallest effect of a factorial design.

    With --n alone: the smallest effects that are found. With an effect (--effect, --f or --means) and --n: how often it
    is found. With an effect alone: how many animals are needed.
    """
    levels, cell_means = _design_and_means(design or [], means)
    cells = math.prod(count for _, count in levels)
    sds = _sds(sd, cells, bool(cell_means))
    simulation = None
    lost = share_of(attrition, "--attrition")
    odd = cage > 1 or icc or skew or bounds or len(set(sds)) > 1 or (lost and equivalence is not None)
    if odd or simulate is not None or test is not None:
        simulation = SimulationRequest(
            test=test or "F",
            experiments=simulate,
            seed=seed,
            sds=sds,
            cage=cage,
            icc=icc,
            treated=treat,
            skew=skew,
            bounds=_bounds(bounds, bool(cell_means)),
        )
    _require_one_kind_of_effect(effect=effect, f=f, means=means, contrast=contrast, term=term)
    request = PowerRequest(
        levels=levels,
        sizes=sizes_of(n or ratio or "1", cells, "--n" if n else "--ratio"),
        size_known=n is not None,
        term=term,
        weights=numbers_of(contrast, "--contrast") if contrast else (),
        effects=_effects(effect),
        f=f,
        means=cell_means,
        sd=sds[0] if sds else 1.0,
        power=wanted,
        alpha=alpha,
        within=equivalence,
        lost=lost,
        df_taken=covariates + blocks - 1,
        explained=share_of(explained, "--explained"),
        simulation=simulation,
    )
    answer = plan_power(request)
    if curve:
        save(picture_of_power(answer), curve)
    if json:
        return print_json(answer.rules, answer.findings, **power_json(answer))
    _print(answer)
    return None


def _design_and_means(words: list[str], means: str | None) -> tuple[Levels, tuple[float, ...]]:
    """Read the design, which a table of means brings with it."""
    if means is None:
        return design_of(words), ()
    if means.lower().endswith((".csv", ".tsv", ".txt")):
        levels, found = means_table(Path(means))
        if words and [count for _, count in design_of(words)] != [count for _, count in levels]:
            do = "leave the design out"
            expected = "the design of the table: " + " ".join(f"{name}:{count}" for name, count in levels)
            raise UsageError(expected=expected, found=" ".join(words), do=do)
        return levels, found
    return design_of(words), numbers_of(means, "--means")


def _sds(text: str | None, cells: int, with_means: bool) -> tuple[float, ...]:
    if text is None and with_means:
        do = "add --sd with the spread within groups, in the unit of the means"
        raise UsageError(expected="an SD for the means", found="none", do=do)
    found = numbers_of(text, "--sd") if text else ()
    if len(found) == 1 and not with_means:
        do = "leave --sd out (sizes are in SD), or give --means in the outcome's unit"
        raise UsageError(expected="means for the SD", found="none", do=do)
    if found and (len(found) not in (1, cells) or min(found) <= 0):
        do = f"write one for all groups, or {cells}"
        raise UsageError(expected="SDs above 0", found=repr(text), do=do)
    return found * cells if len(found) == 1 else found


def _effects(text: str | None) -> tuple[float, ...]:
    found = numbers_of(text, "--effect") if text else ()
    if len(found) > 1 and 0 in found:
        do = "write 0.5, and commas between sizes only"
        raise UsageError(expected="sizes with a decimal point", found=repr(text), do=do)
    return found


def _bounds(text: str | None, with_means: bool) -> tuple[float, float]:
    if text is None:
        return -math.inf, math.inf
    found = numbers_of(text, "--bounds")
    if len(found) != 2 or not with_means:
        expected = "two bounds, and the expected means in the same unit"
        raise UsageError(expected=expected, found=repr(text), do="write --bounds 0,240 --means 120,100,118,60 --sd 35")
    return found[0], found[1]


def _require_one_kind_of_effect(**given: object) -> None:
    effects = [f"--{name}" for name in ("effect", "f", "means") if given[name] is not None]
    complaints = []
    if len(effects) > 1:
        complaints.append(
            Complaint(expected="one kind of effect", found=" and ".join(effects), do="give the one that is meant")
        )
    if given["contrast"] is not None and given["term"]:
        complaints.append(Complaint(expected="a term or a contrast", found="both", do="leave one out"))
    if complaints:
        raise UsageError.of(complaints)


def power_json(answer: PowerAnswer) -> dict[str, Any]:
    """Return an answer as json-output.md wants it; the first effect's numbers stand at the top too."""
    first = record_json(answer.rows[0])
    keys = ("power", "n_per_group", "n_total", "effect", "alpha", "method", "term")
    request = answer.request
    return {key: first[key] for key in keys} | {
        "asked_for": answer.asks,
        "wanted_power": request.power,
        "design": dict(request.levels),
        "effects": [record_json(row) for row in answer.rows],
        "effects_of_1_sd": [record_json(row) for row in answer.at_one],
        "attrition": [record_json(one) for one in answer.losses],
        "equivalence_bound_detectable": answer.bound,
        "sentences": answer.sentences,
    }


def _print(answer: PowerAnswer) -> None:
    design = " x ".join(f"{name} ({count})" for name, count in answer.request.levels)
    print_table(
        f"{design}: {_TITLES[answer.asks]}",
        ("effect", "size is a", "size, SD", "Cohen f", "df", "df error", "power", "SE", "n a group", "n in all"),
        [_line(row) for row in answer.rows],
    )
    out.print()
    for sentence in answer.sentences:
        out.print(sentence)
    print_findings(answer.findings)
    print_rules(answer.rules)


def _line(row: EffectPower) -> tuple[object, ...]:
    n = row.n_per_group if isinstance(row.n_per_group, int) else ", ".join(map(str, row.n_per_group))
    sizes = (row.effect, row.f, row.df, row.df_error)
    return (row.term, row.measure, *sizes, row.power, row.standard_error, n, row.n_total)
