"""Flag words: what a flag of a value means, in a sentence. Flags are told by their form, as the workshops write them.

A flag that is the id of a finding (``"light-changes"``) means what that finding says of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from littermate.model.blot_correction import PLACED
from littermate.model.finding import Finding
from littermate.model.measurement import CORRECTED

__all__ = ["flag_meaning"]

_MEANINGS = (
    ("censored", "it did not happen in the time that was scored; the value is where that time ended"),
    ("cut short", "the recording ends before the scored time does; the value is of the part that is there"),
    ("missing time.*", "for a part of the time the animal was not to be seen; that time is in no number"),
    (re.escape(CORRECTED), "a person corrected what the program had detected; the program's value is kept too"),
    (f".*{PLACED}", "a person drew the box of the band; the rules by which it was summed are those of all lanes"),
    ("(target |control )?saturated", "the band's top is a plateau at the imager's limit: its volume is too small"),
    (".*outside the linear range", "the band is outside the amounts that the dilution series shows to be linear"),
    (".*not above noise", "the band does not stand out of the background of its lane"),
    ("largest of .* bands", "the lane has several bands; the largest was counted"),
    (".*overlaps the box of lane.*", "pixels of this band are counted on that lane too"),
    (".*signal at the edge of the box", "the band runs on beyond the box in which it was summed"),
    ("(mean|median) of .* lanes", "the animal is on several lanes, which are one value"),
    ("replicates differ", "the animal's lanes differ by more than the rules allow"),
    (".* lanes without a value", "some of the animal's lanes gave no ratio and are left out"),
    ("out of range", "the signal is outside the standards of the curve"),
    ("(bad|doubtful) curve", "the plate's standard curve has faults"),
    ("dilutions disagree", "the sample's dilutions do not give one concentration"),
    ("recovery (low|high)", "of the added standard less or more was found again than the rules allow"),
)


def flag_meaning(flag: str, findings: Iterable[Finding] = (), about: Iterable[str] = ()) -> str:
    """Say what a flag means; nothing where it is not known.

    Parameters
    ----------
    findings, about
        What was noticed in the study, and the paths and names by which the value's file goes there.

    Examples
    --------
    >>> flag_meaning("target saturated")
    "the band's top is a plateau at the imager's limit: its volume is too small"
    >>> flag_meaning("never heard of")
    ''
    """
    for pattern, meaning in _MEANINGS:
        if re.fullmatch(pattern, flag):
            return meaning
    places = set(about)
    of_id = [one for one in findings if one.id == flag]
    return next((one.message for one in of_id if one.about in places), "")
