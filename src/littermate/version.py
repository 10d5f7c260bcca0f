"""The program's version: written into every journal entry, measurement rule and report."""

__version__ = "0.1.0"
