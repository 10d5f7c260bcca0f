"""Interval: two limits, the lower first."""

from __future__ import annotations

__all__ = ["Interval"]

Interval = tuple[float, float]
