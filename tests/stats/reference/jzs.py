"""Makes jzs.json: JZS Bayes factors by adaptive integration with 30 digits (mpmath).

Run in this folder: python jzs.py. The integral is that of Rouder et al. 2009, eq. 1, over log g.
"""

import json
from pathlib import Path

import mpmath as mp

mp.mp.dps = 30
CASES = [
    (t, df, units) for t in ("0", "0.5", "-2.24", "4", "30") for df, units in ((14, 4), (28, 8), (9, 10), (998, 249))
]
R = ("0.5", "0.70710678118654752440", "1")
PIECES = [-8, -5, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 10, 15, 20, 30, 50, 80]


def log_bf10(t: mp.mpf, df: mp.mpf, units: mp.mpf, r: mp.mpf) -> mp.mpf:
    def integrand(log_g: mp.mpf) -> mp.mpf:
        g = mp.exp(log_g)
        a = 1 + units * g * r**2
        likelihood = a ** (-mp.mpf(1) / 2) * ((1 + t**2 / (a * df)) / (1 + t**2 / df)) ** (-(df + 1) / 2)
        return likelihood * mp.exp(-1 / (2 * g)) / mp.sqrt(2 * mp.pi * g)

    return mp.log(mp.quad(integrand, PIECES))


def main() -> None:
    rows = [
        {
            "t": float(t),
            "df": df,
            "units": units,
            "r": float(r),
            "log_bf10": float(log_bf10(*map(mp.mpf, (t, df, units, r)))),
        }
        for t, df, units in CASES
        for r in R
    ]
    text = json.dumps({"software": {"mpmath": mp.__version__}, "cases": rows}, indent=1)
    (Path(__file__).parent / "jzs.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
