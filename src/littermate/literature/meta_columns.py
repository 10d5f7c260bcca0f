"""Columns of a literature table: which one is meant by which name.

Names are compared without case, spaces and signs: ``"Mean (treatment)"``, ``"mean_treatment"``, ``"treatment mean"``
and metafor's ``m1i`` are the same column. Group 1 is the treatment, group 2 the control.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping

from littermate.errors import TableError

__all__ = ["EXPECTED", "known_columns"]

EXPECTED = (
    "study, and what its effect follows from: n1, mean1, sd1 (or sem1), n2, mean2, sd2 (or sem2); or t, n1, n2; or F,"
    " n1, n2, sign; or p, n1, n2, sign; or tpos, tneg, cpos, cneg; or yi with vi or sei"
)

_ARMS = {
    "1": "1 1i t treatment treated treat trt tx e exp experimental experiment intervention drug active",
    "2": "2 2i c control controls ctrl ctl con vehicle veh sham placebo comparison comparator reference",
}
_STEMS = {
    "n": "n number size samplesize animals ntotal total",
    "mean": "m mean avg average",
    "sd": "sd std stdev stddev standarddeviation",
    "sem": "sem se stderr standarderror",
    "low": "low lower cilow cilower cilb ll lcl",
    "high": "high upper cihigh ciupper ciub ul ucl",
    "events": "events event pos cases responders",
    "none": "neg nonevents nonevent noncases noevents",
}
_ALONE = {
    "study": "study slab label author authors paper reference citation source trial id",
    "year": "year yr publicationyear pubyear",
    "n": "n ntotal ni totaln nanimals",
    "a": "ai",
    "b": "bi",
    "c": "ci",
    "d": "di",
    "yi": "yi y effect es effectsize g hedgesg smd md lnrr lnor logrr logor lnrom te estimate",
    "vi": "vi v var variance",
    "sei": "sei se sete stderr standarderror",
    "low": "low cilb cilow cilower lower lcl lowerci",
    "high": "high ciub cihigh ciupper upper ucl upperci",
    "cohen": "cohend cohensd d",
    "t": "t ti tval tvalue tstat tstatistic",
    "f": "f fi fval fvalue fstat fstatistic",
    "df1": "df1 dfeffect numdf",
    "df": "df dferror df2 dendf dfresidual",
    "p": "p pval pvalue",
    "sign": "sign signofeffect effectsign",
    "direction": "direction higheris outcomedirection",
    "control": "controlgroup sharedcontrol control controlid",
}
_SYNONYMS = {"a": "events1", "b": "none1", "c": "events2", "d": "none2"}


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold()).removeprefix("95")


def _names() -> dict[str, str]:
    """Return what every known plain name means; names without a group come first."""
    meanings = {word: _SYNONYMS.get(role, role) for role, words in reversed(_ALONE.items()) for word in words.split()}
    for (role, stems), (arm, words) in itertools.product(_STEMS.items(), _ARMS.items()):
        for stem, word in itertools.product(stems.split(), words.split()):
            for name in (stem + word, word + stem):
                meanings.setdefault(name, role + arm)
    return meanings


_MEANINGS = _names()
_RANK = {word: rank for rank, word in enumerate(_ALONE["study"].split())}


def known_columns(header: Iterable[str], *, where: str = "") -> Mapping[str, str]:
    """Return the column of every role that the header names.

    Of several names for the study the first in the order of `_ALONE` is it, ``study`` before ``author`` before ``id``.

    Raises
    ------
    TableError
        If two columns have the same meaning.

    Examples
    --------
    >>> dict(known_columns(["Author", "N control", "mean.e", "species"]))
    {'study': 'Author', 'n2': 'N control', 'mean1': 'mean.e'}
    """
    found: dict[str, list[str]] = {}
    for name in header:
        role = _MEANINGS.get(_plain(name))
        if role is not None:
            found.setdefault(role, []).append(name)
    if "study" in found:
        found["study"] = sorted(found["study"], key=lambda name: _RANK[_plain(name)])[:1]
    twice = [" and ".join(columns) for columns in found.values() if len(columns) > 1]
    if twice:
        raise TableError(
            expected="one column for each thing",
            found=f"{'; '.join(twice)}, which mean the same",
            do="rename or remove one",
            where=where,
        )
    return {role: columns[0] for role, columns in found.items()}
