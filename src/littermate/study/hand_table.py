"""Hand table: finished hand scores as a CSV file, in the columns of `littermate.formats.scored_bouts`.

Trials go by their opaque ids and animals by their codes, never by the names of files. Times are seconds of the
recording. A stretch that was seen without any bout is a row with an empty behaviour; time in no row was not seen.
Practice, repeats and reviews are left out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from littermate.errors import StageError
from littermate.files import written_whole
from littermate.model.bout import ScoredBout
from littermate.model.hand_score import HandScore
from littermate.study.consensus import done_scores
from littermate.study.hand_scoring import hand_scores
from littermate.study.record import StudyRecord

__all__ = ["COLUMNS", "write_hand_scores"]

COLUMNS = ("video", "animal", "scorer", "behaviour", "start_s", "stop_s", "t0_s", "scored_from_s", "scored_to_s")


def write_hand_scores(study: StudyRecord, assay: str, path: str | Path, scorer: str = "") -> int:
    """Write the table; see `Study.write_hand_scores`."""
    study.assay(assay)
    done = done_scores(hand_scores(study, assay))
    mine = [one for (_, name), one in sorted(done.items()) if name == scorer or not scorer]
    if not mine:
        raise StageError(
            expected=f"finished clips of {assay}{f' by {scorer}' if scorer else ''}",
            found="none",
            do="score them first: littermate serve",
        )
    starts = {trial.id: trial.t0_s for trial in study.database.trials(assay)}
    with written_whole(path) as part, part.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for one in mine:
            table.writerows(_rows(one, starts[one.clip.trial]))
    return len(mine)


def _rows(score: HandScore, t0_s: float) -> Iterator[tuple[object, ...]]:
    for start, stop in score.seen_s:
        bouts: list[ScoredBout | None] = [one for one in score.bouts if start <= one.start_s and one.stop_s <= stop]
        for bout in bouts or [None]:
            said = ("", "", "") if bout is None else (bout.behaviour, bout.start_s + t0_s, bout.stop_s + t0_s)
            yield (score.clip.trial, score.code, score.clip.scorer, *said, t0_s, start + t0_s, stop + t0_s)
