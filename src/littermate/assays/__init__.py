"""One file per test: tracks and motion in, measures out. Blind."""
