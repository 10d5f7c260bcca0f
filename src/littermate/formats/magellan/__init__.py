"""Magellan: the Excel and text exports of Tecan's Magellan. See `littermate.formats.magellan.reader`."""

from littermate.formats.magellan.reader import is_magellan, read_magellan

__all__ = ["is_magellan", "read_magellan"]
