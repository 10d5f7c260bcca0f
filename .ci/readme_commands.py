"""Print the commands of the README's first code block, one a line."""

import re
from pathlib import Path

readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
block = re.search(r"```sh\n(.*?)```", readme, re.DOTALL)
if block is None:
    raise SystemExit("README.md has no ```sh block")
for line in block[1].splitlines():
    command = line.split("  #")[0].strip()
    if command:
        print(command)
