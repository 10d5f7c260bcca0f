"""Whole papers, written for this test as authors would: what was planted in them is told, and nothing else."""

import csv
from pathlib import Path

import pytest

from littermate.single.audit import audit_paper

HOME = Path(__file__).with_name("whole_papers")
PAPERS = sorted(HOME.glob("*.txt"))


def planted(paper: Path) -> list[tuple[str, str]]:
    """What tells of the faults of a paper, and of which test where it is a verdict; two are not told of yet."""
    with (HOME / "key.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["paper"] == paper.stem]
    return [(told_by, row["of"]) for row in rows for told_by in row["told_by"].split(";") if told_by]


def told(paper: Path) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """What an audit tells of importance, and what it only notes."""
    audit = audit_paper(paper)
    verdicts = {(one.verdict, one.reported.text) for one in audit.tests if one.verdict != "consistent"}
    grave, noted = (
        {(one.id, "") for one in audit.findings if (one.importance == "note") is note} for note in (False, True)
    )
    return verdicts | grave, noted


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.stem)
def test_what_was_planted_is_told_and_nothing_else(paper: Path) -> None:
    key = set(planted(paper))
    grave, noted = told(paper)
    assert key <= grave | noted
    assert grave <= key
