"""A scorer's queue: a random order of their own from a seed, hidden repeats far apart, practice first."""

import pytest

from littermate.errors import UsageError
from littermate.model.clip import PRACTICE, REPEAT, SCORE, Clip
from littermate.planning.queue import QueuePlan, make_clips

TRIALS = [f"T{number:02d}" for number in range(32)]


def clips(plan: QueuePlan | None = None, *, scorer: str = "ada", seed: int = 7) -> tuple[Clip, ...]:
    return make_clips(TRIALS, plan or QueuePlan(), scorer=scorer, assay="forced swim", seed=seed)


def shown(queue: tuple[Clip, ...]) -> list[tuple[str, str]]:
    return [(clip.trial, clip.kind) for clip in queue]


def test_every_trial_is_scored_once_some_come_back_and_practice_is_first() -> None:
    queue = clips(QueuePlan(repeats=0.15, practice=2))
    kinds = [clip.kind for clip in queue]
    assert sorted(clip.trial for clip in queue if clip.kind == SCORE) == TRIALS
    assert (kinds.count(REPEAT), kinds[:2]) == (5, [PRACTICE, PRACTICE])
    assert [clip.position for clip in queue] == list(range(1, 40))


def test_a_repeat_comes_a_third_of_the_queue_or_more_after_its_first_showing() -> None:
    for seed in range(50):
        order = [(clip.trial, clip.kind) for clip in clips(seed=seed) if clip.kind != PRACTICE]
        for trial in [trial for trial, kind in order if kind == REPEAT]:
            assert order.index((trial, REPEAT)) - order.index((trial, SCORE)) > len(TRIALS) // 3


def test_the_seed_makes_the_order_again_and_each_scorer_has_another() -> None:
    assert shown(clips()) == shown(clips())
    assert shown(clips()) != shown(clips(scorer="bob"))
    assert shown(clips()) != shown(clips(seed=8))


def test_codes_come_from_no_seed_and_tell_nothing() -> None:
    one, other = clips(), clips()
    assert {clip.id for clip in one}.isdisjoint(clip.id for clip in other)
    assert len({clip.id for clip in one}) == len(one)


def test_orders_are_fair() -> None:
    """The first trial that is shown is each of them about equally often: 800 draws of 32, 25 expected, SD 5."""
    first = [next(clip.trial for clip in clips(seed=seed) if clip.kind == SCORE) for seed in range(800)]
    counts = [first.count(trial) for trial in TRIALS]
    assert min(counts) > 5
    assert max(counts) < 50


def test_a_second_scorer_sees_a_share() -> None:
    queue = clips(QueuePlan(share=0.2, practice=0))
    assert sum(clip.kind == SCORE for clip in queue) == 7  # 6.4, rounded up


def test_too_few_trials_have_no_repeats() -> None:
    queue = make_clips(TRIALS[:4], QueuePlan(practice=0, repeats=1), scorer="ada", assay="a", seed=1)
    assert [clip.kind for clip in queue] == [SCORE] * 4


@pytest.mark.parametrize("plan", [{"share": 0}, {"share": 1.1}, {"repeats": -0.1}, {"practice": -1}])
def test_impossible_plans_are_refused(plan: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="share above 0"):
        QueuePlan(**plan)  # type: ignore[arg-type]
