"""Write docs/validation.md from real runs: python benchmarks/validate.py [--write] [SECTION ...].

Each section is a module of benchmarks/validation with a function `section()` that runs what it reports. Without
arguments all are run and the page is written anew. With names only those are run: shown, or with `--write` put in the
place of the page's section of the same heading.
"""

import importlib.util
import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import littermate

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "validation.md"
SECTIONS = (
    *("forced_swim", "open_field", "blots", "plates"),
    *("allocation", "power", "anova", "robust", "mixed", "randomization", "dose"),
    *("reported_tests", "audit_findings", "meta"),
)
HEAD = """# Validation

Written by `python benchmarks/validate.py` from the runs it describes, with littermate {version}. Nothing here is typed
in by hand. "Truth" is what a generator planted or what an outside program computed. Settings of the video and blot
methods were chosen on scenes of the same generators (mostly with other seeds) and on the few real files named here, so
the simulated tables show that a method does what it was made for, and not how it does on recordings of other labs.
Files that nobody here made are not part of the project; where they are absent, the section says so.
"""


def section(name: str) -> str:
    """Run one section and return its markdown."""
    spec = importlib.util.spec_from_file_location(f"validation_{name}", HERE / "validation" / f"{name}.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"no section {name}; there are {', '.join(SECTIONS)}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    print(f"running {name}", file=sys.stderr)
    return str(module.section()).strip()


def main() -> None:
    """Run the sections asked for."""
    names = [word for word in sys.argv[1:] if word != "--write"]
    if names:
        parts = [section(name) for name in names]
        if "--write" in sys.argv:
            PAGE.write_text(with_sections(PAGE.read_text(encoding="utf-8"), parts), encoding="utf-8")
        else:
            print("\n\n".join(parts))
        return
    with ProcessPoolExecutor(max_workers=min(os.cpu_count() or 1, len(SECTIONS))) as pool:
        parts = [HEAD.format(version=littermate.__version__).strip(), *pool.map(section, SECTIONS)]
    PAGE.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def with_sections(page: str, parts: list[str]) -> str:
    """Return the page with sections in place of those of the same heading; one with a new heading comes last."""
    for part in parts:
        heading = re.escape(part.partition("\n")[0])
        page, found = re.subn(
            rf"^{heading}\n.*?(?=^## |\Z)", lambda _, part=part: part + "\n\n", page, flags=re.M | re.S
        )
        if found > 1:
            raise SystemExit(f"{found} sections are headed {heading}: run all")
        if not found:
            page = f"{page.strip()}\n\n{part}\n"
    return page.strip() + "\n"


if __name__ == "__main__":
    main()
