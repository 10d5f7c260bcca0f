"""From plate files to measurements: the protocol's choices, analytes per mg, and the sheet for the gel."""

import csv
from pathlib import Path

import pytest

from littermate.errors import TableError
from littermate.simulate.plate import write_bca, write_elisa
from littermate.study import Study, create_study, open_study
from littermate.study.trailing import trails_of

PASSPHRASE = "correct horse"
REGION = "hippocampus"
OUTCOMES = """
[[outcome]]
name = "per tissue"
assay = "elisa"
measure = "concentration_pg_mg_tissue"
unit = "pg/mg tissue"
region = "hippocampus"

[[outcome]]
name = "per protein"
assay = "elisa"
measure = "concentration_pg_mg_protein"
unit = "pg/mg protein"
region = "hippocampus"
"""


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setenv("LITTERMATE_CONFIG", str(tmp_path / "config"))
    folder = create_study(tmp_path / "ketamine-magnesium").folder.root
    protocol = folder / "study.toml"
    text = protocol.read_text(encoding="utf-8")
    assert 'load = "30 ug"' in text and 'spike = "250 pg/mL"' in text
    text = text.replace('load = "30 ug"', 'load = "40 ug"\nwell = "40 uL"\ndye = "5 uL"')
    text = text.replace('spike = "250 pg/mL"', 'spike_volume = "10 %"\nnormalise = ["tissue", "protein"]\n#', 1)
    at = text.index("[[outcome]]")
    protocol.write_text(text[:at] + OUTCOMES.lstrip() + "\n" + text[at:], encoding="utf-8")
    study = open_study(folder, passphrase=PASSPHRASE)
    study.allocate(seed=1)
    return study


def pipette(study: Study, tissue: str = "") -> list[str]:
    """Two animals on a BCA and an ELISA plate; a third one on the ELISA alone."""
    codes = sorted(set(study.names.values()))[:3]
    plates = study.folder.plates
    write_bca(plates / "z-bca.csv", dict(zip(codes[:2], (2000.0, 1000.0), strict=True)), seed=1, cv=0, dilution=2)
    write_elisa(plates / "a-elisa.csv", dict(zip(codes, (120.0, 90.0, 60.0), strict=True)), spike=None, seed=1, cv=0)
    rows = f"file,kind,region\na-elisa.csv,elisa,{REGION}\nz-bca.csv,bca,{REGION}\n"
    (plates / "plates.csv").write_text(rows, encoding="utf-8")
    if tissue:
        lines = tissue.format(*codes)
        (plates / "tissue.csv").write_text(f"code,region,tissue_mg,lysate_ml\n{lines}\n", encoding="utf-8")
    return codes


def test_analytes_are_given_per_mg_and_what_is_missing_says_why(study: Study) -> None:
    codes = pipette(study, f"{{0}},{REGION},20,0.5\n{{1}},{REGION},,0.5")
    found = {(one.outcome, one.code): one for one in study.read_plates()}
    tissue = [found["per tissue", code] for code in codes]
    assert tissue[0].value == pytest.approx(120 * 0.5 / 20, rel=0.02)
    assert [one.reason for one in tissue[1:]] == ["the weight of its tissue is not known"] * 2
    protein = [found["per protein", code] for code in codes]
    assert [one.value for one in protein[:2]] == pytest.approx([60, 90], rel=0.02)
    assert protein[2].value is None and protein[2].reason == "its protein was not measured"
    assert "z-bca.csv" in protein[0].source.place


def test_the_loading_table_is_the_protocol_s_and_can_be_printed(study: Study) -> None:
    codes = pipette(study)
    study.read_plates()
    with (study.sheets / "loading-z-bca.csv").open(encoding="utf-8") as file:
        rows = {row["sample"]: row for row in csv.DictReader(file)}
    assert float(rows[codes[0]]["sample_ul"]) == pytest.approx(20, rel=0.02)
    assert float(rows[codes[0]]["buffer_ul"]) == pytest.approx(5, abs=0.5)
    assert rows[codes[1]]["flags"] == "too dilute; over the well" and rows[codes[1]]["buffer_ul"] == ""
    page = (study.sheets / "loading-z-bca.html").read_text(encoding="utf-8")
    assert all(code in page for code in codes[:2]) and "40 ug in 30 uL, of which 5 uL loading buffer" in page


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (f"{{0}},{REGION},20,0.5\n{{0}},{REGION},21,0.5", "one row an animal and region"),
        (f"{{0}},{REGION},-1,0.5", "tissue_mg above 0"),
        ("{0},liver,20,0.5", "regions of the plates"),
    ],
)
def test_a_table_of_tissue_that_cannot_be_is_refused(study: Study, lines: str, words: str) -> None:
    pipette(study, lines)
    with pytest.raises(TableError, match=words):
        study.read_plates()


def test_wells_are_read_again_and_a_value_per_protein_leads_to_both_plates(study: Study) -> None:
    codes = pipette(study)
    study.read_plates()
    trails, sources = trails_of(study, {})
    (trail,) = (one for one in trails if (one.outcome, one.code) == ("per protein", codes[0]))
    mine = [one for one in sources if one.id in trail.sources]
    assert [one.title.split(",")[0] for one in mine] == ["ELISA", "BCA"]
    facts = dict(mine[0].facts)
    assert facts["concentration"].startswith("120") and "standard curve" in facts
    assert {row[1] for row in mine[0].tables[0].rows} == {"sample"}


def test_a_plate_that_is_gone_is_said(study: Study) -> None:
    codes = pipette(study)
    study.read_plates()
    (study.folder.plates / "a-elisa.csv").unlink()
    trails, sources = trails_of(study, {})
    (trail,) = (one for one in trails if (one.outcome, one.code) == ("per protein", codes[0]))
    first = next(one for one in sources if one.id == trail.sources[0])
    assert dict(first.facts)["wells"].startswith("not read again: ")
