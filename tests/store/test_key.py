"""The seal: opened by its passphrase only, and every change is seen."""

import base64
import json
import re

import pytest

from littermate.errors import SealError, StoreError
from littermate.model.allocation import Allocation
from littermate.store.key import open_seal, seal

WORDS = "correct horse"


def test_round_trip(allocation: Allocation) -> None:
    data, commitment = seal(allocation, WORDS)
    assert open_seal(data, WORDS, commitment) == allocation
    assert b"saline" not in data
    assert len(bytes.fromhex(commitment)) == 32


def test_sealing_twice_gives_nothing_to_compare(allocation: Allocation) -> None:
    (one, first), (two, second) = seal(allocation, WORDS), seal(allocation, WORDS)
    assert first != second
    assert json.loads(one)["ciphertext"][:40] != json.loads(two)["ciphertext"][:40]


def test_a_wrong_passphrase(allocation: Allocation) -> None:
    data, commitment = seal(allocation, WORDS)
    with pytest.raises(SealError, match="the passphrase is wrong"):
        open_seal(data, WORDS.upper(), commitment)


@pytest.mark.parametrize("part", ["ciphertext", "nonce", "check", "salt", "checksum"])
def test_a_flipped_byte_anywhere(allocation: Allocation, part: str) -> None:
    data, commitment = seal(allocation, WORDS)
    start = re.search(rf'"{part}": "'.encode(), data).end()
    changed = data[:start] + (b"B" if data[start : start + 1] == b"A" else b"A") + data[start + 1 :]
    with pytest.raises(SealError, match="the file was changed"):
        open_seal(changed, WORDS, commitment)


def test_a_change_by_someone_who_mends_the_checksum(allocation: Allocation) -> None:
    from littermate.store.key import _checksum

    data, commitment = seal(allocation, WORDS)
    file = json.loads(data)
    raw = bytearray(base64.b64decode(file["ciphertext"]))
    raw[7] ^= 1
    file["ciphertext"] = base64.b64encode(raw).decode()
    del file["checksum"]
    file["checksum"] = _checksum(file)
    with pytest.raises(SealError, match="not written by who knew the passphrase"):
        open_seal(json.dumps(file).encode(), WORDS, commitment)


def test_another_allocation_under_the_same_passphrase(allocation: Allocation) -> None:
    _, commitment = seal(allocation, WORDS)
    other, _ = seal(allocation, WORDS)
    with pytest.raises(SealError, match="another allocation"):
        open_seal(other, WORDS, commitment)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b'{"scheme": "x", "checksum": ""}'])
def test_something_else(data: bytes) -> None:
    with pytest.raises(SealError, match="changed or damaged"):
        open_seal(data, WORDS, "0" * 64)


def test_a_newer_scheme() -> None:
    with pytest.raises(StoreError, match="newer version"):
        open_seal(b'{"scheme": "littermate seal 2: better", "checksum": ""}', WORDS, "0" * 64)


def test_an_empty_passphrase(allocation: Allocation) -> None:
    with pytest.raises(SealError, match="an empty one"):
        seal(allocation, " ")


def test_accents_typed_in_two_ways_are_one_passphrase(allocation: Allocation) -> None:
    data, commitment = seal(allocation, "caf\u00e9 au lait")
    assert open_seal(data, "cafe\u0301 au lait", commitment) == allocation
