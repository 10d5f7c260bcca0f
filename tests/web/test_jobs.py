"""Jobs: a failure is said once, however soon it comes, and the work is then tried anew."""

from collections.abc import Callable

import pytest

from littermate.errors import VideoError
from littermate.run.progress import Progress
from littermate.web.jobs import Jobs


def test_a_job_that_fails_at_once_is_said_to_and_tried_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs, tried = Jobs(), []
    ask = jobs.ask

    def fail(progress: Progress) -> None:
        tried.append(progress)
        raise VideoError(expected="a video", found="a text file", do="copy it again")

    def ask_and_wait(key: str, work: Callable[[Progress], object]) -> None:
        ask(key, work)
        jobs._futures[key].exception(timeout=60)

    monkeypatch.setattr(jobs, "ask", ask_and_wait)
    said = [jobs.follow("play", fail).state for _ in range(4)]
    jobs.close()
    assert said == ["waiting", "failed", "waiting", "failed"]
    assert len(tried) == 2
