"""Image in, band volumes out. Blind."""
