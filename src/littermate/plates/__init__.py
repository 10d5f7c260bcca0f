"""Absorbance in, concentrations out. Blind."""
