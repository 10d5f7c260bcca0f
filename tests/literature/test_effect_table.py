"""Tables as people write them: columns in words, rows that lack something, entries that cannot be, doubtful SDs."""

from collections.abc import Callable

import pandas as pd
import pytest

from littermate.errors import TableError, UsageError
from littermate.literature.effect_table import read_effects
from littermate.literature.meta_columns import known_columns
from littermate.model.hedges import hedges_correction

Rows = Callable[..., pd.DataFrame]
G = hedges_correction(14)
ARMS = "study,n_treatment,mean_treatment,sd_treatment,n_control,mean_control,sd_control"


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("study,n1,mean1,sd1,n2,mean2,sd2", "A,8,12,2,8,10,2"),
        ("Author,N (treatment),Mean treatment,SD treatment,control n,control mean,control SD", "A,8,12,2,8,10,2"),
        ("slab,n1i,m1i,sd1i,n2i,m2i,sd2i", "A,8,12,2,8,10,2"),
        ("study,n.e,mean.e,sd.e,n.c,mean.c,sd.c", "A,8,12,2,8,10,2"),
        ("study,n1,mean1,sem1,n2,mean2,sem2", "A,8,12,0.70710678,8,10,0.70710678"),
        ("study,n1,mean1,low1,high1,n2,mean2,low2,high2", "A,8,12,10.327958,13.672042,8,10,8.327958,11.672042"),
        ("study,t,n1,n2", "A,2,8,8"),
        ("study,t,n", "A,2,16"),
        ("study,F,df1,df,n1,n2,sign", "A,4,1,14,8,8,+"),
        ("study,p,n1,n2,sign", "A,0.06528795,8,8,higher"),
        ("study,p,n1,n2,mean1,mean2", "A,= 0.06528795,8,8,12,10"),
        ("study,cohen_d,n1,n2", "A,1,8,8"),
        ("study,g,n1,n2", f"A,{G},8,8"),
    ],
)
def test_one_effect_in_many_words(header: str, line: str, rows: Rows) -> None:
    found = read_effects(rows(header, line))
    assert found.measure == "SMD"
    (one,) = found.effects
    assert (one.study, one.yi, one.vi) == ("A", pytest.approx(G, rel=1e-6), pytest.approx(1 / 4 + G**2 / 32, rel=1e-6))


@pytest.mark.parametrize(
    ("header", "line", "measure"),
    [
        ("study,tpos,tneg,cpos,cneg", "A,4,119,11,128", "RR"),
        ("study,ai,n1i,ci,n2i", "A,4,123,11,139", "RR"),
        ("study,event.e,n.e,event.c,n.c", "A,4,123,11,139", "RR"),
        ("study,yi,vi", "A,-0.8893113,0.325584765", "given"),
        ("study,yi,sei", "A,−0.8893113,0.5705999", "given"),
        ("study,effect,ci_low,ci_high", "A,-0.8893113,-2.0076666,0.229044", "given"),
    ],
)
def test_counts_and_effects_as_given(header: str, line: str, measure: str, rows: Rows) -> None:
    found = read_effects(rows(header, line))
    assert (found.measure, found.effects[0].yi) == (measure, pytest.approx(-0.8893113, rel=1e-6))
    assert found.effects[0].vi == pytest.approx(0.325584765, rel=1e-5)


def test_what_was_assumed_is_said(rows: Rows) -> None:
    found = read_effects(rows("study,p,n,sign", "A,<0.05,16,-"))
    assert found.effects[0].yi < 0
    assert [flag.split(";")[0] for flag in found.effects[0].flags] == [
        "both groups are taken to be half of the animals",
        "its P was printed as below 0.05",
    ]
    both = read_effects(rows("study,n1,mean1,sd1,sem1,n2,mean2,sd2", "A,9,12,2,2,9,10,2"))
    assert "do not fit" in both.effects[0].flags[0]


def test_rows_that_lack_something_are_left_out_and_named(rows: Rows) -> None:
    table = rows(ARMS, "A,8,12,2,8,10,2", "B,8,12,NA,8,10,2", "C,8,12,0,8,10,0", "D,1,12,2,8,10,2")
    found = read_effects(table)
    assert [one.study for one in found.effects] == ["A"]
    reasons = dict(found.left_out)
    assert reasons["B"].startswith("it lacks means with SDs")
    assert reasons["B"].endswith("; nothing stands under sd_treatment")
    assert "SDs of both groups are 0" in reasons["C"]
    assert "fewer than two animals" in reasons["D"]


def test_f_needs_a_sign_and_two_groups(rows: Rows) -> None:
    found = read_effects(rows("study,F,df1,n1,n2,sign", "A,4,1,8,8,+", "B,4,1,8,8,", "C,4,2,8,8,+"))
    assert [name for name, _ in found.left_out] == ["B", "C"]


def test_faults_are_told_at_once_with_their_lines(rows: Rows) -> None:
    with pytest.raises(TableError) as fault:
        read_effects(rows(ARMS, "A,8,twelve,2,8,10,2", "B,8,12,-2,8,10,2", "C,0,12,2,8,10,2"))
    assert [one.where.split(", ")[1] for one in fault.value.complaints] == ["line 2", "line 3", "line 4"]
    assert fault.value.complaints[1].expected == "a number, 0 or more as sd1"


@pytest.mark.parametrize(
    ("header", "line", "said"),
    [
        ("study,p,n1,n2,sign", "A,1.2,8,8,+", "two-sided P"),
        ("study,F,n1,n2,sign", "A,4,8,8,sideways", r"\+ or -"),
        ("study,yi,low,high", "A,1,2,0", "limit above"),
        ("study,ai,n1i,ci,n2i", "A,9,8,1,8", "at least the 9"),
        (f"{ARMS},direction", "A,8,12,2,8,10,2,sideways", "higher is worse"),
        (ARMS, "A,8,12,NA,8,10,NA", "a study with an effect"),
        ("animal,weight", "A,8", "the columns study"),
        ("study,n1,n_treatment,mean1,sd1,n2,mean2,sd2", "A,8,8,12,2,8,10,2", "one column for each thing"),
    ],
)
def test_what_cannot_be_is_refused(header: str, line: str, said: str, rows: Rows) -> None:
    with pytest.raises(TableError, match=said):
        read_effects(rows(header, line))


@pytest.mark.parametrize("wrong", [{"measure": "XYZ"}, {"shared": "halve"}])
def test_words_that_mean_nothing_are_refused(wrong: dict[str, str], rows: Rows) -> None:
    with pytest.raises(UsageError):
        read_effects(rows(ARMS, "A,8,12,2,8,10,2"), **wrong)


def test_signs_are_turned_where_directions_differ(rows: Rows) -> None:
    table = rows(f"{ARMS},direction", "A,8,12,2,8,10,2,higher is worse", "B,8,12,2,8,10,2,Higher is better")
    worse, better = read_effects(table).effects
    assert better.yi == -worse.yi and "sign turned" in better.flags[0]
    alike = read_effects(table.iloc[1:])
    assert alike.effects[0].yi == worse.yi and alike.favours == ("favours control", "favours treatment")


def test_several_effects_of_a_study_are_numbered_and_share_their_control(rows: Rows) -> None:
    lines = ("A,2010,8,12,2,8,10,2", "A,2010,8,14,2,8,10,2", "A,2012,8,14,2,8,10,2")
    table = rows(ARMS.replace("study", "study,year"), *lines)
    found = read_effects(table).effects
    assert [one.study for one in found] == ["A 2010 (1)", "A 2010 (2)", "A 2012"]
    assert "2 effects share this control group" in found[0].flags[0] and found[2].flags == ()
    split = read_effects(table, shared="split").effects
    assert (split[0].n_control, split[2].n_control) == (4, 8) and split[0].vi > found[0].vi


def test_a_control_group_known_by_its_name(rows: Rows) -> None:
    found = read_effects(rows("study,control_group,t,n1,n2", "A,vehicle,2,8,8", "A,vehicle,1,8,8"), shared="split")
    assert [one.n_control for one in found.effects] == [4, 4]


USUAL = [f"S{row},9,{120 + row},{sd},9,150,{sd + 2}" for row, sd in enumerate((31, 36, 40, 44, 38, 33))]


def test_a_sem_in_the_sd_column_is_doubted(rows: Rows) -> None:
    found = read_effects(rows(ARMS, *USUAL, "SEM,9,120,12,9,150,12"))
    doubted = {one.study: one.flags for one in found.effects if one.flags}
    assert list(doubted) == ["SEM"] and "usual as SEMs" in doubted["SEM"][0]


def test_an_sd_in_the_sem_column_is_doubted(rows: Rows) -> None:
    lines = [line.split(",") for line in USUAL]
    sems = [",".join((*f[:3], str(float(f[3]) / 3), *f[4:6], str(float(f[6]) / 3))) for f in lines]
    found = read_effects(rows(ARMS.replace("sd_", "sem_"), *sems, "SD,9,120,36,9,150,38"))
    doubted = {one.study: one.flags for one in found.effects if one.flags}
    assert list(doubted) == ["SD"] and "usual as SDs" in doubted["SD"][0]


def test_an_effect_that_no_animal_study_finds_is_doubted(rows: Rows) -> None:
    found = read_effects(rows(ARMS, "A,9,100,5,9,150,5", "B,16,100,40,16,150,10"))
    assert "larger than animal studies find" in found.effects[0].flags[0]
    assert "about sqrt(n)" in found.effects[1].flags[0]


def test_the_study_is_the_first_of_its_names() -> None:
    assert known_columns(["trial", "author", "yi", "vi"])["study"] == "author"
