"""Codes: opaque names for animals, vials and trials, without order and without group.

A code is drawn from the operating system's entropy and *not* from the study's seed. A seed is often a date; whoever
guesses it could make the allocation again, and if the codes came from the same seed, compare them with the public
ones and know that the guess, and so every group, is right. Codes are kept (in the store), not made again.

The alphabet has capital letters and digits that are not mistaken for each other in handwriting or on a label (no 0/O,
1/I/L, 2/Z, 5/S, 8/B, U/V) and no vowel (no words; and no ``4E79`` that a spreadsheet takes for a number). The first
character is a letter. Two codes of one study differ in two places or more, so that one wrong character is never
another animal. Lengths tell the kinds apart: 5 an animal, 6 a vial, 8 a trial.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Sequence, Set
from itertools import islice

from littermate.errors import UsageError
from littermate.model.allocation import Allocation, Tag
from littermate.planning.draw import Entropy

__all__ = [
    "ANIMAL_LENGTH",
    "CLIP_LENGTH",
    "DIGITS",
    "LETTERS",
    "TRIAL_LENGTH",
    "VIAL_LENGTH",
    "clip_ids",
    "make_tags",
    "trial_id",
]

LETTERS = "CDFGHJKMNPQRTWXY"
DIGITS = "34679"
ANIMAL_LENGTH, VIAL_LENGTH, CLIP_LENGTH, TRIAL_LENGTH = 5, 6, 7, 8
_TRIES = 1_000


def make_tags(
    allocation: Allocation, *, factors: Sequence[str] | None = None, rng: Entropy = secrets
) -> tuple[Tag, ...]:
    """Give every animal its code, its vials and its balanced sides.

    Parameters
    ----------
    allocation
        The key; of it only animals, factor names and balances go into the tags.
    factors
        Factors that are given from a vial; `None` for all.
    rng
        Source of the codes. Leave it: see the module. Tests and simulated studies may give a `Draw`.

    Returns
    -------
    tuple of Tag
        Sorted by animal id. A vial is one animal's alone: a vial code shared by a group would be the group.

    Raises
    ------
    UsageError
        If a factor is not one of the allocation's.
    """
    given = tuple(allocation.factors if factors is None else factors)
    if unknown := [name for name in given if name not in allocation.factors]:
        raise UsageError(
            expected=f"factors of the allocation: {', '.join(allocation.factors)}",
            found=", ".join(unknown),
            do="correct the names",
        )
    animals = sorted(assignment.animal for assignment in allocation.assignments)
    balanced: dict[str, list[tuple[str, str]]] = {animal: [] for animal in animals}
    for animal, name, level in allocation.balanced:
        balanced[animal].append((name, level))
    codes = _codes(ANIMAL_LENGTH, rng)
    vials = _codes(VIAL_LENGTH, rng)
    return tuple(
        Tag(
            animal=animal,
            code=next(codes),
            vials=tuple((factor, next(vials)) for factor in given),
            balanced=tuple(balanced[animal]),
        )
        for animal in animals
    )


def trial_id(*, taken: Collection[str] = (), rng: Entropy = secrets) -> str:
    """Return a new opaque name for a trial, two places or more from those `taken`.

    Examples
    --------
    >>> from littermate.planning.draw import Draw
    >>> trial_id(rng=Draw(1, "example"))
    'CDH73N7N'
    """
    return next(_codes(TRIAL_LENGTH, rng, taken))


def clip_ids(count: int, *, taken: Collection[str] = (), rng: Entropy = secrets) -> tuple[str, ...]:
    """Return new opaque names for clips, two places or more from each other and from those `taken`.

    Examples
    --------
    >>> from littermate.planning.draw import Draw
    >>> [len(name) for name in clip_ids(2, rng=Draw(1, "example"))]
    [7, 7]
    """
    return tuple(islice(_codes(CLIP_LENGTH, rng, taken), count))


def _codes(length: int, rng: Entropy, taken: Collection[str] = ()) -> Iterator[str]:
    """Yield new codes; each differs from all before it in two places or more."""
    near = {pattern for code in taken for pattern in _patterns(code)}
    while True:
        code = _free_code(length, rng, near)
        near |= _patterns(code)
        yield code


def _free_code(length: int, rng: Entropy, near: Set[str]) -> str:
    """Return a code that is near none; in a study of any real size the first try is nearly always free."""
    for _ in range(_TRIES):
        code = _code(length, rng)
        if near.isdisjoint(_patterns(code)):
            return code
    raise UsageError(
        expected=f"room for more codes of {length} characters",
        found=f"none in {_TRIES} tries",
        do="split the study, or use longer codes",
    )


def _code(length: int, rng: Entropy) -> str:
    both = LETTERS + DIGITS
    return LETTERS[rng.randbelow(len(LETTERS))] + "".join(both[rng.randbelow(len(both))] for _ in range(length - 1))


def _patterns(code: str) -> set[str]:
    """Return the code with each place left open: two codes share one if they differ in one place at most."""
    return {f"{code[:place]}?{code[place + 1 :]}" for place in range(len(code))}
