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
