"""Plate file: any file of a plate reader, recognised by what is in it."""

from littermate.formats.plate_file.reader import read_plate_file

__all__ = ["read_plate_file"]
