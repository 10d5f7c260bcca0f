"""Analysis export: the data of planned analyses with a script that repeats them in R, SPSS (PSPP), Prism or JASP.

Conventions: one row a unit, one column an outcome; a unit that is not in an analysis has an empty cell in its column.
Names are letters, digits and underscores, the same in every program; what they stand for is kept as a label. Numbers
have all their digits.
"""

from littermate.formats.analysis_export.write import PROGRAMS, write_export

__all__ = ["PROGRAMS", "write_export"]
