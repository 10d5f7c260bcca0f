"""TeX: a formula's source as the text that it prints, as far as statistics go."""

from __future__ import annotations

import re

__all__ = ["formulas_as_text", "tex_text"]

_SIGNS = {
    "chi": "χ", "eta": "η", "alpha": "α", "beta": "β", "mu": "μ", "sigma": "σ", "omega": "ω", "rho": "ρ", "tau": "τ",
    "kappa": "κ", "delta": "δ", "gamma": "γ", "epsilon": "ε", "varepsilon": "ε", "lambda": "λ", "theta": "θ",
    "times": "×", "pm": "±", "cdot": "·", "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥",
    "geqslant": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "sim": "~", "lt": "<", "gt": ">", "minus": "−", "ast": "*",
    "quad": " ", "qquad": " ", "ldots": "...", "dots": "...", "percent": "%", "%": "%", "&": "&", "_": "_", "#": "#",
    "$": "$", "{": "(", "}": ")", ",": " ", ";": " ", ":": " ", "!": "", " ": " ", "circ": "°", "prime": "′",
}  # fmt: skip
_FONTS = (
    r"\\(?:text\w*|math(?:rm|it|bf|sf|tt|normal|cal|bb)|mbox|hbox|operatorname\*?|emph|boldsymbol|bm|mathop|ensuremath)"
)
_FORMULA = re.compile(
    r"\\\((.{1,400}?)\\\)|\\\[(.{1,400}?)\\\]|\$\$([^$]{1,400})\$\$|\$([^$\n]{0,200}?(?:\\[a-zA-Z]|[_^=<>])[^$\n]{0,200})\$",
    re.S,
)


def tex_text(source: str) -> str:
    r"""Return a formula as text.

    Examples
    --------
    >>> tex_text(r"$\mathit{F}_{\left(1,\,28\right)} = 5.2,\ p < 10^{-4}$"), tex_text(r"\chi^{2}(1) = \frac{a}{b}")
    ('F(1, 28) = 5.2, p < 10^-4', 'χ2(1) = a/b')
    """
    document = re.search(r"\\begin\{document\}(.*?)(?:\\end\{document\}|$)", source, re.S)
    text = (document[1] if document else source).replace("$", " ").replace("~", " ")
    text = re.sub(r"\\(?:left|right|[bB]igg?[lr]?|displaystyle|textstyle|limits|it|rm|bf)(?![a-zA-Z])\s*\.?", "", text)
    text = re.sub(r"\\(?:begin|end)\s*\{[^{}]*\}(?:\{[^{}]*\})?|\\[()\[\]]", " ", text)
    text = re.sub(_FONTS + r"\s*(?=\{)", "", text)
    text = re.sub(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"\1/\2", text)
    text = re.sub(r"(?<=\d)\s*\^\s*\{?\s*([-−+]?[\d.]+)\s*\}?", r"^\1", text)
    text = re.sub(r"(?<!\d)\^|(?<!\\)_|\^(?!\s*[-−+\d])", "", text)
    text = re.sub(r"\\([a-zA-Z]+|.)", lambda hit: _SIGNS.get(hit[1], hit[1] if len(hit[1]) > 1 else ""), text)
    return re.sub(r"\s+", " ", text.replace("{", "").replace("}", "")).strip()


def formulas_as_text(text: str) -> str:
    r"""Return a text with the formulas in it, ``\(...\)`` and ``$...$``, as text.

    Examples
    --------
    >>> formulas_as_text(r"Ketamine, $F_{(1, 28)} = 5.2$, cost $5.")
    'Ketamine, F(1, 28) = 5.2, cost $5.'
    """
    return _FORMULA.sub(lambda hit: tex_text(next(part for part in hit.groups() if part is not None)), text)
