"""The chain: whatever is changed, the first broken entry is named."""

from dataclasses import replace

import pytest

from littermate.model.journal import FIRST, Entry
from littermate.store.journal import EMPTY, Head, find_break, next_entry


@pytest.fixture
def entries() -> list[Entry]:
    made: list[Entry] = []
    head = EMPTY
    for what in ("new", "allocate", "score", "lock"):
        made.append(next_entry(head, who="m", what=what, arguments={"µ": [1, None]}))
        head = Head(number=made[-1].number, hash=made[-1].hash)
    return made


def test_whole(entries: list[Entry]) -> None:
    head = Head(number=4, hash=entries[-1].hash)
    assert find_break(entries, head=head) is None
    assert [entry.number for entry in entries] == [1, 2, 3, 4]
    assert entries[0].previous == FIRST
    assert entries[0].arguments == '{"µ":[1,null]}'
    assert find_break([], head=EMPTY) is None


@pytest.mark.parametrize("field", ["at", "who", "what", "arguments", "version", "previous", "hash"])
def test_any_changed_field(entries: list[Entry], field: str) -> None:
    entries[1] = replace(entries[1], **{field: getattr(entries[1], field) + "0"})
    broken = find_break(entries)
    assert broken is not None
    assert broken.number == 2


def test_an_entry_forged_with_its_own_right_hash(entries: list[Entry]) -> None:
    entries[1] = next_entry(Head(number=1, hash=entries[0].hash), who="m", what="score", arguments={})
    assert find_break(entries).number == 3


@pytest.mark.parametrize(("gone", "named"), [(0, 1), (2, 3), (3, 4)])
def test_a_removed_entry(entries: list[Entry], gone: int, named: int) -> None:
    head = Head(number=4, hash=entries[-1].hash)
    del entries[gone]
    broken = find_break(entries, head=head)
    assert broken.number == named
    assert "it is missing" in broken.why


def test_an_entry_past_the_end(entries: list[Entry]) -> None:
    assert find_break(entries, head=Head(number=3, hash=entries[2].hash)).number == 4


def test_a_replaced_last_entry(entries: list[Entry]) -> None:
    head = Head(number=4, hash=entries[-1].hash)
    entries[3] = next_entry(Head(number=3, hash=entries[2].hash), who="x", what="lock", arguments={})
    assert find_break(entries, head=head).why.endswith("it was replaced")


def test_arguments_that_cannot_be_written_down() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        next_entry(EMPTY, who="m", what="score", arguments={"value": float("nan")})
