"""Media: a playable copy sent in parts, with nothing in its headers that tells when or from what it was made."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi.responses import FileResponse

__all__ = ["ClipResponse"]


class ClipResponse(FileResponse):
    """A file with ranges, and without a date, a name or a tag that two showings of one trial would share."""

    def __init__(self, path: Path, media_type: str) -> None:
        super().__init__(path, media_type=media_type)

    def set_stat_headers(self, stat_result: os.stat_result) -> None:
        """Say the length, and no more."""
        self.headers.setdefault("content-length", str(stat_result.st_size))
