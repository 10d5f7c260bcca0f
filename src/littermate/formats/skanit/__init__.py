"""SkanIt: the Excel and text exports of Thermo's SkanIt. See `littermate.formats.skanit.reader`."""

from littermate.formats.skanit.reader import is_skanit, read_skanit

__all__ = ["is_skanit", "read_skanit"]
