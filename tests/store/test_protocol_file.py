"""study.toml: every fault at once, at its line, with what would be right."""

import re
from pathlib import Path

import pytest

from littermate.errors import FileError, ProtocolError, StoreError
from littermate.store.protocol_file import read_protocol
from littermate.store.template import template_text

SOUND = """format = 1
name = "pilot"
title = "A pilot"
question = "Does it work?"
[design]
per_group = 4
animals = 8
stages = ["drug"]
[[design.factor]]
name = "drug"
levels = ["saline", "ketamine"]
[[treatment]]
factor = "drug"
level = "ketamine"
substance = "ketamine"
dose = "15 mg/kg"
[[step]]
name = "injection"
treats = "drug"
[[step]]
name = "swim"
assay = "forced swim"
after = "injection"
delay = "1 h"
[[assay]]
name = "forced swim"
kind = "forced swim"
duration = "6 min"
window = ["120 s", "360 s"]
[[outcome]]
name = "immobility"
assay = "forced swim"
measure = "immobility_s"
unit = "s"
[[plan]]
outcome = "immobility"
factors = ["drug"]
"""

CIRCLE = "a circle: injection after swim, swim after injection"


def written(folder: Path, text: str) -> Path:
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, *changes: tuple[str, str], text: str = SOUND) -> list[tuple[int, str, str, str]]:
    """Read the sound protocol with some words changed; return each complaint as (line, expected, found, do)."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(ProtocolError) as caught:
        read_protocol(written(folder, text), kinds=("forced swim", "open field"))
    return [
        (int(re.fullmatch(r"study.toml, line (\d+)", one.where)[1]), one.expected, one.found, one.do)
        for one in caught.value.complaints
    ]


def test_a_sound_protocol(tmp_path: Path) -> None:
    protocol = read_protocol(written(tmp_path, SOUND))
    assert protocol.design.n_total == 8
    assert protocol.schedule[1].delay_s == 3600.0
    assert protocol.assays[0].window_s == (120.0, 360.0)
    assert protocol.plans[0].formula == "immobility ~ drug"


VEHICLE = """[[treatment]]
factor = "drug"
level = "saline"
substance = "saline"
volume = "10 mL/kg"
[[step]]
name = "injection"
within = "30 min"
syringe = "0.02 mL"
"""


def with_vehicle(text: str = SOUND) -> str:
    return text.replace('[[step]]\nname = "injection"\n', VEHICLE, 1)


@pytest.mark.parametrize(
    ("dose", "mg_per_kg", "mg_per_ml"),
    [("15 mg/kg", 15.0, 1.5), ("500 ug/kg", 0.5, 0.05), ("0.1 g/kg", 100.0, 10.0), ("10 mmol/kg", None, None)],
)
def test_the_concentration_follows_from_dose_and_volume(
    tmp_path: Path, dose: str, mg_per_kg: float | None, mg_per_ml: float | None
) -> None:
    text = with_vehicle().replace('dose = "15 mg/kg"', f'dose = "{dose}"\nvolume = "10 mL/kg"\nsalt_factor = 1.15')
    protocol = read_protocol(written(tmp_path, text))
    drug, vehicle = protocol.treatments
    assert drug.dose is not None
    assert (str(drug.dose), drug.dose.mg_per_kg) == (dose, pytest.approx(mg_per_kg))
    assert (drug.mg_per_ml, drug.salt_factor) == (pytest.approx(mg_per_ml), 1.15)
    assert (vehicle.ml_per_kg, vehicle.mg_per_ml) == (10.0, None)
    assert (protocol.schedule[0].within_s, protocol.schedule[0].mark_ml) == (1800.0, 0.02)


def test_a_level_that_says_no_volume_gets_that_of_its_factor(tmp_path: Path) -> None:
    drug, vehicle = read_protocol(written(tmp_path, with_vehicle())).treatments
    assert (drug.ml_per_kg, drug.mg_per_ml, vehicle.ml_per_kg) == (10.0, 1.5, 10.0)


@pytest.mark.parametrize(
    ("lines", "expected", "found"),
    [
        ('volume = "5 mL/kg"', "one volume per body weight", "ketamine 5 mL/kg, saline 10 mL/kg"),
        ('concentration = "3 mg/mL"', "one volume per body weight", "ketamine 5 mL/kg, saline 10 mL/kg"),
        ('volume = "10 mL/kg"\nconcentration = "3 mg/mL"', "volume x concentration = 15 mg/kg", "= 30 mg/kg"),
        ('concentration = "1,5 mg/mL"', "a quantity in mg/mL", "'1,5 mg/mL'"),
        ('concentration = "1.5 %"', "a quantity in mg/mL", "'1.5 %'"),
        ('volume = "0.3 mL"', "a quantity in mL/kg", "'0.3 mL'"),
        ('concentration = "1 mg/mL"', "one volume per body weight", "ketamine 15 mL/kg, saline 10 mL/kg"),
        ("volume = 0", "volume: above 0", "0"),
        ("salt_factor = -1.0", "salt_factor: above 0", "-1.0"),
    ],
)
def test_a_volume_that_tells_the_group_or_cannot_be(tmp_path: Path, lines: str, expected: str, found: str) -> None:
    ((_, said, what, _),) = faults(tmp_path, ('dose = "15 mg/kg"', f'dose = "15 mg/kg"\n{lines}'), text=with_vehicle())
    assert expected in said
    assert found in what


def test_the_example_of_the_planning_page_is_sound(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "planning.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(\[\[treatment\]\].*?)```", page, re.S)
    assert example is not None
    text = re.sub(r"(?s)\[\[treatment\]\].*?(?=\[\[step\]\]\nname = .swim)", example[1], SOUND)
    text = text.replace('"drug"', '"ketamine"').replace('after = "injection"', 'after = "ketamine injection"')
    protocol = read_protocol(written(tmp_path, text))
    assert protocol.treatments[0].mg_per_ml == pytest.approx(1.5)
    assert (protocol.schedule[0].apart_s, protocol.schedule[0].within_s) == (1200.0, 3600.0)


BEHAVIOUR = """window = ["120 s", "360 s"]
[[assay.behaviour]]
name = "diving"
key = "d"
definition = "the whole body is under water"
[[outcome]]
"""


def test_behaviours_that_people_score(tmp_path: Path) -> None:
    text = SOUND.replace('window = ["120 s", "360 s"]\n[[outcome]]\n', BEHAVIOUR)
    text = text.replace('unit = "s"\n', 'unit = "s"\nscored_by = "person"\n')
    protocol = read_protocol(written(tmp_path, text))
    (behaviour,) = protocol.assays[0].behaviours
    assert (behaviour.name, behaviour.key, behaviour.definition) == ("diving", "d", "the whole body is under water")
    assert protocol.outcomes[0].scored_by == "person"


def test_faults_of_behaviours(tmp_path: Path) -> None:
    text = SOUND.replace('window = ["120 s", "360 s"]\n[[outcome]]\n', BEHAVIOUR)
    found = faults(tmp_path, ('key = "d"', 'kee = "d"'), text=text)
    assert ("a line key = ...", "add it") in [(expected, do) for _, expected, _, do in found]
    assert ("kee", "did you mean 'key'?") in [(word, do) for _, _, word, do in found]
    ((_, expected, found, _),) = faults(tmp_path, ('unit = "s"', 'unit = "s"\nscored_by = "nobody"'), text=text)
    assert (expected, found) == ("scored_by = 'program' or 'person'", "'nobody'")


def test_every_fault_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        ('title = "A pilot"\n', 'titel = "A pilot"\n'),
        ("per_group = 4", "per_group = 0"),
        ("levels =", "levles ="),
        ('dose = "15 mg/kg"', 'dose = "lots"'),
        ('treats = "drug"', 'treats = "drugs"'),
        ('kind = "forced swim"', 'kind = "forced swin"'),
        ('unit = "s"', "unit = 5"),
        ('factors = ["drug"]', 'factors = ["dose"]'),
    )
    assert [line for line, *_ in found] == [1, 3, 6, 9, 11, 16, 19, 27, 34, 37]
    says = {line: do for line, _, _, do in found}
    assert says[3] == "did you mean 'title'?"
    assert says[11] == "did you mean 'levels'?"
    assert says[19] == "did you mean 'drug'?"
    assert says[27] == "did you mean 'forced swim'?"
    expected = {line: expected for line, expected, _, _ in found}
    assert expected[6] == "per_group: 1 or more"
    assert expected[34] == "unit: text in quotes"
    assert expected[37] == "one of the factors: drug"


def test_an_impossible_design(tmp_path: Path) -> None:
    ((line, expected, found, _),) = faults(tmp_path, ("animals = 8", "animals = 7"))
    assert (line, expected, found) == (7, "2 groups x 4 = 8 animals", "7")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('stages = ["drug"]', 'stages = ["drug", "diet"]', 8, "'diet'"),
        ('stages = ["drug"]', 'stages = ["drug", "drug"]', 8, "drug, drug"),
        ('levels = ["saline", "ketamine"]', 'levels = ["saline", "saline"]', 11, "saline, saline"),
        ('level = "ketamine"', 'level = "ketamin"', 14, "'ketamin'"),
        ('dose = "15 mg/kg"', 'dose = "0 mg/kg"', 16, "'0 mg/kg'"),
        ('after = "injection"', 'after = "injections"', 23, "'injections'"),
        (
            'treats = "drug"',
            'treats = "drug"\nafter = "swim"',
            20,
            "a circle: injection after swim, swim after injection",
        ),
        ('delay = "1 h"', 'delay = "1 kg"', 24, "'1 kg'"),
        ('delay = "1 h"', "repeat = 3", 24, "none"),
        ('window = ["120 s", "360 s"]', 'window = ["120 s", "400 s"]', 29, "120 s to 400 s"),
        ('kind = "forced swim"', 'kind = "open field"', 25, "no size"),
        ('assay = "forced swim"\nm', 'assay = "elisa"\nm', 32, "'elisa'"),
        ('outcome = "immobility"', 'outcome = "immobile"', 36, "'immobile'"),
        ('factors = ["drug"]', 'factors = [\n  "drug"\n]\nblocks = ["cage"]', 40, "'cage'"),
        ('factors = ["drug"]', 'factors = ["drug"]\ntype = 4', 38, "4"),
        ('name = "swim"', 'name = "injection"', 21, "name = 'injection' a second time"),
    ],
)
def test_one_fault(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    found = faults(tmp_path, (old, new))
    assert (line, words) in [(at, what) for at, _, what, _ in found]


LITERATURE = '[[literature]]\noutcome = "immobility"\nfactor = "drug"\nlevel = "ketamine"\n'


def test_an_effect_among_earlier_studies(tmp_path: Path) -> None:
    (found,) = read_protocol(written(tmp_path, SOUND + LITERATURE)).literature
    assert (found.outcome, found.level, found.table) == ("immobility", "ketamine", "literature.csv")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('level = "ketamine"', 'level = "saline"', "'saline'"),
        ('factor = "drug"', 'factor = "drugs"', "'drugs'"),
        ('outcome = "immobility"', 'outcome = "speed"', "'speed'"),
        ('level = "ketamine"', 'level = "ketamine"\ndirection = "up"', "'up'"),
    ],
)
def test_an_effect_that_cannot_be_among_earlier_studies(tmp_path: Path, old: str, new: str, words: str) -> None:
    found = faults(tmp_path, text=SOUND + LITERATURE.replace(old, new))
    assert words in [what for _, _, what, _ in found]


def test_a_blot_outcome_names_ratio_and_region(tmp_path: Path) -> None:
    blot = """[[blot]]
target = "BDNF"
relative_to = "beta-actin"
regions = ["hippocampus"]
[[outcome]]
name = "BDNF"
assay = "blot"
measure = "BDNF/actin"
region = "cortex"
unit = "ratio"
"""
    found = faults(tmp_path, text=SOUND + blot)
    assert [(line, do) for line, _, _, do in found] == [
        (45, "did you mean 'BDNF/beta-actin'?"),
        (46, "use one of these, or add it"),
    ]


def test_a_table_in_single_brackets(tmp_path: Path) -> None:
    found = faults(tmp_path, ("[[plan]]", "[plan]"))
    assert found == [(35, "tables [[plan]]", "one table [plan], or a value", "write [[plan]] with double brackets, "
                      "once for each")]  # fmt: skip


def test_no_design(tmp_path: Path) -> None:
    lines = SOUND.splitlines(keepends=True)
    found = faults(tmp_path, text="".join(lines[:4] + lines[24:29]))
    assert [what for _, what, _, _ in found] == ["a table [design]"]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('name = "pilot"', "name = pilot", 2, "invalid value"),
        ('title = "A pilot"', 'name = "again"', 3, "cannot overwrite a value"),
        ("factors =", "factors = [", 38, "unclosed array"),
    ],
)
def test_no_toml(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    ((at, _, found, _),) = faults(tmp_path, (old, new))
    assert abs(at - line) <= 1
    assert words in found


def test_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_bytes(SOUND.replace("A pilot", "é").encode("latin-1"))
    with pytest.raises(ProtocolError, match=r"study.toml, line 3"):
        read_protocol(path)


def test_windows_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode())
    assert read_protocol(path).name == "pilot"


def test_a_newer_format_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="format 2: made by a newer version"):
        read_protocol(written(tmp_path, SOUND.replace("format = 1", "format = 2\nnew = true")))


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file"):
        read_protocol(tmp_path / "study.toml")


def test_every_template_can_lose_any_one_line_without_a_crash(tmp_path: Path) -> None:
    """Whatever line is missing, the file is read or its faults are said."""
    lines = template_text("ketamine-magnesium").splitlines(keepends=True)
    for number in range(0, len(lines), 3):
        path = written(tmp_path, "".join(lines[:number] + lines[number + 1 :]))
        try:
            read_protocol(path)
        except ProtocolError as error:
            assert all("study.toml, line " in one.where for one in error.complaints)


PLATE = """
[[plate]]
kind = "{kind}"
unit = "ug/mL"
regions = ["hippocampus"]
{line}
"""


@pytest.mark.parametrize(
    ("kind", "line", "words"),
    [
        ("elisa", 'load = "40 ug"', "only for kind bca"),
        ("bca", 'normalise = ["tissue"]', "only for kind elisa"),
        ("bca", 'volume = "20 uL"\ndye = "20 uL"', "less loading buffer"),
        ("bca", 'spike_volume = "much"', "a share such as 0.1"),
        ("bca", 'load = "40 mL"', "a quantity in ug"),
        ("elisa", 'weights = "1/x"', "1/y2"),
    ],
)
def test_a_plate_that_cannot_be_is_refused(tmp_path: Path, kind: str, line: str, words: str) -> None:
    assert words in str(faults(tmp_path, text=SOUND + PLATE.format(kind=kind, line=line)))


def test_a_plate_says_how_it_is_quantified(tmp_path: Path) -> None:
    line = 'curve = "4pl"\nspike_volume = "10 %"\nload = "0.04 mg"\nwell = 40'
    plan = read_protocol(written(tmp_path, SOUND + PLATE.format(kind="bca", line=line))).plates[-1]
    assert plan.settings == (("curve", "4pl"), ("spike_volume_fraction", pytest.approx(0.1)))
    assert (plan.load_ug, plan.well_ul, plan.volume_ul) == (pytest.approx(40), 40, 30)


SCHEME = 'stages = ["drug"]\nscheme = "minimised"\nby = ["weight", "sex"]\nprobability = 0.7'
TO_CAGES = 'levels = ["saline", "ketamine"]\ngiven_to = "cage"'


def test_a_scheme_and_a_factor_given_to_cages(tmp_path: Path) -> None:
    text = SOUND.replace('stages = ["drug"]', SCHEME)
    scheme = read_protocol(written(tmp_path, text)).design.scheme
    assert (scheme.kind, scheme.by, scheme.probability) == ("minimised", ("weight", "sex"), 0.7)
    text = SOUND.replace('levels = ["saline", "ketamine"]', TO_CAGES)
    assert read_protocol(written(tmp_path, text)).design.unit_of("drug") == "cage"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('stages = ["drug"]', 'stages = ["drug"]\nscheme = "minimized"', 9, "did you mean 'minimised'"),
        ('stages = ["drug"]', 'stages = ["drug"]\nscheme = "minimised"', 5, "one column or more in by"),
        ('stages = ["drug"]', 'stages = ["drug"]\nby = ["litter"]', 9, "'litter'"),
        ('stages = ["drug"]', 'stages = ["drug"]\nprobability = 0.7', 9, "minimising a probability"),
        (
            'stages = ["drug"]',
            'stages = ["drug"]\nscheme = "stratified"\nby = ["sex"]\nweight_classes = 2',
            11,
            "classes",
        ),
        ('stages = ["drug"]', 'stages = ["drug"]\nweight_limit = 0', 9, "above 0"),
        ('levels = ["saline", "ketamine"]', TO_CAGES.replace("cage", "rack"), 12, "'rack'"),
    ],
)
def test_a_scheme_that_cannot_be(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    ((found_line, *said),) = faults(tmp_path, (old, new))
    assert found_line == line
    assert words in " ".join(said)
