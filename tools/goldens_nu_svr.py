#!/usr/bin/env python3
"""Golden values for src/Domain/Statistics/NuSupportVectorRegression.cs, from scikit-learn's NuSVR (LIBSVM).

Usage: /usr/bin/python3 tools/goldens_nu_svr.py   (writes tests/Domain.Tests/Goldens/nu-svr.json)
"""
import json
import pathlib

import numpy as np
from sklearn.svm import NuSVR

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "Domain.Tests" / "Goldens" / "nu-svr.json"


def case(name, rows, targets, c, nu, gamma):
    # The default tolerance of 1e-3 stops far from the optimum of targets that spread by 0.1.
    fit = NuSVR(C=c, nu=nu, gamma=gamma, tol=1e-12).fit(rows, targets)
    coefficients = np.zeros(len(rows))
    coefficients[fit.support_] = fit.dual_coef_[0]
    at = rows[:5] * 0.9 + 0.05
    return {
        "name": name, "rows": rows.tolist(), "targets": targets.tolist(), "c": c, "nu": nu, "gamma": gamma,
        "coefficients": coefficients.tolist(), "intercept": float(fit.intercept_[0]),
        "fitted": fit.predict(rows).tolist(), "at": at.tolist(), "predicted": fit.predict(at).tolist(),
    }


def curves(rng, n, t):
    """Accuracies of n rising curves, with first and second differences, and where they end."""
    final = rng.uniform(0.5, 0.9, n)
    accuracies = final[:, None] - rng.uniform(0.2, 0.5, n)[:, None] * np.arange(1, t + 1) ** -0.6 + 0.01 * rng.normal(size=(n, t))
    return np.round(np.hstack([accuracies, np.diff(accuracies), np.diff(accuracies, n=2)]), 6), np.round(final, 6)


def cases():
    rng = np.random.default_rng(5)
    for n, t, c, nu, gamma in [(6, 4, 1, 0.5, 1), (12, 3, 10, 0.45, 0.1), (40, 5, 1, 0.25, 1), (40, 5, 10, 0.75, 10), (80, 8, 0.1, 0.5, 1), (25, 5, 0.01, 0.1, 2)]:
        yield case(f"{n} curves of {t} epochs, C={c} nu={nu} gamma={gamma}", *curves(rng, n, t), c, nu, gamma)
    x = rng.normal(size=(30, 3))
    y = np.sin(x[:, 0]) + x[:, 1] * x[:, 2] + 0.1 * rng.normal(size=30)
    yield case("30 x 3, steep", np.round(x, 6), np.round(y, 6), 5.0, 0.3, 0.7)
    yield case("30 x 3, nu=1", np.round(x, 6), np.round(y, 6), 0.5, 1.0, 0.2)


OUT.write_text(json.dumps(list(cases()), separators=(",", ":"), allow_nan=False) + "\n")
