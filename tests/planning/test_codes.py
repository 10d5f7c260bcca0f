"""Codes are opaque, told apart, and tell nothing."""

import itertools
import secrets
from collections import Counter

import pytest

from littermate.errors import UsageError
from littermate.model.allocation import Allocation
from littermate.planning.codes import DIGITS, LETTERS, _codes, make_tags, trial_id
from littermate.planning.draw import Draw


def apart(first: str, second: str) -> int:
    return sum(a != b for a, b in zip(first, second, strict=True))


def test_alphabet_has_nothing_to_mistake() -> None:
    assert not set(LETTERS + DIGITS) & set("0O1ILl2Z5S8BUVAEe")


def test_codes_are_unique_of_one_length_and_no_number(key: Allocation) -> None:
    codes = [tag.code for tag in make_tags(key)]
    assert len(codes) == 32 and {len(code) for code in codes} == {5}
    assert all(code[0] in LETTERS and set(code) <= set(LETTERS + DIGITS) for code in codes)


def test_one_wrong_character_is_never_another_animal(key: Allocation) -> None:
    codes = [tag.code for tag in make_tags(key, rng=Draw(1, "codes"))]
    assert min(apart(a, b) for a, b in itertools.combinations(codes, 2)) >= 2


def test_vials_are_one_animal_s_alone(key: Allocation) -> None:
    tags = make_tags(key)
    vials = Counter(vial for tag in tags for _, vial in tag.vials)
    assert len(vials) == 64 and set(vials.values()) == {1}
    assert [factor for factor, _ in tags[0].vials] == ["ketamine", "magnesium"]


def test_factor_without_vials(key: Allocation) -> None:
    assert {len(tag.vials) for tag in make_tags(key, factors=["magnesium"])} == {1}
    with pytest.raises(UsageError, match="diet"):
        make_tags(key, factors=["diet"])


def test_tags_are_sorted_by_animal_and_carry_their_balances(key: Allocation) -> None:
    tags = make_tags(key)
    assert [tag.animal for tag in tags] == sorted(a.animal for a in key.assignments)
    balanced = {(animal, name): level for animal, name, level in key.balanced}
    assert all(tag.level("start corner") == balanced[tag.animal, "start corner"] for tag in tags)


def test_codes_do_not_come_from_the_seed(key: Allocation) -> None:
    assert {tag.code for tag in make_tags(key)} != {tag.code for tag in make_tags(key)}


def test_codes_are_the_same_whatever_the_groups(key: Allocation) -> None:
    """Swap every group: the public half does not change."""
    turned = Allocation(
        factors=key.factors,
        assignments=tuple(
            type(a)(animal=a.animal, cell=b.cell) for a, b in zip(key.assignments, key.assignments[::-1], strict=True)
        ),
        balanced=key.balanced,
        seed=key.seed,
        scheme=key.scheme,
    )
    assert make_tags(key, rng=Draw(1, "codes")) == make_tags(turned, rng=Draw(1, "codes"))


def test_trial_ids_keep_away_from_those_taken() -> None:
    taken = {trial_id() for _ in range(20)}
    new = trial_id(taken=taken, rng=secrets)
    assert len(new) == 8 and all(apart(new, old) >= 2 for old in taken)


def test_there_is_room_for_thousands_of_animals() -> None:
    codes = _codes(5, Draw(1, "many"))
    ids = [next(codes) for _ in range(5000)]
    assert len(set(ids)) == 5000


def test_a_source_that_gives_one_code_is_refused() -> None:
    class Stuck:
        def randbelow(self, bound: int, /) -> int:
            return 0

    with pytest.raises(UsageError, match="room for more codes"):
        trial_id(taken={"CCCCCCCC"}, rng=Stuck())
