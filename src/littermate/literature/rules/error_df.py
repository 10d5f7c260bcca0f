"""Degrees of freedom against the design: which the animals leave, and which the printed P fit."""
