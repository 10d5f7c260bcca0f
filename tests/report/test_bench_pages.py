"""Pages to print: a page a day, a card an animal; escaped, alone, and without code, drug or group."""

from datetime import datetime

from littermate.model.administration import Administration
from littermate.model.allocation import Tag
from littermate.model.animal import Animal
from littermate.model.deviation import Deviation
from littermate.model.injection import Injection
from littermate.model.real_dose import RealDose
from littermate.model.weighing import Weighing
from littermate.report.cage_cards import cage_cards
from littermate.report.deviations import deviation_rows, dosing_sentences, real_dose_rows
from littermate.report.injection_pages import injection_pages


def planned(number: int, animal: str = "M<1>", volume_ml: float | None = 0.3) -> Injection:
    return Injection(
        number=number,
        day=number,
        hour=0,
        animal=animal,
        vial=f"CDF34{number}",
        route="i.p.",
        side="left",
        due=datetime(2026, 4, 10 + number, 9),
        weighing=Weighing(animal=animal, day=None, weight_g=30.4),
        exact_ml=0.304,
        volume_ml=volume_ml,
        reason="" if volume_ml else "not weighed",
    )


def test_a_page_a_day() -> None:
    page = injection_pages("a & b", [planned(1), planned(2, volume_ml=None)])
    assert page.count('<section class="sheet">') == 2
    assert "Injections, day 2 (2026-04-12)" in page
    assert "rounded to 0.01 mL, at most 1.3 % off. On time: within 1 h." in page
    assert '<td class="num main">0.30</td>' in page
    assert (
        '<tr class="flagged">' in page
        and "No volume: not weighed (M&lt;1&gt;)." in page
        and '<td class="num main">?</td>' in page
    )
    assert "M&lt;1&gt;" in page and "a &amp; b" in page and "M<1>" not in page
    assert "http" not in page and "<script" not in page


def test_rounding_that_is_large_is_said() -> None:
    small = Injection(number=1, day=1, hour=0, animal="M1", vial="CDF341", exact_ml=0.046, volume_ml=0.05)
    assert "Rounded by more than 5 %, take a finer syringe: M1." in injection_pages("pilot", [small])


def test_an_old_weight_is_said_above_the_rows() -> None:
    assert "Weights of up to 9 days ago, weigh first: M1." in injection_pages("pilot", [planned(10, "M1")])


def test_a_card_an_animal_without_its_code() -> None:
    animals = [Animal(id="M2", cage="C2"), Animal(id="M<1>", sex="male", strain="CD1", cage="C1", weight_g=30.4)]
    tags = [Tag(animal="M<1>", code="CX7QM", balanced=(("start corner", "upper left"),))]
    page = cage_cards("pilot", animals, tags, [planned(1), planned(2), planned(3)])
    assert page.count('<div class="card">') == 2
    assert page.index("M&lt;1&gt;") < page.index(">M2<")
    assert "CDF341\N{NO-BREAK SPACE}(1); CDF342\N{NO-BREAK SPACE}(2)" in page
    assert "upper left" in page and "30.4 g at allocation" in page
    assert "CX7QM" not in page


def test_what_was_given_otherwise_in_sentences_and_rows() -> None:
    sheet = [planned(1, "M1"), planned(1, "M2"), planned(2, "M1")]
    log = [Administration(animal=animal, injection=1, volume_ml=0.3) for animal in ("M1", "M2")]
    late = [Deviation(kind="late", animal=animal, injection=1, day=1, words="2 h late") for animal in ("M2", "M1")]
    missed = Deviation(kind="not logged", animal="M1", injection=2, day=2, words="due")
    assert dosing_sentences(sheet, log, [*late, missed]) == (
        "Of 3 planned injections 2 are in the log as given.",
        "Deviations: 1 not logged (M1) and 2 late (M1, M2).",
    )
    assert dosing_sentences(sheet, log, [])[1].startswith("No deviation")
    assert dosing_sentences(sheet, [], [missed]) == ("Of 3 planned injections 0 are in the log as given.",)
    assert dosing_sentences([], [], []) == ()
    assert deviation_rows([missed]) == [
        ["kind", "animal", "injection", "day", "what"],
        ["not logged", "M1", 2, 2, "due"],
    ]


def test_real_doses_in_rows() -> None:
    dose = RealDose(
        animal="M1", injection=0, factor="drug", level="a", substance="b", planned_mg_kg=None, mg_kg=9.9, reason=""
    )
    assert real_dose_rows([dose])[1] == ["M1", None, "drug", "a", "b", None, 9.9, ""]
