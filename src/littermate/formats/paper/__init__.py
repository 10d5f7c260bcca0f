"""Paper: a published study as text, HTML, XML (JATS) or PDF. See `littermate.formats.paper.reader`."""

from littermate.formats.paper.reader import read_paper

__all__ = ["read_paper"]
