"""PDFs are read in the order of their columns, or refused in words."""

import builtins
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from littermate.errors import PaperError
from littermate.formats.paper import read_paper

LEFT = [f"left {number} is read before what is on the right" for number in range(8)]
RIGHT = [f"right {number} is read after all that is on the left" for number in range(8)]


def column(x: float, lines: list[str]) -> list[tuple[float, float, float, str]]:
    return [(x, 700 - 12 * place, 10, text) for place, text in enumerate(lines)]


def locked(path: Path, *, user: str, owner: str) -> Path:
    writer = PdfWriter(PdfReader(io.BytesIO(path.read_bytes())))
    writer.encrypt(user_password=user, owner_password=owner, algorithm="AES-256")
    writer.write(path)
    return path


def test_a_column_is_read_to_its_end(write_pdf: Callable[..., Path]) -> None:
    paper = read_paper(write_pdf([*column(50, LEFT), *column(320, RIGHT)]))
    assert paper.kind == "pdf"
    assert paper.text == " ".join(LEFT + RIGHT) + "\n"


def test_columns_drawn_line_by_line_are_put_in_order(write_pdf: Callable[..., Path]) -> None:
    across = [drawn for pair in zip(column(50, LEFT), column(320, RIGHT), strict=True) for drawn in pair]
    assert read_paper(write_pdf(across)).text == " ".join(LEFT + RIGHT) + "\n"


def test_words_parted_at_the_end_of_a_line_are_made_whole(write_pdf: Callable[..., Path]) -> None:
    lines = ["Immobil-", "ity fell (two-", "tailed, t(30) = -", "2.31, P < 0.05)."]
    text = read_paper(write_pdf(column(50, lines))).text
    assert text == "Immobility fell (two-tailed, t(30) = -2.31, P < 0.05).\n"


def test_a_sentence_goes_on_over_the_page_and_running_heads_do_not_break_it(write_pdf: Callable[..., Path]) -> None:
    pages = [
        [(50, 800, 8, f"Mice and others 2026:12 {page}"), *column(50, lines), (290, 30, 8, str(page))]
        for page, lines in enumerate((LEFT, ["Ketamine helped, F(1,30)"], ["= 5.2, P = 0.031. So", *LEFT]), 1)
    ]
    text = read_paper(write_pdf(*pages)).text
    assert "Ketamine helped, F(1,30) = 5.2, P = 0.031. So left 0" in text
    assert "Mice and others" not in text


def test_raised_and_lowered_letters_stay_in_their_line(write_pdf: Callable[..., Path]) -> None:
    drawn = [(50, 700, 10, "F"), (57, 697, 6, "(1,28)"), (75, 700, 10, " = 5.2, P < 10"), (145, 704, 6, "-4")]
    assert read_paper(write_pdf(drawn)).text == "F(1,28) = 5.2, P < 10^-4\n"


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        ("F(1,30) ¼ 5.2, P ¼ 0.031", "F(1,30) = 5.2, P = 0.031"),
        ("tð30Þ ¼ À2.31, Po0.05", "t(30) = −2.31, P < 0.05"),
        ("F(1,30) 5 5.2, P 5 0.031", "F(1,30) = 5.2, P = 0.031"),
        ("groups differed (P , 0.05)", "groups differed (P < 0.05)"),
        ("one ð of Iceland, 2¼ cups, P5 and Po", "one ð of Iceland, 2¼ cups, P5 and Po"),
    ],
)
def test_signs_that_fonts_misname(write_pdf: Callable[..., Path], drawn: str, read: str) -> None:
    paper = read_paper(write_pdf(column(50, [drawn])))
    assert paper.text == read + "\n"
    assert bool(paper.notes) == (drawn != read)


def test_a_line_break_in_what_is_drawn_is_a_space(write_pdf: Callable[..., Path]) -> None:
    assert read_paper(write_pdf(column(50, ["F(1,\n30) = 5.2"]))).text == "F(1, 30) = 5.2\n"


def test_headings_are_told_by_their_name_or_size(write_pdf: Callable[..., Path]) -> None:
    drawn = [(50, 750, 10, "Results"), (50, 738, 10, "It was so."), (50, 700, 14, "Swimming"), (50, 680, 10, "F was.")]
    paper = read_paper(write_pdf([*drawn, *column(50, LEFT)]))
    assert [one.section for one in paper.sentences if one.text in ("It was so.", "F was.")] == ["Results", "Swimming"]


def test_pictures_without_text_are_refused(write_pdf: Callable[..., Path]) -> None:
    with pytest.raises(PaperError, match="no text on any of its 2 pages") as refused:
        read_paper(write_pdf([], []))
    assert "OCR" in refused.value.complaints[0].do


def test_a_page_without_text_among_others_is_told(write_pdf: Callable[..., Path]) -> None:
    paper = read_paper(write_pdf(column(50, LEFT), [], column(50, RIGHT)))
    assert paper.notes == ("page 2: without text (pictures?), not read",)


def test_a_password_to_open_is_refused_one_to_change_is_not(write_pdf: Callable[..., Path]) -> None:
    page = column(50, LEFT)
    assert read_paper(locked(write_pdf(page), user="", owner="secret")).text.startswith("left 0")
    with pytest.raises(PaperError, match="locked with a password"):
        read_paper(locked(write_pdf(page), user="secret", owner="secret"))


def test_what_is_left_of_a_broken_pdf_is_read_or_refused(write_pdf: Callable[..., Path]) -> None:
    path = write_pdf(column(50, LEFT))
    whole = path.read_bytes()
    path.write_bytes(whole[:60])
    with pytest.raises(PaperError, match="expected: a PDF with text"):
        read_paper(path)


def test_pages_are_counted_while_they_are_read(write_pdf: Callable[..., Path]) -> None:
    heard: list[tuple[int, int]] = []
    read_paper(write_pdf(column(50, LEFT), column(50, RIGHT)), on_page=lambda done, total: heard.append((done, total)))
    assert heard == [(1, 2), (2, 2)]


def test_without_pypdf_the_extra_is_named(write_pdf: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    really = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("pypdf"):
            raise ModuleNotFoundError(name)
        return really(name, *rest, **more)

    path = write_pdf(column(50, LEFT))
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(PaperError, match=r'pip install "littermate\[pdf\]"'):
        read_paper(path)
