"""Hand scoring by hand: from key presses to bouts, from two scorings to one, from bouts to numbers."""

import numpy as np
import pytest

from littermate.assays.hand_states import (
    CONSENSUS,
    MISSING,
    Choice,
    StateChange,
    bouts_of,
    consensus,
    disagreements,
    hand_readings,
    overlooked_s,
    seen_by_both,
    seen_s,
    settled_s,
)
from littermate.assays.spans import common, merged
from littermate.assays.swim_result import ForcedSwim, readings
from littermate.errors import DataError, UsageError
from littermate.model.bout import DetectedBout, ScoredBout

WINDOW = (0.0, 10.0)
LETTERS = {"i": "immobile", "s": "swimming", "c": "climbing", "x": MISSING, "-": ""}


def keys(*presses) -> list[StateChange]:
    """Make state changes of (time, letter)."""
    return [StateChange(t_s=t, behaviour=LETTERS[letter]) for t, letter in presses]


def drawn(text: str, scorer: str = "AB") -> tuple[ScoredBout, ...]:
    """Make bouts of a line with one letter a second."""
    return bouts_of(keys(*enumerate(text)), (0, len(text)), scorer=scorer)


def told(bouts) -> list[tuple[str, float, float, bool]]:
    return [(bout.behaviour, bout.start_s, bout.stop_s, bout.cut) for bout in bouts]


@pytest.mark.parametrize(
    ("presses", "expected"),
    [
        ([], []),
        ([(2, "i"), (5, "-")], [("immobile", 2, 5, False)]),
        ([(5, "-"), (2, "i")], [("immobile", 2, 5, False)]),
        ([(2, "i"), (5, "s"), (7, "-")], [("immobile", 2, 5, False), ("swimming", 5, 7, False)]),
        ([(2, "i")], [("immobile", 2, 10, True)]),
        ([(2, "i"), (10, "-")], [("immobile", 2, 10, False)]),
        ([(0, "i"), (3, "-")], [("immobile", 0, 3, False)]),
        ([(-1, "i"), (3, "-")], [("immobile", 0, 3, True)]),
        ([(-1, "i"), (0, "i"), (3, "-")], [("immobile", 0, 3, True)]),
        ([(-4, "i"), (-1, "-"), (12, "i")], []),
        ([(2, "i"), (4, "i"), (5, "-")], [("immobile", 2, 5, False)]),
        ([(2, "i"), (3, "s"), (3, "i"), (5, "-")], [("immobile", 2, 5, False)]),
        ([(2, "i"), (2, "s"), (5, "-")], [("swimming", 2, 5, False)]),
        ([(2, "i"), (4, "x"), (6, "i"), (7, "-")], [("immobile", 2, 4, False), ("immobile", 6, 7, False)]),
    ],
)
def test_bouts_of_state_changes(presses, expected) -> None:
    bouts = bouts_of(keys(*presses), WINDOW, scorer="AB")
    assert told(bouts) == expected
    assert {bout.scorer for bout in bouts} <= {"AB"}


@pytest.mark.parametrize(
    ("presses", "expected"),
    [
        ([], [(0, 10)]),
        ([(2, "i")], [(0, 10)]),
        ([(2, "x"), (4, "i")], [(0, 2), (4, 10)]),
        ([(2, "x"), (3, "x"), (4, "-")], [(0, 2), (4, 10)]),
        ([(-1, "x"), (4, "i"), (8, "x")], [(4, 8)]),
        ([(0, "x")], []),
    ],
)
def test_what_was_seen(presses, expected) -> None:
    assert list(seen_s(keys(*presses), WINDOW)) == expected


def test_a_window_ends_after_it_starts_and_a_time_is_a_number() -> None:
    for call in (lambda: bouts_of([], (5, 5), scorer="AB"), lambda: seen_s([], (5, 4))):
        with pytest.raises(UsageError, match="ends after it starts"):
            call()
    with pytest.raises(DataError, match="a time in seconds"):
        StateChange(t_s=float("nan"), behaviour="immobile")


def found(one: str, two: str, scored=None, **options):
    spans = scored or [(0, len(one))]
    return [(d.start_s, d.stop_s, d.first, d.second) for d in disagreements(drawn(one), drawn(two), spans, **options)]


def test_where_two_disagree() -> None:
    assert found("iisscc", "iissss") == [(4, 6, "climbing", "swimming")]
    assert found("ii--ii", "iissii") == [(2, 4, "", "swimming")]
    assert found("iiss", "iiss") == []
    assert found("issi", "siii") == [(0, 1, "immobile", "swimming"), (1, 3, "swimming", "immobile")]


def test_neighbours_with_the_same_labels_are_one_also_where_what_was_scored_touches() -> None:
    split = [ScoredBout(behaviour="immobile", start_s=a, stop_s=b, scorer="CD") for a, b in ((0, 2), (2, 4))]
    (one,) = disagreements((), split, [(0, 3), (3, 6)])
    assert (one.start_s, one.stop_s, one.duration_s) == (0, 4, 4)


def test_only_what_both_scored_is_compared() -> None:
    assert found("iiii", "ssss", scored=[(0, 1), (2, 3)]) == [
        (0, 1, "immobile", "swimming"),
        (2, 3, "immobile", "swimming"),
    ]
    assert found("ii", "ss", scored=[(5, 6)]) == []


def test_short_ones_are_left_out_and_counted() -> None:
    one = [ScoredBout(behaviour="immobile", start_s=2.0, stop_s=6.0, scorer="a")]
    two = [DetectedBout(behaviour="immobile", start_s=2.2, stop_s=6.25)]
    assert [(d.start_s, d.stop_s) for d in disagreements(one, two, [WINDOW])] == [(6.0, 6.25)]
    assert overlooked_s(one, two, [WINDOW]) == pytest.approx(0.2)
    assert len(disagreements(one, two, [WINDOW], shortest_s=0)) == 2
    assert overlooked_s(one, two, [WINDOW], shortest_s=1) == pytest.approx(0.45)
    with pytest.raises(UsageError, match="0 s or more"):
        disagreements(one, two, [WINDOW], shortest_s=-1)


def test_bouts_of_one_scoring_do_not_overlap() -> None:
    over = [
        ScoredBout(behaviour=name, start_s=a, stop_s=a + 3, scorer="a")
        for name, a in (("immobile", 0), ("climbing", 2))
    ]
    with pytest.raises(DataError, match="second scoring") as caught:
        disagreements([], over, [WINDOW])
    assert "immobile until 3 s and climbing from 2 s on" in str(caught.value)


def test_a_consensus_has_what_both_say_and_what_was_chosen() -> None:
    one, two = drawn("iissccii"), drawn("iisssiii")
    chosen = [Choice(start_s=4, stop_s=5, behaviour="swimming"), Choice(start_s=5, stop_s=6, behaviour="immobile")]
    settled = consensus(one, two, [(0, 8)], chosen)
    assert told(settled) == [("immobile", 0, 2, False), ("swimming", 2, 5, False), ("immobile", 5, 8, True)]
    assert {bout.scorer for bout in settled} == {CONSENSUS}


def test_a_consensus_may_be_a_third_behaviour_none_or_not_visible() -> None:
    one, two = drawn("issi-"), drawn("iccs-")
    for behaviour, expected in (
        ("immobile", [("immobile", 0, 3, False)]),
        ("", [("immobile", 0, 1, False)]),
        (MISSING, [("immobile", 0, 1, False)]),
    ):
        chosen = [Choice(start_s=1, stop_s=3, behaviour=behaviour), Choice(start_s=3, stop_s=4, behaviour="")]
        assert told(consensus(one, two, [(0, 5)], chosen)) == expected
    assert settled_s([(0, 5)], chosen) == ((0, 1), (3, 5))


def test_short_disagreements_follow_the_first_scorer() -> None:
    one = [ScoredBout(behaviour="immobile", start_s=2.0, stop_s=6.0, scorer="a")]
    two = [ScoredBout(behaviour="immobile", start_s=2.2, stop_s=6.1, scorer="b")]
    assert told(consensus(one, two, [WINDOW], [])) == [("immobile", 2.0, 6.0, False)]
    assert told(consensus(two, one, [WINDOW], [])) == [("immobile", 2.2, 6.1, False)]


def test_of_several_choices_for_one_the_later_counts() -> None:
    chosen = [Choice(start_s=0.0004, stop_s=2, behaviour=name) for name in ("immobile", "swimming")]
    assert told(consensus(drawn("ii"), drawn("ss"), [(0, 2)], chosen)) == [("swimming", 0, 2, True)]


def test_every_open_disagreement_and_every_choice_for_none_is_named() -> None:
    chosen = [Choice(start_s=7, stop_s=8, behaviour="climbing")]
    with pytest.raises(DataError) as caught:
        consensus(drawn("iis---"), drawn("iic-s-"), [(0, 6)], chosen)
    assert [complaint.found for complaint in caught.value.complaints] == [
        "none for 2.000 to 3.000 s (first: swimming; second: climbing)",
        "none for 4.000 to 5.000 s (first: none; second: swimming)",
        "climbing for 7.000 to 8.000 s",
    ]


def test_time_one_could_not_see_is_not_compared() -> None:
    first, second = keys((0, "i"), (4, "x"), (6, "i")), keys((0, "i"), (5, "x"), (8, "s"))
    both = seen_by_both(seen_s(first, WINDOW), seen_s(second, WINDOW))
    assert both == ((0, 4), (8, 10))
    bouts = [bouts_of(changes, WINDOW, scorer="") for changes in (first, second)]
    assert [(d.start_s, d.stop_s) for d in disagreements(*bouts, both)] == [(8, 10)]
    settled = consensus(*bouts, both, [Choice(start_s=8, stop_s=10, behaviour="immobile")])
    assert told(settled) == [("immobile", 0, 4, False), ("immobile", 8, 10, True)]


@pytest.mark.parametrize("seed", range(30))
def test_second_by_second_it_is_the_same(seed: int) -> None:
    """Lines of random letters, compared and settled letter by letter."""
    random = np.random.default_rng(seed)
    one, two, third = ("".join(random.choice(list("is-x"), 30)) for _ in range(3))
    spans = seen_by_both(*(seen_s(keys(*enumerate(text)), (0, 30)) for text in (one, two)))
    apart = [k for k in range(30) if one[k] != two[k] and "x" not in (one[k], two[k])]
    open_ones = disagreements(drawn(one), drawn(two), spans)
    assert [k for d in open_ones for k in range(int(d.start_s), int(d.stop_s))] == apart
    chosen = {d: third[int(d.start_s)] for d in open_ones}
    choices = [Choice(start_s=d.start_s, stop_s=d.stop_s, behaviour=LETTERS[name]) for d, name in chosen.items()]
    settled = list("".join("x" if "x" in pair else pair[0] for pair in zip(one, two, strict=True)))
    for d, name in chosen.items():
        settled[int(d.start_s) : int(d.stop_s)] = name * int(d.duration_s)
    text = "".join(settled)
    assert settled_s(spans, choices) == seen_s(keys(*enumerate(text)), (0, 30))
    assert [told_one[:3] for told_one in told(consensus(drawn(one), drawn(two), spans, choices))] == [
        told_one[:3] for told_one in told(drawn(text))
    ]


def numbers(text: str, window=None, **options) -> dict[str, tuple[float | None, tuple[str, ...]]]:
    """Score a line with one letter a second; x is not visible."""
    whole = (0, len(text))
    changes = keys(*enumerate(text))
    found = hand_readings(
        bouts_of(changes, whole, scorer="AB"),
        seen_s(changes, whole),
        window or whole,
        options.get("behaviours", ["immobile", "swimming", "climbing"]),
    )
    return {one.measure: (one.value, one.flags) for one in found}


def test_numbers_of_a_trial() -> None:
    result = numbers("ssiisiisss")
    assert {name: value for name, (value, _) in result.items()} == {
        "immobility_s": 4,
        "immobility_percent": 40,
        "latency_s": 2,
        "latency_from_window_s": 2,
        "bout_count": 2,
        "mean_bout_s": 2,
        "longest_bout_s": 2,
        "swimming_s": 6,
        "swimming_percent": 60,
        "swimming_latency_s": 0,
        "swimming_bouts": 3,
        "swimming_mean_bout_s": 2,
        "swimming_longest_bout_s": 3,
        "climbing_s": 0,
        "climbing_percent": 0,
        "climbing_latency_s": 10,
        "climbing_bouts": 0,
        "climbing_mean_bout_s": None,
        "climbing_longest_bout_s": None,
        "scorable_s": 10,
        "missing_s": 0,
    }
    assert {name: flags for name, (_, flags) in result.items() if flags} == {"climbing_latency_s": ("censored",)}


def test_a_missing_length_says_why() -> None:
    whole = hand_readings([], [WINDOW], WINDOW, ["immobile"])
    assert {one.measure: one.reason for one in whole if one.value is None} == dict.fromkeys(
        ("mean_bout_s", "longest_bout_s"), "no immobile bout"
    )


def test_immobility_is_called_as_scoring_from_video_calls_it() -> None:
    swim = ForcedSwim(
        window_s=WINDOW, scorable_s=10, missing_s=0, immobility_s=4, immobility_percent=40, latency_s=2,
        latency_censored=False, latency_from_window_s=2, latency_from_window_censored=False, latency_after_missing_s=0,
        bouts=(), bout_count=2, mean_bout_s=2, longest_bout_s=2, bins=(), animal_found=True, cut_short=False,
    )  # fmt: skip
    ours = hand_readings(drawn("--ii-ii---"), [WINDOW], WINDOW, ["immobile"])
    assert ours == readings(swim)


def test_missing_time_lowers_the_denominator_and_is_said() -> None:
    result = numbers("xiissixxii")
    assert result["scorable_s"] == (7, ())
    assert result["missing_s"] == (3, ())
    assert result["immobility_percent"] == (pytest.approx(500 / 7), ("missing time",))
    assert result["bout_count"] == (3, ("missing time",))
    assert result["latency_s"] == (1, ("missing time before",))
    assert result["latency_from_window_s"] == (1, ())
    assert result["climbing_latency_s"] == (10, ("censored", "missing time before"))


def test_latency_counts_from_t0_and_the_rest_in_the_window() -> None:
    result = numbers("siisssssii", window=(4, 10))
    assert [result[name][0] for name in ("latency_s", "latency_from_window_s", "immobility_s")] == [1, 4, 2]
    assert result["latency_s"][1] == ()
    assert numbers("ssssiiiisss", window=(6, 10))["longest_bout_s"] == (2, ())
    only_window = hand_readings(drawn("ssssssssii"), [(4.0, 10.0)], (4.0, 10.0), ["immobile", "swimming"])
    assert {one.measure: one.flags for one in only_window}["latency_s"] == ("missing time before",)


def test_nothing_seen_gives_no_number_but_the_reason() -> None:
    found = hand_readings([], [], WINDOW, ["immobile", "head dip"])
    assert {one.measure: one.value for one in found if one.value is not None} == {"scorable_s": 0, "missing_s": 10}
    assert {one.reason for one in found if one.value is None} == {"no time in the window could be scored"}
    assert [one.unit for one in found if one.measure in ("head_dip_percent", "head_dip_bouts")] == ["%", ""]
    assert len(found) == 7 + 6 + 2


def test_a_bout_in_time_that_was_not_seen_does_not_count() -> None:
    bout = ScoredBout(behaviour="immobile", start_s=2, stop_s=8, scorer="AB")
    found = hand_readings([bout], [(0, 4), (6, 10)], WINDOW, ["immobile"])
    assert [one.value for one in found if one.measure in ("immobility_s", "bout_count")] == [4, 2]


def test_behaviours_need_names_of_their_own() -> None:
    with pytest.raises(UsageError, match="head_dip_s"):
        hand_readings([], [WINDOW], WINDOW, ["head dip", "head-dip"])
    with pytest.raises(UsageError, match="name of their own"):
        hand_readings([], [WINDOW], WINDOW, [MISSING])
    with pytest.raises(UsageError, match="from t0 on"):
        hand_readings([], [WINDOW], (-1.0, 5.0), ["immobile"])
    with pytest.raises(DataError, match="'climbing'"):
        hand_readings(drawn("cc"), [WINDOW], WINDOW, ["immobile"])


def test_spans_without_length_are_none() -> None:
    assert merged([(1, 1), (2, 3), (3 + 1e-9, 4)]) == ((2, 4),)
    assert common([(0, 1)], [(1, 2)]) == ()
