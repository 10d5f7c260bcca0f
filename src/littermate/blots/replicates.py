"""Replicates: several lanes of one animal become one value of that animal.

The same lysate on two lanes, two gels or two membranes tells how well the blot repeats, not how animals differ: counted
as animals, such lanes make P values too small. They are reduced by a stated rule, and their spread is kept as a flag.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from littermate.blots.rules import LoadingRules
from littermate.errors import UsageError
from littermate.model.measurement import Reading

__all__ = ["REPLICATES_DIFFER", "cv_percent", "reduce_replicates"]

REPLICATES_DIFFER = "replicates differ"


def reduce_replicates(readings: Sequence[Reading], *, rules: LoadingRules | None = None) -> Reading:
    """Reduce the readings of one animal's lanes to one.

    Parameters
    ----------
    readings
        One or more, of one measure and on one scale: lanes of several membranes are scaled to the inter-blot control.
    rules
        Mean or median, and the spread that is flagged.

    Returns
    -------
    Reading
        Of one lane, as it is. Of several, the mean (or median) of those with a value, with the flags of those lanes and
        ``"mean of 2 lanes"``; ``"1 of 2 lanes without a value"``; ``"replicates differ"``, where their CV is above the
        limit. Where no lane has a value there is none, for all their reasons.

    Raises
    ------
    UsageError
        If there is no reading, they are of several measures, or the rule is neither mean nor median.

    Examples
    --------
    >>> lanes = [Reading(measure="BDNF/beta-actin", value=value, unit="ratio") for value in (0.9, 1.1)]
    >>> one = reduce_replicates(lanes)
    >>> one.value, one.flags
    (1.0, ('mean of 2 lanes',))
    """
    rules = rules or LoadingRules()
    _check(readings, rules)
    first = readings[0]
    if len(readings) == 1:
        return first
    counted = [one for one in readings if one.value is not None]
    values = [one.value for one in counted if one.value is not None]
    if not values:
        reason = "; ".join(dict.fromkeys(one.reason for one in readings))
        return Reading(measure=first.measure, value=None, unit=first.unit, reason=reason, flags=_flags(readings))
    lost = len(readings) - len(values)
    spread = cv_percent(values)
    said = [f"{rules.replicates} of {len(values)} lanes"] if len(values) > 1 else []
    said += [f"{lost} of {len(readings)} lanes without a value"] if lost else []
    said += [REPLICATES_DIFFER] if spread is not None and spread > rules.max_replicate_cv_percent else []
    return Reading(
        measure=first.measure,
        value=statistics.fmean(values) if rules.replicates == "mean" else statistics.median(values),
        unit=first.unit,
        flags=(*_flags(counted), *said),
    )


def cv_percent(values: Sequence[float]) -> float | None:
    """Return the coefficient of variation (n - 1), in %; `None` for fewer than two values or a mean of 0 or less.

    Examples
    --------
    >>> round(cv_percent([90.0, 110.0]), 2)
    14.14
    """
    if len(values) < 2:
        return None
    mean = statistics.fmean(values)
    return 100 * statistics.stdev(values) / mean if mean > 0 else None


def _flags(readings: Iterable[Reading]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(flag for one in readings for flag in one.flags))


def _check(readings: Sequence[Reading], rules: LoadingRules) -> None:
    measures = sorted({one.measure for one in readings})
    if len(measures) != 1:
        raise UsageError(
            expected="readings of one measure",
            found=", ".join(measures) or "none",
            do="reduce each measure on its own",
        )
    if rules.replicates not in ("mean", "median"):
        raise UsageError(expected="replicates mean or median", found=repr(rules.replicates), do="choose one of the two")
