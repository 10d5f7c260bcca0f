"""The walls of docs/architecture.md hold, and a hole in any of them is seen."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

HOLES = [
    ("layers", "video/frames.py", "from littermate.assays import forced_swim"),
    ("layers", "model/rules.py", "import littermate.report"),
    ("blind", "assays/forced_swim.py", "from littermate.model.allocation import Allocation"),
    ("blind", "video/motion.py", "import littermate.store.database"),
    ("key", "cli/main.py", "from littermate.store.key import open_seal"),
    ("nouns", "model/animal.py", "import pandas"),
]
NAMES = {
    "layers": "Faces call study, study composes workshops, workshops know only the nouns",
    "blind": "Scoring is blind",
    "key": "One door to the key",
    "nouns": "Nouns know no framework",
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy_of_the_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_walls_hold() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    for name in NAMES.values():
        assert f"{name} KEPT" in result.stdout


@pytest.mark.parametrize(("contract", "module", "line"), HOLES)
def test_a_hole_is_seen(copy_of_the_house: Path, contract: str, module: str, line: str) -> None:
    path = copy_of_the_house / "src" / "littermate" / module
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole + f"\n{line}\n", encoding="utf-8")
    try:
        result = lint(copy_of_the_house)
    finally:
        path.write_text(whole, encoding="utf-8")
    assert result.returncode == 1
    assert f"{NAMES[contract]} BROKEN" in result.stdout
