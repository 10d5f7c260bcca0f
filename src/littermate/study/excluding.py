"""Excluding: animals left out by a rule of the protocol or for a reason, while the study is blind and open."""

from __future__ import annotations

from littermate.errors import UsageError
from littermate.model.outcome import Exclusion
from littermate.study.record import StudyRecord

__all__ = ["exclude"]


def exclude(study: StudyRecord, animal_or_code: str, *, because: str, outcome: str, rule: str) -> Exclusion:
    """Leave an animal out; see `Study.exclude`."""
    study.require_open("exclude an animal")
    _require_outcome(study, outcome)
    name = _rule_name(study, rule, because)
    reason = because.strip()
    if name:
        told_more = reason and reason.casefold() != name.casefold()
        reason = f"{name}: {reason}" if told_more else name
    if not reason:
        raise UsageError(expected="a reason", found="none", do="say why, in the words of the report")
    code = study.code_of(animal_or_code)
    _require_new(study, code, outcome)
    exclusion = Exclusion(code=code, because=reason, outcome=outcome, planned=bool(name))
    words = {"code": code, "because": reason, "outcome": outcome}
    with study.database.writing(study.who, "exclude", words) as write:
        write.exclusion(exclusion)
    return exclusion


def _require_outcome(study: StudyRecord, outcome: str) -> None:
    known = [one.name for one in study.protocol.outcomes]
    if outcome and outcome not in known:
        raise UsageError(expected=f"one of the outcomes {', '.join(known)}", found=outcome, do="correct the name")


def _rule_name(study: StudyRecord, rule: str, because: str) -> str:
    """Return the rule that is meant as the protocol spells it: the one named, or a reason that is a rule's name."""
    names = {one.name.casefold(): one.name for one in study.protocol.exclusion_rules}
    if rule and rule.strip().casefold() not in names:
        raise UsageError(
            expected=f"a rule of the protocol: {', '.join(names.values()) or 'it has none'}",
            found=rule,
            do="correct the name; without a rule, give the reason alone, and it is reported as not planned",
        )
    return names.get((rule or because).strip().casefold(), "")


def _require_new(study: StudyRecord, code: str, outcome: str) -> None:
    for one in study.database.exclusions():
        if one.code == code and one.outcome in ("", outcome):
            raise UsageError(
                expected="an animal that is not left out yet",
                found=f"{code} is left out of {one.outcome or 'all outcomes'} ({one.because})",
                do="nothing: what was said stays in the journal",
            )
