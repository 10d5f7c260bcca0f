"""Printed quantities: the same named thing with its value, wherever a paper gives it.

What is looked for is a table: each row names a thing, says which sentences speak of it and which of them speak of
something else, and reads the value. A value is an interval, so that "22 ± 1" and "21 to 23" are one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from littermate.model.paper import Paper, Sentence

__all__ = ["Mention", "mentions"]

Interval = tuple[float, float]
_SIDE = r"(?P<a>\d+(?:\.\d+)?)(?: ?(?:cm|mm)?[ -]?[x×X][ -]?(?P<b>\d+(?:\.\d+)?))?[ -]?(?P<unit>cm|mm)2?"
_TEMPERATURE = (
    r"(?<![\d.,–-])(?P<a>\d\d(?:\.\d)?)(?: ?°? ?C?)"
    r"(?: ?(?:±|\+ ?/ ?[-−]) ?(?P<more>\d(?:\.\d)?)| ?(?:[-–]|to) ?(?P<b>\d\d(?:\.\d)?))? ?(?:°|º|˚|degrees?) ?C"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One thing with its value; `words` are the value as printed, and `thing` may hold a name that was read."""

    thing: str
    value: Interval
    words: str
    sentence: Sentence
    place: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quantity:
    """How a thing is recognised: a pattern of its value, words its sentence must have (each) and must not."""

    thing: str
    pattern: re.Pattern[str]
    value: Callable[[re.Match[str]], Interval | None]
    about: tuple[re.Pattern[str], ...]
    other: re.Pattern[str]


def _side(match: re.Match[str]) -> Interval | None:
    """Return the side of a square in centimetres, `None` where two sides differ."""
    side = float(match["a"]) / (10.0 if match["unit"] == "mm" else 1.0)
    return (side, side) if match["b"] in (None, match["a"]) else None


def _temperature(match: re.Match[str]) -> Interval | None:
    middle, more = float(match["a"]), float(match["more"] or 0.0)
    return (middle, float(match["b"])) if match["b"] else (middle - more, middle + more)


def _hours(match: re.Match[str]) -> Interval | None:
    hours = float(match["a"])
    return (hours, hours) if 0 < hours < 24 else None


def _clock(match: re.Match[str]) -> Interval | None:
    """Return an hour of the day; half a day is added to what is said to be after noon."""
    late = 12.0 if (match["half"] or "").lower().startswith("p") and float(match["a"]) < 12 else 0.0
    hour = float(match["a"]) + late + float(match["min"] or 0) / 60.0
    return (hour, hour) if hour <= 24 else None


def _dose(match: re.Match[str]) -> Interval | None:
    scale = {"g": 1000.0, "mg": 1.0, "ng": 1e-6}.get(match["unit"].lower(), 1e-3)
    dose = float(match["a"]) * scale
    return (dose, dose)


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


_OF_SIZE = r"(?:,? ?(?:\(|\b(?:of|each|measuring|measured|sized?|were|was|with|sides?|a|length|in)\b) ?){1,4}"
_NOT_OF_ARENA = r"(?! (?:arena|box|field|chamber|platform|wave|apparatus|cage))"
_SQUARES = _Quantity(
    thing="the side of the squares",
    pattern=_words(rf"squares?{_OF_SIZE}{_SIDE}"),
    value=_side,
    about=(_words(r"field|arena|floor|grid|lines?|squares"),),
    other=_words(r"coverslip|gauze|\bgel\b|skin|filter|retina|screen|visual"),
)
_HOUSING = r"(?:housed|housing|vivarium|colony|animal (?:room|facility|house)|(?:maintained|kept) (?:at|in|on|under))"
_RODENTS = r"(?:mice|rats|animals|gerbils|hamsters)\b"
_QUANTITIES = (
    _SQUARES,
    replace(_SQUARES, pattern=_words(rf"{_SIDE} squares?\b{_NOT_OF_ARENA}")),
    _Quantity(
        thing="the temperature of the animals' room",
        pattern=_words(_TEMPERATURE),
        value=_temperature,
        about=(_words(_RODENTS), _words(_HOUSING)),
        other=_words(
            r"water|body|rectal|slices?|tissue|sample|solution|buffer|incubat|stored|fish|larvae|pad\b|cold|warm|heat"
            r"|anesth|anaesth"
        ),
    ),
    _Quantity(
        thing="the temperature of the swimming water",
        pattern=_words(_TEMPERATURE),
        value=_temperature,
        about=(_words(r"\bswim|\bFST\b|beaker|cylinder"),),
        other=_words(r"maze|Morris|cold|warm (?:up|ing)|dr(?:y|ied)|room|housed|body"),
    ),
    _Quantity(
        thing="hours of light a day",
        pattern=_words(
            r"(?<![\d.])(?P<a>\d{1,2})(?:[- ]?h(?:ours?|rs?)?)?(?:[:/–-]| ?light ?[:/–-]? ?)"
            r"\d{1,2}(?:[- ]?h(?:ours?|rs?)?)?[- ]?(?:\(?light ?[:/–-] ?dark|dark|LD\b|L[:/]D\b|day[:/]night)"
        ),
        value=_hours,
        about=(_words(_HOUSING),),
        other=_words(r"revers|shift|jet|constant|fish|plants?|seedlings?|flies|Drosophila|short|long"),
    ),
    _Quantity(
        thing="the hour at which lights go on",
        pattern=_words(
            r"lights?[- ](?:on|onset|were (?:turned )?on)(?: at| from|:|,)? ?"
            r"(?P<a>\d{1,2})(?:[:.](?P<min>\d\d))? ?(?P<half>[ap]\.?m)?"
        ),
        value=_clock,
        about=(_words(r"light"),),
        other=_words(r"revers|shift|jet|constant|shock|trial|cue|stimul"),
    ),
)
_DOSE = re.compile(
    r"(?P<drug>[A-Za-z][a-z-]{4,})(?: (?:hydrochloride|HCl|sul(?:f|ph)ate|chloride))?(?: at| of| at a dose of|,)? ?\(?"
    r"(?P<a>(?<![\d.,–-])\d+(?:\.\d+)?) ?(?P<unit>mg|[µμu]g|g|ng) ?(?:(?:/|per) ?kg\b(?!/)|kg ?\^?[-−–]1)"
)
_NO_DRUG = _words(
    r"(?:doses?|dosages?|received|given|administered|inject(?:ed|ion)|treat(?:ed|ment)|with|were|mice|rats|animals|groups?"
    r"|about|either|daily|single|water|weight|intraperitoneally|subcutaneously|orally|levels|concentrations?|containing"
    r"|approximately|bolus|infusion)$"
)
_GIVEN = _words(
    r"inject|\b(?:i\.?p|s\.?c|i\.?v|p\.?o|i\.?m)\b|intraperit|subcut|intraven|gavage|admin|receiv|treat|\bgiven\b"
    r"|\bgot\b"
)
_OTHER_STUDIES = _words(r"introduc|background|discuss|conclu")
_SEVERAL_DOSES = _words(
    r"doses|dose[- ]|\bor\b|\bthen\b|initial|loading|maintenance|an(?:a)?esthe|euthan|sedat|cocktail|mixture|xylazine"
    r"|previous"
    r"|studies|reported|et al|respectively|human|patients|effective|higher|lower|increas|\bto \d|\d ?[-–,] ?\d|pilot"
)


def mentions(paper: Paper) -> tuple[Mention, ...]:
    """Return the things of which a paper gives a value, in the order of the text."""
    found = (one for sentence in paper.sentences for one in _in_sentence(sentence))
    return tuple(sorted(found, key=lambda one: one.place))


def _in_sentence(sentence: Sentence) -> Iterator[Mention]:
    for quantity in _QUANTITIES:
        spoken_of = all(words.search(sentence.text) for words in quantity.about)
        if spoken_of and not quantity.other.search(sentence.text):
            for match in quantity.pattern.finditer(sentence.text):
                yield from _mention(quantity.thing, quantity.value(match), match, sentence)
    if "kg" in sentence.text and _is_of_this_study(sentence):
        for match in _DOSE.finditer(sentence.text):
            if not _NO_DRUG.match(match["drug"]):
                yield from _mention(f"the dose of {match['drug'].lower()}", _dose(match), match, sentence)


def _is_of_this_study(sentence: Sentence) -> bool:
    """Say whether a sentence gives one dose of one experiment of this paper."""
    text = sentence.text
    return bool(_GIVEN.search(text)) and not _SEVERAL_DOSES.search(text) and not _OTHER_STUDIES.search(sentence.section)


def _mention(thing: str, value: Interval | None, match: re.Match[str], sentence: Sentence) -> Iterator[Mention]:
    if value is not None:
        start, first = sentence.place[0], match.start("a")
        words = sentence.text[first : match.end()].strip()
        place = (start + match.start(), start + match.end())
        yield Mention(thing=thing, value=value, words=words, sentence=sentence, place=place)
