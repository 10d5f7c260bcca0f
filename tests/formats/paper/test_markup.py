"""What HTML and XML print is read as one line of text would have it."""

from pathlib import Path

import pytest

from littermate.formats.paper.html import html_tree
from littermate.formats.paper.markup import blocks_of_tree
from littermate.formats.paper.tree import DEEPEST
from littermate.formats.paper.xml import xml_tree


def texts(page: str) -> list[str]:
    return [block.text for block in blocks_of_tree(html_tree(page))]


@pytest.mark.parametrize(
    ("page", "read"),
    [
        ("<i>F</i><sub>1,28</sub>&nbsp;=&thinsp;5.2, <em>P</em>&#8201;&lt;&#8201;0.05", "F1,28 = 5.2, P < 0.05"),
        ("<i>F</i><sub>(1,&nbsp;28)</sub> = 5.2", "F(1, 28) = 5.2"),
        ("&chi;<sup>2</sup><sub>1</sub> = 4, <i>&eta;</i><sub>p</sub><sup>2</sup> = .1", "χ21 = 4, ηp2 = .1"),
        ("P &lt; 10<sup>&minus;4</sup>", "P < 10^−4"),
        ("P = 0.03<sup><a href='#12'>12</a></sup> on the 5<sup>th</sup> day", "P = 0.03^12 on the 5th day"),
        ("P = 0.03<sup>*</sup>", "P = 0.03*"),
        ("P = <del>0.3</del>0.03", "P = 0.03"),
        ("effi&shy;cient<wbr>ly<br>done", "efficiently done"),
        ("it<!-- not --> was <span hidden>not </span>so<script>not</script>", "it was so"),
        (r"Here \(F_{(1, 28)} = 5.2,\; p &lt; .05\) holds", "Here F(1, 28) = 5.2, p < .05 holds"),
        ("<math><msubsup><mi>χ</mi><mn>1</mn><mn>2</mn></msubsup><mo>=</mo><mn>4</mn></math>", "χ21=4"),
        (
            "<math><semantics><mrow><msub><mi>F</mi><mrow><mo>(</mo><mn>1</mn><mo>,</mo><mn>28</mn><mo>)</mo></mrow>"
            "</msub><mo>=</mo><mn>5.2</mn></mrow><annotation>F_{1,28}</annotation></semantics></math>",
            "F(1,28)=5.2",
        ),
    ],
)
def test_a_line(page: str, read: str) -> None:
    assert texts(f"<p>{page}</p>") == [read]


def test_paragraphs_headings_and_rows() -> None:
    page = """<body><nav>menu</nav><h2>Results</h2><div>One<p>two</div><ul><li>three<li>four</ul>
    <table><caption>Table 1</caption><tr><th>group<th>n<tr><td>saline<td><td>8</table></body>"""
    assert texts(page) == ["Results", "One", "two", "three", "four", "Table 1", "group\nn", "saline\n\n8"]


def test_a_link_round_paragraphs_does_not_glue_them() -> None:
    assert texts("<a href='x'><p>one</p><p>two</p></a>") == ["one", "two"]


def test_no_nesting_is_too_deep() -> None:
    depth = 50 * DEEPEST
    assert texts("<div><i>" * depth + "deep" + "</i></div>" * depth) == ["deep"]
    assert [block.text for block in blocks_of_tree(xml_tree("<a>" * 5000 + "deep" + "</a>" * 5000, Path("a.xml")))] == [
        "deep"
    ]
