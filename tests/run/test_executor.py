"""Jobs run everywhere, an error comes back as ours, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from littermate.errors import DataError, StoppedError, UsageError, VideoError
from littermate.files import require_file
from littermate.run.executor import run_all
from littermate.run.progress import sign


def length_of(path: str) -> int:
    return len(Path(path).read_text(encoding="utf-8"))


def dies_at(victim: str, job: str) -> str:
    if job == victim:
        os._exit(3)
    return job


def refuses_at(victim: int, kind: type[DataError], job: int) -> int:
    time.sleep(0.02)
    if job == victim:
        raise kind(expected="another", found=str(job), do="choose another")
    return job


def hangs_at(victim: int, job: int) -> int:
    if job == victim:
        time.sleep(600)
    return job


def gives_signs(job: float) -> float:
    for done in range(2):
        sign(job + done)
        time.sleep(0.26)
    return job


def interrupted_at(victim: int, job: int) -> int:
    if job == victim:
        raise KeyboardInterrupt
    return job


@pytest.mark.parametrize("workers", [1, 2])
def test_every_job_comes_back_with_its_result(workers: int) -> None:
    assert sorted(run_all(abs, [-3, 1, -2], workers=workers)) == [(-3, 3), (-2, 2), (1, 1)]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_error_of_a_job_is_raised_with_its_words(workers: int) -> None:
    with pytest.raises(VideoError, match="no such file"):
        list(run_all(partial(require_file, kind=VideoError), ["a.mp4", "b.mp4"], workers=workers))


@pytest.mark.parametrize("workers", [1, 2])
def test_data_at_fault_do_not_stop_the_others_and_all_complaints_come_at_the_end(workers: int) -> None:
    got = []
    with pytest.raises(VideoError) as caught:
        for job, _ in run_all(partial(refuses_at, 1, VideoError), [1, 2, 1, 3], workers=workers):
            got.append(job)
    assert sorted(got) == [2, 3]
    assert [complaint.found for complaint in caught.value.complaints] == ["1", "1"]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_wrong_call_drops_the_jobs_that_wait(workers: int) -> None:
    jobs, got = list(range(1000)), []
    with pytest.raises(UsageError):
        for job, _ in run_all(partial(refuses_at, 0, UsageError), jobs, workers=workers):
            got.append(job)
    assert len(got) < 999


def test_relative_names_are_meant_from_where_the_caller_is_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    list(run_all(abs, [1, 2], workers=2))  # the workers are there before the folder changes
    (tmp_path / "a.txt").write_text("four", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert list(run_all(length_of, ["a.txt", "a.txt"], workers=2)) == [("a.txt", 4), ("a.txt", 4)]


def test_a_worker_that_dies_names_its_job_and_the_others_are_done() -> None:
    got = []
    with pytest.raises(DataError, match=r"(?s)^b.mp4\n.*its process died \(EXIT\(3\)\)") as caught:
        for job, _ in run_all(partial(dies_at, "b.mp4"), ["b.mp4", "a.mp4", "c.mp4"], workers=2):
            got.append(job)
    assert sorted(got) == ["a.mp4", "c.mp4"]
    assert len(caught.value.complaints) == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_a_job_that_gives_no_sign_is_ended_and_named(workers: int) -> None:
    got = []
    with pytest.raises(DataError, match=r"(?s)^7\n.*sign of life every 1 s"):
        for job, _ in run_all(partial(hangs_at, 7), [7, 1, 2], workers=workers, timeout_s=1.0):
            got.append(job)
    assert sorted(got) == [1, 2]


@pytest.mark.parametrize("workers", [1, 2])
def test_signs_are_heard(workers: int) -> None:
    heard: list[tuple[float, float]] = []
    list(run_all(gives_signs, [10.0, 20.0], workers=workers, on_sign=lambda job, done: heard.append((job, done))))
    assert {job for job, _ in heard} == {10.0, 20.0}
    assert all(0 <= done - job <= 1 for job, done in heard)


def test_ctrl_c_here_says_what_is_left() -> None:
    jobs = run_all(partial(interrupted_at, 2), [1, 2, 3], workers=1)
    assert next(jobs) == (1, 1)
    with pytest.raises(StoppedError, match=r"1 done, 2 left \(2, 3\)"):
        next(jobs)


STOPPED = """
import os, sys, time
from littermate.run.executor import StoppedError, run_all

def nap(job):
    time.sleep(0 if job < 2 else 600)
    return os.getpid()

try:
    for job, pid in run_all(nap, [0, 1, 2, 3, 4], workers=2):
        print(job, pid, flush=True)
except StoppedError as stop:
    print(stop.complaints[0].found, flush=True)
"""


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def run_stopped() -> tuple[subprocess.Popen[str], list[int]]:
    """Start a program whose workers are at jobs that take long; return it and its workers."""
    words = [sys.executable, "-c", STOPPED]
    program = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert program.stdout is not None
    lines = [program.stdout.readline().split() for _ in range(2)]
    assert sorted(job for job, _ in lines) == ["0", "1"]
    return program, [int(pid) for _, pid in lines]


def wait_for_end(pids: list[int]) -> bool:
    for _ in range(200):
        if not any(map(alive, pids)):
            return True
        time.sleep(0.05)
    return False


def test_ctrl_c_ends_the_workers_after_what_is_done_was_handed_back() -> None:
    program, workers = run_stopped()
    os.killpg(program.pid, signal.SIGINT)  # as a terminal does: to the program and its workers
    rest, errors = program.communicate(timeout=60)
    assert rest == "stopped by ctrl-C: 2 done, 3 left (2, 3, 4)\n"
    assert "Traceback" not in errors  # loky may say that it tidied up a semaphore of a worker that was ended
    assert wait_for_end(workers)


def test_workers_end_with_the_program_that_was_killed() -> None:
    program, workers = run_stopped()
    program.kill()
    program.communicate(timeout=60)
    assert wait_for_end(workers)


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_while_a_result_is_saved_lets_it_be_saved(workers: int) -> None:
    saved: list[int] = []
    with pytest.raises(StoppedError) as caught:
        for job, _ in run_all(abs, [1, 2, 3, 4, 5, 6], workers=workers):
            if not saved:
                signal.raise_signal(signal.SIGINT)
            saved.append(job)
    assert saved
    assert f"{len(saved)} done, {6 - len(saved)} left" in caught.value.complaints[0].found
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
