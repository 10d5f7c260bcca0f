"""Draw the pictures in tests/report/baseline/ anew: ``python tests/report/reference/draw_baselines.py [NAME ...]``.

Look at each before it is committed: from then on it is what the tests hold to be right.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.report.baseline_pictures import BASELINE, draw, pictures, write


def main(wanted: list[str]) -> None:
    """Draw those that are wanted, all where none is named."""
    BASELINE.mkdir(exist_ok=True)
    for name, what in pictures().items():
        if not wanted or name in wanted:
            write(BASELINE / f"{name}.png", draw(name, what))


if __name__ == "__main__":
    main(sys.argv[1:])
