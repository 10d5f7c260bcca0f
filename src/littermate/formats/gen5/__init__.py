"""Gen5: the text and Excel exports of BioTek/Agilent's Gen5. See `littermate.formats.gen5.reader`."""

from littermate.formats.gen5.reader import is_gen5, read_gen5

__all__ = ["is_gen5", "read_gen5"]
