"""Hand states: from a scorer's state changes to bouts, from two scorings to a consensus, from bouts to numbers.

Conventions, for behaviours of which only one can be at a time:

1. A *state change* ``(t_s, behaviour)`` says that from `t_s` on (trial clock) the animal does `behaviour`, until the
   next change. An empty behaviour is none of the ethogram's; `MISSING` (``"not visible"``) is missing time. Before the
   first change the state is none. Of several changes at the same time the later in the list counts.
2. A *bout* is an unbroken stretch ``[start_s, stop_s)`` of one behaviour, cut to the window and flagged `cut` where the
   window's edge began or ended it; a state still on at the window's end is cut there. Changes to the same behaviour go
   on with the bout, states without length are none. Missing time ends a bout, without that flag.
3. *A person's bouts are taken as scored*: no gap is closed and no short bout is dropped, as methods do.
4. Missing time belongs to no behaviour and lowers the denominator. Two scorings are compared where both saw the animal.
5. A *disagreement* is a stretch in which two scorings say different behaviours; one shorter than `SHORTEST_S`, about
   a reaction time, is not asked about: there the consensus follows the first scorer.
"""

from __future__ import annotations

from littermate.assays.hand_measures import hand_readings
from littermate.assays.settling import (
    CONSENSUS,
    SHORTEST_S,
    Choice,
    Disagreement,
    consensus,
    disagreements,
    overlooked_s,
    seen_by_both,
    settled_s,
)
from littermate.assays.state_changes import MISSING, NONE, StateChange, bouts_of, seen_s

__all__ = [
    "CONSENSUS",
    "MISSING",
    "NONE",
    "SHORTEST_S",
    "Choice",
    "Disagreement",
    "StateChange",
    "bouts_of",
    "consensus",
    "disagreements",
    "hand_readings",
    "overlooked_s",
    "seen_by_both",
    "seen_s",
    "settled_s",
]
