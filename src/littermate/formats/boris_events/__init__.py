"""BORIS events: what the scoring program BORIS exports as tabular or aggregated events. See its `reader`."""

from littermate.formats.boris_events.reader import is_boris, read_boris_events

__all__ = ["is_boris", "read_boris_events"]
