"""Designs are read from the ways in which papers print them, and not guessed where there are two."""

import pytest
from tests.literature.papers import paper_of

from littermate.errors import UsageError
from littermate.literature.design_clues import clues
from littermate.literature.printed_design import find_designs, given_design


def designs(*paragraphs: str) -> list[tuple[tuple[int, ...], int | None, int | None]]:
    return [(one.levels, one.n, one.per_group) for one in find_designs(paper_of(*paragraphs))]


@pytest.mark.parametrize(
    ("text", "design"),
    [
        ("Thirty-two male CD1 mice were used (n=8 per group).", ((4,), 32, 8)),
        ("32 mice were randomly assigned to four groups of 8.", ((4,), 32, 8)),
        ("We used a 2 × 2 factorial design. Animals (N = 32) were randomly divided.", ((2, 2), 32, None)),
        ("A two-by-two factorial design was used with eight animals per group.", ((2, 2), 32, 8)),
        ("In a 2 (drug: saline, ketamine) x 3 (diet) ANOVA there were n = 8/group.", ((2, 3), 48, 8)),
        ("The design was 3×2×2, with n = 5 per cell.", ((3, 2, 2), 60, 5)),
        ("Mice were divided into saline (16) and magnesium (16).", ((2,), 32, 16)),
        (
            "Mice were divided into saline (16) and drug (16). Each was split into low (8) and high (8).",
            ((2, 2), 32, 8),
        ),
        ("Gerbils (n = 40) were randomised to five treatment groups (n = 8 each).", ((5,), 40, 8)),
        ("A total of 120 patients were enrolled and allocated to two arms.", ((2,), 120, None)),
        ("Twenty-four adult male Sprague-Dawley rats (250-300 g) were purchased.", ((), 24, None)),
        ("Sixty zebrafish larvae were divided into groups of 12.", ((5,), 60, 12)),
        ("Each group consisted of 9 mice, and the mice were assigned to 3 groups.", ((3,), 27, 9)),
        ("Mice were tested (n = 8 mice per genotype).", ((), None, 8)),
        ("Eight participants in each condition were tested.", ((), None, 8)),
    ],
)
def test_a_design_is_read(text: str, design: tuple[tuple[int, ...], int | None, int | None]) -> None:
    assert designs(text) == [design]


@pytest.mark.parametrize(
    "text",
    [
        "Mice were housed four per cage and were 8 weeks old.",
        "The arena had 36 squares of 8 x 8 cm, and a 2 x 2 cm platform.",
        "Between 8 and 10 mice were used, n = 8-10 per group.",
        "A 2 x 2 table of survivors was tested.",
        "A 2 (drug) x 4 (day) mixed design with repeated measures on day.",
        "Two mice were excluded. F(1, 28) = 5.2, P = 0.03.",
        "Conditions were (1) rest, (2) swim and (3) climb.",
        "The rat brain has 200 million neurons.",
    ],
)
def test_no_design_is_read(text: str) -> None:
    assert designs(text) == []


def test_two_experiments_are_two_designs() -> None:
    found = designs(
        "In the first experiment thirty mice were used (n = 10 per group).",
        "It was a pilot.",
        "In the second experiment 48 mice were divided into four groups of 12.",
    )
    assert found == [((3,), 30, 10), ((4,), 48, 12)]


def test_a_group_size_that_fits_no_total_stays_alone() -> None:
    assert designs("Thirty mice were used (n = 10 per group).", "Then, n = 12 per group.") == [
        ((), 30, None),
        ((), None, 10),
        ((), None, 12),
    ]


@pytest.mark.parametrize(
    ("text", "design"),
    [
        (
            "Forty male C57BL/6J mice (22-26 g; Charles River) were assigned to four groups (n = 10/group).",
            ((4,), 40, 10),
        ),
        ("Rats (n = 36) were divided into four groups (n = 9).", ((4,), 36, 9)),
        (
            "Animals of each sex were divided into 3 dose groups, giving six groups. A 2 × 3 ANOVA, n=8 per group.",
            ((2, 3), 48, 8),
        ),
        (
            "Thirty-six rats (Harlan) were housed in pairs (14/10 h) and were randomised (9 animals in each group).",
            ((4,), 36, 9),
        ),
        (
            "We used 64 mice in a 2 × 2 × 2 design. Mice lived in groups of four. There were 8 mice per cell.",
            ((2, 2, 2), 64, 8),
        ),
        ("Thirty-six female Fischer 344 rats (12 per group) were used.", ((3,), 36, 12)),
        ("Then 12 wild-type and 12 knockout males, 10 weeks of age, were used.", ((), 24, None)),
        ("Twenty-four mice entered the study. In week 8 mice were tested.", ((), 24, None)),
        ("Forty male offspring of 20 litters were used. Two mice died, leaving 38 mice.", ((), 40, None)),
        ("Mice were allocated to run (n = 10) or sit (n = 10). Blood was drawn (n = 8 per group).", ((2,), 20, 10)),
        ("Thirty mice were used (n = 10 per group). Western blots had n = 5 per group.", ((3,), 30, 10)),
        ("Thirty mice were used (n = 10 per group). In an earlier study, n = 5 per group.", ((3,), 30, 10)),
    ],
)
def test_a_design_is_read_among_other_numbers(
    text: str, design: tuple[tuple[int, ...], int | None, int | None]
) -> None:
    assert designs(text) == [design]


def test_captions_and_the_abstract_tell_of_the_same_animals() -> None:
    paper = paper_of(
        "Forty-two mice were tested (n = 11 per group).",
        "Forty mice were used (n = 10 per group).",
        "Figure 1. Weight. Mean ± SEM, n = 8 per group.",
        "Ninety mice were tested in four groups of 22.",
        sections=("Abstract", "Methods", "Results", "Discussion"),
    )
    (design,) = find_designs(paper)
    assert (design.n, design.per_group) == (40, 10)


def test_the_words_and_places_are_kept() -> None:
    paper = paper_of("First.", "Thirty-two male mice were used (n = 8 per group).")
    assert [(one.kind, paper.text[slice(*one.place)]) for one in clues(paper)] == [
        ("total", "Thirty-two male mice were used"),
        ("per group", "n = 8 per group"),
    ]
    assert find_designs(paper)[0].source == "Thirty-two male mice were used; n = 8 per group"


@pytest.mark.parametrize(
    ("levels", "n", "per_group", "error_df"),
    [
        ("2x2", 32, None, 28),
        ("2 × 2 × 3", None, 5, 48),
        ("4", 40, 10, 36),
        ("two-by-two", 32, 8, 28),
        ("", 32, None, None),
    ],
)
def test_a_given_design(levels: str, n: int | None, per_group: int | None, error_df: int | None) -> None:
    design = given_design(levels, n, per_group)
    assert design.error_df == error_df
    assert design.source == "given"


@pytest.mark.parametrize(
    ("levels", "n", "per_group", "found"),
    [
        ("2y2", 32, None, "'2y2'"),
        ("2x", 32, None, "'2x'"),
        ("0x2", 32, None, "0x2"),
        ("2x1", 32, None, "2x1"),
        ("2x2", 3, None, "3 animals"),
        ("2x2", 30, 8, "30 animals"),
        ("2x2", -32, None, "-32"),
        ("", None, 0, "0"),
        ("", None, None, "nothing"),
        ("²x2", 32, None, "'²x2'"),
    ],
)
def test_nonsense_is_refused_in_words(levels: str, n: int | None, per_group: int | None, found: str) -> None:
    with pytest.raises(UsageError, match="expected") as error:
        given_design(levels, n, per_group)
    assert found in str(error.value)
