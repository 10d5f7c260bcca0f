"""Serving and its people on the command line."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.cli.test_study_commands import run

from littermate.model.recording import Recording
from littermate.model.trial import Trial
from littermate.store.raw_files import RecordingFile
from littermate.study import Study

PASSWORD = "battery staple"


@pytest.fixture
def password(tmp_path: Path) -> Path:
    file = tmp_path / "password.txt"
    file.write_text(PASSWORD + "\n", encoding="utf-8")
    return file


def test_help_names_the_options(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("serve", "--help") == 0
    text = capsys.readouterr().out
    for option in ("--host", "--port", "--name", "--certificate", "--key", "--open"):
        assert option in text
    assert run("user", "--help") == 0
    assert {"add", "list", "password", "close"} <= set(capsys.readouterr().out.split())


def test_people_are_added_listed_and_closed(
    small_study: Study, password: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ("--study", small_study.folder.root)
    with_password = ("--password-file", password)
    assert run("user", "add", "ada", "--role", "custodian", *with_password, *folder) == 0
    assert run("user", "add", "Zoë [lab]", *with_password, *folder) == 0
    assert "Zoë [lab] may sign in as scorer" in capsys.readouterr().out
    assert run("user", "list", "--json", *folder) == 0
    people = json.loads(capsys.readouterr().out)["people"]
    assert people == [{"name": "Zoë [lab]", "role": "scorer"}, {"name": "ada", "role": "custodian"}]
    assert run("user", "password", "ada", *with_password, *folder) == 0
    assert run("user", "close", "Zoë [lab]", *folder) == 0
    assert run("user", "list", *folder) == 0
    assert "Zoë" not in capsys.readouterr().out.partition("people")[2]
    assert run("user", "close", "ada", *folder) == 1, "the last custodian stays"
    assert small_study.sign_in("ada", PASSWORD) is not None


@pytest.mark.parametrize(
    ("name", "role", "words"),
    [("ada", "king", "one of the roles"), ("program", "scorer", "a person's name"), ("", "scorer", "a person's name")],
)
def test_a_person_that_cannot_be(
    small_study: Study, password: Path, capsys: pytest.CaptureFixture[str], name: str, role: str, words: str
) -> None:
    folder = ("--study", small_study.folder.root)
    assert run("user", "add", name, "--role", role, "--password-file", password, *folder) == 2
    assert words in capsys.readouterr().err
    assert small_study.accounts == ()


def test_a_password_is_asked_for_twice_and_never_shown(
    small_study: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ("--study", small_study.folder.root)
    given = iter([PASSWORD, PASSWORD, PASSWORD, "another one", "short", "short"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(given))
    assert [run("user", "add", name, *folder) for name in ("bo", "cy", "di")] == [0, 2, 2]
    said = capsys.readouterr()
    assert PASSWORD not in said.out + said.err
    assert [one.name for one in small_study.accounts] == ["bo"]
    assert PASSWORD not in str([entry.arguments for entry in small_study.database.entries()])
    assert run("user", "password", "nobody", "--password-file", small_study.folder.protocol_path, *folder) == 2


def test_clips_are_given(with_trials: Study, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ("--study", with_trials.folder.root, "--assay", "forced swim")
    assert run("give-clips", "[bo]", "--share", 50, "--repeats", 0, "--practice", 1, "--seed", 3, *folder) == 0
    assert "[bo]: littermate serve" in capsys.readouterr().out
    assert len(with_trials.clips(scorer="[bo]")) == 4, "half of 6 trials and one for practice"
    assert run("give-clips", "bo", "--share", 0, *folder) == 2
    assert run("give-clips", "bo", "--study", with_trials.folder.root, "--assay", "nonsense") == 2


@pytest.fixture
def with_trials(small_study: Study) -> Study:
    """A study with six trials and no files: giving them out needs none."""
    small_study.allocate(seed=1)
    with small_study.database.writing("ada", "add recordings", {}) as write:
        for number, tag in enumerate(small_study.tags[:6]):
            about = {"path": f"recordings/{number}.mp4", "sha256": f"{number:064x}"}
            size = {"codec": "h264", "width": 320, "height": 240, "frames_decoded": 180, "frames_header": 180}
            rate = {"duration_s": 12.0, "fps_median": 15.0, "variable_frame_rate": False, "corrupt_frames": 0}
            write.recordings([RecordingFile(recording=Recording(**about, **size, **rate))])
            name = f"CCCCCC{'CDFGHJ'[number]}{'KMNPQR'[number]}"
            write.trials(
                [Trial(id=name, code=tag.code, assay="forced swim", recording=about["path"], sha256=about["sha256"])]
            )
    return small_study


# Serving ----------------------------------------------------------------------------------------------------------


def test_what_cannot_be_served_is_said(small_study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = small_study.folder.root
    tries = [
        ((study, "--host", "0.0.0.0"), 1, "littermate user add NAME --role custodian"),
        ((study, "--certificate", tmp_path / "c.pem"), 2, "give both, or none"),
        ((study, "--certificate", tmp_path / "c.pem", "--key", tmp_path / "k.pem"), 1, "no such file"),
        ((tmp_path / "none",), 1, "a study folder"),
        ((study, "--port", 70000), 2, "--port"),
    ]
    for words, code, said in tries:
        assert run("serve", *words) == code, words
        err = capsys.readouterr().err
        assert said in err
        assert "Traceback" not in err


def test_a_port_that_is_taken_is_said(small_study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert run("serve", small_study.folder.root, "--port", port) == 2
    assert f"the port {port} of 127.0.0.1 to be free" in capsys.readouterr().err


@contextmanager
def started(study: Study) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the program, and give it with the link that it prints."""
    words = [sys.executable, "-c", "from littermate.cli.main import main; main()", "serve", str(study.folder.root)]
    program = subprocess.Popen(
        [*words, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert program.stdout is not None
        link = next(found[0] for line in program.stdout if (found := re.search(r"http://\S+", line)))
        yield program, link
    finally:
        program.kill()
        program.communicate()


@pytest.mark.skipif(os.name != "posix", reason="ctrl-C is another thing there")
def test_it_serves_and_ctrl_c_ends_it(small_study: Study) -> None:
    """Two of the same study at once; each ends without a trace, with connections open."""
    with (
        started(small_study) as (program, link),
        started(small_study) as (other, other_link),
        httpx.Client(timeout=60) as client,
        httpx.Client(timeout=60) as second,
    ):
        assert client.get(link).status_code == 303
        assert client.get(link).status_code == 403
        assert second.get(other_link).status_code == 303
        for one in (program, other):
            one.send_signal(signal.SIGINT)
            out, err = one.communicate(timeout=60)
            assert one.returncode in (0, 130), err
            assert "Traceback" not in out + err
            assert "Error" not in err
