"""People: who may sign in to the study's web app, and what their role lets them do.

Passwords are kept as Argon2id hashes (RFC 9106, the library's own parameters) in the study's database. A person is
never removed: an account is closed, and what was done under its name stays.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from littermate.errors import StageError, UsageError
from littermate.model.account import Account
from littermate.study.record import StudyRecord

__all__ = ["add_account", "close_account", "neutral_name", "set_password", "sign_in", "without_file_names"]

SHORTEST_PASSWORD = 10
_AT_ONCE = threading.BoundedSemaphore(2)
"""Each look at a password takes 64 MB: many at once must not take all there is."""
_NAME_DIGITS, _SHORT_HASH = 4, 12


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """Return a hash to compare with where there is no such person, so that the answer takes as long."""
    return _hasher().hash("nobody")


def add_account(study: StudyRecord, name: str, *, role: str, password: str) -> Account:
    """Add a person; see `Study.add_account`."""
    known = study.database.account(name)
    if known is not None and known.active:
        raise UsageError(expected="a name that nobody has yet", found=repr(name), do="choose another name")
    return _write(study, "add account", Account(name=name, role=role, password_hash=_hash(password)))


def set_password(study: StudyRecord, name: str, password: str) -> Account:
    """Give a person a new password; every session under the old one ends."""
    return _write(study, "set password", replace(_known(study, name), password_hash=_hash(password)))


def close_account(study: StudyRecord, name: str) -> Account:
    """Let a person sign in no more; the last custodian cannot be closed."""
    account = _known(study, name)
    custodians = [one for one in study.database.accounts() if one.active and one.role == "custodian"]
    if [one.name for one in custodians] == [name]:
        raise StageError(expected="a custodian who stays", found=f"{name} is the only one", do="add another first")
    return _write(study, "close account", replace(account, active=False))


def sign_in(study: StudyRecord, name: str, password: str) -> Account | None:
    """Return the person if the password is theirs, else nothing; both take the same time."""
    account = study.database.account(name)
    usable = account is not None and account.active and bool(account.password_hash)
    nobody = _nobody()
    try:
        with _AT_ONCE:
            _hasher().verify(account.password_hash if account is not None and usable else nobody, password)
    except (VerifyMismatchError, InvalidHashError):
        return None
    return account if usable else None


def _known(study: StudyRecord, name: str) -> Account:
    account = study.database.account(name)
    if account is None or not account.active:
        raise UsageError(expected="a person of this study", found=repr(name), do="see littermate user list")
    return account


def _hash(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError(
            expected=f"a password of {SHORTEST_PASSWORD} characters or more",
            found=f"{len(password)}",
            do="choose a longer one: some words that only you would put together",
        )
    return _hasher().hash(password)


def _write(study: StudyRecord, what: str, account: Account) -> Account:
    words = {"name": account.name, "role": account.role}
    with study.database.writing(study.who, what, words) as write:
        write.account(account)
    return account


def neutral_name(study: StudyRecord) -> str:
    """Return a name for the study that says nothing of it; see `Study.neutral_name`."""
    return f"Study {hashlib.sha256(study.database.study_id.encode()).hexdigest()[:_NAME_DIGITS].upper()}"


def without_file_names(study: StudyRecord, texts: Sequence[str]) -> tuple[str, ...]:
    """Replace the study's folder, and names and hashes of raw files, each by the trials or the membrane it is of."""
    together = "\n".join(texts)
    names = {word: words for word, words in _file_names(study).items() if word in together}
    if not names:
        return tuple(texts)
    found = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(one) for one in sorted(names, key=len, reverse=True))})(?!\w)")
    return tuple(found.sub(lambda match: names[match[0]], text) for text in texts)


def _file_names(study: StudyRecord) -> dict[str, str]:
    """Return what a raw file can be called by, with what it is of; an animal's code may be said, a file's name too."""
    codes = {tag.code for tag in study.tags}
    root = study.folder.root
    names = {str(root): "the study's folder", root.as_posix(): "the study's folder"}
    for path, sha256, words in _raw_files(study):
        inside = Path(path)
        called = (str(root / inside), path, inside.name, inside.stem, sha256, sha256[:_SHORT_HASH])
        names |= dict.fromkeys((word for word in called if word not in codes), words)
    return names


def _raw_files(study: StudyRecord) -> Iterator[tuple[str, str, str]]:
    """Yield each raw file's path and hash, and what it is of in words."""
    trials: dict[str, list[str]] = {}
    for trial in study.trials:
        trials.setdefault(trial.recording, []).append(trial.id)
    for file in study.database.recordings():
        shown = ", ".join(sorted(trials.get(file.recording.path, ())))
        yield file.recording.path, file.recording.sha256, f"the recording of {shown}" if shown else "a recording"
    for image in study.database.blot_images():
        yield image.path, image.sha256, f"the blot of {image.target}, {image.region}, membrane {image.membrane}"
    for number, plate in enumerate(study.database.plate_files(), 1):
        yield plate.path, plate.sha256, f"plate {number} ({plate.kind}, {plate.region})"
