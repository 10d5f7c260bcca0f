"""Key: the allocation, sealed. Only `study` may import this module.

The sealed file is JSON: the scheme; the scrypt parameters and salt; a `check` of the passphrase; the AES-256-GCM nonce
and ciphertext; and a checksum of all of these. Bytes are in base64. scrypt gives 64 bytes: the first half is the
cipher's key; the second half is the check, which tells a wrong passphrase from a changed file (and helps nobody to
guess: each guess costs one scrypt, as it would with the ciphertext alone). GCM covers the file's head too, so that no
part of it can be changed unseen; the checksum tells accidental damage without a passphrase.

The commitment is the SHA-256 of a random 32-byte nonce followed by the allocation's canonical JSON. The nonce is inside
the ciphertext: nobody can test a guess against the commitment, and nobody, the custodian included, can show another
allocation for it later.

Sources: scrypt, RFC 7914 (N = 2^15, r = 8, p = 1); AES-GCM, NIST SP 800-38D. Passphrases are taken in Unicode NFC.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import unicodedata
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from littermate.errors import SealError, StoreError
from littermate.model.allocation import Allocation
from littermate.store.canonical import allocation_from_json, allocation_to_json, to_json

__all__ = ["SCHEME", "open_seal", "seal"]

SCHEME = "littermate seal 1: scrypt, AES-256-GCM"

_N, _R, _P = 2**15, 8, 1
_NONCE = 32
_WHERE = "allocation.sealed"


def seal(allocation: Allocation, passphrase: str) -> tuple[bytes, str]:
    """Seal an allocation.

    Parameters
    ----------
    allocation
        The key.
    passphrase
        The custodian's; it is kept nowhere by this function.

    Returns
    -------
    bytes, str
        The sealed file, and the commitment in hex, which is public.

    Raises
    ------
    SealError
        If the passphrase is empty.

    Examples
    --------
    >>> from littermate.model.allocation import Assignment
    >>> group = (Assignment(animal="M1", cell=("saline",)),)
    >>> key = Allocation(factors=("drug",), assignments=group, balanced=(), seed=1, scheme="")
    >>> data, commitment = seal(key, "correct horse")
    >>> open_seal(data, "correct horse", commitment) == key
    True
    """
    if not passphrase.strip():
        raise SealError(expected="a passphrase", found="an empty one", do="give one that nobody guesses")
    content = os.urandom(_NONCE) + allocation_to_json(allocation).encode()
    salt, nonce = os.urandom(16), os.urandom(12)
    key, check = _derive(passphrase, salt)
    scrypt = {"n": _N, "r": _R, "p": _P, "salt": _text(salt)}
    head = {"scheme": SCHEME, "scrypt": scrypt, "check": _text(check), "nonce": _text(nonce)}
    ciphertext = AESGCM(key).encrypt(nonce, content, to_json(head).encode())
    file = {**head, "ciphertext": _text(ciphertext)}
    data = json.dumps({**file, "checksum": _checksum(file)}, indent=1) + "\n"
    return data.encode(), hashlib.sha256(content).hexdigest()


def open_seal(data: bytes, passphrase: str, commitment: str) -> Allocation:
    """Open a sealed allocation.

    Parameters
    ----------
    data
        The sealed file.
    passphrase
        The one it was sealed with.
    commitment
        As `seal` gave it and the journal keeps it.

    Raises
    ------
    SealError
        If the passphrase is wrong; the file was changed; or it holds another allocation than was committed to.
    StoreError
        If it was sealed by a newer version of this program.
    """
    head, ciphertext = _read(data)
    key, check = _derive(passphrase, _bytes(head["scrypt"]["salt"]))
    if not hmac.compare_digest(check, _bytes(head["check"])):
        raise SealError(
            expected="the passphrase under which the allocation was sealed",
            found="another one: the passphrase is wrong",
            do="ask the custodian; there is no other way in",
            where=_WHERE,
        )
    try:
        content = AESGCM(key).decrypt(_bytes(head["nonce"]), ciphertext, to_json(head).encode())
    except InvalidTag as fault:
        raise _changed("content that was not written by who knew the passphrase") from fault
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), commitment):
        raise SealError(
            expected=f"the allocation that was committed to in the journal ({commitment[:16]}...)",
            found="another allocation, sealed under the same passphrase",
            do="put back the sealed file from the day of the allocation, and find out who replaced it",
            where=_WHERE,
        )
    return allocation_from_json(content[_NONCE:].decode())


def _read(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Return head and ciphertext of a sealed file that is whole."""
    try:
        file = json.loads(data.decode("ascii"))
        scheme, checksum = file["scheme"], file.pop("checksum")
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise _changed("something else") from fault
    if scheme != SCHEME and isinstance(scheme, str) and scheme.startswith("littermate seal "):
        raise StoreError(
            expected=f"an allocation sealed as {SCHEME!r}",
            found=f"{scheme!r}: made by a newer version of littermate",
            do="update littermate (pip install --upgrade littermate)",
            where=_WHERE,
        )
    if checksum != _checksum(file):
        raise _changed("content that does not give its checksum")
    try:
        ciphertext = _bytes(file.pop("ciphertext"))
        _bytes(file["scrypt"]["salt"]), _bytes(file["check"]), _bytes(file["nonce"])
        sound = (file["scrypt"]["n"], file["scrypt"]["r"], file["scrypt"]["p"]) == (_N, _R, _P)
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise _changed("a part missing") from fault
    if not sound:
        raise _changed("other scrypt parameters than this scheme has")
    return file, ciphertext


def _changed(found: str) -> SealError:
    return SealError(
        expected="the sealed allocation as it was written",
        found=f"{found}: the file was changed or damaged",
        do="put back the file from a copy of the study made on the day of the allocation",
        where=_WHERE,
    )


def _derive(passphrase: str, salt: bytes) -> tuple[bytes, bytes]:
    """Return the cipher's key and the check of a passphrase."""
    secret = unicodedata.normalize("NFC", passphrase).encode()
    derived = Scrypt(salt=salt, length=64, n=_N, r=_R, p=_P).derive(secret)
    return derived[:32], derived[32:]


def _checksum(file: dict[str, Any]) -> str:
    return hashlib.sha256(to_json(file).encode()).hexdigest()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
