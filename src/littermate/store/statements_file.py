"""Statements file: arrive.toml, what only the authors can say of a study; one key a statement, the text in quotes.

It is no part of the protocol: what is written after the results are known does not change the sealed plan.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

from littermate.model.statement import STATEMENTS
from littermate.store.faults import Faults, choose
from littermate.store.toml_file import read_toml
from littermate.store.toml_lines import toml_lines

__all__ = ["blank_statements", "read_statements"]

_HEAD = """\
# What only the authors can say, for the ARRIVE 2.0 checklist in the report. Write between the quotes; what is left
# empty is said to be missing there. The rest of the checklist is filled in from the record. This file may be changed at
# any time: it is no part of the protocol.
"""

_LIST = "take one of those in docs/study-folder.md"


def read_statements(path: str | Path) -> tuple[tuple[str, str], ...]:
    """Read what the authors have written, as (key, text) pairs in the order of the checklist.

    Returns
    -------
    tuple of (str, str)
        Empty where there is no file; without statements that are empty.

    Raises
    ------
    ProtocolError
        If a key is unknown or a value is no text; all of them at once, with their lines.
    """
    path = Path(path)
    if not path.is_file():
        return ()
    text, said = read_toml(path)
    faults = Faults(path.name, toml_lines(text))
    known = [one.key for one in STATEMENTS]
    for key, value in said.items():
        if key not in known:
            faults.at(
                (key,), expected="a statement of the checklist", found=repr(key), do=choose(key, known, otherwise=_LIST)
            )
        elif not isinstance(value, str):
            faults.at((key,), expected="text in quotes", found=f"{value!r:.40}", do=f'write {key} = "..."')
    faults.raise_all()
    words = {key: " ".join(value.split()) for key, value in said.items()}
    return tuple((key, words[key]) for key in known if words.get(key))


def blank_statements() -> str:
    """Return an arrive.toml to be filled in.

    Examples
    --------
    >>> print(blank_statements().splitlines()[-1])
    funding = ""
    """
    asked = (
        "\n".join([*textwrap.wrap(f"# {one.item}: {one.asks}", 118, subsequent_indent="# "), f'{one.key} = ""'])
        for one in STATEMENTS
    )
    return "\n".join([_HEAD, *asked]) + "\n"
