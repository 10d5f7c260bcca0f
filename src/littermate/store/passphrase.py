"""Passphrase: where the custodian's passphrase comes from, and where one that is made up is kept.

Looked for in this order: what is given; the environment's ``LITTERMATE_PASSPHRASE``; the keyring, a file in the user's
own configuration folder (``LITTERMATE_CONFIG`` names another folder), readable by this user alone. It is never in the
study folder: who may read the study must not be able to open the key.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from pathlib import Path

from platformdirs import user_config_path

from littermate.errors import StoreError

__all__ = ["find_passphrase", "keep_passphrase", "keyring_path", "session_secret"]

_BYTES = 24


def keyring_path() -> Path:
    """Return where this user's keyring is, or would be."""
    return _config() / "keyring.json"


def _config() -> Path:
    folder = os.environ.get("LITTERMATE_CONFIG")
    return Path(folder) if folder else user_config_path("littermate")


def session_secret(study_id: str) -> str:
    """Return what signs the web app's sessions of a study, made on first use and kept beside the keyring.

    Raises
    ------
    StoreError
        If it cannot be read.
    """
    path = _config() / "sessions.json"
    kept = _read_kept(path)
    if study_id not in kept:
        kept = {**kept, study_id: secrets.token_urlsafe(2 * _BYTES)}
        _write_private(path, json.dumps(kept, indent=1) + "\n")
    return kept[study_id]


def find_passphrase(study_id: str, given: str | None = None) -> str | None:
    """Return the passphrase of a study, or `None` where there is none.

    Raises
    ------
    StoreError
        If the keyring cannot be read.
    """
    return given or os.environ.get("LITTERMATE_PASSPHRASE") or _read_keyring().get(study_id)


def keep_passphrase(study_id: str, passphrase: str | None = None) -> Path:
    """Put a study's passphrase into the keyring, one made up at random where none is given; return where.

    Raises
    ------
    StoreError
        If the keyring cannot be read, or holds another passphrase of this study already.
    """
    kept, path = _read_keyring(), keyring_path()
    passphrase = passphrase or secrets.token_urlsafe(_BYTES)
    if kept.get(study_id, passphrase) != passphrase:
        raise StoreError(
            expected="no passphrase of this study yet",
            found="another one",
            do="use the one that is kept; the sealed allocation opens with no other",
            where=str(path),
        )
    _write_private(path, json.dumps({**kept, study_id: passphrase}, indent=1) + "\n")
    return path


def _write_private(path: Path, text: str) -> None:
    """Write a file that at no moment anybody else can read."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _read_keyring() -> dict[str, str]:
    return _read_kept(keyring_path())


def _read_kept(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise _unreadable(path, str(fault)) from fault
    if not isinstance(kept, dict) or not all(isinstance(one, str) for one in kept.values()):
        raise _unreadable(path, "something else")
    return kept


def _unreadable(path: Path, found: str) -> StoreError:
    return StoreError(
        expected="the keyring: JSON, one passphrase a study",
        found=found,
        do="put back a copy of it, or give the passphrase by hand",
        where=str(path),
    )
