"""Plain plate: absorbances in an ordinary CSV file. See `littermate.formats.plain_plate.reader` for the three forms."""

from littermate.formats.plain_plate.reader import KINDS, read_plates

__all__ = ["KINDS", "read_plates"]
