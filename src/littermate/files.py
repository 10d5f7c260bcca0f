"""Files: known by the SHA-256 of their bytes, and written whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from littermate.errors import FileError

__all__ = ["require_file", "sha256_of", "written_whole"]


def require_file(path: str | Path, kind: type[FileError] = FileError) -> Path:
    """Return the path of an existing file that is not empty.

    Raises
    ------
    FileError
        Of the `kind` asked for, where there is no such file or nothing in it.
    """
    path = Path(path)
    if not path.is_file():
        found = "a folder" if path.is_dir() else "no such file"
        raise kind(expected="a file", found=found, do="check the name and the folder", where=str(path))
    if path.stat().st_size == 0:
        raise kind(expected="a file with content", found="an empty file", do="copy it again", where=str(path))
    return path


def sha256_of(path: str | Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def written_whole(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside `path`, and rename it to `path` only if the block ends well.

    Raises
    ------
    FileError
        If nothing can be written there.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with written_whole(target) as part:
    ...     _ = part.write_text("whole", encoding="utf-8")
    >>> target.read_text(encoding="utf-8")
    'whole'
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise IsADirectoryError("a folder of that name")
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-", suffix=path.suffix)
    except OSError as fault:
        raise FileError(
            expected="a place where a file can be written",
            found=fault.strerror or str(fault),
            do="choose another folder or name",
            where=str(path),
        ) from fault
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
