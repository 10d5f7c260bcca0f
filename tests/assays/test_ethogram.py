"""The behaviours a person scores: the assay's own, or those of study.toml, each with a key of its own."""

import pytest

from littermate.assays.ethogram import RESERVED_KEYS, ethogram_of
from littermate.assays.registry import all_assays
from littermate.errors import ProtocolError
from littermate.model.bout import Behaviour


def named(**keys: str) -> list[Behaviour]:
    return [Behaviour(name=name, definition="", key=key) for name, key in keys.items()]


@pytest.mark.parametrize("kind", ["forced swim", "open field", *(assay.name for assay in all_assays())])
def test_every_assay_has_sound_behaviours_of_its_own(kind: str) -> None:
    behaviours = ethogram_of(kind).behaviours
    assert behaviours
    assert all(one.definition for one in behaviours)


def test_what_the_protocol_names_counts() -> None:
    assert [one.name for one in ethogram_of("open field", named(digging="d")).behaviours] == ["digging"]


def test_an_unknown_kind_has_none() -> None:
    assert ethogram_of("three-chamber").behaviours == ()


@pytest.mark.parametrize("key", ["", "ab", " ", *RESERVED_KEYS])
def test_keys_that_cannot_be_are_refused(key: str) -> None:
    with pytest.raises(ProtocolError, match="a letter or digit of its own"):
        ethogram_of("open field", named(digging=key))


def test_all_complaints_come_at_once() -> None:
    behaviours = [*named(digging="d", scratching="d"), Behaviour(name="not visible", definition="", key="n")]
    with pytest.raises(ProtocolError) as fault:
        ethogram_of("open field", behaviours)
    assert len(fault.value.complaints) == 3
