"""A figure as an SVG element of an HTML page, in which every point leads to its value.

matplotlib writes the file; here what a page must not have (metadata, styles) is taken out, ids are kept apart from
those of other figures, and each point becomes a link to its value's anchor, with the animal's code and the value as its
accessible name. Letters are paths, so the element holds no text from the study but those names and the label, which
are escaped. The files beside the page stay as they are: they have no page to lead to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from littermate.report.grouping import FigurePlan, cells_of
from littermate.report.numbers import significant
from littermate.report.panels import points_id, points_in
from littermate.report.style import MM
from littermate.report.wording import group_label, value_anchor

__all__ = ["PointLink", "inline_svg", "point_links"]

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_LARGEST_HIT_PT, _SMALLEST_HIT_PT, _CORNERS = 6.3, 1.2, 24
_ON_SCREEN, _PT_AN_INCH = 1.45, 72.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PointLink:
    """Where a point leads, ``"v-immobility-7F3A"`` or nowhere (``""``), and what it says."""

    anchor: str
    says: str


def point_links(plan: FigurePlan, known: Collection[str]) -> dict[str, list[PointLink]]:
    """Return the links of a figure's points: by the id of each group's points, in the order in which they are drawn.

    Parameters
    ----------
    plan
        The figure.
    known
        Anchors that the page has; a point whose value has none leads nowhere.
    """
    links = {}
    for panel, (outcome, analysis) in enumerate(plan.panels):
        unit = f" {analysis.unit}" if analysis.unit else ""
        for place, cell in enumerate(cells_of(analysis)):
            links[points_id(panel, place)] = [
                PointLink(
                    anchor=anchor if anchor in known else "",
                    says=f"{point.unit}: {significant(point.value)}{unit} ({group_label(cell.levels)})",
                )
                for point in points_in(analysis, cell)
                for anchor in [value_anchor(outcome.name, point.unit)]
            ]
    return links


def inline_svg(svg: str, name: str, *, label: str, links: dict[str, list[PointLink]] | None = None) -> str:
    """Return a figure as an SVG element: scalable, labelled, with ids of its own, its points linked.

    Parameters
    ----------
    svg
        The text of its file.
    name
        What its ids begin with: ``"f1"``.
    label
        Its accessible name.
    links
        From `point_links`.
    """
    root = _bare(svg)
    for points, leads in (links or {}).items():
        _link(root, points, leads)
    _keep_apart(root, name)
    wide = float(root.attrib["width"].removesuffix("pt")) / _PT_AN_INCH / MM * _ON_SCREEN
    for attribute in ("width", "height", "version"):
        del root.attrib[attribute]
    root.attrib |= {"role": "group", "aria-label": label, "style": f"max-width:{wide:.0f}mm"}
    return _written(root)


def _bare(svg: str) -> ElementTree.Element:
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in [one for one in parent if one.tag in (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style")]:
            parent.remove(child)
    return root


def _written(root: ElementTree.Element) -> str:
    """Write the element as HTML takes it: SVG without prefix, links within it as ``xlink:href``."""
    for prefix, namespace in (("", _SVG), ("xlink", _XLINK)):
        ElementTree.register_namespace(prefix, namespace)
    return ElementTree.tostring(root, encoding="unicode")


def _keep_apart(root: ElementTree.Element, name: str) -> None:
    """Put the figure's name before every id, and before what refers to one."""
    for element in root.iter():
        for attribute, value in element.attrib.items():
            if attribute == "id":
                element.set(attribute, f"{name}-{value}")
            elif attribute == f"{{{_XLINK}}}href":
                element.set(attribute, f"#{name}-{value.removeprefix('#')}")
            elif "url(#" in value:
                element.set(attribute, value.replace("url(#", f"url(#{name}-"))


def _link(root: ElementTree.Element, points: str, leads: Sequence[PointLink]) -> None:
    """Make each point of a group a link."""
    group = root.find(f".//{{{_SVG}}}g[@id='{points}']")
    if group is None:
        return
    parents = {child: parent for parent in group.iter() for child in parent}
    dots = list(group.iter(f"{{{_SVG}}}use"))
    reaches = _reaches(np.array([(float(dot.get("x", 0)), float(dot.get("y", 0))) for dot in dots]))
    for dot, lead, reach in zip(dots, leads, reaches, strict=True):
        parent = parents[dot]
        place = list(parent).index(dot)
        parent.remove(dot)
        parent.insert(place, _linked(dot, lead, reach))


def _linked(dot: ElementTree.Element, lead: PointLink, reach: NDArray[np.float64]) -> ElementTree.Element:
    link = ElementTree.Element(f"{{{_SVG}}}a" if lead.anchor else f"{{{_SVG}}}g", {"class": "point"})
    if lead.anchor:
        link.set("href", f"#{lead.anchor}")
    ElementTree.SubElement(link, f"{{{_SVG}}}title").text = lead.says
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in reach)
    ElementTree.SubElement(link, f"{{{_SVG}}}polygon", {"points": corners, "fill-opacity": "0"})
    link.append(dot)
    return link


def _reaches(places: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    """Yield the corners (k, 2) of what is nearest to each point of (n, 2), within reach: a click there is its own."""
    turns = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    ways = np.column_stack([np.cos(turns), np.sin(turns)])
    for index, place in enumerate(places):
        away = np.delete(places, index, axis=0) - place
        towards = away @ ways.T
        with np.errstate(divide="ignore", invalid="ignore"):
            half = np.where(towards > 0, (away**2).sum(axis=1, keepdims=True) / (2 * towards), np.inf)
        far = np.clip(half.min(axis=0, initial=np.inf), _SMALLEST_HIT_PT, _LARGEST_HIT_PT)
        yield place + far[:, None] * ways
