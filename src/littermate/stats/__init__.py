"""One table in, one Analysis out."""
