"""Jobs run everywhere, and an error comes back as ours."""

from functools import partial

import pytest

from littermate.errors import VideoError
from littermate.files import require_file
from littermate.run.executor import run_all


@pytest.mark.parametrize("workers", [1, 2])
def test_every_job_comes_back_with_its_result(workers: int) -> None:
    assert sorted(run_all(abs, [-3, 1, -2], workers=workers)) == [(-3, 3), (-2, 2), (1, 1)]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_error_of_a_job_is_raised_with_its_words(workers: int) -> None:
    with pytest.raises(VideoError, match="no such file"):
        list(run_all(partial(require_file, kind=VideoError), ["a.mp4", "b.mp4"], workers=workers))
