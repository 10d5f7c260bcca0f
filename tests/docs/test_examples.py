"""The examples of a page print what they say they print."""

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("page", ["audit.md", "meta.md", "statistics.md"])
def test_examples_print_what_they_say(page: str) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.S)
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile(block, page, "exec"), names)
        assert printed.getvalue().splitlines() == re.findall(r"^# (.*)$", block, re.M)
