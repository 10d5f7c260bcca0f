"""The agreement figure shows every trial twice, bias and limits where there are any, and says where there are none."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from littermate.report.agreement_figure import AgreementPicture, draw_agreement


def picture(first, second, **lines) -> AgreementPicture:
    none = {"bias": None, "lower": None, "upper": None}
    return AgreementPicture(
        title="AB and CD",
        first_name="AB",
        second_name="CD",
        quantity="Immobility",
        unit="% of time",
        first=np.array(first, float),
        second=np.array(second, float),
        **(none | lines),
    )


LINES = {"bias": (2.0, (1.0, 3.0)), "lower": (-4.0, (-6.0, -2.0)), "upper": (8.0, (6.0, 10.0))}


def test_what_is_drawn(tmp_path: Path) -> None:
    figure = draw_agreement(picture([10, 20, 60], [12, 18, 66], **LINES))
    identity, difference = figure.axes
    assert identity.lines[1].get_xydata().tolist() == [[10, 12], [20, 18], [60, 66]]
    assert difference.lines[-1].get_xydata().tolist() == [[11, 2], [19, -2], [63, 6]]
    assert [text.get_text() for text in difference.texts] == [
        "upper limit +8.0\n[+6.0, +10.0]",
        "bias +2.0\n[+1.0, +3.0]",
        "lower limit \N{MINUS SIGN}4.0\n[\N{MINUS SIGN}6.0, \N{MINUS SIGN}2.0]",
    ]
    assert len(difference.patches) == 3
    assert difference.get_ylim()[0] < -6 and difference.get_ylim()[1] > 10
    assert difference.get_title(loc="right") == ""
    assert difference.get_ylabel() == "CD \N{MINUS SIGN} AB (points)"
    figure.savefig(tmp_path / "a.svg")


@pytest.mark.parametrize(
    ("totals", "lines", "words", "drawn"),
    [
        ([40], {}, "no bias or limits of agreement: 1 trial is too few", 0),
        ([40, 60], LINES, "no limits of agreement: 2 trials are too few", 1),
        ([40, 50, 60], {}, "no bias or limits of agreement: trials of too few animals", 0),
        ([], {}, "no bias or limits of agreement: 0 trials are too few", 0),
    ],
)
def test_what_cannot_be_had_is_said_and_not_drawn(tmp_path: Path, totals, lines, words, drawn) -> None:
    figure = draw_agreement(picture(totals, totals, **lines))
    assert figure.axes[1].get_title(loc="right") == words
    assert len(figure.axes[1].patches) == drawn
    figure.savefig(tmp_path / "a.png", dpi=60)


@pytest.mark.parametrize("lines", [LINES, dict.fromkeys(LINES, (0.1, (0.1, 0.1)))])
def test_no_word_leaves_the_figure_or_lies_on_another(lines) -> None:
    figure = draw_agreement(picture([10, 20, 60], [10.1, 20.1, 60.1], **lines))
    boxes = [text.get_window_extent() for text in figure.axes[1].texts]
    for box in (*boxes, *(axes.yaxis.label.get_window_extent() for axes in figure.axes)):
        assert box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0 and box.y1 <= figure.bbox.y1
    assert all(above.y0 >= below.y1 - 1 for above, below in pairwise(boxes))
