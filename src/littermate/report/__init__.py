"""Figures, tables, text, one HTML file."""
