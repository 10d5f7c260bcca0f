"""Rules: by which lanes are found, bands are measured and targets are set against the loading control.

Lengths that should not depend on the scanner's resolution are shares of a band's or a lane's own size.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from littermate.model.rules import RuleSet

__all__ = ["BandRules", "BlotRules", "LaneRules", "LoadingRules", "rule_set"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneRules:
    """How lanes are found.

    Parameters
    ----------
    max_tilt_deg
        The greatest lean of the lanes that is looked for.
    min_contrast
        A lane counts if its peak across the blot stands out by this share of a usual lane's (on a compressed scale).
    evenness
        Price of uneven spacing, against the gain of a clearer lane.
    """

    max_tilt_deg: float = 8.0
    min_contrast: float = 0.15
    evenness: float = 3.0

    def words(self) -> tuple[str, ...]:
        """Return the rules as sentences."""
        return (
            "Lanes are the repeated maxima across the blot of what stands above the wide background,"
            f" along a common lean of at most {self.max_tilt_deg:g} degrees.",
            f"A lane's maximum stands out by at least {self.min_contrast:g} of a usual lane's (compressed scale);"
            " an empty place inside the row of lanes counts as a lane.",
            "Rows that cross many bands count most; bands that touch are parted at the dips between them;"
            " what is unevenly spaced is counted along the clearest row of bands.",
            "Where the number of lanes is given, that many are placed, as even as the image allows.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BandRules:
    """How bands are found and summed.

    Parameters
    ----------
    min_snr
        A band's peak stands above its surroundings by this many standard deviations of the lane's profile ...
    min_relative
        ... and by this share of the strongest band of the image.
    core
        Share of the lane's width whose median makes the profile in which bands are looked for.
    widest
        A band is at most this many times as wide along its lane as the usual band; wider ones are stains.
    reach
        Half the height of a band's box, in full widths at half maximum (1.5: 3.5 standard deviations of a Gaussian).
    strip
        Height of the strips above and below the box that give the baseline, in full widths at half maximum.
    background
        ``"line"``, ``"local median"`` or ``"rolling ball"``; see `littermate.blots.background`.
    ball
        Radius of the rolling ball, in lane widths.
    overlap
        ``"fit"``: what overlapping bands hold together is given out by a fit of their peaks; ``"valley"``: cut there.
    ladder
        Molecular weights are read ``"point to point"`` of the ladder, or from a ``"quadratic"``.
    """

    min_snr: float = 6.0
    min_relative: float = 0.02
    core: float = 0.35
    widest: float = 3.0
    reach: float = 1.5
    strip: float = 1.0
    background: str = "line"
    ball: float = 1.0
    overlap: str = "fit"
    ladder: str = "point to point"

    def words(self) -> tuple[str, ...]:
        """Return the rules as sentences."""
        return (
            "Volume = sum over the band's box of (signal - baseline); negative volumes are kept.",
            f"The box reaches {self.reach:g} full widths at half maximum up and down from the peak,"
            " or to the valley before the next band, and sideways to half-way to the next lane at most.",
            *self._background_words(),
            self._overlap_words(),
            f"A band's peak stands out of the median of the middle {self.core:.0%} of its lane by at least"
            f" {self.min_snr:g} standard deviations and {self.min_relative:g} of the strongest band.",
            f"What is more than {self.widest:g} times as wide along its lane as the usual band is no band.",
            "A band is saturated if its top is a plateau: a maximum shared by several neighbouring pixels.",
            "Molecular weight, where a ladder is given: its logarithm, "
            + ("in straight lines between" if self.ladder == "point to point" else "by a parabola through")
            + " the ladder's bands, on rows without the smile; none outside them.",
        )

    def _overlap_words(self) -> str:
        if self.overlap == "valley":
            return "Bands that run into one another are cut at the valley between them."
        return (
            "What bands that run into one another hold together is given out by the areas of their peaks: Gaussians"
            " drawn out to one side by the same share, fitted to the net profile of all of them (up to 6; more are cut"
            " at the valleys)."
        )

    def _background_words(self) -> tuple[str, ...]:
        strips = f"the strips are {self.strip:g} full widths at half maximum high."
        if self.background == "local median":
            return (f"Baseline: one level, the median of all pixels of the strips above and below the box; {strips}",)
        line = (
            "Baseline, for each column of the box: the straight line from the median of the strip above the box"
            f" to the median of the strip below it; {strips}"
        )
        if self.background != "rolling ball":
            return (line,)
        ball = (
            "From the image is first taken the bed of a ball that rolls under the smoothed image; its radius is"
            f" {self.ball:g} times the usual width of a lane."
        )
        return ball, line


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadingRules:
    """How a target is set against its loading control.

    Parameters
    ----------
    min_control_snr
        A control's volume is above noise if it is at least this many of its standard errors.
    scale
        ``"mean"`` or ``"median"`` of the inter-blot control lanes is 1.
    max_reference_cv_percent
        More spread of the inter-blot control lanes of one membrane than this is told.
    max_control_cv_percent
        More spread of the loading control over the sample lanes than this is told.
    replicates
        ``"mean"`` or ``"median"`` of an animal's lanes is its value.
    max_replicate_cv_percent
        More spread of an animal's lanes than this is flagged.
    max_residual_percent, min_dilutions
        Of a dilution series, the amounts whose volumes lie this near to one line through 0 are its linear range, if
        they are so many.
    """

    min_control_snr: float = 5.0
    scale: str = "mean"
    max_reference_cv_percent: float = 20.0
    max_control_cv_percent: float = 30.0
    replicates: str = "mean"
    max_replicate_cv_percent: float = 20.0
    max_residual_percent: float = 20.0
    min_dilutions: int = 3

    def words(self) -> tuple[str, ...]:
        """Return the rules as sentences."""
        return (
            "Expression = volume of the target / volume of the loading control (or total protein) on the same lane.",
            f"Where inter-blot control lanes are given, it is divided by the {self.scale} of those above noise;"
            f" their CV is told above {self.max_reference_cv_percent:g} %.",
            f"No value where the loading control is missing or under {self.min_control_snr:g} standard errors;"
            f" a CV of the control over the samples above {self.max_control_cv_percent:g} % is told.",
            "A saturated band is flagged and its value kept.",
            f"Several lanes of one animal are one value: their {self.replicates};"
            f" a CV above {self.max_replicate_cv_percent:g} % is flagged.",
            f"Where there is a dilution series, the linear range is the longest run of {self.min_dilutions} amounts or"
            f" more whose volumes lie within {self.max_residual_percent:g} % of one line through 0;"
            " a band outside it is flagged and its value kept.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BlotRules:
    """All rules of a blot."""

    lanes: LaneRules = field(default_factory=LaneRules)
    bands: BandRules = field(default_factory=BandRules)
    loading: LoadingRules = field(default_factory=LoadingRules)

    def words(self) -> tuple[str, ...]:
        """Return the rules as sentences."""
        return self.lanes.words() + self.bands.words() + self.loading.words()


_NAMES: dict[type, str] = {
    LaneRules: "blot lanes",
    BandRules: "blot bands",
    LoadingRules: "blot loading",
    BlotRules: "blot",
}


def rule_set(rules: BlotRules | LaneRules | BandRules | LoadingRules) -> RuleSet:
    """Return the rules as a rule set with words and a hash.

    Examples
    --------
    >>> rule_set(BandRules()).hash == rule_set(BandRules(reach=2.0)).hash
    False
    >>> dict(rule_set(BlotRules()).parameters)["bands.min_snr"]
    6.0
    """
    return RuleSet(name=_NAMES[type(rules)], parameters=_flat(dataclasses.asdict(rules)), words=rules.words())


def _flat(values: dict[str, object]) -> tuple[tuple[str, object], ...]:
    pairs: list[tuple[str, object]] = []
    for name, value in values.items():
        if isinstance(value, dict):
            pairs.extend((f"{name}.{inner}", size) for inner, size in _flat(value))
        else:
            pairs.append((name, value))
    return tuple(sorted(pairs))
