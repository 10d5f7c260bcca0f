"""Signs are heard where somebody listens, not too often; a tally never runs past its end or back."""

from littermate.run.progress import Tally, heard_by, sign


def test_a_sign_that_nobody_hears_is_no_fault() -> None:
    heard: list[float] = []
    with heard_by(heard.append):
        pass
    sign(1.0)
    assert heard == []


def test_signs_in_quick_succession_are_thinned() -> None:
    heard: list[float] = []
    with heard_by(heard.append):
        for done in range(1000):
            sign(float(done))
    assert heard[0] == 0.0
    assert len(heard) < 100


def test_a_tally_adds_up_its_jobs() -> None:
    told: list[tuple[str, float, float]] = []
    tally = Tally(lambda stage, done, total: told.append((stage, done, total)), "scoring", {"a": 10.0, "b": 20.0})
    tally.sign("a", 4.0)
    tally.sign("b", 25.0)  # a recording longer than the trial
    tally.sign("a", 3.0)  # a sign that comes late
    tally.finish("a")
    assert told == [("scoring", 4.0, 30.0), ("scoring", 24.0, 30.0), ("scoring", 24.0, 30.0), ("scoring", 30.0, 30.0)]
