"""Ethogram: the behaviours that a person scores by hand, with the key for each.

What study.toml names for an assay counts; where it names none, the assay's own are used. Keys are single letters or
digits, and none of those the scoring page needs itself. Only one behaviour of an ethogram can be at a time.

Definitions of the forced swim follow Porsolt et al. (1977, *Nature* 266:730) and Detke, Rickels & Lucki (1995,
*Psychopharmacology* 121:66); of tail suspension, Steru et al. (1985, *Psychopharmacology* 85:367).
"""

from __future__ import annotations

from collections.abc import Sequence

from littermate.errors import Complaint, ProtocolError
from littermate.model.bout import Behaviour, Ethogram
from littermate.model.key_press import NOT_VISIBLE

__all__ = ["RESERVED_KEYS", "ethogram_of"]

RESERVED_KEYS = ("z", "x", "h", "0")
"""Undo, not visible, latch or hold, none of them: keys of the scoring page itself."""

_IMMOBILE_IN_WATER = "floats, with only the movements needed to keep the head above water; passive drift is immobility"

_OWN: dict[str, tuple[Behaviour, ...]] = {
    "forced swim": (
        Behaviour(name="immobile", definition=_IMMOBILE_IN_WATER, key="i"),
        Behaviour(name="swimming", definition="moves across the water, more than is needed to float", key="s"),
        Behaviour(name="climbing", definition="forepaws break the surface along the wall, body upright", key="c"),
    ),
    "tail suspension": (
        Behaviour(name="immobile", definition="hangs without struggling; passive swinging is immobility", key="i"),
    ),
    "open field": (
        Behaviour(name="rearing", definition="stands on the hind paws, both forepaws off the floor", key="r"),
        Behaviour(name="grooming", definition="licks, scratches or wipes its own fur or face", key="g"),
    ),
    "elevated plus maze": (
        Behaviour(name="head dipping", definition="reaches with the head over the edge of an open arm", key="d"),
        Behaviour(name="rearing", definition="stands on the hind paws", key="r"),
        Behaviour(name="grooming", definition="licks, scratches or wipes its own fur or face", key="g"),
    ),
}


def ethogram_of(kind: str, behaviours: Sequence[Behaviour] = ()) -> Ethogram:
    """Return the ethogram of a kind of assay.

    Parameters
    ----------
    kind
        The assay's kind.
    behaviours
        Those that study.toml names; the assay's own where it names none.

    Raises
    ------
    ProtocolError
        If a name or a key stands twice, is reserved, or is missing; all complaints at once.

    Examples
    --------
    >>> [(one.key, one.name) for one in ethogram_of("open field").behaviours]
    [('r', 'rearing'), ('g', 'grooming')]
    """
    chosen = tuple(behaviours) or _OWN.get(kind, ())
    complaints = [*_key_complaints(chosen), *_name_complaints(chosen)]
    if complaints:
        raise ProtocolError.of(complaints)
    return Ethogram(name=kind, behaviours=chosen)


def _key_complaints(behaviours: Sequence[Behaviour]) -> list[Complaint]:
    keys = [one.key.casefold() for one in behaviours]
    expected = f"a letter or digit of its own for every behaviour, none of {', '.join(RESERVED_KEYS)}"
    return [
        Complaint(expected=expected, found=f"key {one.key!r}", do="choose another", where=f"behaviour {one.name}")
        for one, key in zip(behaviours, keys, strict=True)
        if len(key) != 1 or not key.isalnum() or key in RESERVED_KEYS or keys.count(key) > 1
    ]


def _name_complaints(behaviours: Sequence[Behaviour]) -> list[Complaint]:
    names = [one.name.casefold() for one in behaviours]
    return [
        Complaint(expected="a name of its own", found=repr(one.name), do="choose another", where="behaviour")
        for one, name in zip(behaviours, names, strict=True)
        if names.count(name) > 1 or name in (NOT_VISIBLE, "none", "")
    ]
