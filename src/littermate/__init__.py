"""Littermate: one record of an animal study, from the cage card to the figure."""

__version__ = "0.1.0"
