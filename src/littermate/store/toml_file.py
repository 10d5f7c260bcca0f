"""TOML files that people write: read whole, or refused with the line at fault."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from littermate.errors import ProtocolError
from littermate.store.toml_lines import line_of_fault

__all__ = ["read_toml"]


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """Return a file's text and what it says.

    Raises
    ------
    ProtocolError
        If it is no TOML in UTF-8.
    """
    text = _read_text(path)
    return text, _parse(text, path)


def _read_text(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise ProtocolError(
            expected="text in UTF-8",
            found=f"the byte {data[fault.start]:#04x}",
            do="save the file again as UTF-8",
            where=f"{path.name}, line {line}",
        ) from fault


def _parse(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        reason = str(fault).partition(" (at")[0]
        raise ProtocolError(
            expected="TOML: [tables], and key = value with text in quotes",
            found=f"{reason[:1].lower()}{reason[1:]}",
            do="correct this line; the rest can only be read after it",
            where=f"{path.name}, line {line_of_fault(fault, text)}",
        ) from fault
