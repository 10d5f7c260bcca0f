"""Hypotheses: every effect is a contrast of cell means, and its size is what it says."""

import numpy as np
import pytest

from littermate.errors import UsageError
from littermate.stats.hypotheses import contrast, effects_of, find, from_means, simple_effects_of

LEVELS = (("a", 2), ("b", 3), ("c", 2))


def test_an_effect_of_1_is_alone_in_its_means() -> None:
    effects = effects_of(LEVELS)
    assert [one.term for one in effects] == ["a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"]
    for one in effects:
        assert one.effect == pytest.approx(1.0)
        others = [other for other in effects if other is not one]
        assert all(np.allclose(other.contrasts @ one.means, 0) for other in others)
        assert np.linalg.matrix_rank(one.contrasts) == one.df


def test_an_effect_at_one_level_alone_is_an_interaction_of_its_size() -> None:
    a, b, both = from_means(effects_of((("a", 2), ("b", 2))), (0, 0, 0, 1), 1)
    assert (a.effect, b.effect, both.effect) == (0.5, 0.5, 1.0)
    at_first, at_second = (find((("a", 2), ("b", 2)), f"a within b={level}")[0] for level in (1, 2))
    assert from_means([at_first, at_second], (0, 0, 0, 1), 1)[1].effect == 1.0
    assert from_means([at_first, at_second], (0, 0, 0, 1), 1)[0].effect == 0.0


def test_the_size_of_several_levels_is_the_largest_difference() -> None:
    (dose,) = from_means(effects_of((("dose", 3),)), (1, 5, 2), 2)
    assert dose.effect == 2.0


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("b:a", ["a:b"]),
        ("a*b", ["a:b"]),
        ("main", ["a", "b", "c"]),
        ("interaction", ["a:b:c"]),
        ("a within c=2", ["a within c=2"]),
    ],
)
def test_terms_are_found_by_what_people_write(words: str, terms: list[str]) -> None:
    assert [one.term for one in find(LEVELS, words)] == terms
    assert len(simple_effects_of(LEVELS)) == len(find(LEVELS, "simple")) == 6


@pytest.mark.parametrize("words", ["d", "a within d", "a within a", "a within c=3", "a:a:b:x", ""])
def test_unknown_terms(words: str) -> None:
    with pytest.raises(UsageError, match="an effect of the design"):
        find(LEVELS, words)


def test_a_single_factor_has_no_interaction() -> None:
    with pytest.raises(UsageError):
        find((("dose", 3),), "interaction")


@pytest.mark.parametrize("weights", [(1, 1, -1), (1, -1), (0, 0, 0), (float("nan"), 1, -1)])
def test_weights_that_are_no_contrast(weights: tuple[float, ...]) -> None:
    with pytest.raises(UsageError, match="sum to 0"):
        contrast(weights, 3)


@pytest.mark.parametrize(("means", "sd"), [((1, 2), 1), ((1, 2, float("inf")), 1), ((1, 2, 3), 0)])
def test_means_that_are_none(means: tuple[float, ...], sd: float) -> None:
    with pytest.raises(UsageError):
        from_means(effects_of((("dose", 3),)), means, sd)
