"""Scored bouts: a person's bouts in an ordinary CSV file. See `reader` for its columns."""

from littermate.formats.scored_bouts.reader import read_scored_bouts
from littermate.formats.scored_bouts.trials import TableClock

__all__ = ["TableClock", "read_scored_bouts"]
