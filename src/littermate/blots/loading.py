"""Loading: the target against the loading control on the same lane, scaled to the inter-blot control.

Expression = volume of the target / volume of the loading control on the same lane. Where lanes of the membrane hold the
inter-blot control (one sample run on every membrane), it is divided by their mean or median, so that membranes can
be compared. A value that cannot be had is `None` with its reason; a value to be looked at twice has flags.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from littermate.blots.rules import LoadingRules
from littermate.errors import DataError, UsageError
from littermate.model.blot import Band, Lane

_NOT_ABOVE_NOISE = "target not above noise"

__all__ = ["LaneRatio", "ratio"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneRatio:
    """The expression on one lane.

    Parameters
    ----------
    lane
        Its index, from 1.
    value
        Expression, scaled to the inter-blot control where there is one; `None` where missing.
    unscaled
        Target / loading control; `None` where missing.
    target, control
        The two net volumes; `None` where there is no band.
    reason
        Why there is no value; empty where there is one.
    flags
        ``"target saturated"``, ``"control saturated"``, ``"target not above noise"``, ``"largest of 3 target bands"``;
        and the bands' own, as ``"target placed by a person"``.
    reference
        Whether the lane holds the inter-blot control.
    """

    lane: int
    value: float | None
    unscaled: float | None
    target: float | None
    control: float | None
    reason: str = ""
    flags: tuple[str, ...] = ()
    reference: bool = False


def ratio(
    target_lanes: Sequence[Lane],
    control_lanes: Sequence[Lane],
    *,
    reference_lanes: Sequence[int] = (),
    rules: LoadingRules | None = None,
) -> tuple[LaneRatio, ...]:
    """Set the target against the loading control, lane by lane.

    Parameters
    ----------
    target_lanes, control_lanes
        The same lanes measured for the target and for the loading control, as `measure_row` gives them. Of several
        bands on a lane the largest is taken, and flagged.
    reference_lanes
        Indices of the lanes that hold the inter-blot control; none: values are not scaled.
    rules
        What is above noise, and what the scale is.

    Returns
    -------
    tuple of LaneRatio
        One for each lane, from left to right.

    Raises
    ------
    DataError
        If the two images do not have the same lanes.
    UsageError
        If a reference lane is none of the lanes, or the scale is neither mean nor median.

    Examples
    --------
    >>> from littermate.model.blot import Band, Lane
    >>> def lane(index, volume):
    ...     band = Band(row_px=9.0, volume=volume, background=0.0, saturated=False, box_px=(0, 0, 9, 9))
    ...     return Lane(index=index, centre_px=9.0, width_px=9.0, path_px=((0.0, 9.0),), bands=(band,))
    >>> control = [lane(1, 100.0), lane(2, 100.0)]
    >>> [one.value for one in ratio([lane(1, 10.0), lane(2, 20.0)], control, reference_lanes=[1])]
    [1.0, 2.0]
    """
    rules = rules or LoadingRules()
    _check(target_lanes, control_lanes, reference_lanes, rules)
    plain = [
        _lane_ratio(target, control, target.index in set(reference_lanes), rules)
        for target, control in zip(target_lanes, control_lanes, strict=True)
    ]
    if not reference_lanes:
        return tuple(plain)
    scale, reason = _scale(plain, rules)
    return tuple(_scaled(one, scale, reason) for one in plain)


def _check(
    target_lanes: Sequence[Lane], control_lanes: Sequence[Lane], reference_lanes: Sequence[int], rules: LoadingRules
) -> None:
    there = [lane.index for lane in target_lanes]
    also = [lane.index for lane in control_lanes]
    if there != also:
        raise DataError(
            expected="the same lanes in the image of the target and in that of the loading control",
            found=f"{len(there)} and {len(also)} lanes",
            do="give the number of lanes for both images",
        )
    unknown = sorted(set(reference_lanes) - set(there))
    if unknown:
        raise UsageError(
            expected=f"inter-blot control lanes among the {len(there)} lanes",
            found=f"lanes {', '.join(map(str, unknown))}",
            do="count lanes from 1, from left to right",
        )
    if rules.scale not in ("mean", "median"):
        raise UsageError(expected="scale mean or median", found=repr(rules.scale), do="choose one of the two")


def _lane_ratio(target: Lane, control: Lane, reference: bool, rules: LoadingRules) -> LaneRatio:
    upper, lower = _largest(target), _largest(control)
    reason = _why_missing(upper, lower, rules)
    plain = None if reason or upper is None or lower is None else upper.volume / lower.volume
    return LaneRatio(
        lane=target.index,
        value=plain,
        unscaled=plain,
        target=None if upper is None else upper.volume,
        control=None if lower is None else lower.volume,
        reason=reason,
        flags=(*_flags("target", target, upper, rules), *_flags("control", control, lower, rules)),
        reference=reference,
    )


def _largest(lane: Lane) -> Band | None:
    return max(lane.bands, key=lambda band: band.volume, default=None)


def _why_missing(target: Band | None, control: Band | None, rules: LoadingRules) -> str:
    if target is None:
        return "no target band on this lane"
    if control is None:
        return "no loading-control band on this lane"
    if not _above_noise(control, rules):
        return "the loading control is not above noise"
    return ""


def _above_noise(band: Band, rules: LoadingRules) -> bool:
    return band.volume > 0 and band.volume >= rules.min_control_snr * (band.noise or 0.0)


def _flags(what: str, lane: Lane, band: Band | None, rules: LoadingRules) -> tuple[str, ...]:
    if band is None:
        return ()
    said = []
    if band.saturated:
        said.append(f"{what} saturated")
    if what == "target" and not _above_noise(band, rules):
        said.append(_NOT_ABOVE_NOISE)
    if len(lane.bands) > 1:
        said.append(f"largest of {len(lane.bands)} {what} bands")
    return (*said, *(f"{what} {flag}" for flag in band.flags))


def _scale(plain: Sequence[LaneRatio], rules: LoadingRules) -> tuple[float | None, str]:
    """Return what the inter-blot control is on this membrane, or why it is not known."""
    known = [
        one.unscaled
        for one in plain
        if one.reference and one.unscaled is not None and _NOT_ABOVE_NOISE not in one.flags
    ]
    if not known:
        return None, "no inter-blot control lane of this membrane has a value above noise"
    scale = statistics.fmean(known) if rules.scale == "mean" else statistics.median(known)
    if scale <= 0:
        return None, "the inter-blot control of this membrane is not above 0"
    return scale, ""


def _scaled(one: LaneRatio, scale: float | None, reason: str) -> LaneRatio:
    return LaneRatio(
        lane=one.lane,
        value=None if scale is None or one.unscaled is None else one.unscaled / scale,
        unscaled=one.unscaled,
        target=one.target,
        control=one.control,
        reason=one.reason or reason,
        flags=one.flags,
        reference=one.reference,
    )
