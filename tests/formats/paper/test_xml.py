"""XML is read as it is; what it would have a reader fetch or blow up is not."""

from pathlib import Path

import pytest

from littermate.errors import PaperError
from littermate.formats.paper import read_paper

JATS = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving DTD v1.2//EN" "JATS-archivearticle1.dtd">
<article xmlns:mml="http://www.w3.org/1998/Math/MathML" xmlns:xlink="http://www.w3.org/1999/xlink">
<front><journal-meta><journal-title>Journal of Mice</journal-title></journal-meta><article-meta>
<title-group><article-title>Ketamine in <italic>Mus</italic></article-title></title-group>
<contrib-group><contrib><name><surname>Nobody</surname></name></contrib></contrib-group>
<abstract><p>Ketamine helped (<italic>P</italic>&#x00A0;=&#x00A0;0.031).</p></abstract></article-meta></front>
<body><sec><title>Results</title>
<p>It helped<xref ref-type="bibr">1</xref>, <italic>F</italic><sub>1,28</sub>&minus;test:
<inline-formula><alternatives><tex-math>\\documentclass{minimal}\\begin{document}$$F_{(1,28)}=5.2$$\\end{document}</tex-math>
<mml:math><mml:msub><mml:mi>F</mml:mi><mml:mrow><mml:mo>(</mml:mo><mml:mn>1,28</mml:mn><mml:mo>)</mml:mo></mml:mrow></mml:msub>
<mml:mo>=</mml:mo><mml:mn>5.2</mml:mn></mml:math></alternatives></inline-formula>,
<inline-formula><tex-math>\\begin{document}$p &lt; .05$\\end{document}</tex-math></inline-formula>.</p>
<fig><label>Figure 1.</label><caption><title>Swimming.</title><p>Mean &#177; SEM, n = 8.</p></caption></fig>
<table-wrap><table><tr><td>saline</td><td>141 (12)</td></tr></table></table-wrap></sec></body>
<back><ref-list><ref><mixed-citation>Someone, t(2) = 3</mixed-citation></ref></ref-list></back></article>"""

BOMB = """<!DOCTYPE article [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><article><p>&b;</p></article>"""
FETCH = """<!DOCTYPE article [<!ENTITY a SYSTEM "file:///etc/passwd">]><article><p>&a;</p></article>"""


def written(folder: Path, text: str) -> Path:
    path = folder / "paper.xml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_jats_article(tmp_path: Path) -> None:
    paper = read_paper(written(tmp_path, JATS))
    assert (paper.kind, paper.title) == ("jats", "Ketamine in Mus")
    assert paper.text.splitlines() == [
        "Ketamine in Mus",
        "Ketamine helped (P = 0.031).",
        "Results",
        "It helped1, F1,28−test: F(1,28)=5.2, p < .05.",
        "Figure 1. Swimming. Mean ± SEM, n = 8.",
        "saline",
        "141 (12)",
    ]


@pytest.mark.parametrize("text", [BOMB, FETCH])
def test_declared_entities_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PaperError, match="a declaration of the entity 'a'"):
        read_paper(written(tmp_path, text))


def test_a_document_cut_short_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(PaperError, match="at line 9"):
        read_paper(written(tmp_path, "\n".join(JATS.splitlines()[:9])))
