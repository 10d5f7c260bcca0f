"""Labels: the short names by which plate readers say what is in a well (``STD1``, ``BLK``, ``SPL3:2``)."""

from __future__ import annotations

import re

from littermate.formats.plate_export.places import Place

__all__ = ["place_of", "standard_label", "unit_of"]

_STANDARD = re.compile(r"(std|standard|st|cal|calibrator)[ _-]?\d+([ _:/]\d+)?", re.IGNORECASE)
_BLANK = re.compile(r"(blk|blank|bl|bla)[ _-]?\d*([ _:/]\d+)?", re.IGNORECASE)
_EMPTY = {"", "empty", "em", "none", "-", "unassigned", "unused"}
_REPLICATE = re.compile(r"(?P<name>(sm|st|std|un|unk|spl|bl|pc|nc|cr|ct)\d+)_\d+", re.IGNORECASE)
_DILUTION = re.compile(r"(?P<name>.+):\d+")


def place_of(label: str, *, name: str = "", concentration: float | None = None, dilution: float = 1.0) -> Place:
    """Return what a label says is in a well; `name` is what a person called it.

    A replicate number (``SM1_2``) and the number within a dilution series (``SPL1:2``) are not part of the name.

    Examples
    --------
    >>> place_of("STD2", concentration=50.0).role, place_of("BLK").role, place_of("SM1_2").content
    ('standard', 'blank', 'SM1')
    """
    label = label.strip()
    if label.lower() in _EMPTY:
        return Place(role="empty")
    found = _REPLICATE.fullmatch(label) or _DILUTION.fullmatch(label)
    content = name or (found["name"] if found else label)
    if _BLANK.fullmatch(label):
        return Place(role="blank", content=content)
    if standard_label(label):
        return Place(role="standard", content=content, concentration=concentration)
    return Place(role="sample", content=content, dilution=dilution)


def standard_label(label: str) -> bool:
    """Whether a label is a standard's."""
    return _STANDARD.fullmatch(label.strip()) is not None


def unit_of(text: str) -> str:
    """Return a unit as this package writes it.

    Examples
    --------
    >>> unit_of("microg/ml"), unit_of("(pg/mL)"), unit_of("\u00b5g/ml")
    ('ug/mL', 'pg/mL', 'ug/mL')
    """
    text = text.strip(" ()[]").replace("\u00b5", "u").replace("\u03bc", "u")
    return text.replace("microg", "ug").replace("/ml", "/mL")
