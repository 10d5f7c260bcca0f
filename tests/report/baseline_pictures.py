"""Pictures that are compared with those in ``baseline/``, and how: drawn small, in the one font that matplotlib brings.

Letters are hidden in all but one: how they are drawn differs between versions of FreeType, where everything stands does
not, because it follows from the font's own measures. The comparison is the root mean square difference (0 to 255) of
each square of 20 pixels; the largest counts, so that one point that moved is not lost in a white page.
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imread, imsave
from matplotlib.legend import Legend
from matplotlib.text import Text
from tests.report.conftest import make_content
from tests.report.figure_cases import plan_of

from littermate.model.arena import Arena
from littermate.model.blot import Band, Lane
from littermate.model.bout import DetectedBout
from littermate.model.motion import Motion
from littermate.model.plate import SampleResult, StandardResult
from littermate.model.power import PowerCurve
from littermate.model.track import FOUND, MISSING, Track
from littermate.report.anova_figure import draw_anova
from littermate.report.blot_figure import draw_blot
from littermate.report.field_figure import draw_field
from littermate.report.figures import draw_figure
from littermate.report.forest_figure import draw_forest
from littermate.report.grouping import plan_figures
from littermate.report.plate_figure import draw_plate
from littermate.report.power_figure import draw_power
from littermate.report.style import figure_style
from littermate.report.swim_figure import draw_swim
from littermate.single.meta import pool_table

BASELINE = Path(__file__).parent / "baseline"
DPI, SQUARE = 60, 20
TOLERANCE, OF_IMAGES, OF_LETTERS = 4.0, 16.0, 30.0
"""Largest RMS of a square. matplotlib 3.9 to 3.11 with FreeType 2.6 and 2.14 differ by 0.1 in the figures of a study,
by 15.2 where images and hatches are sampled, by 20.7 in letters; test_pictures.py plants what must be found."""


def pictures() -> dict[str, Callable[[], Figure]]:
    """Return what draws each picture, by its name; those of a name with "letters" show theirs."""
    content = make_content()
    study = plan_figures(content.protocol, content.analyses)
    cases = ("1 x 2", "1 x 5", "2 x 2 x 2", "log scale")
    return {
        **{f"study-{plan.number}": lambda plan=plan: draw_figure(plan) for plan in study},
        "study-1-letters": lambda: draw_figure(study[0]),
        **{name.replace(" ", "-"): lambda name=name: draw_figure(plan_of(name)) for name in cases},
        "swim": draw_a_trial,
        "field": draw_an_arena,
        "blot": draw_a_membrane,
        "plate": draw_wells,
        "anova": lambda: draw_anova(plan_of("2 x 2").panels[0][1]),
        "power": draw_curves,
        "forest": draw_studies,
    }


def draw_a_trial() -> Figure:
    t = np.arange(600) * 0.1
    activity = np.where((t > 20) & (t < 35), 0.02, 0.3 + 0.1 * np.sin(t))
    motion = Motion(
        t_s=t, step_s=0.1, activity=activity, valid=(t < 45) | (t > 50), animal_found=True, animal_area_px=None
    )
    bout = DetectedBout(behaviour="immobile", start_s=20.0, stop_s=35.0)
    return draw_swim(motion, window_s=(10, 60), bouts=(bout,), thresholds=(0.05, 0.08), title="Trial 7f3a")


def draw_an_arena() -> Figure:
    arena = Arena(corners_px=((10, 10), (90, 12), (92, 90), (8, 88)), width_cm=48, height_cm=48)
    t = np.arange(300) / 10
    xy = np.column_stack([50 + 1.1 * t * np.cos(t), 50 + 1.1 * t * np.sin(t)])
    state = np.full(len(t), FOUND, np.uint8)
    xy[100:120], state[100:120] = np.nan, MISSING
    return draw_field(np.full((100, 120), 150, np.uint8), Track(t_s=t, xy_px=xy, state=state), arena, title="7f3a")


def draw_a_membrane() -> Figure:
    rows, columns = np.mgrid[:60, :160]
    bands = [(30 * (k + 1), 90.0 * k) for k in range(4)]
    pixels = 100 + sum(high * np.exp(-(((columns - x) / 9) ** 2) - ((rows - 30) / 4) ** 2) for x, high in bands)
    lanes = [
        Lane(
            index=k + 1,
            centre_px=float(x),
            width_px=22.0,
            path_px=((0.0, float(x)), (59.0, float(x))),
            bands=(Band(row_px=30.0, volume=high, background=1.0, saturated=k == 3, box_px=(x - 11, 22, 22, 17)),),
        )
        for k, (x, high) in enumerate(bands)
    ]
    return draw_blot(pixels, lanes, title="Membrane 1")


def draw_wells() -> Figure:
    x = np.geomspace(10, 1000, 40)
    standards = [
        StandardResult(
            name=f"S{at:g}",
            concentration=at,
            signal=at / 500,
            back_calculated=at,
            recovery_percent=100.0,
            cv_percent=2.0,
        )
        for at in (10.0, 100.0, 1000.0)
    ]
    samples = [
        SampleResult(
            name="X", wells=("B1",), signal=at / 500, concentration=at, unit="pg/mL", ci=None, in_range=True,
            cv_percent=None, dilution=1.0,
        )
        for at in (60.0, 300.0)
    ]  # fmt: skip
    return draw_plate(standards=standards, samples=samples, line=(x, x / 500), unit="pg/mL", logarithmic=True)


def draw_curves() -> Figure:
    low = PowerCurve(label="interaction, 1 SD", at=(4.0, 8.0, 16.0), power=(0.15, 0.28, 0.5), planned=(8.0, 0.28))
    high = PowerCurve(label="main effect, 1 SD", at=(4.0, 8.0, 16.0), power=(0.45, 0.78, 0.97), planned=(8.0, 0.78))
    return draw_power([high, low], [low], wanted=0.9)


def draw_studies() -> Figure:
    lines = ["study,yi,vi", *(f"Study {k},{0.3 * k - 0.8:.1f},{0.02 * k + 0.03:.2f}" for k in range(6))]
    with TemporaryDirectory() as folder:
        table = Path(folder) / "studies.csv"
        table.write_text("\n".join(lines), encoding="utf-8")
        return draw_forest(pool_table(table).analysis, own="Study 3")


def rendered(figure: Figure, *, letters: bool) -> np.ndarray:
    """Return a figure as pixels (rows, columns, 3) of 8 bits; letters are drawn four times as large and averaged."""
    finer = 4 if letters else 1
    if not letters:
        hide_letters(figure)
    figure.set_dpi(DPI * finer)
    canvas = FigureCanvasAgg(figure)
    with figure_style():
        canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3].astype(float)
    rows, columns = (size // finer for size in pixels.shape[:2])
    blocks = pixels[: rows * finer, : columns * finer].reshape(rows, finer, columns, finer, 3)
    return np.round(blocks.mean(axis=(1, 3))).astype(np.uint8)


def hide_letters(figure: Figure) -> None:
    """Hide all that is written, so that it takes no room in a layout either."""
    for legend in figure.findobj(Legend):
        legend.remove()
    for text in figure.findobj(Text):
        text.set_visible(False)
        text.set_in_layout(False)
    for axes in figure.axes:
        axes.tick_params(which="both", labelleft=False, labelright=False, labeltop=False, labelbottom=False)


def draw(name: str, what: Callable[[], Figure]) -> np.ndarray:
    """Draw a picture."""
    with bundled_font_only():
        return rendered(what(), letters="letters" in name)


@contextmanager
def bundled_font_only() -> Iterator[None]:
    """Hide every font but those that matplotlib brings."""
    manager, own = font_manager.fontManager, matplotlib.get_data_path()
    entries = list(manager.ttflist)
    manager.ttflist[:] = [entry for entry in entries if entry.fname.startswith(own)]
    manager._findfont_cached.cache_clear()
    try:
        yield
    finally:
        manager.ttflist[:] = entries
        manager._findfont_cached.cache_clear()


def tolerance(name: str) -> float:
    """Return how much a picture may differ."""
    if "letters" in name:
        return OF_LETTERS
    return OF_IMAGES if name in ("swim", "field", "blot") else TOLERANCE


def read(path: Path) -> np.ndarray:
    """Read a picture as pixels of 8 bits."""
    return np.round(imread(path)[..., :3] * 255).astype(np.uint8)


def write(path: Path, pixels: np.ndarray) -> None:
    """Write a picture; it says nothing of what wrote it."""
    imsave(path, pixels, metadata={"Software": None})


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """Return the largest RMS difference of a square of two pictures; infinite where their sizes differ."""
    if one.shape != other.shape:
        return float("inf")
    squared = ((one.astype(float) - other) ** 2).mean(axis=2)
    starts = itertools.product(*(range(0, size, SQUARE // 2) for size in squared.shape))
    return max(float(squared[y : y + SQUARE, x : x + SQUARE].sum()) / SQUARE**2 for y, x in starts) ** 0.5
