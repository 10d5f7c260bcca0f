"""Makes largest_t.json: tails of the largest t and of the studentized range, another way than the program's.

The density of s itself (not of ln s) and Gauss-Legendre panels (not trapezoid sums), 40 nodes each.
Run in this folder: python largest_t.py
"""

import json
from pathlib import Path

import numpy as np
from scipy import special


def panels(edges):
    """Return nodes and weights."""
    x, w = np.polynomial.legendre.leggauss(40)
    half = np.diff(edges)[:, None] / 2
    return ((np.array(edges)[:-1, None] + half) + half * x).ravel(), (half * w).ravel()


def over_s(tail, df):
    """Average a tail over s."""
    s, weight = panels(np.linspace(0, 4, 17))
    constant = np.log(2) + df / 2 * np.log(df / 2) - special.gammaln(df / 2)
    return float(np.sum(weight * np.exp(constant + (df - 1) * np.log(s) - df * s * s / 2) * [tail(one) for one in s]))


def largest_t(bound, loadings, df, sides):
    """Return P(the largest t > bound)."""
    z, weight = panels(np.linspace(-9, 9, 13))

    def tail(s):
        inside = np.ones_like(z)
        for load in loadings:
            own = (1 - load * load) ** 0.5
            low = special.ndtr((-bound * s - load * z) / own) if sides == 2 else 0
            inside *= special.ndtr((bound * s - load * z) / own) - low
        return 1 - np.sum(weight * np.exp(-z * z / 2) * inside) / np.sqrt(2 * np.pi)

    return over_s(tail, df)


def studentized_range(q, groups, df):
    """Return P(the range > q)."""
    z, weight = panels(np.linspace(-9, 20, 21))

    def tail(s):
        inside = (special.ndtr(z) - special.ndtr(z - q * s)) ** (groups - 1)
        return 1 - groups * np.sum(weight * np.exp(-z * z / 2) * inside) / np.sqrt(2 * np.pi)

    return over_s(tail, df)


def main():
    """Write the file."""
    asked = [(2.5, [0.7, 0.75, 0.6], 25, 2), (2.0, [0.5, 0.5], 20, 1), (4.0, [0.8, 0.2, 0.6, 0.4], 12, 2)]
    largest = [
        {"bound": b, "loadings": loads, "df": df, "sides": sides, "p": largest_t(b, loads, df, sides)}
        for b, loads, df, sides in asked
    ]
    ranges = [
        {"q": q, "groups": k, "df": df, "p": studentized_range(q, k, df)}
        for q, k, df in [(3.5, 3, 12), (5.0, 4, 25), (5.5, 6, 54), (3.0, 12, 5)]
    ]
    Path("largest_t.json").write_text(json.dumps({"largest_t": largest, "range": ranges}, indent=1) + "\n")


if __name__ == "__main__":
    main()
