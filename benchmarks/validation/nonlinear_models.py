"""The models of NIST's nonlinear regression sets, each with its Jacobian; p are the parameters b1, b2, ... in order."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Function = Callable[[Floats, Floats], Floats]

columns = np.column_stack


def saturating(x: Floats, p: Floats) -> Floats:
    return p[0] * (1 - np.exp(-p[1] * x))


def saturating_d(x: Floats, p: Floats) -> Floats:
    e = np.exp(-p[1] * x)
    return columns([1 - e, p[0] * x * e])


def misra_b(x: Floats, p: Floats) -> Floats:
    return p[0] * (1 - (1 + p[1] * x / 2) ** -2)


def misra_b_d(x: Floats, p: Floats) -> Floats:
    base = 1 + p[1] * x / 2
    return columns([1 - base**-2, p[0] * x * base**-3])


def misra_c(x: Floats, p: Floats) -> Floats:
    return p[0] * (1 - (1 + 2 * p[1] * x) ** -0.5)


def misra_c_d(x: Floats, p: Floats) -> Floats:
    base = 1 + 2 * p[1] * x
    return columns([1 - base**-0.5, p[0] * x * base**-1.5])


def misra_d(x: Floats, p: Floats) -> Floats:
    return p[0] * p[1] * x / (1 + p[1] * x)


def misra_d_d(x: Floats, p: Floats) -> Floats:
    base = 1 + p[1] * x
    return columns([p[1] * x / base, p[0] * x / base**2])


def chwirut(x: Floats, p: Floats) -> Floats:
    return np.exp(-p[0] * x) / (p[1] + p[2] * x)


def chwirut_d(x: Floats, p: Floats) -> Floats:
    y, below = chwirut(x, p), p[1] + p[2] * x
    return columns([-x * y, -y / below, -x * y / below])


def power(x: Floats, p: Floats) -> Floats:
    return p[0] * x ** p[1]


def power_d(x: Floats, p: Floats) -> Floats:
    return columns([x ** p[1], p[0] * x ** p[1] * np.log(x)])


def lanczos(x: Floats, p: Floats) -> Floats:
    return sum(p[k] * np.exp(-p[k + 1] * x) for k in (0, 2, 4))


def lanczos_d(x: Floats, p: Floats) -> Floats:
    return columns([part for k in (0, 2, 4) for e in [np.exp(-p[k + 1] * x)] for part in (e, -p[k] * x * e)])


def gauss(x: Floats, p: Floats) -> Floats:
    peaks = sum(p[k] * np.exp(-(((x - p[k + 1]) / p[k + 2]) ** 2)) for k in (2, 5))
    return p[0] * np.exp(-p[1] * x) + peaks


def gauss_d(x: Floats, p: Floats) -> Floats:
    decay = np.exp(-p[1] * x)
    parts = [decay, -p[0] * x * decay]
    for k in (2, 5):
        away = x - p[k + 1]
        peak = np.exp(-((away / p[k + 2]) ** 2))
        parts += [peak, p[k] * peak * 2 * away / p[k + 2] ** 2, p[k] * peak * 2 * away**2 / p[k + 2] ** 3]
    return columns(parts)


def enso(x: Floats, p: Floats) -> Floats:
    year = 2 * np.pi * x / 12
    y = p[0] + p[1] * np.cos(year) + p[2] * np.sin(year)
    for period, cosine, sine in ((3, 4, 5), (6, 7, 8)):
        turn = 2 * np.pi * x / p[period]
        y = y + p[cosine] * np.cos(turn) + p[sine] * np.sin(turn)
    return y


def enso_d(x: Floats, p: Floats) -> Floats:
    year = 2 * np.pi * x / 12
    parts = [np.ones_like(x), np.cos(year), np.sin(year)]
    for period, cosine, sine in ((3, 4, 5), (6, 7, 8)):
        turn = 2 * np.pi * x / p[period]
        swing = p[cosine] * np.sin(turn) - p[sine] * np.cos(turn)
        parts += [swing * turn / p[period], np.cos(turn), np.sin(turn)]
    return columns(parts)


def rational(above: int) -> tuple[Function, Function]:
    """Return a ratio of polynomials: `above` coefficients over 1 + the rest."""

    def parts(x: Floats, p: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        up = columns([x**k for k in range(above)])
        down = columns([x ** (k + 1) for k in range(len(p) - above)])
        return up, down, up @ p[:above], 1 + down @ p[above:]

    def model(x: Floats, p: Floats) -> Floats:
        _, _, numerator, denominator = parts(x, p)
        return numerator / denominator

    def jacobian(x: Floats, p: Floats) -> Floats:
        up, down, numerator, denominator = parts(x, p)
        return columns([up / denominator[:, None], -down * (numerator / denominator**2)[:, None]])

    return model, jacobian


def mgh09(x: Floats, p: Floats) -> Floats:
    return p[0] * (x**2 + x * p[1]) / (x**2 + x * p[2] + p[3])


def mgh09_d(x: Floats, p: Floats) -> Floats:
    above, below = x**2 + x * p[1], x**2 + x * p[2] + p[3]
    return columns([above / below, p[0] * x / below, -p[0] * above * x / below**2, -p[0] * above / below**2])


def mgh10(x: Floats, p: Floats) -> Floats:
    return p[0] * np.exp(p[1] / (x + p[2]))


def mgh10_d(x: Floats, p: Floats) -> Floats:
    e = np.exp(p[1] / (x + p[2]))
    return columns([e, p[0] * e / (x + p[2]), -p[0] * e * p[1] / (x + p[2]) ** 2])


def mgh17(x: Floats, p: Floats) -> Floats:
    return p[0] + p[1] * np.exp(-x * p[3]) + p[2] * np.exp(-x * p[4])


def mgh17_d(x: Floats, p: Floats) -> Floats:
    one, two = np.exp(-x * p[3]), np.exp(-x * p[4])
    return columns([np.ones_like(x), one, two, -p[1] * x * one, -p[2] * x * two])


def roszman(x: Floats, p: Floats) -> Floats:
    return p[0] - p[1] * x - np.arctan(p[2] / (x - p[3])) / np.pi


def roszman_d(x: Floats, p: Floats) -> Floats:
    away = x - p[3]
    common = np.pi * (away**2 + p[2] ** 2)
    return columns([np.ones_like(x), -x, -away / common, -p[2] / common])


def eckerle(x: Floats, p: Floats) -> Floats:
    return p[0] / p[1] * np.exp(-0.5 * ((x - p[2]) / p[1]) ** 2)


def eckerle_d(x: Floats, p: Floats) -> Floats:
    y, z = eckerle(x, p), (x - p[2]) / p[1]
    return columns([y / p[0], y * (z**2 - 1) / p[1], y * z / p[1]])


def bennett(x: Floats, p: Floats) -> Floats:
    return p[0] * (p[1] + x) ** (-1 / p[2])


def bennett_d(x: Floats, p: Floats) -> Floats:
    y = bennett(x, p)
    return columns([y / p[0], -y / (p[2] * (p[1] + x)), y * np.log(p[1] + x) / p[2] ** 2])


def rat42(x: Floats, p: Floats) -> Floats:
    return p[0] / (1 + np.exp(p[1] - p[2] * x))


def rat42_d(x: Floats, p: Floats) -> Floats:
    e = np.exp(p[1] - p[2] * x)
    return columns([1 / (1 + e), -p[0] * e / (1 + e) ** 2, p[0] * x * e / (1 + e) ** 2])


def rat43(x: Floats, p: Floats) -> Floats:
    return p[0] / (1 + np.exp(p[1] - p[2] * x)) ** (1 / p[3])


def rat43_d(x: Floats, p: Floats) -> Floats:
    e = np.exp(p[1] - p[2] * x)
    y = rat43(x, p)
    steep = y * e / (1 + e) / p[3]
    return columns([y / p[0], -steep, x * steep, y * np.log1p(e) / p[3] ** 2])


def nelson(x: Floats, p: Floats) -> Floats:
    return p[0] - p[1] * x[:, 0] * np.exp(-p[2] * x[:, 1])


def nelson_d(x: Floats, p: Floats) -> Floats:
    decay = x[:, 0] * np.exp(-p[2] * x[:, 1])
    return columns([np.ones(len(x)), -decay, p[1] * x[:, 1] * decay])


MODELS: dict[str, tuple[Function, Function]] = {
    "Misra1a": (saturating, saturating_d),
    "BoxBOD": (saturating, saturating_d),
    "Misra1b": (misra_b, misra_b_d),
    "Misra1c": (misra_c, misra_c_d),
    "Misra1d": (misra_d, misra_d_d),
    "Chwirut1": (chwirut, chwirut_d),
    "Chwirut2": (chwirut, chwirut_d),
    "DanWood": (power, power_d),
    **{f"Lanczos{k}": (lanczos, lanczos_d) for k in (1, 2, 3)},
    **{f"Gauss{k}": (gauss, gauss_d) for k in (1, 2, 3)},
    "ENSO": (enso, enso_d),
    "Kirby2": rational(3),
    "Hahn1": rational(4),
    "Thurber": rational(4),
    "MGH09": (mgh09, mgh09_d),
    "MGH10": (mgh10, mgh10_d),
    "MGH17": (mgh17, mgh17_d),
    "Roszman1": (roszman, roszman_d),
    "Eckerle4": (eckerle, eckerle_d),
    "Bennett5": (bennett, bennett_d),
    "Rat42": (rat42, rat42_d),
    "Rat43": (rat43, rat43_d),
    "Nelson": (nelson, nelson_d),
}
