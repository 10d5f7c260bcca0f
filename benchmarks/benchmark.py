"""Write docs/benchmarks.md from real runs: python benchmarks/benchmark.py [CLAIM ...] [--cache DIR] [--quick].

Each claim is a runnable file of benchmarks/video with a function `report(setting)`. Without names all are run and the
page is written; with names, only those are run and printed, and the page is left alone. So it is with --quick.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "video"))

from measure import Setting, TaskError, load, machine, setting_from_words  # noqa: E402

CLAIMS = ("swim_cost", "beakers", "two_files", "window", "field_cost", "memory")
HEAD = """# Benchmarks

Written by `python benchmarks/benchmark.py` on {day} from the runs it describes. Nothing here is typed in by hand.
{machine}.

CPU is user + system time of a process of its own for every measurement. The reference, and the physical limit, is
decoding alone: PyAV, one thread, every frame, nothing touched but the buffer of plane 0, in the same rounds and on the
same file. **Ratio** is the headline: work over decoding, both after starting and importing, median over the rounds.
"Of minima" is the ratio of the smallest times; "with start-up" counts starting Python and importing on both sides,
which is what one short file feels like. Peak memory is of the whole process. Alternatives ran once, for their place.
"""


def section(name: str, setting: Setting) -> str:
    """Run one claim and return its markdown."""
    if name not in CLAIMS:
        raise SystemExit(f"no claim {name}; there are {', '.join(CLAIMS)}")
    print(f"running {name}", file=sys.stderr)
    try:
        text = str(load(str(HERE / "video" / f"{name}.py")).report(setting)).strip()
    except TaskError as fault:
        text = f"## {name}\n\n**Could not be measured:**\n\n```\n{fault}\n```"
    print(text, flush=True)
    return text


def main() -> None:
    """Run the claims asked for."""
    names = [word for word in sys.argv[1:] if word in CLAIMS]
    with setting_from_words([word for word in sys.argv[1:] if word not in CLAIMS]) as setting:
        if names or setting.quick:
            for name in names or CLAIMS:
                section(name, setting)
            return
        done: dict[str, str] = {}
        for name in CLAIMS:
            done[name] = section(name, setting)
            _write(done)


def _write(done: dict[str, str]) -> None:
    """Write the page after every claim, so that a run that is stopped leaves what it has, and says what it has not."""
    head = HEAD.format(day=date.today().isoformat(), machine=machine()).strip()
    parts = [done.get(name, f"## {name}\n\nNot run: the run was stopped before it came to this.") for name in CLAIMS]
    (HERE.parent / "docs" / "benchmarks.md").write_text("\n\n".join([head, *parts]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
