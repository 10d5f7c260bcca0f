"""Agreement and calibration over HTTP: who may see what, what is refused, and what is recorded."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from tests.study.scorers import ASSAY, take_up_again
from tests.study.test_calibrating import stored
from tests.web.conftest import PASSWORD, Live, Person, serving

from littermate.model.clip import REPEAT
from littermate.study import Study


@pytest.fixture
def live(hand_scored: Study) -> Iterator[Live]:
    """Serve the study that Ada and Bo have scored; Cy is a viewer."""
    hand_scored.add_account("bo", role="scorer", password=PASSWORD)
    hand_scored.add_account("cy", role="viewer", password=PASSWORD)
    with serving(hand_scored) as running:
        yield running


@pytest.fixture
def cy(live: Live) -> Iterator[Person]:
    person = Person(live.address, lambda client: client.post("/sign-in", data={"name": "cy", "password": PASSWORD}))
    with closing(person.client):
        yield person


def first_trial(live: Live) -> str:
    return min(trial.id for trial in live.study.trials)


def unfinished(live: Live, scorer: str) -> None:
    """Let a scorer have a clip that is not done."""
    take_up_again(live.study, next(one for one in live.study.clips(scorer=scorer) if one.kind == REPEAT))


PAIR = "first=ada&second=bo"


def test_the_page_shows_the_figures_of_a_pair(ada: Person) -> None:
    page = ada.get("/agreement").text
    assert "immobile: ada and bo" in page and "ICC(2,1) of totals" in page
    assert "ada, twice" in page and "bo and the program" in page
    assert "−10.0" in page
    (address,) = set(re.findall(r'img src="([^"]+)"', page))
    picture = ada.get(address.replace("&amp;", "&"))
    assert picture.headers["content-type"] == "image/png" and picture.content.startswith(b"\x89PNG")
    program = ada.get(f"/agreement?assay={ASSAY}&first=ada&second=program").text
    assert "immobile: ada and program" in program and "kappa of the whole ethogram" not in program
    assert "coefficient of repeatability" in ada.get(f"/agreement?assay={ASSAY}&first=ada&second=ada").text


def test_no_page_names_a_file(ada: Person, live: Live) -> None:
    trial = first_trial(live)
    for address in ("/agreement", f"/agreement/{trial}?{PAIR}", f"/api/compare/{trial}?{PAIR}", "/calibration"):
        text = ada.get(address).text
        for one in live.study.trials:
            assert one.recording not in text and one.sha256 not in text


def test_a_scorer_sees_others_once_their_own_queue_is_done(bo: Person, live: Live) -> None:
    trial = first_trial(live)
    assert "immobile: ada and bo" in bo.get("/agreement").text
    assert bo.get(f"/api/compare/{trial}?{PAIR}").status_code == 200
    unfinished(live, "bo")
    page = bo.get("/agreement").text
    assert "once your own clips of it are done" in page and "ICC" not in page
    for address in (
        f"/agreement/figure.png?assay={ASSAY}&{PAIR}",
        f"/agreement/{trial}?{PAIR}",
        f"/api/compare/{trial}?{PAIR}",
        f"/api/compare/{trial}/preparation",
        f"/api/compare/{trial}/media",
        f"/api/compare/{trial}/frames",
    ):
        assert bo.get(address).status_code == 409, address
    said = {"first": "ada", "second": "bo", "choices": []}
    assert bo.post(f"/api/compare/{trial}/consensus", said).status_code == 409


def test_a_custodian_with_clips_to_score_is_warned(ada: Person, live: Live) -> None:
    assert "can lead you" not in ada.get("/agreement").text
    unfinished(live, "ada")
    assert "can lead you" in ada.get("/agreement").text


def test_a_viewer_sees_figures_and_no_trial(cy: Person, live: Live) -> None:
    page = cy.get("/agreement").text
    assert "ICC(2,1) of totals" in page and "/agreement/" + first_trial(live) not in page
    assert cy.get(f"/agreement/{first_trial(live)}?{PAIR}").status_code == 403
    assert cy.get(f"/api/compare/{first_trial(live)}?{PAIR}").status_code == 403
    assert cy.get("/calibration").status_code == 403


def test_a_trial_side_by_side_is_on_the_recordings_clock(ada: Person, live: Live) -> None:
    trial = live.study.database.trial(first_trial(live))
    said = ada.get(f"/api/compare/{trial.id}?{PAIR}").json()
    t0_s = trial.t0_s
    assert said["window_s"] == [t0_s + 2, t0_s + 12]
    assert said["first_states"] == [[t0_s + at, name] for at, name in _states(10)]
    assert said["second_states"] == [[t0_s + at, name] for at, name in _states(9)]
    (one,) = said["disagreements"]
    assert [one["start_s"], one["stop_s"]] == pytest.approx([t0_s + 9, t0_s + 10])
    assert (one["first"], one["second"], one["chosen"]) == ("immobile", "swimming", None)
    assert said["can_settle"] and said["settled"] is None


def _states(stop: float) -> list[tuple[float, str]]:
    return [(2.0, "swimming"), (3.0, "immobile"), (stop, "swimming")]


def test_a_consensus_is_recorded(ada: Person, live: Live) -> None:
    trial = live.study.database.trial(first_trial(live))
    address = f"/api/compare/{trial.id}/consensus"
    refused = ada.post(address, {"first": "ada", "second": "bo", "choices": []})
    assert refused.status_code == 422 and "a choice for every" in refused.json()["error"]["expected"]
    choice = {"start_s": trial.t0_s + 9, "stop_s": trial.t0_s + 10, "behaviour": "not visible"}
    said = ada.post(address, {"first": "ada", "second": "bo", "choices": [choice]}).json()
    assert said["settled"]["by"] == "ada" and said["settled"]["stands"]
    assert said["disagreements"][0]["chosen"] == "not visible"
    assert [entry.what for entry in live.study.database.entries("settle")] == ["settle"]
    assert "1 of 8 settled" in ada.get("/agreement").text
    program = ada.post(address, {"first": "ada", "second": "program", "choices": []})
    assert program.status_code == 409


def test_what_there_is_not(ada: Person, live: Live) -> None:
    trial = first_trial(live)
    for address, status in (
        ("/agreement?assay=nothing", 404),
        (f"/agreement?assay={ASSAY}&first=ada&second=zed", 404),
        ("/agreement/NOTHERE?first=ada&second=bo", 404),
        (f"/agreement/{trial}?first=ada&second=zed", 409),
        (f"/agreement/{trial}", 422),
        ("/calibration?assay=open%20field", 404),
        (f"/calibration/figure.png?assay={ASSAY}&scorer=ada", 404),
    ):
        assert ada.get(address).status_code == status, address


def fitted(person: Person, scorer: str) -> str:
    """Fit and wait; return the page."""
    begun = person.client.post("/calibration/fit", data={"assay": ASSAY, "scorer": scorer})
    assert begun.status_code == 200
    for _ in range(600):
        told = person.get(f"/calibration/progress?assay={ASSAY}&scorer={scorer}")
        if "HX-Redirect" in told.headers:
            return person.get(told.headers["HX-Redirect"]).text
    raise AssertionError("the fit does not end")


def test_a_calibration_is_fitted_shown_and_used(ada: Person, live: Live) -> None:
    stored(live.study)
    assert "Fit to the scores of ada" in ada.get("/calibration").text
    page = fitted(ada, "ada")
    assert "Calibrated: 8 animals, 8 trials" in page and "6 or more" in page
    assert '<button type="submit">Use these thresholds' in page
    assert ada.get(f"/calibration/figure.png?assay={ASSAY}&scorer=ada").content.startswith(b"\x89PNG")
    used = ada.client.post("/calibration/use", data={"assay": ASSAY, "scorer": "ada"})
    assert "They are in use" in used.text
    assert live.study.thresholds(ASSAY) is not None


def test_what_is_not_calibrated_cannot_be_used(ada: Person, live: Live) -> None:
    stored(live.study, floats=0.39)
    page = fitted(ada, "bo")
    assert "NOT calibrated" in page and "Refused because" in page
    assert '<button type="submit" disabled>Use these thresholds' in page
    used = ada.client.post("/calibration/use", data={"assay": ASSAY, "scorer": "bo"})
    assert used.status_code == 409
    assert live.study.thresholds(ASSAY) is None


def test_what_cannot_be_fitted_is_said(ada: Person, live: Live) -> None:
    for clip in live.study.clips(scorer="bo"):
        if clip.kind == "score" and clip.trial != first_trial(live):
            take_up_again(live.study, clip)
    page = fitted(ada, "bo")
    assert "Nothing could be fitted" in page and "3 animals or more" in page
