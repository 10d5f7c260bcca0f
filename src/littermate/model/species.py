"""Species: what is usual for one: weights that can be meant, and volumes that can be given by each route.

Volumes are mL per kg of body weight for one administration. Source: Diehl et al. 2001, J Appl Toxicol 21:15-23, the
volumes of good practice; a volume into a muscle is there per site, not per kg, and so is not here. The one exception is
the mouse's peritoneum: 10 mL/kg, as animal committees ask for, where the paper has 20. Weights are wide on purpose,
from the newborn to the obese adult: they catch a slip of the pen, not a sick animal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["ROUTES", "Species", "VolumeLimit", "route_named", "species_named"]

_DIEHL = "good practice of Diehl et al. 2001"

ROUTES: dict[str, tuple[str, ...]] = {
    "i.p.": ("ip", "intraperitoneal", "intraperitoneally"),
    "s.c.": ("sc", "subcutaneous", "subcutaneously"),
    "i.v.": ("iv", "intravenous", "intravenously"),
    "i.m.": ("im", "intramuscular", "intramuscularly"),
    "p.o.": ("po", "gavage", "oral gavage", "by gavage"),
}
"""Routes by which a volume is given, each with its other names; ``"oral"`` alone may be food, and is none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeLimit:
    """The most that should be given at once by one route, and who says so."""

    route: str
    ml_per_kg: float
    source: str = _DIEHL


@dataclass(frozen=True, slots=True, kw_only=True)
class Species:
    """One species: the weights (g) between which a weight can be meant, and its limits of volume."""

    name: str
    weights_g: tuple[float, float]
    limits: tuple[VolumeLimit, ...]

    def can_weigh(self, weight_g: float) -> bool:
        """Whether a weight can be meant.

        Examples
        --------
        >>> mouse = species_named("mouse")
        >>> mouse.can_weigh(31.5), mouse.can_weigh(300), mouse.can_weigh(0)
        (True, False, False)
        """
        least, most = self.weights_g
        return least <= weight_g <= most

    def limit(self, route: str) -> VolumeLimit | None:
        """Return the limit of a route however it is written, `None` where none is known.

        Examples
        --------
        >>> species_named("rat").limit("subcutaneous").ml_per_kg
        5.0
        """
        name = route_named(route)
        return next((limit for limit in self.limits if limit.route == name), None)


def route_named(text: str) -> str:
    """Return a route's usual name, ``""`` where it is none by which a volume is given.

    Examples
    --------
    >>> route_named("IP"), route_named("intraperitoneal"), route_named("oral")
    ('i.p.', 'i.p.', '')
    """
    plain = text.strip().casefold()
    return next((name for name, others in ROUTES.items() if plain in (name, *others)), "")


def species_named(text: str) -> Species | None:
    """Return the one species that a text names in English or Latin, `None` where its limits are not known here.

    Examples
    --------
    >>> species_named("CD1 mouse (Mus musculus)").name, species_named("zebrafish"), species_named("mouse and rat")
    ('mouse', None, None)
    """
    found = [
        species
        for species, others in _SPECIES
        if re.search(rf"\b({'|'.join((species.name, *others))})\b", text, re.IGNORECASE)
    ]
    return found[0] if len(found) == 1 else None


def _limits(**ml_per_kg: float) -> tuple[VolumeLimit, ...]:
    return tuple(VolumeLimit(route=route_named(name), ml_per_kg=most) for name, most in ml_per_kg.items())


_MOUSE = Species(
    name="mouse",
    weights_g=(1.0, 100.0),
    limits=(
        *_limits(po=10.0, sc=10.0, iv=5.0),
        VolumeLimit(
            route="i.p.",
            ml_per_kg=10.0,
            source="usual limit of animal committees; Diehl et al. 2001 have 20 mL/kg as good practice",
        ),
    ),
)
_RAT = Species(name="rat", weights_g=(4.0, 1_500.0), limits=_limits(po=10.0, sc=5.0, ip=10.0, iv=5.0))
_SPECIES = (
    (_MOUSE, ("mice", "mus musculus")),
    (_RAT, ("rats", "rattus norvegicus")),
)
