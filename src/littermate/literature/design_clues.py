"""Design clues: each statement of a number of animals or groups, as papers print them.

A clue is one statement of one number: all animals ("thirty-two male mice were used"), animals of each group ("n = 8 per
group"), the number of groups ("divided into four groups"), the levels of the factors ("2 x 2 factorial design"), or the
sizes of all groups ("saline (16) and magnesium (16)"). Its *scope* says of what: the study, its abstract, a part of the
study (a caption, tissue taken of some animals), or other studies (an introduction, a discussion).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from littermate.literature.number_words import WHOLE, whole_number
from littermate.model.paper import Paper, Sentence

__all__ = ["ANIMALS", "LOST", "WORD_LEVEL", "Clue", "clues", "experiment_of", "is_of_other_studies", "read_levels"]

ANIMALS = (
    r"(?:mice|mouse|rats?|animals?|gerbils?|hamsters?|rabbits?|guinea[- ]pigs?|zebrafish|fish|larvae|pigs?|piglets?"
    r"|sheep|dogs?|cats?|monkeys?|macaques?|marmosets?|voles?|chicks?|pups?|subjects?|participants?|patients?"
    r"|volunteers?|individuals|offspring|neonates|adults|children|men|women|males|females)\b"
)
LOST = re.compile(
    r"exclu(?:ded|sion)|outliers?|\bdied\b|death of|attrition|\bremoved from|discarded|drop(?:ped)? ?out|lost to"
    r"|were lost|omitted"
    r"|missing (?:data|values)|no animals? (?:was|were)|all (?:animals|mice|rats) (?:were included|completed|survived)",
    re.I,
)
"""Words that say that animals or values were left out, or that none were."""
_GROUP = (
    r"(?:treatment |experimental |dietary |study |drug )?(?:groups?|cells?|conditions?|arms?|treatments?|genotypes?)\b"
)
_SORTED = r"(?:assign|allocat|divid|split|separat|randomi[sz]|distribut|group)\w*"
_USED = (
    rf"(?:(?:were|was) (?:\w+ly )?(?:used|obtained|purchased|included|enrolled|recruited|studied|tested|{_SORTED})"
    r"|entered (?:the|this) (?:study|experiment))"
)
_ASIDE = r"(?:[^.;:()]|\([^()]{0,80}\)){0,60}?"
_NO_ADJECTIVE = rf"(?:of|in|with|was|were|from|to|for|by|per|each|that|which|the|these|all|{WHOLE})(?![-\w])"
_ADJECTIVES = rf"(?:Fischer[- ]344 |(?!{_NO_ADJECTIVE})[\w/\-\u2010\u2011+]+(?:\([\w/ -]{{1,12}}\))?,? ){{0,6}}?"
_LEVEL = r"(?:[2-9]|1[0-2])"
_TIMES = r"\s?(?:[x×X*✕]|-?by-?)\s?"
_NAMED = r"(?:\s?\([^()]{1,60}\))?"
WORD_LEVEL = r"(?:two|three|four|five|six)"

_LEVELS = re.compile(
    rf"(?<![\w.×]){_LEVEL}{_NAMED}(?:{_TIMES}{_LEVEL}{_NAMED}){{1,3}}(?![\w.]*\d|\s?(?:[×x]|[cmµμn]?m[²³23]?\b|%))",
    re.I,
)
_LEVELS_IN_WORDS = re.compile(rf"\b{WORD_LEVEL}(?:[- ](?:by|x|×)[- ]{WORD_LEVEL}){{1,3}}\b", re.I)
_DESIGNED = re.compile(r"factorial|design|ANOVA|analys[ie]s of (?:co)?variance|between[- ](?:subjects?|groups?)", re.I)
_WITHIN = re.compile(r"repeated|within[- ]|mixed|cross-?over|split-?plot|latin|time\b|session|trial\b|day\b", re.I)

_TOTAL = (
    re.compile(rf"\btotal(?:ity)? of (?P<n>{WHOLE}) {_ADJECTIVES}{ANIMALS}", re.I),
    re.compile(rf"(?P<n>{WHOLE}) {_ADJECTIVES}{ANIMALS}{_ASIDE} {_USED}", re.I),
    re.compile(rf"{ANIMALS} \((?:n|N) ?= ?(?P<n>{WHOLE})\)[^.;:]{{0,40}}? {_USED}", re.I),
    re.compile(
        rf"\b(?:separate|second|third|further|additional|independent|new) (?:cohort|set|group|batch) of"
        rf" (?P<n>{WHOLE}) {_ADJECTIVES}{ANIMALS}",
        re.I,
    ),
    re.compile(rf"{_SORTED} (?:the )?(?P<n>{WHOLE}) {_ADJECTIVES}{ANIMALS} (?:in)?to\b", re.I),
)
_TOTAL_OF_TWO = re.compile(
    rf"(?P<n>{WHOLE}) {_ADJECTIVES}(?:{ANIMALS} )?(?:and|plus) (?P<m>{WHOLE}) {_ADJECTIVES}{ANIMALS}{_ASIDE} {_USED}",
    re.I,
)
_PER_GROUP = (
    re.compile(
        rf"\bn ?= ?(?P<n>{WHOLE})(?: {_ADJECTIVES}{ANIMALS})? ?(?:per|/|in each|for each|in every|a) ?{_GROUP}", re.I
    ),
    re.compile(rf"(?P<n>{WHOLE}) (?:{_ADJECTIVES}{ANIMALS} )?(?:per|in each|in every) {_GROUP}", re.I),
    re.compile(rf"(?P<n>{WHOLE}) ?(?:{ANIMALS})? ?/ ?{_GROUP}", re.I),
    re.compile(rf"(?:\bn ?= ?|\()(?P<n>{WHOLE})(?: {ANIMALS})? each\)?", re.I),
    re.compile(rf"\bgroups of (?P<n>{WHOLE})(?: {ANIMALS})?(?: each)?\b", re.I),
    re.compile(rf"\b(?:each|every|all|both) (?:\w+ )?groups?[,:]? ?\(?[nN] ?= ?(?P<n>{WHOLE})\b", re.I),
    re.compile(rf"\b(?:in)?to {WHOLE} (?:\w+ ){{0,2}}groups \([nN] ?= ?(?P<n>{WHOLE})\)", re.I),
    re.compile(rf"\beach group (?:had|contained|consisted of|comprised|included) (?P<n>{WHOLE})\b", re.I),
)
_GROUPS = (
    re.compile(
        rf"{_SORTED}[^.;:()]{{0,40}}? (?:in|to|into|among"
        rf"|between) (?:one of )?(?:the )?(?P<n>{WHOLE}) (?:\w+ ){{0,3}}?{_GROUP}",
        re.I,
    ),
    re.compile(
        rf"\b(?:giving|yielding|making|forming|resulting in|there were) (?:a total of )?(?P<n>{WHOLE})"
        rf" (?:(?!per\b|in\b|of\b)\w+ ){{0,2}}?{_GROUP}",
        re.I,
    ),
)
_LEFT = (
    re.compile(
        r"\b(?:leaving|left with|final (?:sample|number) (?:of|was)) (?:a total of )?"
        rf"(?P<n>{WHOLE}) {_ADJECTIVES}{ANIMALS}",
        re.I,
    ),
    re.compile(rf"(?P<n>{WHOLE}) {_ADJECTIVES}{ANIMALS} (?:remained|(?:were|was) left)\b", re.I),
)
_GONE = (
    re.compile(
        rf"(?P<n>{WHOLE}) {_ADJECTIVES}{ANIMALS}[^.;:()]{{0,40}}? "
        r"(?:died|dropped out|(?:were|was) (?:\w+ly )?(?:excluded|removed|lost|discarded))\b",
        re.I,
    ),
)
_WORTH_READING = re.compile(
    r"group|each|design|factorial|anova|assign|allocat|divid|split|randomi|total of|were|was|per | ?/ ?(?:cell|arm)"
    r"|mice|rats|animals|leav|left|remain|died|entered|there"
)
_RANGE = re.compile(r"^\s?(?:[-–—−]|to|or|and) ?\d")
_PART = re.compile(r"\d ?(?:[-–—−]|to|or|of|and|±) ?$|[≥≤><±~] ?$")
_PART_OF_GROUP = re.compile(
    r"(?:consist(?:ed|ing) of|compris(?:ed|ing)|contain(?:ed|ing)|included?|had|groups? of) ?$", re.I
)
_NUMBERED = re.compile(
    r"\b(?:days?|weeks?|months?|years?|PND?|at|aged?)\.? \d+$"
    r"|\b(?:experiments?|exp|figures?|figs?|tables?|groups?|cohorts?|stages?|phases?|trials?|sessions?|blocks?"
    r"|stud(?:y|ies))\.? \d$",
    re.I,
)
_LIVED = re.compile(r"\b(?:lived|living|housed|kept|caged|same-sex)\b[^.;]{0,40}$", re.I)
_HOUSED = re.compile(r"(?:per|each|a|/) ?cage|\bcaged\b", re.I)
_SPLIT = re.compile(
    rf"(?:{_SORTED}|into) [^.;()]{{1,80}}?\((?:[nN] ?= ?)?\d+(?: {ANIMALS})?\)"
    rf"(?:[^.;()]{{1,80}}?\((?:[nN] ?= ?)?\d+(?: {ANIMALS})?\)){{1,11}}",
    re.I,
)
_SIZE = re.compile(r"\((?:[nN] ?= ?)?(\d+)[^()]*\)")
_REMAINING = re.compile(r"\b(?:leav|left|remain|final)")
_OF_EACH = re.compile(r"\b(?:per|each)\b")
_OF_PIECES = re.compile(r"\b(?:cells?|slices?|sections?|neurons?|times|samples?|wells?)\b")
_COUNTS_PIECES = re.compile(r"(?:slices?|sections?|neurons?|times|samples?|wells?)\b|cells? (?:per|in)")
_OTHER_COUNT = re.compile(
    rf"^(?:\W*(?:{WHOLE})\W*)(?:[-\u2010\u2011 ]?(?:days?|weeks?|months?|years?|h|hours?|min|minutes?|g|kg|mg|ml|%)\b)"
    r"|per |/|each ",
    re.I,
)


_CAPTION = re.compile(r"^\W*(?:Fig(?:ure|\.)|Table)\s*S?\d", re.I)
_OF_SOME = re.compile(
    r"blot|western|ELISA|\bq?(?:RT-?)?PCR\b|histolog|histochem|immuno|stain|tissue|brains?\b|hippocamp|cort(?:ex|ical|ices)"
    r"|slices?|sections?|blood|plasma|serum|samples?|subset|subgroup|electrophys|record(?:ed|ings?)|imag(?:ed|ing)|surviv",
    re.I,
)
_OTHER_SECTIONS = re.compile(
    r"(?:[\divx.]+\s+)?(?:introduction|background|(?:general )?discussion|conclusions?|references|bibliography"
    r"|literature(?: cited)?)",
    re.I,
)
_OURS = re.compile(r"\b(?:we|our|here|present study|this study|this work)\b", re.I)
_OTHER_STUDIES = re.compile(
    r"\b(?:previous|earlier|other|another|recent|prior|published) (?:\w+ )?(?:stud(?:y|ies)|work|reports?|experiments?"
    r"|investigations?|authors|trials?)\b|\bet al\b|meta-analys|\breported (?:by|in|that)\b"
    r"|\b(?:an?|of|the) (?:stud(?:y|ies)|trials?) (?:of|in|by|with)\b",
    re.I,
)
_EXPERIMENT = re.compile(r"\b(?P<what>experiment|study|cohort) (?P<which>\d|one|two|three|four|[A-D]\b|I{1,3}\b)", re.I)
_COUNTED = {"one": "1", "two": "2", "three": "3", "four": "4", "i": "1", "ii": "2", "iii": "3"}


_KINDS = (("total", _TOTAL), ("left", _LEFT), ("gone", _GONE), ("per group", _PER_GROUP), ("groups", _GROUPS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One number of a design as printed.

    `kind` is total, left, gone, per group, groups, levels or sizes; `scope` is study, abstract, part or other.
    """

    kind: str
    numbers: tuple[int, ...]
    words: str
    place: tuple[int, int]
    sentence: int
    scope: str = "study"


@lru_cache(maxsize=2)
def clues(paper: Paper) -> tuple[Clue, ...]:
    """Return every statement of a number of animals or groups, in the order of the text."""
    found = [
        replace(one, scope=_scope(paper, sentence, one))
        for k, sentence in enumerate(paper.sentences)
        for one in _in_sentence(sentence, k)
    ]
    return tuple(sorted(found, key=lambda one: one.place))


def _scope(paper: Paper, sentence: Sentence, clue: Clue) -> str:
    if is_of_other_studies(sentence):
        return "other"
    paragraph = paper.text[paper.text.rfind("\n", 0, clue.place[0]) + 1 : clue.place[0]]
    if _CAPTION.match(paragraph):
        return "part"
    if sentence.section.lower().startswith("abstract"):
        return "abstract"
    return "part" if clue.kind == "per group" and _OF_SOME.search(sentence.text) else "study"


@lru_cache(maxsize=2048)
def is_of_other_studies(sentence: Sentence) -> bool:
    """Say whether a sentence tells of other people's studies: by its words, or by its heading and no "we"."""
    if _OTHER_SECTIONS.fullmatch(sentence.section.strip(" .:")):
        return not _OURS.search(sentence.text) or bool(_OTHER_STUDIES.search(sentence.text))
    return bool(_OTHER_STUDIES.search(sentence.text)) and not sentence.section.lower().startswith("abstract")


@lru_cache(maxsize=2048)
def experiment_of(sentence: Sentence | None) -> str:
    """Return the one experiment that a sentence names, else its heading ("experiment 2"); or an empty text.

    Examples
    --------
    >>> experiment_of(Sentence(text="In Study II mice swam.", place=(0, 22), section="Experiment 1"))
    'study 2'
    """
    for text in (sentence.text, sentence.section) if sentence else ():
        named = {
            f"{match['what'].lower()} {_COUNTED.get(match['which'].lower(), match['which'])}"
            for match in _EXPERIMENT.finditer(text)
        }
        if named:
            return named.pop() if len(named) == 1 else ""
    return ""


def _in_sentence(sentence: Sentence, number: int) -> Iterator[Clue]:
    def clue(kind: str, numbers: tuple[int, ...], match: re.Match[str]) -> Clue:
        start = sentence.place[0]
        place = (start + match.start(), start + match.end())
        words = " ".join(match.group().split())
        return Clue(kind=kind, numbers=numbers, words=words, place=place, sentence=number)

    text = sentence.text
    if not _WORTH_READING.search(text.lower()):
        return
    for match in _levels_in(text):
        yield clue("levels", read_levels(match.group()), match)
    pairs = [match for match in _TOTAL_OF_TWO.finditer(text) if not _misread("total", match, text)]
    for match in pairs:
        yield clue("total", (whole_number(match["n"]) + whole_number(match["m"]),), match)
    for kind, patterns in _KINDS:
        for match in _once(patterns, text):
            in_pair = kind == "total" and any(pair.start() <= match.start("n") < pair.end() for pair in pairs)
            if not in_pair and not _misread(kind, match, text):
                yield clue(kind, (whole_number(match["n"]),), match)
    for match in _SPLIT.finditer(text):
        sizes = tuple(int(size) for size in _SIZE.findall(match.group()))
        if sizes != tuple(range(1, len(sizes) + 1)):  # (1) control, (2) treated: a list, not sizes
            yield clue("sizes", sizes, match)


def _levels_in(text: str) -> Iterator[re.Match[str]]:
    """Find levels in a sentence on a design of which no factor is named as one within animals."""
    if _DESIGNED.search(text) and not _WITHIN.search(text):
        yield from _LEVELS.finditer(text)
        yield from _LEVELS_IN_WORDS.finditer(text)


def read_levels(printed: str) -> tuple[int, ...]:
    """Read "2 (drug) x 3 (diet)" or "two-by-three"."""
    bare = re.sub(r"\([^()]*\)", "", printed)
    return tuple(whole_number(word) for word in re.findall(rf"{WORD_LEVEL}|\d+", bare, re.I))


def _once(patterns: tuple[re.Pattern[str], ...], text: str) -> Iterator[re.Match[str]]:
    """Find what the patterns match, each number once."""
    seen: set[tuple[int, int]] = set()
    for pattern in patterns:
        for match in pattern.finditer(text):
            if match.span("n") not in seen:
                seen.add(match.span("n"))
                yield match


def _misread(kind: str, match: re.Match[str], text: str) -> bool:
    """Say whether a number is one end of a range, an age or weight, animals of a cage, or too small to mean it."""
    before, after = text[: match.start("n")], text[match.end("n") :]
    if _RANGE.match(after) or _PART.search(before[-20:]):
        return True
    if kind in ("total", "left", "gone") and _NUMBERED.search(text[: match.end("n")][-20:]):
        return True
    if kind == "total" and _is_no_total(match, text):
        return True
    if kind == "per group" and _LIVED.search(before[-60:]):
        return True
    if kind == "per group" and _OF_PIECES.search(match.group()):
        return bool(_COUNTS_PIECES.search(match.group()))
    return whole_number(match["n"]) < {"total": 4, "gone": 1}.get(kind, 2)


def _is_no_total(match: re.Match[str], text: str) -> bool:
    """Say whether a number of animals is of those left, of an age or weight, of a cage or of each group."""
    before, said = text[: match.start("n")], text[match.start("n") : match.end()]
    return bool(
        (_REMAINING.search(before[-40:]) and LOST.search(text))
        or _OTHER_COUNT.match(said)
        or _HOUSED.search(said)
        or _OF_EACH.search(re.sub(r"\([^()]*\)", "", said))
        or _PART_OF_GROUP.search(before[-20:])
    )
