"""Of the frames that a pass sees, one in the longest bout and one at the liveliest moment outside are shown."""

import numpy as np

from littermate.model.bout import DetectedBout
from littermate.model.motion import Motion
from littermate.video.frames import Frame
from littermate.video.stills import Stills


def seen(*, t0_s: float = 0.0) -> Stills:
    """Twenty frames a second apart, each as bright as it is late."""
    stills = Stills(t0_s=t0_s, window_s=(5.0, 20.0))
    for t in range(20):
        stills.see(Frame(t_s=float(t), luma=np.full((48, 640), 10 * t, np.uint8), trusted=t != 12))
    return stills


def motion() -> Motion:
    t_s = np.arange(20.0)
    activity = np.where(t_s == 17, 0.9, 0.1)
    valid = np.ones(20, dtype=bool)
    return Motion(t_s=t_s, step_s=1.0, activity=activity, valid=valid, animal_found=True, animal_area_px=9.0)


def test_the_longest_bout_and_the_liveliest_moment_are_shown() -> None:
    bouts = [DetectedBout(behaviour="immobile", start_s=a, stop_s=b) for a, b in ((6.0, 8.0), (9.0, 14.5))]
    shown = seen().of(motion(), bouts, None)
    assert [one.t_s for one in shown] == [11.0, 17.0]
    assert shown[1].picture.shape == (24, 320) and shown[1].picture[0, 0] == 170


def test_a_trial_in_a_box_is_cut_out_and_has_its_own_clock() -> None:
    (only,) = seen(t0_s=2.0).of(motion(), [], (100, 20, 40, 10))
    assert only.t_s == 17.0 and only.picture.shape == (5, 20)


def test_without_frames_there_is_nothing_to_show() -> None:
    assert Stills(t0_s=0.0, window_s=(0.0, 9.0)).of(motion(), [], None) == ()
