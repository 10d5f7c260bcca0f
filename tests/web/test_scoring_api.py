"""Scoring over HTTP: what fits is saved once, what does not is refused in words, and nobody scores for another."""

import time

import numpy as np
import pytest
from tests.web.conftest import ASSAY, Live, Person

from littermate.errors import StoreError
from littermate.model.key_press import KeyPress
from littermate.study import Study


@pytest.fixture
def clip(live: Live) -> str:
    """Ada's first clip; its window is 2 to 12 s on a trial clock that starts with the recording."""
    return live.study.clips(scorer="ada", assay=ASSAY)[0].id


def presses(live: Live, clip: str) -> list[tuple[int, str, float, str]]:
    return [(one.number, one.action, one.t_s, one.behaviour) for one in live.study.key_presses(clip)]


def prepared(person: Person, clip: str) -> None:
    """Wait until a clip can be played."""
    while (state := person.get(f"/api/clips/{clip}/preparation").json()["state"]) != "ready":
        assert state in ("waiting", "running")
        time.sleep(0.05)


def test_what_a_page_is_told(ada: Person, clip: str) -> None:
    told = ada.get(f"/api/clips/{clip}").json()
    assert told["clip"] == clip
    assert told["window_s"] == [2.0, 12.0]
    assert [one["key"] for one in told["behaviours"]] == ["i", "s", "c"]
    assert (told["presses"], told["states"], told["done"], told["done_number"]) == (0, [], False, None)


def test_an_acknowledged_press_is_in_the_store(ada: Person, live: Live, clip: str) -> None:
    answer = ada.press(clip, 1, 3.0, "immobile", speed=2.0, latch=False)
    assert answer.json() == {"presses": 1, "states": [[3.0, "immobile", 1]], "done": False, "done_number": None}
    expected = KeyPress(clip=clip, number=1, action="state", t_s=3.0, behaviour="immobile", speed=2.0, latch=False)
    assert live.study.key_presses(clip) == (expected,)
    assert live.study.database.entries("press key")[-1].who == "ada"


def test_a_press_sent_twice_is_saved_once(ada: Person, live: Live, clip: str) -> None:
    first = ada.press(clip, 1, 3.0, "immobile")
    again = ada.press(clip, 1, 3.0, "immobile")
    assert again.json() == first.json()
    assert presses(live, clip) == [(1, "state", 3.0, "immobile")]
    assert len(live.study.database.entries("press key")) == 1


@pytest.mark.parametrize(
    ("number", "t_s", "behaviour", "words"),
    [
        (1, 4.0, "swimming", "another window"),
        (3, 4.0, "swimming", "press number 2"),
        (2, 4.0, "flying", "immobile, swimming, climbing"),
        (2, 1.0, "swimming", "2 to 12 s"),
        (2, 13.0, "swimming", "2 to 12 s"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    ada: Person, live: Live, clip: str, number: int, t_s: float, behaviour: str, words: str
) -> None:
    ada.press(clip, 1, 3.0, "immobile")
    refused = ada.press(clip, number, t_s, behaviour)
    assert refused.status_code == 422
    assert words in " ".join(refused.json()["error"].values())
    assert presses(live, clip) == [(1, "state", 3.0, "immobile")]


def test_an_undo_is_a_new_entry(ada: Person, live: Live, clip: str) -> None:
    ada.press(clip, 1, 3.0, "immobile")
    ada.press(clip, 2, 5.0, "swimming")
    assert ada.press(clip, 3, 5.5, action="undo", undoes=2).json()["states"] == [[3.0, "immobile", 1]]
    assert [one[:2] for one in presses(live, clip)] == [(1, "state"), (2, "state"), (3, "undo")]
    assert ada.press(clip, 4, 5.5, action="undo", undoes=2).status_code == 422


def test_done_and_taken_back(ada: Person, live: Live, clip: str) -> None:
    ada.press(clip, 1, 2.0, "swimming")
    done = ada.press(clip, 2, 11.9, action="done").json()
    assert (done["done"], done["done_number"]) == (True, 2)
    assert clip in live.study.clips_done()
    assert ada.press(clip, 3, 5.0, "immobile").status_code == 422
    assert ada.press(clip, 3, 11.9, action="undo", undoes=2).json()["done"] is False
    assert clip not in live.study.clips_done()
    assert ada.press(clip, 4, 5.0, "immobile").status_code == 200


def test_a_clip_of_somebody_else_is_not_there(bo: Person, live: Live, clip: str) -> None:
    for address in ("", "/preparation", "/media", "/frames"):
        assert bo.get(f"/api/clips/{clip}{address}").status_code == 404
    assert bo.get(f"/score/{clip}").status_code == 404
    assert bo.press(clip, 1, 3.0, "immobile").status_code == 404
    assert presses(live, clip) == []


def test_frames_are_the_recordings_own_and_presses_snap_to_them(ada: Person, live: Live, clip: str) -> None:
    assert ada.get(f"/api/clips/{clip}/frames").status_code == 409
    prepared(ada, clip)
    times = np.frombuffer(ada.get(f"/api/clips/{clip}/frames").content, "<f8")
    assert times[0] == 0
    assert np.all(np.diff(times) > 0)
    ada.press(clip, 1, float(times[60]) + 0.001, "immobile")
    assert presses(live, clip)[0][2] == times[60]


def test_a_press_made_before_the_copy_was_is_known_when_it_is_sent_again(ada: Person, live: Live, clip: str) -> None:
    ada.press(clip, 1, 3.001, "immobile")
    prepared(ada, clip)
    assert ada.press(clip, 1, 3.001, "immobile").status_code == 200
    assert len(presses(live, clip)) == 1


def test_media_come_in_parts(ada: Person, clip: str) -> None:
    prepared(ada, clip)
    part = ada.client.get(f"/api/clips/{clip}/media", headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert not {"etag", "last-modified", "content-disposition"} & set(part.headers)


def test_nothing_is_taken_after_the_lock(ada: Person, given: Study, clip: str) -> None:
    given.note("lock", {})
    assert ada.press(clip, 1, 3.0, "immobile").status_code == 409


def test_what_the_store_cannot_write_is_to_be_sent_again(
    ada: Person, live: Live, clip: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page tries again at a status of 500 and more, and stops at others."""

    def full(*_: object) -> None:
        raise StoreError(expected="a database that works", found="the disk is full", do="make room")

    with monkeypatch.context() as patch:
        patch.setattr("littermate.store.writing.Writing.key_presses", full)
        assert ada.press(clip, 1, 3.0, "immobile").status_code == 503
    assert ada.press(clip, 1, 3.0, "immobile").status_code == 200
