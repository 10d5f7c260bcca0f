"""Wording: what is concluded without being shown, and what a reader is not told."""

from __future__ import annotations

import re

from littermate.literature.design_clues import LOST, is_of_other_studies
from littermate.literature.rules.rule import AuditFacts, Place, Remarks, rule
from littermate.model.paper import Paper

__all__ = [
    "effect_sizes_missing",
    "exclusions_not_stated",
    "individual_data_missing",
    "no_effect_concluded",
    "order_of_tests_missing",
    "recovery_without_immunoassay",
]

_NO_EFFECT = re.compile(
    r"\b(?:had|has|have|having|showed|produced|exerted|found|was|were) no (?:main |overall )?(?:effects?|influence"
    r"|impact|differences?"
    r"|changes?)\b|\bno (?:main |overall )?effects? (?:of|on|was|were)\b|\b(?:did|does|do) not (?:affect|alter|change"
    r"|influence|differ"
    r"|modify|impact)\b(?! significant)|\bnot (?:affected|altered|changed|influenced) by\b|\b(?:was|were"
    r"|remained) (?:unaffected|unaltered|unchanged)\b",
    re.I,
)
_SHOWN = re.compile(
    r"confidence intervals?|\d ?% ?C\.?I\b|\bCIs?\b|equivalence|\bTOST\b|Bayes|credible interval|power (?:analysis"
    r"|calculation)"
    r"|statistical power|smallest effect|minimal (?:clinically )?important|sample size (?:was|calculation)",
    re.I,
)
_SIZES = re.compile(
    r"confidence intervals?|\bCIs?\b|Cohen|Hedges|effect sizes?|\beta\b|[ηω] ?p?\W{0,2}2|\bR2\b|r-squared|odds ratio"
    r"|hazard ratio"
    r"|mean difference|difference (?:of|in means)",
    re.I,
)
_SINGLE = re.compile(
    r"individual (?:data|values|animals|points|mice|rats)|data (?:points|availab)|availability of data|raw data"
    r"|scatter|each (?:dot|point"
    r"|circle|symbol)|(?:dots?|points|circles) (?:represent|show|are)|supplementa"
    r"|supporting information|source data|repository|deposited"
    r"|upon request"
    r"|on request|from the corresponding author",
    re.I,
)
_ASSAYS = {
    "forced swim": r"forced[- ]swim|\bFST\b|Porsolt",
    "tail suspension": r"tail[- ]suspension|\bTST\b",
    "open field": r"open[- ]field|\bOFT\b",
    "plus maze": r"plus[- ]maze|\bEPM\b",
    "water maze": r"water maze|Morris",
    "novel object": r"novel object|object recognition",
    "sucrose preference": r"sucrose preference",
    "social interaction": r"social interaction test|three[- ]chamber",
    "rotarod": r"rota-?rod",
    "light-dark box": r"light[-/ ]+dark (?:box|test)",
}
_ORDER = re.compile(
    r"\border\b|counterbalanc|followed by|battery|sequen|\bfirst(?:ly)?\b|subsequent|(?:hours?|h|days?|weeks?|min"
    r"|minutes|immediately) (?:later"
    r"|after|before|prior)|next day|following day|separate (?:cohort|group|set)s?|different (?:cohort|set)s?|prior to"
    r"|afterwards?|on days? \d",
    re.I,
)
_TESTED_TWICE = re.compile("|".join(f"(?:{pattern})" for pattern in _ASSAYS.values()), re.I)
_RECOVERY = re.compile(r"(?:per ?cent|%|percentage) recovery|spiked|recovery of (?:the )?(?:spike|added)", re.I)
_PER_ML = re.compile(r"\d ?(?:[pnµμu]g|[pnµμu]?mol) ?(?:/|per |[·.]? ?)m[lL]\b")
_ASSAYED = re.compile(
    r"ELISA|immuno-?sorbent|immuno-?assay|\bRIA\b|Luminex|multiplex|Simoa|HPLC|chromatogra|mass spectrom|LC[-/]MS"
    r"|Emax|standard curve",
    re.I,
)
_BLOT = re.compile(r"western[- ]blot|immunoblot|densitometr", re.I)
_ANIMAL_WORDS = re.compile(r"\b(?:mice|rats|animals|gerbils|hamsters|rabbits|zebrafish)\b", re.I)
FULL_TEXT = 3000
"""Characters from which on a text is more than an abstract, so that what it does not say is missing."""


@rule("no-effect-concluded", "note")
def no_effect_concluded(facts: AuditFacts) -> Remarks:
    """No effect is concluded from P above .05, without an interval, an equivalence test or a word on power.

    With few animals a large effect passes unnoticed. Say "not shown", give the interval, or test equivalence against
    the smallest effect that matters.
    """
    large = [one for one in facts.tests if one.p_computed is not None and one.p_computed > one.alpha]
    places = _all_places(_NO_EFFECT, facts.paper)
    if large and places and not _SHOWN.search(facts.paper.text):
        times = "once" if len(places) == 1 else f"{len(places)} times"
        words = f"no effect is concluded {times} from P above {large[0].alpha:g}"
        yield f"{words}, with no interval, equivalence test or power", places


@rule("effect-sizes-missing", "note")
def effect_sizes_missing(facts: AuditFacts) -> Remarks:
    """Tests are printed, and nowhere the size of an effect or its interval (ARRIVE 10b)."""
    if facts.tests and _full_animal_text(facts) and not _SIZES.search(facts.paper.text):
        yield f"{len(facts.tests)} tests and no effect size or interval", ()


@rule("exclusions-not-stated", "note")
def exclusions_not_stated(facts: AuditFacts) -> Remarks:
    """Nothing is said of animals or values left out, not even that there were none (ARRIVE 3b)."""
    if facts.tests and _full_animal_text(facts) and not LOST.search(facts.paper.text):
        yield "whether animals or values were left out is not said", ()


@rule("individual-data-missing", "note")
def individual_data_missing(facts: AuditFacts) -> Remarks:
    """Neither single animals nor where their data can be had are shown (ARRIVE 20)."""
    if facts.tests and _full_animal_text(facts) and not _SINGLE.search(facts.paper.text):
        yield "single animals are not shown, nor where their data are", ()


@rule("order-of-tests-missing", "note")
def order_of_tests_missing(facts: AuditFacts) -> Remarks:
    """Animals went through several behavioural tests, and their order is not said.

    A swim test before an open field changes what the animal does in it.
    """
    text = " ".join(one.text for one in facts.paper.sentences if not is_of_other_studies(one))
    named = [name for name, pattern in _ASSAYS.items() if re.search(pattern, text, re.I)]
    told = any(
        _ORDER.search(sentence.text)
        for sentence in facts.paper.sentences
        if _TESTED_TWICE.search(sentence.text) or _TESTED_TWICE.search(sentence.section)
    )
    if facts.tests and len(named) > 1 and _full_animal_text(facts) and not told:
        yield f"the order of the tests ({', '.join(named)}) is not said", ()


@rule("recovery-without-immunoassay", "note")
def recovery_without_immunoassay(facts: AuditFacts) -> Remarks:
    """A spike in mass per volume belongs to an assay with a standard curve, and only a blot is described.

    Densitometry has no concentrations, so it has no percent recovery. Say which assay the recovery belongs to.
    """
    for sentence in facts.paper.sentences:
        match = _RECOVERY.search(sentence.text)
        if not match or not _PER_ML.search(sentence.text) or _ASSAYED.search(facts.paper.text):
            continue
        if _BLOT.search(facts.paper.text):
            yield "a recovery of an added concentration, and only blots are described", (sentence.place,)


def _all_places(pattern: re.Pattern[str], paper: Paper) -> tuple[Place, ...]:
    return tuple(match.span() for match in pattern.finditer(paper.text))


def _full_animal_text(facts: AuditFacts) -> bool:
    return len(facts.paper.text) >= FULL_TEXT and bool(_ANIMAL_WORDS.search(facts.paper.text))
