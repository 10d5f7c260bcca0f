"""Fuzz the reader of papers: small text, HTML, XML and PDF files cut off, with flipped bits, spliced, and random bytes.

Every outcome must be a paper whose sentences lie in its text, or an error of the package that names the file. Run with
``python benchmarks/fuzz/papers.py [ROUNDS] [SEED]``; the seed repeats a run to the byte.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import matplotlib.pyplot as plt

from littermate.errors import LittermateError
from littermate.formats.paper import read_paper
from plates import mutate

FOUNDING = Path(__file__).parents[2] / "tests" / "formats" / "paper" / "founding.txt"
JATS = """<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "jats.dtd"><article><front><article-meta>
<title-group><article-title>Mice</article-title></title-group></article-meta></front><body><sec><title>Results</title>
{}</sec></body></article>"""


def seeds() -> list[tuple[str, bytes]]:
    """Return the name and bytes of every file to start from."""
    text = FOUNDING.read_text(encoding="utf-8")
    marked = text.replace("(1,", "<sub>(1,</sub>").replace("P =", "<i>P</i>&nbsp;&#61;")
    paragraphs = "".join(f"<p>{part}</p>" for part in marked.split("\n\n"))
    return [
        ("paper.txt", text.encode()),
        ("paper16.txt", text.encode("utf-16")),
        ("paper.html", f"<!doctype html><script>1</script><table><tr><td>a</table>{paragraphs}".encode()),
        ("paper.xml", JATS.format(paragraphs).encode()),
        ("paper.pdf", _pdf(text)),
    ]


def _pdf(text: str) -> bytes:
    """Draw a text on a page."""
    figure = plt.figure(figsize=(8, 11))
    figure.text(0.1, 0.2, text, fontsize=8)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="pdf")
    plt.close(figure)
    return buffer.getvalue()


def outcome(path: Path) -> str:
    """Read the file; return what came of it, and raise where that is not allowed."""
    try:
        paper = read_paper(path)
    except LittermateError as error:
        assert path.name in str(error), f"no file's name in {error}"
        return f"refused {path.suffix}"
    last = 0
    for sentence in paper.sentences:
        assert last <= sentence.place[0] < sentence.place[1] <= len(paper.text), f"{sentence}"
        assert paper.text[slice(*sentence.place)] == sentence.text, f"{sentence}"
        last = sentence.place[1]
    return f"read as {paper.kind}"


def run(rounds: int, seed: int, folder: Path) -> tuple[Counter[str], float]:
    """Try so many changed files; return the outcomes and the slowest time in seconds."""
    dice = random.Random(seed)
    starts = seeds()
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for number in range(rounds):
        name, data = dice.choice(starts)
        data = dice.randbytes(dice.randrange(400)) if dice.random() < 0.02 else mutate(data, dice)
        path = folder / f"fuzzed-{name}"
        path.write_bytes(data)
        began = time.perf_counter()
        try:
            outcomes[outcome(path)] += 1
        except Exception:
            Path(f"fuzz-failure-{seed}-{number}-{name}").write_bytes(data)
            raise
        slowest = max(slowest, time.perf_counter() - began)
    return outcomes, slowest


if __name__ == "__main__":
    count, first = (int(word) for word in [*sys.argv[1:], *("5000", "1")[len(sys.argv) - 1 :]][:2])
    with tempfile.TemporaryDirectory() as scratch:
        print(*run(count, first, Path(scratch)))
