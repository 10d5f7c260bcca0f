"""Quantities with units, parsed once, at the edge.

Inside the program a number's unit is in its name (`duration_s`, `size_cm`); text such as ``"15 mg/kg"`` or
``"24 h"`` is read here and nowhere else. pint does the work.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from littermate.errors import UsageError

__all__ = ["parse_quantity", "parse_dose"]


@cache
def _registry() -> Any:
    """Build pint's registry on first use: it takes a third of a second."""
    import pint

    registry: Any = pint.UnitRegistry()
    registry.define("percent = 0.01")
    return registry


def parse_quantity(text: str | float, unit: str) -> float:
    """Read a quantity and return its size in `unit`; a bare number is taken to be in `unit` already.

    Parameters
    ----------
    text
        For example ``"50cm"``, ``"6 min"``, ``"250 pg/mL"`` or ``50``.
    unit
        The wanted unit, for example ``"cm"``.

    Raises
    ------
    UsageError
        If the text is not a quantity, or not of that kind; or if it holds a comma, which may be a decimal point or part
        thousands.

    Examples
    --------
    >>> parse_quantity("6 min", "s")
    360.0
    >>> parse_quantity("500 ug/kg", "mg/kg")
    0.5
    >>> parse_quantity("50cm", "cm")
    50.0
    """
    import pint

    if isinstance(text, int | float):
        return float(text)
    if "," in text:
        raise UsageError(
            expected=f"a quantity in {unit}, such as '1.5 {unit}'",
            found=repr(text),
            do="write decimals with a point, and thousands without a mark",
        )
    try:
        quantity = _registry().Quantity(text.strip().replace("µ", "u").replace("μ", "u"))
        if not quantity.unit_items() and unit != "percent":
            return float(quantity.magnitude)
        return float(quantity.to(unit).magnitude)
    except (
        pint.errors.PintError,
        ValueError,
        TypeError,
        AttributeError,
        AssertionError,
        SyntaxError,
    ) as fault:
        raise UsageError(
            expected=f"a quantity in {unit}, such as '1 {unit}'",
            found=repr(text),
            do="give a number and its unit",
        ) from fault


def parse_dose(text: str) -> tuple[float, str]:
    """Split a dose such as ``"15 mg/kg"`` into its size and its unit as written.

    Examples
    --------
    >>> parse_dose("15 mg/kg")
    (15.0, 'mg/kg')
    """
    number, _, unit = text.strip().partition(" ")
    try:
        size = float(number)
    except ValueError:
        size = float("nan")
    if not (size > 0 and unit.strip()):
        raise UsageError(
            expected="a dose such as '15 mg/kg'",
            found=repr(text),
            do="write a number above zero, a space and a unit",
        )
    parse_quantity(f"1 {unit}", unit)
    return size, unit.strip()
