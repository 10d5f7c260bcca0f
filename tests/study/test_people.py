"""What may be said of a study to those who must not know: names of files, hashes and folders are replaced."""

from littermate.model.recording import Recording
from littermate.model.trial import Trial
from littermate.store.raw_files import RecordingFile
from littermate.study import Study

SHA256 = "ab" * 32


def with_recording(study: Study, path: str) -> Study:
    if not study.tags:
        study.allocate(seed=1)
    size = {"codec": "h264", "width": 320, "height": 240, "frames_decoded": 180, "frames_header": 180}
    rate = {"duration_s": 12.0, "fps_median": 15.0, "variable_frame_rate": False, "corrupt_frames": 0}
    with study.database.writing("ada", "add recordings", {}) as write:
        write.recordings([RecordingFile(recording=Recording(path=path, sha256=SHA256, **size, **rate))])
        write.trials(
            [Trial(id="CDFGHJKM", code=study.tags[0].code, assay="forced swim", recording=path, sha256=SHA256)]
        )
    return study


def test_names_and_hashes_of_files_are_replaced(small_study: Study) -> None:
    study, path = with_recording(small_study, "recordings/2019-03-07 ketamine (C17).mp4"), "recordings/"
    said = [
        f"{path}2019-03-07 ketamine (C17).mp4: too dark",
        f"{study.folder.root}/{path}2019-03-07 ketamine (C17).mp4",
        "2019-03-07 ketamine (C17).mp4, 2019-03-07 ketamine (C17)",
        f"of {SHA256} and {SHA256[:12]}",
        f"in {study.folder.root}",
    ]
    name = "the recording of CDFGHJKM"
    assert study.without_file_names(said) == (
        f"{name}: too dark",
        name,
        f"{name}, {name}",
        f"of {name} and {name}",
        "in the study's folder",
    )


def test_a_short_name_is_replaced_as_a_word_only(small_study: Study) -> None:
    study = with_recording(small_study, "recordings/k1.mp4")
    assert study.without_file_names(["k1: mask10, k1.mp4"]) == (
        "the recording of CDFGHJKM: mask10, the recording of CDFGHJKM",
    )
    assert study.without_file_names(["no value at all"]) == ("no value at all",)
    assert study.without_file_names([]) == ()


def test_a_code_stays_though_a_recording_is_called_by_it(small_study: Study) -> None:
    study = small_study
    study.allocate(seed=1)
    code = study.tags[0].code
    study = with_recording(study, f"recordings/{code}.mp4")
    assert study.without_file_names([f"no trial of {code}"]) == (f"no trial of {code}",)


def test_the_neutral_name_says_nothing_and_stays(small_study: Study) -> None:
    name = small_study.neutral_name
    assert name.startswith("Study ")
    assert len(name) == len("Study ") + 4
    assert name == small_study.acting_as("bo").neutral_name
    assert small_study.database.study_id not in name
