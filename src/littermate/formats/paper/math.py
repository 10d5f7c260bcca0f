"""Math: MathML as text in one line."""

from __future__ import annotations

from littermate.formats.paper.characters import plain, raised
from littermate.formats.paper.tree import Element

__all__ = ["math_text"]

_UNPRINTED = frozenset({"annotation", "annotation-xml", "maction", "mphantom"})


def math_text(element: Element) -> str:
    """Return what a formula prints, on one line.

    Examples
    --------
    >>> one = Element(name="msup", children=[Element(name="mi", children=["χ"]), Element(name="mn", children=["2"])])
    >>> math_text(one)
    'χ2'
    """
    parts = [math_text(child) for child in element.elements() if child.name not in _UNPRINTED]
    match element.name, parts:
        case "msup", [base, above]:
            return base + raised(above, after=base)
        case "msubsup", [base, below, above]:
            return base + raised(above, after=base) + below
        case "mfrac", [above, below]:
            return f"{above}/{below}"
        case "msqrt", _:
            return f"√({''.join(parts)})"
        case "mfenced", _:
            marks = element.attributes
            return marks.get("open", "(") + ", ".join(parts) + marks.get("close", ")")
        case "mspace", _:
            return " "
        case "mtext", _:
            return "".join(child for child in element.children if isinstance(child, str)) + "".join(parts)
    own = "".join(plain(child) for child in element.children if isinstance(child, str))
    return own + "".join(parts)
