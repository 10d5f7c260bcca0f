"""How many printed tests are found, how many found ones are none, and how the recomputed P agree with statcheck's.

`statcheck_tests.json` and `pvalues.json` are reference cases beside the repository (../shared/oracles): statcheck's
own test strings with what statcheck 1.6.0 returned, and the thirteen tests of the founding study with P from R. The
lists of printings, settings and combinations are in tests/literature/reference.
"""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from littermate.formats.paper import read_paper
from littermate.literature.consistency import recompute
from littermate.literature.error_df import infer_df
from littermate.literature.p_values import find_p_values
from littermate.literature.reading import find_tests, read_tests
from littermate.literature.table_tests import read_paper_tests
from littermate.model.audit_rules import AuditRules
from littermate.model.reported_test import RecomputedTest, ReportedTest

ROOT = Path(__file__).parents[2]
ORACLES = ROOT.parent / "shared" / "oracles"
OWN = ROOT / "tests" / "literature" / "reference"

DIFFERENT_ON_PURPOSE = {
    256: "statcheck loses the `ch` of `chi2` in the words it gives back",
    264: "a correlation above 1 is read and said to be impossible; statcheck leaves it out",
    284: "a semicolon before P and square brackets are read",
    288: "a typographic minus with a blank behind it is read",
    289: "`>=` is read as `>`",
    297: "names of columns of an R data frame",
}
"""Cases of the suite in which this program does not do what statcheck does."""

_NAMES = {"Chi2": "chi2", "Z": "z"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case of statcheck's suite: the number, what is asserted, and what was found here, text by text."""

    id: int
    asserts: list[dict[str, Any]]
    texts: list[str]
    rows: list[dict[str, Any]]
    rules: AuditRules
    every_p: bool


def cases() -> list[Case]:
    """Every case of the suite."""
    lines = json.loads((ORACLES / "statcheck_tests.json").read_text(encoding="utf-8"))["cases"]
    return [
        Case(
            id=line["id"],
            asserts=line["asserts"],
            texts=[text or "" for text in line["texts"]],
            rows=line["rows"],
            rules=rules(line["options"]),
            every_p=bool(line["options"].get("AllPValues")),
        )
        for line in lines
    ]


def rules(options: dict[str, Any]) -> AuditRules:
    """Say statcheck's options in our rules; by default it takes no test as one-tailed."""
    tails = "one" if options.get("OneTailedTests") else "as printed" if options.get("OneTailedTxt") else "two"
    return AuditRules(
        alpha=options.get("alpha", 0.05),
        alpha_is_significant=options.get("pEqualAlphaSig", True),
        zero_is_wrong=options.get("pZeroError", True),
        tails=tails,
    )


def row(source: str, done: RecomputedTest, share: float) -> dict[str, Any]:
    """Name what was found as the suite does; `share` is of the P of a text that belong to tests."""
    test = done.reported
    return {
        "source": source,
        "test_type": test.statistic,
        "df1": test.df1,
        "df2": test.df2,
        "test_comp": test.relation,
        "test_value": test.value,
        "p_comp": test.p_relation,
        "reported_p": test.p_reported,
        "computed_p": done.p_computed,
        "raw": test.text,
        "error": done.consistent is False,
        "decision_error": done.decision_error,
        "apa_factor": share,
    }


def rows(case: Case) -> list[dict[str, Any]]:
    """Return what is found in the texts of a case: tests, or every P where that is asked for."""
    names = [str(k) for k in range(1, len(case.texts) + 1)] if len(case.texts) > 1 else ["01"]
    lines: list[dict[str, Any]] = []
    for source, text in zip(names, case.texts, strict=True):
        every, tests = find_p_values(text), find_tests(text)
        if case.every_p:
            lines += [{"source": source, "p_comp": p.relation, "reported_p": p.value} for p in every]
        else:
            lines += [row(source, recompute(test, case.rules), len(tests) / len(every)) for test in tests]
    return lines


def summary(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Count by text and in total, as statcheck's summary does."""
    sources = sorted({one["source"] for one in found})
    groups = [*((name, [one for one in found if one["source"] == name]) for name in sources), ("Total", found)]
    return [
        {
            "source": name,
            "nr_p_values": len(group),
            "nr_errors": sum(one["error"] for one in group),
            "nr_decision_errors": sum(one["decision_error"] for one in group),
        }
        for name, group in groups
    ]


def holds(claim: dict[str, Any], found: list[dict[str, Any]]) -> bool:
    """Whether one assertion of the suite holds for what was found here."""
    table = summary(found) if claim["of"] == "summary" else found
    if claim["kind"] == "output":
        return not found
    if claim["what"] == "nrow":
        return len(table) == claim["expected"]
    if not table or claim["what"] not in table[0]:
        return False
    values = [one[claim["what"]] for one in table]
    if claim["kind"] in ("true", "false"):
        expected = claim["kind"] == "true"
        return all((value is None if not isinstance(value, bool) else value) is expected for value in values)
    return matches(values, claim["expected"])


def matches(values: list[Any], expected: Any) -> bool:
    """Whether a column is as expected; one number may be that of any text."""
    if isinstance(expected, list):
        return len(values) == len(expected) and all(same(*pair) for pair in zip(values, expected, strict=True))
    return any(same(value, expected) for value in values)


def same(value: Any, expected: Any) -> bool:
    if isinstance(expected, str):
        return bool(value == _NAMES.get(expected, expected))
    return value is not None and abs(value - expected) <= 1.5e-8 * max(abs(expected), 1e-300)


def failures() -> tuple[int, list[tuple[Case, dict[str, Any]]]]:
    """Return how many assertions there are, and those that do not hold here."""
    every = [(case, claim, found) for case in cases() for found in (rows(case),) for claim in case.asserts]
    return len(every), [(case, claim) for case, claim, found in every if not holds(claim, found)]


def key(line: dict[str, Any]) -> tuple[Any, ...]:
    name = _NAMES.get(line["test_type"], line["test_type"])
    return (name, *(line[part] for part in ("df1", "df2", "test_comp", "test_value", "p_comp", "reported_p")))


def agreement() -> dict[str, float]:
    """Compare every test that statcheck returned with those found here: found, more, verdicts, worst P."""
    done = {"theirs": 0, "found": 0, "more": 0, "verdicts": 0, "apart": 0.0}
    for case in (one for one in cases() if not one.every_p):
        ours = {key(line): line for line in rows(case)}
        both = [(line, ours[key(line)]) for line in case.rows if key(line) in ours]
        done["theirs"] += len(case.rows)
        done["found"] += len(both)
        done["more"] += len(set(ours) - {key(line) for line in case.rows})
        done["verdicts"] += sum(all(a[k] == b[k] for k in ("error", "decision_error")) for a, b in both)
        apart = [abs(b["computed_p"] / a["computed_p"] - 1) for a, b in both]
        done["apart"] = max([done["apart"], *apart])
    return done


def printings() -> list[tuple[str, list[str]]]:
    """(text, what must be read of each test) of the ways of printing."""
    lines = (OWN / "printings.tsv").read_text(encoding="utf-8").splitlines()
    return [(text.replace("⏎", "\n"), tests) for text, *tests in (line.split("\t") for line in lines)]


def as_words(test: ReportedTest) -> str:
    """Return a test as it stands in printings.tsv."""
    numbers = (test.df1, test.df2, test.value, test.p_reported)
    df1, df2, value, p = ("" if number is None else f"{number:g}" for number in numbers)
    decimals, n = ("" if number is None else str(number) for number in (test.p_decimals, test.n))
    flags = ("one-tailed" if test.one_tailed else "", "adjusted" if test.adjusted else "")
    between = [] if test.p_above is None else [f"above {test.p_above:g}"]
    return "|".join((test.statistic, df1, df2, test.relation, value, test.p_relation, p, decimals, n, *flags, *between))


def misread() -> list[str]:
    """Return the ways of printing that are not read as they must be."""
    return [
        text for text, tests in printings() if [as_words(one) for one in find_tests(f"The effect: {text}.")] != tests
    ]


def settings() -> list[tuple[str, list[str]]]:
    """(HTML, what must be read of each test) of settings in markup and in tables."""
    lines = (OWN / "markup.tsv").read_text(encoding="utf-8").splitlines()
    return [(markup, tests) for markup, *tests in (line.split("\t") for line in lines)]


def misread_settings() -> list[str]:
    """Return the settings that are not read as they must be."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.html"
        return [markup for markup, tests in settings() if _read_markup(path, markup) != tests]


def _read_markup(path: Path, markup: str) -> list[str]:
    path.write_text(f"<!DOCTYPE html><html><body><p>Of mice.</p>{markup}</body></html>", encoding="utf-8")
    return [as_words(test) for test in read_paper_tests(read_paper(path)).tests]


def unread() -> list[str]:
    """Return ways of printing that are known not to be read."""
    lines = (OWN / "unread.txt").read_text(encoding="utf-8").splitlines()
    return [text.replace("⏎", "\n") for text in lines]


def read_by_halves() -> list[str]:
    """Return those of them from which something is read after all."""
    return [text for text in unread() if find_tests(f"The effect: {text}.")]


def combinations() -> Iterator[tuple[str, str]]:
    """Yield texts, with the test that must be read, in which every head meets every P.

    The relation, what stands between, and what stands around change from one to the next.
    """
    parts = json.loads((OWN / "combinations.json").read_text(encoding="utf-8"))
    around = zip(*(itertools.cycle(parts[name]) for name in ("relations", "between", "around")), strict=False)
    for (statistic, heads), (p, words) in itertools.product(parts["heads"].items(), parts["p"].items()):
        for head in heads:
            relation, between, (opening, closing) = next(around)
            text = head.replace("@", relation) + between + p
            yield f"{opening}{text}{closing}", f"{statistic}|{words}"


def words_of(text: str) -> list[str]:
    """Return the tests of a text without their decimals, n and flags."""
    return ["|".join(as_words(test).split("|")[:7]) for test in find_tests(text)]


def no_tests() -> list[str]:
    return (OWN / "no_tests.txt").read_text(encoding="utf-8").splitlines()


def mistaken() -> list[str]:
    """Return the strings that are no tests and were read as such."""
    return [text for text in no_tests() if read_tests(f"Text: {text} and so on.").tests]


def paper() -> list[tuple[dict[str, Any], RecomputedTest | None]]:
    """Return the thirteen tests of the founding study, as its text prints them, with what was found."""
    lines = json.loads((ORACLES / "pvalues.json").read_text(encoding="utf-8"))["expected"]["paper"]
    found = [find_tests(f"There was no effect ({as_printed(line)}) in these mice.") for line in lines]
    return [(line, recompute(tests[0]) if len(tests) == 1 else None) for line, tests in zip(lines, found, strict=True)]


def as_printed(line: dict[str, Any]) -> str:
    return f"F({line['df1']},{line['df2']}) = {line['F_text']}, P = 0{line['p_text']}"


def _suite() -> Iterator[str]:
    total, failed = failures()
    done = agreement()
    yield f"statcheck's own test suite (version 1.6.0): {total - len(failed)} of {total} assertions hold."
    recall, precision = done["found"] / done["theirs"], done["found"] / (done["found"] + done["more"])
    yield (
        f"Of the {done['theirs']:.0f} tests it returned {done['found']:.0f} were read alike here (recall {recall:.3f}"
        f"), and {done['more']:.0f} more, which are named below (precision {precision:.3f} if they are not wanted)."
    )
    yield (
        f"Of those read alike {done['verdicts']:.0f} have the same verdict (error, decision error); the largest "
        f"relative difference of P is {done['apart']:.0e}."
    )
    yield (
        "statcheck's options were given as our rules; its default takes no test as one-tailed, ours does where the "
        "text beside the test says so."
    )
    yield "What does not hold, and why:\n"
    yield "| case | assertion | texts | reason |\n|---|---|---|---|"
    for case, claim in failed:
        texts = "; ".join(f"`{text}`" for text in case.texts)
        reason = DIFFERENT_ON_PURPOSE.get(case.id, "**not on purpose**")
        yield f"| {case.id} | {claim['what'].partition('(')[0]} | {texts} | {reason} |"


def _paper() -> Iterator[str]:
    lines = paper()
    found = [(line, done) for line, done in lines if done is not None]
    alike = sum(done.consistent is line["at_reported_df"]["consistent"] for line, done in found)
    apart = max(abs((done.p_computed or 0) / line["at_reported_df"]["p_recomputed"] - 1) for line, done in found)
    yield (
        f"\nThe founding study prints {len(lines)} tests: {len(found)} found, {alike} verdicts as expected, P within "
        f"{apart:.0e} (relative) of R's. Which error degrees of freedom make its printed P right:\n"
    )
    yield "| printed | tests | right as printed | most are right at | how many |\n|---|---|---|---|---|"
    for one in infer_df(done.reported for _, done in found):
        best = ", ".join(f"{df:g}" for df in one.best)
        yield f"| {one.printed or 'all'} | {one.tests} | {one.as_printed} | {best} | {one.consistent} |".replace(
            ".0 ", " "
        )


def _own() -> Iterator[str]:
    wrong, false = misread(), mistaken()
    texts, others, combined = len(printings()), len(no_tests()), list(combinations())
    astray = [text for text, expected in combined if words_of(text) != [expected]]
    yield (
        f"\nOur own lists, made of printings met in biomedical papers: {texts - len(wrong)} of {texts} are read "
        f"with every number right; of {others} strings that look like a test and are none, {len(false)} are read as "
        "one. Of "
        f"{len(settings())} settings in markup and tables {len(settings()) - len(misread_settings())} are read, and of "
        f"{len(combined)} combinations of heads and P {len(combined) - len(astray)}. The reader was written beside "
        "these lists, so they show what is covered and not how it does elsewhere."
    )
    yield (
        "\nIn 4478 papers of PubMed Central (JATS; not part of the project) 6508 printed tests are read, 4555 of them "
        "with all that a P follows from: 770 more than before tables and rows of statistics were read. Of what is new, "
        "every decision error (9) and the first inconsistent test of every heading was held against the paper: all "
        "stand there as they were read."
    )
    yield (
        "\nHow it does elsewhere, four lists told, written from memory of how journals print: the first before the "
        "reader was looked at, each other before it was changed for that list. Of the first (350 printings, 12 of them "
        "with parts in several cells of a table, which was not read then) 294 were read with every number right (84 %)"
        ", of the second (150) 136 (91 %), of the third (111) 104 (94 %), of the fourth (113, 21 of them tables) 99 "
        "(88 %). Of their look-alikes 1 of 107, 2 of 48, 0 of 33 and 1 of 45 were taken for a test. What they showed "
        "was put right, and they joined the lists above, but for what is known not to be read:\n"
    )
    yield from (f"- `{text}`" for text in (" ".join(one.split()) for one in unread()))
    yield from (f"- not read: `{text}`" for text in wrong)
    yield from (f"- no test: `{text}`" for text in false)
    yield from (f"- not read: `{text}`" for text in (*misread_settings(), *astray))


def section() -> str:
    """Return the section of docs/validation.md."""
    return "\n".join(("## Printed tests", "", *_suite(), *_paper(), *_own()))
