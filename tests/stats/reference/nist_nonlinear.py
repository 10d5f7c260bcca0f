"""Collect NIST's nonlinear regression sets (StRD, public domain) from a folder of its .dat files.

python nist_nonlinear.py FOLDER > nist_nonlinear.json
"""

import json
import re
import sys
from pathlib import Path


def certified(text: str, name: str) -> float:
    found = re.search(rf"{name}:\s+(\S+)", text)
    assert found is not None, name
    return float(found[1])


def one_set(text: str) -> dict[str, object]:
    rows = re.findall(r"^\s*b\d+\s*=\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)", text, re.M)
    columns = [list(map(float, column)) for column in zip(*rows, strict=True)]
    lines = text.rsplit("Data:", 1)[1].splitlines()[1:]
    return {
        **dict(zip(("start1", "start2", "parameters", "sd"), columns, strict=True)),
        "rss": certified(text, "Residual Sum of Squares"),
        "resid_sd": certified(text, "Residual Standard Deviation"),
        "df": int(certified(text, "Degrees of Freedom")),
        "data": [list(map(float, line.split())) for line in lines if line.strip()],
    }


if __name__ == "__main__":
    sets = {path.stem: one_set(path.read_text()) for path in sorted(Path(sys.argv[1]).glob("*.dat"))}
    sys.stdout.write(
        "{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(one)}" for name, one in sets.items()) + "\n}\n"
    )
