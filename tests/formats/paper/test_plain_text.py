"""Text files, Markdown and TeX sources become paragraphs."""

from littermate.formats.paper.plain_text import blocks_of_text


def texts(text: str) -> list[str]:
    return [block.text for block in blocks_of_text(text)]


def test_lines_of_a_paragraph_are_joined() -> None:
    assert texts("Ketamine helped (F(1,\n30) = 5.2,\nP = 0.031).\n\nSo it was.") == [
        "Ketamine helped (F(1, 30) = 5.2, P = 0.031).",
        "So it was.",
    ]


def test_one_paragraph_a_line() -> None:
    first, second = "It was so. " * 30, "And so. " * 30
    assert texts(f"{first}\n{second}") == [first.strip(), second.strip()]


LEFT = (
    "Forty mice were used in all\nand got zinc or none of it.\nTheir immobility was less\nafter zinc than after water\n"
)
RIGHT = "as before (F(1, 36) = 4.62,\nP = 0.038). It was not so\nin stressed mice that were\ngiven the other salt.\n"


def in_two_columns(left: str, right: str) -> str:
    return "\n".join(f"{one:<34}{other}" for one, other in zip(left.splitlines(), right.splitlines(), strict=True))


def test_two_columns_are_read_one_after_the_other() -> None:
    page = in_two_columns(3 * LEFT, 3 * RIGHT)
    (block,) = texts(page)
    assert "after zinc than after water as before (F(1, 36) = 4.62, P = 0.038). It was not so in" in block
    first, second = texts(f"A title across both of the columns of it\n\n{page}\f{page}")[1:]
    assert first == second == block


def test_a_table_of_numbers_is_not_taken_for_columns() -> None:
    rows = "\n".join(f"{name:<30}{k + 12.5}    0.{k}" for k, name in enumerate(["saline", "low", "high"] * 4))
    assert texts(rows)[0].startswith("saline 12.5 0.0 low 13.5 0.1 high 14.5")


def test_markdown() -> None:
    text = "## Results\nIt helped, *F*(1, 30) = 5.2, **p** = .03.\n\n| group | n |\n|---|---|\n| saline | 8 |"
    assert texts(text) == ["Results", "It helped, F(1, 30) = 5.2, p = .03.", "group\nn", "saline\n8"]


def test_stars_of_footnotes_stay() -> None:
    assert texts("*P < 0.05; **P < 0.01 against saline.") == ["*P < 0.05; **P < 0.01 against saline."]


def test_tex() -> None:
    text = r"""\documentclass{article} \title{no}
\begin{document}
\section{Results}
It helped, $\mathit{F}_{(1, 30)} = 5.2$, \textit{p} $< .05$. % not this
\end{document}"""
    assert texts(text) == ["Results", "It helped, F(1, 30) = 5.2, p < .05."]
