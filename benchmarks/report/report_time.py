"""Report time: from a scored study of 32 animals to the page, its figures, tables and texts.

The study is the demo's, scored and unblinded once and kept in the cache (minutes). `littermate report` is the program
with all its starting, the first time (pictures of whole blots are drawn and kept) and again. Beside it, in processes of
their own: starting and opening the study; its analyses; and drawing the figures of the page and writing their three
files, which no report that has them can be quicker than.

Run: python benchmarks/report/report_time.py [--cache DIR] [--quick] [--study DIR].
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "video"))

from measure import Claim, Costs, Setting, Task, claims_table, machine, run_in_turns, setting_from_words, table

MUST_S = 15.0
OPENED, ANALYSED, FIGURES = "starting, opening the study", "analyses", "figures alone"
FIRST, AGAIN = "littermate report, first", "littermate report, again"
_MAIN = "import sys; from littermate.cli.main import main; main(sys.argv[1:])"
_KEPT = "blot-*-uncropped*"


def opened(study: str) -> Callable[[], Any]:
    """Start Python, import the package and open the study."""

    def work() -> Any:
        import littermate as lm

        return len(lm.open_study(study).animals)

    return work


def analysed(study: str) -> Callable[[], Any]:
    """Analyse all planned outcomes, with what stands beside them."""
    import littermate as lm
    from littermate.study.analysing import analyse

    record = lm.open_study(study)
    return lambda: len(analyse(record))


def figures(study: str) -> Callable[[], Any]:
    """Draw the page's figures and write them as SVG, PDF and PNG."""
    import littermate as lm
    from littermate.report.figures import draw_figure, save_figure
    from littermate.report.grouping import plan_figures
    from littermate.study.analysing import analyse

    record = lm.open_study(study)
    plans = plan_figures(record.protocol, analyse(record))

    def work() -> Any:
        with tempfile.TemporaryDirectory() as folder:
            return sum(len(save_figure(draw_figure(plan), folder, plan.name)) for plan in plans)

    return work


def command(study: str, first: bool) -> Callable[[], Any]:
    """Run the program as a process."""

    def work() -> Any:
        if first:
            for kept in (Path(study) / "tracks").glob(_KEPT):
                kept.unlink()
        subprocess.run([sys.executable, "-c", _MAIN, "report", "--study", study], check=True, stdout=subprocess.DEVNULL)
        peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)
        return {"peak_mb": peak_mb, "page_mb": (Path(study) / "report" / "report.html").stat().st_size / 1e6}

    return work


@contextmanager
def _scored(given: str | None, cache: Path) -> Iterator[Path]:
    """Give a copy of the finished study, so that no run adds to the journal of another."""
    source = Path(given) if given else cache / "demo"
    if not source.is_dir():
        subprocess.run([sys.executable, "-c", _MAIN, "demo", str(source)], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        yield Path(shutil.copytree(source, Path(folder) / "study"))


def _row(one: Costs, limit: Costs) -> list[str]:
    wall, cpu = one.column("wall_s"), one.column("work_s")
    found = one.result if isinstance(one.result, dict) else {}
    return [
        one.task.name,
        f"{min(wall):.2f} / {statistics.median(wall):.2f}",
        f"{min(cpu):.2f} / {statistics.median(cpu):.2f}",
        f"{statistics.median(a / b for a, b in zip(wall, limit.column('wall_s'), strict=True)):.1f}",
        f"{found.get('peak_mb', max(one.column('peak_mb'))):.0f}",
        f"{found['page_mb']:.1f}" if found else "",
    ]


def report(setting: Setting, given: str | None) -> str:
    """Measure the report of the demo's study."""
    os.environ.setdefault("LITTERMATE_PASSPHRASE", "")
    with _scored(given, setting.cache) as study:
        words = (str(study),)
        tasks = [
            Task(name=OPENED, file=__file__, function="opened", arguments=words),
            Task(name=ANALYSED, file=__file__, function="analysed", arguments=words),
            Task(name=FIGURES, file=__file__, function="figures", arguments=words),
            Task(name=FIRST, file=__file__, function="command", arguments=(*words, True)),
            Task(name=AGAIN, file=__file__, function="command", arguments=(*words, False)),
        ]
        costs = run_in_turns(tasks, rounds=setting.rounds(5))
    claims = [
        Claim(
            what=f"{name}: wall time", must=MUST_S, measured=statistics.median(costs[name].column("wall_s")), unit=" s"
        )
        for name in (FIRST, AGAIN)
    ]
    columns = ["what", "wall min / median, s", "CPU min / median, s", "x figures alone", "peak MB", "page MB"]
    rows = [_row(one, costs[FIGURES]) for one in costs.values()]
    return "\n\n".join(["## Report time", machine() + ".", claims_table(claims), table(columns, rows)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--study", metavar="DIR", help="a finished study to report on, instead of the demo's")
    asked, rest = parser.parse_known_args()
    with setting_from_words(rest) as setting:
        print(report(setting, asked.study))
