"""TomlLines: on which line of a TOML file each table and each key stands.

`tomllib` gives values without places, so a file is read a second time, statement by statement: a statement is as many
lines as `tomllib` needs to understand it. A place is a path of keys and, in arrays of tables, indices from 0:
``("outcome", 2, "unit")``. Lines count from 1.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any

__all__ = ["TomlPath", "line_of", "line_of_fault", "toml_lines"]

TomlPath = tuple[str | int, ...]


def toml_lines(text: str) -> dict[TomlPath, int]:
    r"""Return the line of every table and key of a valid TOML text.

    Examples
    --------
    >>> toml_lines('format = 1\n[[plan]]\noutcome = "a"\n')
    {('format',): 1, ('plan', 0): 2, ('plan', 0, 'outcome'): 3}
    """
    lines: dict[TomlPath, int] = {}
    seen: Counter[TomlPath] = Counter()
    table: TomlPath = ()
    for number, statement in _statements(text):
        if statement.lstrip().startswith("["):
            table = _header(statement, seen)
            lines.setdefault(table, number)
        else:
            for path in _paths(tomllib.loads(statement)):
                lines.setdefault((*table, *path), number)
    return lines


def line_of(path: TomlPath, lines: dict[TomlPath, int]) -> int:
    """Return the line of a path, or of the nearest thing that holds it; 1 where nothing does.

    Examples
    --------
    >>> line_of(("plan", 0, "factors", 3), {("plan", 0): 7, ("plan", 0, "factors"): 9})
    9
    """
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return 1


def line_of_fault(fault: tomllib.TOMLDecodeError, text: str) -> int:
    """Return the line at which `tomllib` gave up; the last one where it came to the end of the text."""
    found = re.search(r"at line (\d+)", str(fault))
    return int(found.group(1)) if found else max(1, len(text.splitlines()))


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each statement with the number of its first line."""
    held: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        start = "" if held else line.strip()[:1]
        if start == "[":
            yield number, line
        if start in ("[", "#") or not (held or start):
            continue
        held.append(line)
        if _is_whole("\n".join(held)):
            yield number - len(held) + 1, "\n".join(held)
            held = []


def _is_whole(statement: str) -> bool:
    try:
        tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _header(statement: str, seen: Counter[TomlPath]) -> TomlPath:
    """Return the path of a header's table; `seen` counts the tables of each array so far."""
    node: Any = tomllib.loads(statement)
    path: TomlPath = ()
    while node and isinstance(node, dict):
        ((key, node),) = node.items()
        path = (*path, key)
        if isinstance(node, list):
            seen[path] += 1
        if seen[path]:
            path = (*path, seen[path] - 1)
    return path


def _paths(values: dict[str, Any]) -> Iterator[TomlPath]:
    """Yield the path of every key of a statement, of inline and dotted tables too."""
    for key, value in values.items():
        yield (key,)
        if isinstance(value, dict):
            yield from ((key, *path) for path in _paths(value))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, dict):
                    yield from ((key, index, *path) for path in _paths(item))
