"""SoftMax Pro: the text export of Molecular Devices' SoftMax Pro. See `littermate.formats.softmax_pro.reader`."""

from littermate.formats.softmax_pro.reader import is_softmax_pro, read_softmax_pro

__all__ = ["is_softmax_pro", "read_softmax_pro"]
