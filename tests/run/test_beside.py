"""Calls handed over are done elsewhere, tell their faults, and are done here where there is nobody to do them."""

import os

import pytest

from littermate.run import beside as module
from littermate.run.beside import beside


def process() -> int:
    return os.getpid()


def end_elsewhere(program: int) -> int:
    if os.getpid() != program:
        os._exit(1)
    return os.getpid()


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "usable_cores", lambda: 2)


@pytest.mark.usefixtures("two_cores")
def test_a_call_is_done_elsewhere_and_tells_its_fault() -> None:
    with beside("math") as hand_over:
        elsewhere, wrong = hand_over(process), hand_over(int, "a")
        assert elsewhere() != os.getpid()
        with pytest.raises(ValueError, match="invalid literal"):
            wrong()


@pytest.mark.usefixtures("two_cores")
def test_what_a_process_died_of_is_done_here() -> None:
    with beside("math") as hand_over:
        assert hand_over(end_elsewhere, os.getpid())() == os.getpid()
        assert hand_over(process)() == os.getpid()


def test_with_one_core_a_call_is_done_when_it_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "usable_cores", lambda: 1)
    done: list[str] = []
    with beside("math") as hand_over:
        wait = hand_over(done.append, "x")
        assert done == []
        wait()
    assert done == ["x"]
