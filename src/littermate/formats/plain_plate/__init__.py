"""Plain plate: absorbances in an ordinary CSV or XLSX file. See `littermate.formats.plain_plate.reader`."""

from littermate.formats.plain_plate.reader import KINDS, is_plain, read_plain, read_plates

__all__ = ["KINDS", "is_plain", "read_plain", "read_plates"]
