"""One-file commands: the keys of the contract, a picture beside them, and one clear error."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from littermate.cli.main import main
from littermate.files import sha256_of
from littermate.model.bout import DetectedBout
from littermate.simulate.blot import BlotScene, write_blot
from littermate.simulate.field_scene import FieldScene, write_field
from littermate.simulate.plate import write_bca, write_elisa
from littermate.simulate.swim_scene import Swimmer, SwimScene, draw_bouts, write_beakers, write_swim
from littermate.simulate.wander import wander

PNG = b"\x89PNG"


class Run:
    """Run a command as a user would, and give its JSON, its words and its exit code."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: object) -> int:
        self._capsys.readouterr()
        try:
            main([str(word) for word in words])
        except SystemExit as stop:
            code = stop.code
        self.out, self.err = self._capsys.readouterr()
        return code if isinstance(code, int) else 0

    @property
    def json(self) -> dict:
        return json.loads(self.out)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(capsys)


@pytest.fixture(scope="module")
def swim_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("swim") / "mouse.mp4"
    bouts = draw_bouts(immobile_fraction=0.5, duration_s=12, window_s=(2, 12), seed=5)
    write_swim(path, bouts, scene=SwimScene.small(), duration_s=12, seed=5)
    return path


@pytest.fixture(scope="module")
def field_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("field") / "mouse.mp4"
    write_field(path, wander(duration_s=12, size_cm=48, seed=5), scene=FieldScene.small(), seed=5)
    return path


def test_swim(run: Run, swim_file: Path, tmp_path: Path) -> None:
    figure = tmp_path / "swim.png"
    assert run("swim", swim_file, "--window", "2,12", "--figure", figure, "--json") == 0
    found = run.json
    assert {"littermate", "rules", "findings", "recording", "trials"} <= set(found)
    assert found["rules"]["hash"]
    assert found["recording"]["frames_decoded"] == 180
    (trial,) = found["trials"]
    keys = {"arena_px", "t0_s", "window_s", "scorable_s", "missing_s", "immobility_s", "immobility_percent"}
    assert keys | {"latency_s", "latency_censored", "bouts", "animal_found"} <= set(trial)
    assert trial["immobility_s"] == pytest.approx(5.0, abs=0.5)
    assert figure.read_bytes().startswith(PNG)


def test_swim_in_words_shows_the_rule(run: Run, swim_file: Path) -> None:
    assert run("swim", swim_file, "--window", "2,12") == 0
    assert "immobility (s)" in run.out
    assert "Rules" in run.out


def test_a_window_beyond_the_recording_is_said(run: Run, swim_file: Path) -> None:
    assert run("swim", swim_file, "--json") == 0
    (trial,) = run.json["trials"]
    assert trial["immobility_s"] is None
    assert trial["reason"]
    assert "cut-short" in {finding["id"] for finding in run.json["findings"]}


def test_field(run: Run, field_file: Path, tmp_path: Path) -> None:
    figure, track = tmp_path / "path.svg", tmp_path / "track.csv"
    assert run("field", field_file, "--size", "48cm", "--figure", figure, "--track", track, "--json") == 0
    (trial,) = run.json["trials"]
    keys = {"corners_px", "scorable_s", "missing_s", "distance_cm", "lines_crossed", "squares_entered"}
    assert keys | {"mean_speed_cm_s", "zones", "thigmotaxis"} <= set(trial)
    assert set(trial["zones"]) == {"outer", "middle", "centre"}
    zone_keys = {
        "time_s",
        "percent",
        "area_percent",
        "visits",
        "entries",
        "latency_s",
        "latency_censored",
        "distance_cm",
    }
    assert all(zone_keys <= set(zone) for zone in trial["zones"].values())
    assert sum(zone["time_s"] for zone in trial["zones"].values()) == pytest.approx(trial["scorable_s"])
    with track.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["t_s", "x_px", "y_px", "x_cm", "y_cm", "state"]
    assert len(rows) == 180
    assert b"<svg" in figure.read_bytes()


def test_blot_with_a_ladder(run: Run, tmp_path: Path) -> None:
    image, figure = tmp_path / "blot.tif", tmp_path / "blot.pdf"
    write_blot(image, [1.0, 0.5, 2.0, 1.0], scene=BlotScene.loading_control(), seed=2)
    assert run("blot", image, "--lanes", "4", "--figure", figure, "--json") == 0
    found = run.json
    assert {"path", "sha256", "dtype", "shape", "polarity", "saturated_px", "saturation_level"} <= set(found["image"])
    volumes = [max(band["volume"] for band in lane["bands"]) for lane in found["lanes"]]
    assert [volume / volumes[0] for volume in volumes] == pytest.approx([1, 0.5, 2, 1], rel=0.05)
    assert found["lanes"][0]["bands"][0]["mw_kda"] is None
    assert figure.read_bytes().startswith(b"%PDF")


def test_plate_of_a_readers_own_export(run: Run, tmp_path: Path) -> None:
    values = [("STD1", 100, 1.1, 0.05), ("STD2", 50, 0.6, 0.05), ("STD3", 25, 0.35, 0.05), ("SPL1", "", 0.5, 0.06)]
    columns = "\t1\t2\t3\t4"
    labels, amounts, first, second = ("\t".join(str(one[row]) for one in values) for row in range(4))
    file = tmp_path / "reader.txt"
    file.write_text(
        f"Software Version\t3\nPlate Number\tP\nReader Type:\tX\n\nLayout\n{columns}\nA\t{labels}\tWell ID\n"
        f"\t{amounts}\tConc/Dil\n\nResults\n{columns}\nA\t{first}\t450\n\t{second}\t570\n",
        encoding="utf-8",
    )
    assert run("plate", file, "--kind", "bca", "--curve", "linear", "--json") == 1
    assert run("plate", file, "--kind", "bca", "--curve", "linear", "--read", "450", "--json") == 0
    (plate,) = run.json["plates"]
    assert (plate["format"], plate["read"], plate["samples"][0]["name"]) == ("Gen5", "450", "SPL1")
    notes = [one["message"] for one in run.json["findings"] if one["importance"] == "note"]
    assert any("the file also has read '570'" in note for note in notes)


def test_a_recipe_repeats_a_blot(run: Run, tmp_path: Path) -> None:
    image, other, recipe = tmp_path / "blot.tif", tmp_path / "other.tif", tmp_path / "r.json"
    for seed, file in enumerate((image, other)):
        write_blot(file, [1.0, 0.5, 2.0, 1.0], scene=BlotScene.loading_control(), seed=seed)
    assert run("blot", image, "--lanes", "4", "--background", "local median", "--save-recipe", recipe, "--json") == 0
    first = run.json
    assert run("blot", image, "--recipe", recipe, "--json") == 0
    again = run.json
    assert (again["lanes"], again["rules"]) == (first["lanes"], first["rules"])
    assert run("blot", other, "--recipe", recipe, "--json") == 1
    assert run("blot", other, "--recipe", recipe, "--other-image", "--json") == 0
    assert "recipe-of-another-image" in [finding["id"] for finding in run.json["findings"]]
    assert run("blot", image, "--recipe", recipe, "--lanes", "4") == 2
    for idle in (("--labels", "a,b"), ("--crop", "1:2"), ("--control-kind", "total"), ("--inter-blot", "1")):
        assert run("blot", image, *idle) == 2


def test_blot_relative_to_its_control(run: Run, tmp_path: Path) -> None:
    target, control, figure = tmp_path / "bdnf.tif", tmp_path / "actin.tif", tmp_path / "pair.png"
    loads, scene = (1.0, 0.5, 0.25, 0.8, 0.6), BlotScene(width=420, height=160, dust=0, streaks=0, snr=60.0)
    ratios = (1.0, 1.0, 1.0, 1.2, 0.5)
    write_blot(target, [load * one for load, one in zip(loads, ratios, strict=True)], scene=scene, row=80, seed=2)
    write_blot(control, loads, scene=scene, row=80, seed=3)
    series = ("--dilution-series", "1:1,2:0.5,3:0.25")
    pair = ("blot", target, "--relative-to", control, "--lanes", "5")
    assert run(*pair, *series, "--inter-blot", "4", "--figure", figure, "--json") == 0
    found = run.json
    assert [one["unscaled"] for one in found["expression"]] == pytest.approx(ratios, rel=0.05)
    assert found["expression"][3]["value"] == pytest.approx(1)
    assert found["images"]["control"] == {"path": str(control), "sha256": sha256_of(control)}
    assert [one["holds"] for one in found["expression"]][2:] == ["dilution 0.25", "control", ""]
    assert found["linear_range"]["control"]["amounts"] == [0.25, 1]
    assert all((tmp_path / f"pair-{number}.png").read_bytes().startswith(PNG) for number in (1, 2, 3))
    assert run("blot", target, "--lanes", "5", *series, "--figure", figure, "--json") == 0
    assert run.json["linear_range"]["proportional"]
    assert run(*pair) == 0
    assert "bdnf/actin, 5 lanes" in run.out


def test_plate(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "elisa.csv"
    write_elisa(file, {"CX41": 120.0, "CX42": 80.0}, spike=250.0, recovery=0.95, seed=1)
    assert run("plate", file, "--kind", "elisa", "--figure", tmp_path / "curve.png", "--json") == 0
    (plate,) = run.json["plates"]
    assert plate["curve"]["model"] == "4pl"
    unspiked = {one["name"]: one["concentration"] for one in plate["samples"] if not one["spiked"]}
    assert unspiked == pytest.approx({"CX41": 120.0, "CX42": 80.0}, rel=0.1)
    assert [one["percent"] for one in run.json["recovery"]] == pytest.approx([95, 95], abs=10)


def test_plate_with_its_choices_and_what_to_load(run: Run, tmp_path: Path) -> None:
    file, sheet = tmp_path / "bca.csv", tmp_path / "load.html"
    write_bca(file, {"CX41": 4000.0, "CX42": 900.0}, seed=1, dilution=4)
    words = ("plate", file, "--kind", "bca", "--load", "40ug", "--volume", "20uL", "--dye", "5uL", "--json")
    choices = (
        "--weights",
        "none",
        "--fit-to",
        "means",
        "--blank",
        "none",
        "--curve",
        "linear",
        "--interval",
        "profile",
    )
    assert run(*words, *choices, "--exclude", "A1: bubble", "--loading-table", sheet) == 0
    (plate,) = run.json["plates"]
    assert plate["curve"]["model"] == "linear" and plate["curve"]["fit_to"] == "means" and plate["blank"] == 0
    assert plate["curve"]["verdict"] in ("good", "doubtful", "bad")
    assert plate["excluded"] == [{"well": "A1", "role": "standard", "content": "STD1", "reason": "bubble"}]
    assert plate["standards"][0]["wells"][0]["excluded"] == "bubble"
    rows = {row["sample"]: row for row in run.json["loading"]}
    assert rows["CX41"]["sample_ul"] == pytest.approx(10, rel=0.15)
    assert "too dilute" in rows["CX42"]["flags"]
    assert "CX41" in sheet.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ("--exclude", "A1"),
        ("--exclude", "H99: bubble"),
        ("--weights", "1/x"),
        ("--loading-table", "load.csv"),
        ("--spike-volume", "1.5"),
        ("--load", "40mL"),
    ],
)
def test_plate_refuses_impossible_choices(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    file = tmp_path / "bca.csv"
    write_bca(file, {"CX41": 4000.0}, seed=1)
    assert run("plate", file, "--kind", "bca", *words) == 2
    assert "expected" in run.err


def test_a_loading_table_needs_a_protein_assay(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "elisa.csv"
    write_elisa(file, {"CX41": 120.0}, spike=None, seed=1)
    assert run("plate", file, "--kind", "elisa", "--load", "40ug") == 2
    assert "protein assay" in run.err


def test_anova(run: Run, tmp_path: Path) -> None:
    """A balanced 2 x 2 of two a cell with means 1, 3, 5, 7 and spread 1: SS of a = 32, of b = 8, error 4 x 0.5 = 2."""
    table = tmp_path / "table.csv"
    rows = [
        (a, b, mean + off)
        for a, b, mean in (("n", "n", 1), ("n", "y", 3), ("y", "n", 5), ("y", "y", 7))
        for off in (-0.5, 0.5)
    ]
    table.write_text("a,b,y\n" + "\n".join(f"{a},{b},{y}" for a, b, y in rows), encoding="utf-8")
    assert run("anova", table, "y ~ a * b", "--figure", tmp_path / "groups.png", "--json") == 0
    effects = {effect["term"]: effect for effect in run.json["effects"]}
    assert effects["a"]["ss"] == pytest.approx(32)
    assert effects["b"]["ss"] == pytest.approx(8)
    assert effects["a:b"]["ss"] == pytest.approx(0, abs=1e-12)
    assert (effects["a"]["df"], effects["a"]["df_error"]) == (1, 4)
    assert effects["a"]["f"] == pytest.approx(64)


@pytest.fixture
def caged(tmp_path: Path) -> Path:
    """Twelve cages of two; one of each cage gets ketamine; every third cage the diet."""
    path = tmp_path / "caged.csv"
    lines = ["animal,cage,diet,ketamine,y"]
    for cage in range(12):
        diet = ("control", "low")[cage % 2]
        for place, drug in enumerate(("saline", "ketamine")):
            y = 100 - 20 * place + 5 * ((cage * 7) % 12) + 3 * ((cage * 5 + place * 7) % 11)
            lines.append(f"M{cage}{place},C{cage},{diet},{drug},{y}")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_anova_answers_all_that_is_asked_beside_it(run: Run, caged: Path, tmp_path: Path) -> None:
    words = ("--contrast", "ketamine - saline at diet = low", "--compare", "pairs", "--smallest-effect", "40")
    more = ("--randomise", "500", "--robust", "welch", "--sensitivity", "--residuals", tmp_path / "residuals.png")
    assert run("anova", caged, "y ~ diet * ketamine", *words, *more, "--export", tmp_path / "r", "--json") == 0
    found = run.json
    assert [len(family["rows"]) for family in found["comparisons"]] == [1, 6]
    assert found["equivalence"]["smallest_effect"] == 40
    assert {one["term"] for one in found["randomization"]["effects"]} == {"diet", "ketamine", "diet:ketamine"}
    assert found["robust"]["method"] == "Welch-James"
    assert found["sensitivity"][0]["analysis"] == "planned"
    assert (tmp_path / "r" / "analysis.R").is_file() and (tmp_path / "residuals.png").is_file()
    assert run("anova", caged, "y ~ diet * ketamine", *words, *more) == 0
    assert "drawn again" in run.out


def test_anova_takes_cages_and_repeated_measures(run: Run, caged: Path) -> None:
    assert run("anova", caged, "y ~ diet * ketamine + (1 | cage)", "--json") == 0
    effects = {effect["term"]: effect for effect in run.json["effects"]}
    assert effects["diet"]["df_error"] == pytest.approx(10)
    assert run.json["mixed"]["components"][0]["group"] == "cage"
    assert run("anova", caged, "y ~ diet * ketamine + (1 | cage)") == 0
    assert "pseudoreplication" in run.out
    assert run("anova", caged, "y ~ diet * ketamine + Error(cage/ketamine)", "--json") == 0
    assert [effect["term"] for effect in run.json["effects"]] == ["diet", "ketamine", "diet:ketamine"]
    assert run("anova", caged, "y ~ diet * ketamine + Error(cage/ketamine)", "--sensitivity") == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("swim", "no-such-file.mp4"), 1),
        (("swim", "no-such-file.mp4", "--window", "6 minutes"), 2),
        (("field", "no-such-file.mp4", "--size", "50 kg"), 2),
        (("field", "no-such-file.mp4"), 2),
        (("blot", "no-such-file.tif"), 1),
        (("blot", "no-such-file.tif", "--dilution-series", "3"), 2),
        (("blot", "no-such-file.tif", "--relative-to", "other.tif"), 2),
        (("blot", "no-such-file.tif", "--relative-to", "other.tif", "--lanes", "4", "--control-kind", "all"), 2),
        (("blot", "no-such-file.tif", "--relative-to", "other.tif", "--lanes", "4", "--inter-blot", "a"), 2),
        (("plate", "no-such-file.csv", "--kind", "elisa"), 1),
        (("plate", "no-such-file.csv", "--kind", "western"), 2),
        (("anova", "no-such-file.csv", "y ~ a"), 1),
        (("no-such-command",), 2),
        (("allocate", "--study", "no-such-folder"), 1),
        (("new", "pilot", "--template", "unknown"), 2),
    ],
)
def test_exit_codes(
    run: Run, words: tuple[str, ...], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*words) == code
    assert run.err
    assert list(tmp_path.iterdir()) == []


def test_an_error_is_one_json_object_too(run: Run) -> None:
    assert run("swim", "no-such-file.mp4", "--json") == 1
    assert {"expected", "found", "do"} <= set(run.json["error"])


@pytest.mark.parametrize(
    "words", [("swim",), ("anova", "t.csv", "y ~ a", "--type", "7"), ("field", "a", "--size=-3cm")]
)
def test_a_wrong_call_is_said_like_every_other_error(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words, "--json") == 2
    assert all(run.json["error"][key] for key in ("expected", "found", "do"))


def test_an_unknown_column_is_named(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("a,y\nn,1\ny,2\n", encoding="utf-8")
    assert run("anova", table, "y ~ a * weight", "--json") == 1
    assert "weight" in json.dumps(run.json["error"])


def test_a_figure_of_an_unknown_kind_is_refused(run: Run, swim_file: Path, tmp_path: Path) -> None:
    assert run("swim", swim_file, "--window", "2,12", "--figure", tmp_path / "swim.xyz") == 2
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def two_beakers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two beakers in one picture: the left mouse floats from 4 to 9 s, the right one never."""
    path = tmp_path_factory.mktemp("films") / "two.mp4"
    floats = (DetectedBout(behaviour="immobile", start_s=4.0, stop_s=9.0),)
    swimmers = [Swimmer(bouts=floats, seed=1), Swimmer(bouts=(), seed=2)]
    write_beakers(path, swimmers, scene=replace(SwimScene.small(), width=640), duration_s=12.0, seed=3)
    return path


@pytest.mark.parametrize("arenas", [(), ("--arena", "0,0,320,240", "--arena", "320,0,320,240")], ids=["found", "given"])
def test_beakers_in_one_picture_are_scored_each(run: Run, two_beakers: Path, arenas: tuple[str, ...]) -> None:
    assert run("swim", two_beakers, "--window", "2,12", "--json", *arenas) == 0
    left, right = run.json["trials"]
    assert left["immobility_s"] == pytest.approx(5.0, abs=0.5)
    assert right["immobility_s"] == 0
    assert left["arena_px"][0] + left["arena_px"][2] <= right["arena_px"][0]
    assert run.json["findings"] == []


def test_climbing_is_told_from_swimming_where_asked(run: Run, two_beakers: Path) -> None:
    assert run("swim", two_beakers, "--window", "2,12", "--arena", "0,0,320,240", "--climbing", "--json") == 0
    (trial,) = run.json["trials"]
    parts = [trial["immobility_s"], *(one["total_s"] for one in trial["behaviours"].values())]
    assert sum(parts) == pytest.approx(trial["scorable_s"])
    assert sorted(trial["behaviours"]) == ["climbing", "swimming"]


def test_an_overlay_is_a_recording_of_the_trial(run: Run, two_beakers: Path, tmp_path: Path) -> None:
    assert run("swim", two_beakers, "--window", "2,12", "--overlay", tmp_path / "seen.mp4") == 0
    assert run("video", "check", tmp_path / "seen.mp4", "--json") in (0, 1)
    assert run.json["recording"]["frames_decoded"] == 180


def test_a_result_is_never_written_over_the_recording(run: Run, field_file: Path) -> None:
    before = field_file.read_bytes()
    assert run("field", field_file, "--size", "48cm", "--track", field_file) == 2
    assert run("field", field_file, "--size", "48cm", "--overlay", field_file) == 2
    assert field_file.read_bytes() == before


def test_a_part_of_a_recording_is_not_said_to_lack_frames(run: Run, field_file: Path, tmp_path: Path) -> None:
    assert run("field", field_file, "--size", "48cm", "--duration", "5", "--json") == 0
    assert run.json["findings"] == []
    assert run("field", field_file, "--size", "48cm", "--figure", field_file / "a.png") == 1
    assert "can be written" in run.err


def test_two_beakers_are_two_arenas(run: Run, two_beakers: Path) -> None:
    assert run("video", "check", two_beakers, "--json") == 0
    assert [one["id"] for one in run.json["findings"]] == ["several-arenas"]
