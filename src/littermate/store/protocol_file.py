"""Protocol file: study.toml, read into one frozen `Protocol`, or all its faults at once with their lines.

The format has a number, ``format = 1`` at the top. A file of a newer format is refused in words, not guessed at.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from littermate.errors import LittermateError, StoreError
from littermate.files import require_file
from littermate.model.protocol import Protocol
from littermate.model.treatment import with_shared_volumes
from littermate.store.faults import Faults
from littermate.store.protocol_checks import check_sheet
from littermate.store.protocol_sheet import BALANCE, FACTOR, ProtocolSheet, read_sheet
from littermate.store.toml_file import read_toml
from littermate.store.toml_lines import toml_lines

__all__ = ["FORMAT", "read_protocol"]

FORMAT = 1


def read_protocol(path: str | Path, *, kinds: Sequence[str] = ()) -> Protocol:
    """Read a study's protocol.

    Parameters
    ----------
    path
        The study.toml.
    kinds
        The kinds of assays that can be scored; any where it is left out.

    Raises
    ------
    FileError
        If there is no such file, or nothing in it.
    ProtocolError
        If anything in it is at fault; one complaint a fault, in the order of the lines.
    StoreError
        If it was written for a newer version of this program.

    Examples
    --------
    >>> import tempfile
    >>> from littermate.store.template import template_text
    >>> path = Path(tempfile.mkdtemp()) / "study.toml"
    >>> _ = path.write_text(template_text("ketamine-diet"), encoding="utf-8")
    >>> protocol = read_protocol(path)
    >>> protocol.design.n_total, protocol.plans[0].formula
    (48, 'immobility ~ diet * ketamine')
    """
    path = require_file(path)
    text, raw = read_toml(path)
    _refuse_newer(raw, path)
    faults = Faults(path.name, toml_lines(text))
    sheet = read_sheet(raw, faults)
    check_sheet(sheet, kinds, faults)
    faults.raise_all()
    protocol = _assemble(sheet, faults)
    faults.raise_all()
    assert protocol is not None
    return protocol


def _refuse_newer(raw: dict[str, Any], path: Path) -> None:
    written = raw.get("format")
    if isinstance(written, int) and not isinstance(written, bool) and written > FORMAT:
        raise StoreError(
            expected=f"a protocol of format {FORMAT}",
            found=f"format {written}: made by a newer version of littermate",
            do="update littermate (pip install --upgrade littermate)",
            where=path.name,
        )


def _assemble(sheet: ProtocolSheet, faults: Faults) -> Protocol | None:
    """Make the protocol of tables that are all sound."""
    assert sheet.head is not None
    assert sheet.design is not None
    try:
        design = sheet.design.record(sheet.records[FACTOR], sheet.records[BALANCE])
    except LittermateError as error:
        faults.take(error, ("design",))
        return None
    return Protocol(
        name=sheet.head.name,
        title=" ".join(sheet.head.title.split()),
        question=" ".join(sheet.head.question.split()),
        design=design,
        treatments=with_shared_volumes(sheet.records[("treatment",)]),
        schedule=sheet.records[("step",)],
        assays=sheet.records[("assay",)],
        blots=sheet.records[("blot",)],
        plates=sheet.records[("plate",)],
        outcomes=sheet.records[("outcome",)],
        exclusion_rules=sheet.records[("exclusion",)],
        plans=sheet.records[("plan",)],
        families=sheet.records[("family",)],
        literature=sheet.records[("literature",)],
        facts=tuple(sheet.head.facts.items()),
        database=sheet.head.database,
    )
