"""Frames in, tracks and motion out. Blind: knows no animal, no group."""
