"""How numbers are printed. Rounding is display: files keep the raw numbers.

American Psychological Association style: numbers that cannot exceed one (P, partial eta squared) have no leading zero;
a P is given exactly, with three decimals, or two significant digits below .001. A mean, a difference and their
intervals have as many decimals as leave two significant digits in their standard error. The minus sign is U+2212, and
what is missing is written "missing".
"""

from __future__ import annotations

import math
from collections.abc import Iterable

__all__ = [
    "bounded",
    "decimals_for",
    "degrees",
    "interval",
    "number",
    "p_span",
    "p_text",
    "power_of_ten",
    "shared_decimals",
    "significant",
]

MINUS = "\N{MINUS SIGN}"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float | None, decimals: int = 2) -> str:
    """Print a number with fixed decimals.

    Examples
    --------
    >>> number(-3.14159), number(None), number(-0.001)
    ('−3.14', 'missing', '0.00')
    """
    if value is None or not math.isfinite(value):
        return "missing" if value is None or math.isnan(value) else ("∞" if value > 0 else f"{MINUS}∞")
    text = f"{value:.{decimals}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def significant(value: float | None, digits: int = 4) -> str:
    """Print a single raw value with a number of significant digits, never in powers of ten below a million.

    Examples
    --------
    >>> significant(182.3456), significant(0.0123456), significant(141.0), significant(12345.6)
    ('182.3', '0.01235', '141', '12346')
    """
    if value is None or not math.isfinite(value) or value == 0:
        return number(value, 0)
    decimals = min(12, max(0, digits - 1 - math.floor(math.log10(abs(value)))))
    text = number(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimals_for(spread: float | None) -> int:
    """Return the decimals that leave two significant digits in a standard error.

    Examples
    --------
    >>> decimals_for(8.13), decimals_for(0.041), decimals_for(120.0)
    (1, 3, 0)
    """
    if spread is None or not math.isfinite(spread) or spread <= 0:
        return 2
    return min(8, max(0, 1 - math.floor(math.log10(spread))))


def shared_decimals(spreads: Iterable[float | None]) -> int:
    """Return the decimals that leave every standard error of one list two significant digits.

    Examples
    --------
    >>> shared_decimals([0.76, 1.1, None])
    2
    """
    return decimals_for(min((one for one in spreads if one), default=None))


def bounded(value: float, decimals: int = 3) -> str:
    """Print a number that cannot exceed one, without its leading zero.

    Examples
    --------
    >>> bounded(0.1567), bounded(1.0)
    ('.157', '1.000')
    """
    text = number(value, decimals)
    return text.replace("0.", ".", 1) if text.lstrip(MINUS).startswith("0.") else text


def interval(pair: tuple[float, float], decimals: int = 2, *, below_one: bool = False) -> str:
    """Print an interval.

    Examples
    --------
    >>> interval((-53.2, -3.1), 1), interval((0.0, 0.351), 2, below_one=True)
    ('[−53.2, −3.1]', '[.00, .35]')
    """
    show = bounded if below_one else number
    return f"[{show(pair[0], decimals)}, {show(pair[1], decimals)}]"


def degrees(df: float) -> str:
    """Print degrees of freedom: whole ones as they are, those of a mixed model with four digits, from which P follows.

    Examples
    --------
    >>> degrees(28), degrees(28.0), degrees(13.8437)
    ('28', '28', '13.84')
    """
    return f"{df:.0f}" if df == round(df) else f"{df:.4g}"


def p_text(p: float, *, name: str = "p") -> str:
    """Print a P exactly.

    Examples
    --------
    >>> p_text(0.0312), p_text(0.0000214), p_text(0.99991), p_text(0.00095)
    ('p = .031', 'p = 2.1 × 10⁻⁵', 'p > .999', 'p = 9.5 × 10⁻⁴')
    """
    if p > 0.9995:
        return f"{name} > .999"
    if p >= 0.001:
        return f"{name} = {bounded(p)}"
    if p < 1e-300:
        return f"{name} < 10⁻³⁰⁰"
    size, power = f"{p:.1e}".split("e")
    return f"{name} = {size} × {power_of_ten(int(power))}"


def p_span(values: Iterable[float]) -> str:
    """Print the smallest and the largest of several P.

    Examples
    --------
    >>> p_span([0.2, 0.0312, 0.5])
    'p = .031 to .500'
    """
    every = sorted(values)
    return f"{p_text(every[0])} to {p_text(every[-1], name='').removeprefix(' = ').strip()}"


def power_of_ten(power: int) -> str:
    """Print a power of ten.

    Examples
    --------
    >>> power_of_ten(-4), power_of_ten(6)
    ('10⁻⁴', '10⁶')
    """
    return f"10{str(power).translate(_SUPERSCRIPT)}"
