"""What is noticed while a file is read, in words: the findings of a recording, a membrane, a plate or a table.

The workshops say them when they read the file, with their importance; here stands what each means and what to do, once
for the page of docs and the report. Ids that are not here have their message only.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["NOTICED"]

_RECORDINGS = {
    "animal-gone": """The animal is not seen any more before its recording ends.

    It was taken out, or hides. Look at the picture, and set the trial's window so that it ends before.""",
    "animal-rarely-seen": """The animal stands out from the scene in few pictures only.

    Times and distances are of those pictures. More contrast to the ground, or another light, helps next time.""",
    "arena-changed": """The scene of a recording is another one from some time on.

    Something was brought in or taken away, or another arena follows. Score the parts on their own.""",
    "camera-moved": """The camera moved during a recording.

    Places before and after are not the same, so that zones, lines and distances over both are wrong. Score the parts on
    their own, or film again.""",
    "corrupt-frames": """Some frames of a recording are damaged.

    Their time counts as missing, and belongs to no behaviour. Copy the file again from the camera.""",
    "cut-short": """A recording ends before its trial does.

    The times have a smaller denominator. Look for a longer copy, or score a shorter window in all animals.""",
    "flat": """All grey levels of the picture lie close together: a covered or fogged lens.

    What is measured there is noise. Leave these times out, and clean the lens.""",
    "frame-count-differs": """A recording shows another number of frames than its header promises.

    Frames were dropped, or an edit hides them. Times are those of the frames themselves and stay right; check that the
    trial is whole.""",
    "frames-repeated": """Many frames of a recording repeat the one before.

    The true frame rate is lower than the file's, so that fast movements are lost.""",
    "hand-at-start": """A hand is in the picture when the trial is said to begin.

    The trial starts when the hand is away. Set its start later.""",
    "hand-in-picture": """Something large reached into the picture during the trial.

    The animal may have been touched. Look at these times, and end the window before them where it was.""",
    "late-clock": """A file's own clock does not start at zero.

    Times are counted from the first frame that is shown; other programs may count otherwise.""",
    "no-animal": """No animal was found in a recording.

    Check that this is the recording, and that the animal has contrast to its ground.""",
    "other-picture": """A recording shows quite another picture for a while.

    What is measured at these times is not of the animal. Look at them, and leave them out.""",
    "picture-stands-still": """A recording shows the very same picture again and again.

    The camera or the disk stalled, and the animal would look immobile. Leave these times out.""",
    "several-arenas": """Several bodies are in the picture, each in its own part of it.

    Give every arena its place, so that each animal is scored on its own.""",
    "slow-frame-rate": """A recording has few frames a second.

    Fast movements are lost between them. Record with 15 or more.""",
    "time-gaps": """A recording has gaps without a frame that can be trusted.

    They count as missing time. Copy the file again from the camera.""",
    "title-card": """A recording begins with another picture: a title, black, the camera in the hand.

    Set the start of the trial after it.""",
    "too-bright": """A recording is too bright to tell the animal from its ground.

    What is measured there is noise. Use less light, or a shorter exposure.""",
    "too-dark": """A recording is too dark to tell the animal from its ground.

    What is measured there is noise. Use more light, or a longer exposure.""",
    "two-animals": """Two bodies of an animal's size are in one arena.

    The numbers would be of both. Check that this is the recording; a strong reflection can be covered.""",
    "variable-frame-rate": """The frame rate of a recording varies.

    Times are the file's own timestamps and stay right; programs that count frames are wrong with this file.""",
}
_MEMBRANES = {
    "image-quality": """Something about a blot image makes its volumes doubtful.

    Eight bits, colour, compression or a stretched contrast change volumes. Export the image again from the imager, in
    16 bits and as it was taken.""",
    "inter-blot-control-varies": """How far the lanes of a membrane's inter-blot control differ.

    The scale of the membrane is uncertain by about as much; a few per cent are usual. Keep the membrane as a block of
    the analysis.""",
    "loading-control-varies": """The loading control of a membrane varies widely over its lanes.

    Loading or transfer were uneven; dividing by the control takes that out only where both are in proportion. Look at
    the membrane.""",
    "membranes-not-scaled": """Several membranes have no inter-blot control.

    Their ratios are not on one scale. Keep the membrane as a block of the analysis; load one sample on all of them next
    time.""",
    "no-linear-range": """A dilution series shows no range in which the signal is in proportion to the load.

    A ratio of such volumes depends on how much was loaded. Expose for another time, or load less.""",
    "not-proportional": """The signal of a membrane is not in proportion to the load.

    A ratio depends on how much was loaded, and so does a difference between groups. Expose for another time, or load
    less.""",
    "ratio-follows-control": """The ratio of a membrane goes with its loading control.

    Dividing does not take the load out there: one of the two bands is saturated, or the background is wrong. Look at
    both images.""",
    "saturated-band": """Bands of an image are saturated.

    Their volumes are too small by an unknown amount. Expose the membrane again for a shorter time.""",
    "saturated-pixels": """Pixels of an image are saturated outside its bands.

    No number is wrong for it, but the exposure was long: look at the bands beside them.""",
}
_PLATES = {
    "plate-curve": """Something is wrong with the standard curve of a plate.

    Every concentration of the plate is read from it. Look at the standards, leave a well out for a recorded reason, or
    read the plate again.""",
    "plate-dilutions": """The dilutions of a sample do not give the same concentration.

    Something in the sample hides or mimics the analyte, or a dilution went wrong. Dilute further until they agree.""",
    "plate-quality": """Something about the wells of a plate makes its numbers doubtful.

    Replicates that differ, or a blank that is high, are seldom chance. Look at the plate, and pipette again.""",
    "plate-recovery": """The recovery of a spike on a plate lies outside its limits.

    Something in the sample hides or mimics the analyte. Dilute further, or match the matrix of the standards.""",
    "plate-spiked-protein": """A protein assay has spiked wells.

    Their recovery is that of protein and says nothing of an analyte. Spike the immunoassay instead.""",
}
_TABLES = {
    "earlier-studies": """A table of earlier studies that the protocol names cannot be read.

    The report places this study among them, and is not written without it. Put the table in its place, or correct it:
    the protocol that names it should stay as it is.""",
}

NOTICED: Mapping[str, str] = MappingProxyType(
    {
        name: "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
        for name, text in (_RECORDINGS | _MEMBRANES | _PLATES | _TABLES).items()
    }
)
"""What each finding of a file means: a sentence, and a paragraph on why it matters and what to do."""
