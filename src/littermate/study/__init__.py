"""Study: an animal study walked through its stages, from the protocol to the report.

This is the only place where the workshops meet, and the only one that may open the key (`sealing`). The stages::

    allocate -> add recordings, blots, plates -> score, quantify -> check -> lock -> unblind -> fit -> report

Every change is one transaction with one journal entry. Before `unblind` nothing that a study returns or writes (but the
sealed key) says which group an animal is in.
"""

from littermate.assays.hand_states import Choice
from littermate.planning.queue import QueuePlan
from littermate.study.agreeing import Comparison, ScorerAgreement
from littermate.study.calibrating import AssayCalibration
from littermate.study.disagreeing import SideBySide
from littermate.study.walk import Study, create_study, open_study

__all__ = [
    "AssayCalibration",
    "Choice",
    "Comparison",
    "QueuePlan",
    "ScorerAgreement",
    "SideBySide",
    "Study",
    "create_study",
    "open_study",
]
