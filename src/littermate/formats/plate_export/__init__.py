"""Plate export: what the exports of all plate readers come to before a read is chosen and a layout laid over it."""

from littermate.formats.plate_export.export import Export, ExportedPlate, Unread
from littermate.formats.plate_export.labels import place_of
from littermate.formats.plate_export.matrix import Matrix, MatrixLine, find_matrices

__all__ = ["Export", "ExportedPlate", "Matrix", "MatrixLine", "Unread", "find_matrices", "place_of"]
