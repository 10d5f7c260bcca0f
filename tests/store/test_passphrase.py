"""The custodian's passphrase: looked for in order, kept outside the study, for one user's eyes."""

import os
from pathlib import Path

import pytest

from littermate.errors import StoreError
from littermate.store.passphrase import find_passphrase, keep_passphrase, keyring_path


def test_the_order(own_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_passphrase("one") is None
    keep_passphrase("one", "kept")
    assert find_passphrase("one") == "kept"
    monkeypatch.setenv("LITTERMATE_PASSPHRASE", "around")
    assert find_passphrase("one") == "around"
    assert find_passphrase("one", "given") == "given"


def test_each_study_has_its_own(own_config: Path) -> None:
    assert keep_passphrase("one") == keep_passphrase("two") == own_config / "keyring.json"
    one, two = find_passphrase("one"), find_passphrase("two")
    assert one
    assert two
    assert one != two
    assert len(one) >= 32


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps other users out by the profile folder's rights")
def test_nobody_else_can_read_it(own_config: Path) -> None:
    assert keep_passphrase("one").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in own_config.iterdir()] == ["keyring.json"]


def test_a_kept_one_is_not_replaced(own_config: Path) -> None:
    keep_passphrase("one", "kept")
    with pytest.raises(StoreError, match="no passphrase of this study yet"):
        keep_passphrase("one", "other")
    assert find_passphrase("one") == "kept"


@pytest.mark.parametrize("content", ["{", "[]", '{"one": 1}'])
def test_a_damaged_keyring(own_config: Path, content: str) -> None:
    own_config.mkdir()
    keyring_path().write_text(content, encoding="utf-8")
    with pytest.raises(StoreError, match="keyring"):
        find_passphrase("one")
