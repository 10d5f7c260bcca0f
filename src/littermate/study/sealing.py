"""Sealing: groups are drawn and sealed, and opened once. The only place that may import `store.key`."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from littermate.errors import SealError, StageError, UsageError
from littermate.files import sha256_of, written_whole
from littermate.model.allocation import Allocation, Tag
from littermate.model.animal import Animal
from littermate.model.balance import ColumnBalance, ExpectedBalance
from littermate.model.design import Design
from littermate.model.stated_plan import journal_words
from littermate.planning.allocate import allocate
from littermate.planning.balance import column_balance, expected_balance
from littermate.planning.codes import make_tags
from littermate.planning.redraw import redraw
from littermate.planning.sheets import injection_sheet, write_sheet
from littermate.planning.vials import preparation, vial_key, vials_of
from littermate.store.key import open_seal, seal
from littermate.store.passphrase import find_passphrase, keep_passphrase
from littermate.study.dosing import injections_of
from littermate.study.record import StudyRecord

__all__ = [
    "PREVIEW",
    "Sealed",
    "allocate_groups",
    "drawn_from",
    "expect_balance",
    "open_key",
    "open_once",
    "preview_balance",
    "write_vial_key",
]

PREVIEW = "preview the balance"
"""What the journal calls a look at the balance of a draw before it is sealed."""

_EXPECTED_DRAWS = 1_000


def expect_balance(study: StudyRecord) -> tuple[ExpectedBalance, ...]:
    """Say how even the study's scheme makes the groups, in draws of which none is kept."""
    _require_planned(study)
    animals, design = study.animals, study.protocol.design
    rows = redraw(animals, design, count=_EXPECTED_DRAWS, seed=secrets.randbits(63))
    return expected_balance(animals, design, rows)


def preview_balance(study: StudyRecord, seed: int) -> tuple[ColumnBalance, ...]:
    """Say how even the groups of a seed are, without a group or an animal; the journal counts each look.

    It does not hold what was seen: whoever guesses a seed could make the allocation, and know by it that the guess is
    right. The numbers come into the journal with the key, at the unblinding.
    """
    _require_planned(study)
    key = allocate(study.animals, study.protocol.design, seed=seed)
    study.note(PREVIEW, {})
    return column_balance(study.animals, key)


def _require_planned(study: StudyRecord) -> None:
    if study.stage != "planned":
        raise StageError(expected="a study that is not allocated yet", found=study.stage, do="start a new study folder")


def drawn_from(study: StudyRecord) -> tuple[tuple[Animal, ...], Design]:
    """Return the animals and the design as they were when the groups were drawn, for `redraw`; after unblinding.

    A key made before they were kept in it was drawn from animals.csv and study.toml as they are; that these are the
    same still is the business of the checks.
    """
    key = study.allocation
    return key.animals or study.animals, key.design or study.protocol.design


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What is told of groups that were drawn and sealed, to the custodian.

    `kept_passphrase` is where a passphrase is kept that had to be made up, `balance` how even the groups are.
    """

    tags: tuple[Tag, ...]
    kept_passphrase: Path | None
    balance: tuple[ColumnBalance, ...]


def allocate_groups(study: StudyRecord, seed: int | None) -> Sealed:
    """Draw the groups, seal them, give out codes."""
    _require_planned(study)
    key = allocate(study.animals, study.protocol.design, seed=secrets.randbits(63) if seed is None else seed)
    tags = make_tags(key, factors=_treated(study))
    kept = None
    if find_passphrase(study.database.study_id, study.passphrase) is None:
        kept = keep_passphrase(study.database.study_id)
    sealed, commitment = seal(key, _passphrase(study))
    known = {
        "animals": len(tags),
        "groups": len(study.protocol.design.cells),
        "commitment": commitment,
        "protocol_sha256": sha256_of(study.folder.protocol_path),
        "looks_before": len(study.database.entries(PREVIEW)),
        "plans": journal_words(study.protocol),
    }
    injections = injections_of(study, tags)
    with study.database.writing(study.who, "allocate", known) as write:
        write.tags(tags)
        if injections:
            write_sheet(study.sheets / "injections.csv", injection_sheet(injections))
        with written_whole(study.folder.key_path) as part:
            part.write_bytes(sealed)
    return Sealed(tags=tags, kept_passphrase=kept, balance=column_balance(study.animals, key))


def _treated(study: StudyRecord) -> tuple[str, ...]:
    """Return the factors that are given from a vial: those of which a level is injected at a step."""
    given = {step.treats for step in study.protocol.schedule}
    return tuple(factor.name for factor in study.protocol.design.factors if factor.name in given)


def open_key(study: StudyRecord) -> Allocation:
    """Open the sealed allocation.

    Raises
    ------
    SealError
        If there is no passphrase, a wrong one, or the seal was changed.
    """
    path, commitment = study.folder.key_path, _commitment(study)
    if not path.is_file():
        raise SealError(
            expected="the sealed groups",
            found=f"no {path.name} in the study folder",
            do="put it back from a copy; without it the groups cannot be known",
            where=str(path),
        )
    return open_seal(path.read_bytes(), _passphrase(study), commitment)


def _passphrase(study: StudyRecord) -> str:
    passphrase = find_passphrase(study.database.study_id, study.passphrase)
    if passphrase is None:
        raise SealError(
            expected="the custodian's passphrase",
            found="none given, none in LITTERMATE_PASSPHRASE, none in the keyring of this user",
            do="give the passphrase under which the study was allocated",
        )
    return passphrase


def _commitment(study: StudyRecord) -> str:
    for entry in study.database.entries("allocate"):
        return str(json.loads(entry.arguments)["commitment"])
    raise StageError(expected="an allocated study", found=study.stage, do="allocate first")


def open_once(study: StudyRecord, because: str) -> Allocation:
    """Open the key after the lock, with a reason, and keep the groups in the database from now on."""
    if study.stage != "locked":
        do = "nothing: it was done, see littermate journal" if study.stage == "unblinded" else "lock the study first"
        raise StageError(expected="a locked study", found=f"a study that is {study.stage}", do=do)
    if not because.strip():
        raise UsageError(expected="a reason", found="none", do="say why now, in the words of the report")
    key = open_key(study)
    balance = {one.column: one.largest_difference for one in column_balance(key.animals or study.animals, key)}
    words = {"because": because, "seed": str(key.seed), "scheme": key.scheme, "largest_differences_sd": balance}
    words |= {"plans": journal_words(study.protocol)}
    with study.database.writing(study.who, "unblind", words) as write:
        write.allocation(key)
    return key


def write_vial_key(study: StudyRecord) -> Path:
    """Write what is in each vial, and beside it how to make it, into the custodian's own folder of the study.

    Both files can be read by this user alone.
    """
    vials = vials_of(open_key(study), study.tags, study.protocol.treatments, injections_of(study))
    folder = study.folder.root / "custodian-only"
    study.note("write vial key", {})
    for name, rows in (("preparation", preparation(vials)), ("vial-key", vial_key(vials))):
        write_sheet(path := folder / f"{name}.csv", rows)
        path.chmod(0o600)
    return path
