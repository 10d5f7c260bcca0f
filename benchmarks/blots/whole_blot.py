"""Whole blot: a membrane of 16 lanes, from the image's file to the table of volumes.

1500 x 2000 px of 16 bit, simulated: six rows of bands, of which two run into one another, smile, lean, smears and
specks. `in process` is `read_blot` and `quantify_image`; the command is the program with all its starting. Reading the
file alone stands beside: nothing can be faster. With `--gelpy PYTHON` (a Python in which gelpy is installed, which is
GPL and no part of this project) its own program runs on the same file, told the number of lanes, as a process of its
own and with a limit of 240 s.

Run: python benchmarks/blots/whole_blot.py [--cache DIR] [--quick] [--gelpy PYTHON].
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "video"))

from measure import (
    Claim,
    Costs,
    Setting,
    Task,
    claims_table,
    machine,
    run_in_turns,
    run_once,
    setting_from_words,
    table,
)

LANES = 16
ROWS = (200.0, 420.0, 640.0, 676.0, 960.0, 1250.0)
HEIGHT, WIDTH = 1500, 2000
MUST_S = 3.0
LIMIT_S = 240.0
FILE, FIT, VALLEY, COMMAND = "the file alone", "in process", "in process, cut at valleys", "littermate blot --json"
_MAIN = "import sys; from littermate.cli.main import main; main(sys.argv[1:])"


def membrane(cache: Path) -> Path:
    """Paint the membrane, once."""
    import numpy as np
    import tifffile

    from littermate.simulate.blot import BandRow, BlotScene, paint_blot

    path = cache / "membrane_16_lanes.tif"
    if not path.is_file():
        scene = BlotScene(
            width=WIDTH,
            height=HEIGHT,
            margin_px=60,
            band_sigma_px=10.0,
            smile_px=25.0,
            tilt_deg=1.0,
            streaks=4,
            dust=30,
        )
        amounts = np.random.default_rng(1).lognormal(0, 0.25, (len(ROWS), LANES))
        rows = [BandRow(row_px=row, volumes=tuple(line)) for row, line in zip(ROWS, amounts.tolist(), strict=True)]
        pixels, _ = paint_blot(rows, scene=scene, seed=1)
        tifffile.imwrite(path, pixels, photometric="minisblack")
    return path


def file_alone(path: str) -> Callable[[], Any]:
    """Read the file and do nothing with it."""
    import tifffile

    return lambda: list(tifffile.imread(path).shape)


def in_process(path: str, overlap: str) -> Callable[[], Any]:
    """Read and measure."""
    from littermate.blots.bands import quantify_image
    from littermate.blots.image import read_blot
    from littermate.blots.rules import BandRules, BlotRules

    rules = BlotRules(bands=BandRules(overlap=overlap))

    def work() -> Any:
        found = quantify_image(read_blot(path), rules=rules).lanes
        return {"lanes": len(found), "bands": sum(len(lane.bands) for lane in found)}

    return work


def stages(path: str) -> Callable[[], Any]:
    """Read and measure, with the CPU of reading, of finding lanes and of measuring bands."""
    from littermate.blots.bands import measure_bands
    from littermate.blots.image import read_blot
    from littermate.blots.lanes import find_lanes

    def work() -> Any:
        clocks = [time.process_time()]
        blot = read_blot(path)
        clocks.append(time.process_time())
        lanes = find_lanes(blot)
        clocks.append(time.process_time())
        measure_bands(blot, lanes)
        clocks.append(time.process_time())
        return [after - before for before, after in pairwise(clocks)]

    return work


def command(path: str) -> Callable[[], Any]:
    """Run the program as a process."""

    def work() -> Any:
        words = [sys.executable, "-c", _MAIN, "blot", path, "--json"]
        told = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
        peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)
        bands = sum(len(lane["bands"]) for lane in told["lanes"])
        return {"lanes": len(told["lanes"]), "bands": bands, "peak_mb": peak_mb}

    return work


def gelpy(path: str, python: str) -> Callable[[], Any]:
    """Run gelpy's program, a step a process; the result is each step's name, wall time, and what it found."""

    def work() -> Any:
        ends, said = time.perf_counter() + LIMIT_S, []
        with tempfile.TemporaryDirectory() as folder:
            run = str(Path(folder) / "run")
            for name, words in _gelpy_steps(run, path).items():
                started = time.perf_counter()
                try:
                    out = _gelpy_step([python, "-m", "gelpy", *words], ends - started)
                except subprocess.TimeoutExpired:
                    return [*said, [name, None, ""]]
                said.append([name, time.perf_counter() - started, _gelpy_found(json.loads(out))])
        return said

    return work


def _gelpy_steps(run: str, path: str) -> dict[str, list[str]]:
    return {
        "image read": ["init", run, path, "--n-lanes", str(LANES)],
        "lanes placed": ["lanes", "detect", run, "--n-lanes", str(LANES), "--apply", "--no-plot"],
        "profiles": ["profiles", "extract", run, "--allow-raw"],
        "peaks fitted": ["fit", "run", run, "--allow-raw"],
    }


def _gelpy_step(words: list[str], seconds: float) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=max(seconds, 0.1))
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stderr}")
    return done.stdout


def _gelpy_found(told: dict[str, Any]) -> str:
    if "centers" in told:
        return f"{len(told['centers'])} lanes"
    bands = [lane.get("bands", 0) for lane in told.get("lanes", {}).values()]
    return f"{sum(bands)} bands" if bands else ""


def _tasks(path: Path) -> list[Task]:
    def task(name: str, function: str, *more: str) -> Task:
        return Task(name=name, file=__file__, function=function, arguments=(str(path), *more))

    return [
        task(FILE, "file_alone"),
        task(FIT, "in_process", "fit"),
        task(VALLEY, "in_process", "valley"),
        task(COMMAND, "command"),
    ]


def _row(one: Costs, alone: Costs) -> list[str]:
    wall, cpu = one.column("wall_s"), one.column("work_s")
    times = [a / b for a, b in zip(wall, alone.column("wall_s"), strict=True)]
    found = one.result if isinstance(one.result, dict) else {}
    peak = found.get("peak_mb", max(one.column("peak_mb")))
    return [
        one.task.name,
        f"{min(wall):.3f} / {statistics.median(wall):.3f}",
        f"{min(cpu):.3f} / {statistics.median(cpu):.3f}",
        f"{statistics.median(times):.0f}",
        f"{statistics.median(one.column('start_s')):.2f}" if one.task.name != COMMAND else "in it",
        f"{peak:.0f}",
        f"{found['lanes']} lanes, {found['bands']} bands" if found else "",
    ]


def _shares(path: Path) -> str:
    parts = run_once(Task(name="stages", file=__file__, function="stages", arguments=(str(path),))).result
    names = ("reading and judging the image", "finding lanes", "measuring bands")
    return "CPU in process: " + ", ".join(f"{name} {part:.2f} s" for name, part in zip(names, parts, strict=True)) + "."


def _gelpy_words(path: Path, python: str | None, ours: Costs) -> str:
    if python is None:
        return "gelpy was not run (give --gelpy)."
    cost = run_once(Task(name="gelpy", file=__file__, function="gelpy", arguments=(str(path), python)))
    steps = [
        f"{name} {f'over {LIMIT_S:g} s in all' if wall is None else f'{wall:.1f} s'}{f' ({found})' if found else ''}"
        for name, wall, found in cost.result
    ]
    times = cost.wall_s / statistics.median(ours.column("wall_s"))
    return (
        f"gelpy, told that there are {LANES} lanes, each step a process with its own start-up: {', '.join(steps)};"
        f" in all {cost.wall_s:.1f} s wall, {cost.work_s:.1f} s CPU, {times:.0f} times the wall time of `{COMMAND}`."
    )


def report(setting: Setting, python: str | None) -> str:
    """Measure the membrane."""
    path = membrane(setting.cache)
    costs = run_in_turns(_tasks(path), rounds=setting.rounds(7))
    for name in (FIT, VALLEY, COMMAND):
        if costs[name].result["lanes"] != LANES:
            raise SystemExit(f"{name}: {costs[name].result['lanes']} lanes found of {LANES}")
    claims = [
        Claim(
            what=f"{name}: wall time", must=MUST_S, measured=statistics.median(costs[name].column("wall_s")), unit=" s"
        )
        for name in (FIT, VALLEY, COMMAND)
    ]
    columns = [
        "what",
        "wall min / median, s",
        "CPU min / median, s",
        "x the file alone",
        "start-up, s",
        "peak MB",
        "found",
    ]
    rows = [_row(one, costs[FILE]) for one in costs.values()]
    about = f"{WIDTH} x {HEIGHT} px, {LANES} lanes, {len(ROWS)} rows of bands, {path.stat().st_size / 1e6:.1f} MB"
    return "\n\n".join(
        [
            "## Whole blot",
            machine() + ".",
            claims_table(claims),
            about,
            table(columns, rows),
            _shares(path),
            _gelpy_words(path, python, costs[COMMAND]),
        ]
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--gelpy", metavar="PYTHON", help="a Python in which gelpy is installed, to run it beside")
    asked, rest = parser.parse_known_args()
    with setting_from_words(rest) as setting:
        print(report(setting, asked.gelpy))
