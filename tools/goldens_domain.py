#!/usr/bin/env python3
"""Golden values for the statistics of src/Domain, from scikit-learn 1.2 and scipy.

Usage: /usr/bin/python3 tools/goldens_domain.py   (writes tests/Domain.Tests/Goldens/*.json)
"""
import json
import pathlib

import numpy as np
import scipy.stats
from sklearn.linear_model import BayesianRidge

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "Domain.Tests" / "Goldens"


def ridge_case(name, x, y, **options):
    fit = BayesianRidge(compute_score=True, **options).fit(x, y)
    at = x[:2] * 0.5 - 0.25
    mean, std = fit.predict(at, return_std=True)
    intercept = options.get("fit_intercept", True)
    # Centring n <= p rows leaves one singular value at 0, and scikit-learn's sigma_ holds whatever direction rounding gave it.
    reproducible = len(x) > x.shape[1] or not intercept
    return {
        "name": name, "x": x.tolist(), "y": y.tolist(), "fitIntercept": intercept,
        "coefficients": fit.coef_.tolist(), "intercept": float(fit.intercept_), "alpha": fit.alpha_, "lambda": fit.lambda_,
        "iterations": int(fit.n_iter_), "scores": fit.scores_.tolist(), "covariance": fit.sigma_.tolist() if reproducible else None,
        "at": at.tolist(), "mean": mean.tolist(), "rawStd": std.tolist() if reproducible else None,
    }


def ridge_cases():
    rng = np.random.default_rng(7)
    for n, p in [(30, 3), (12, 11), (200, 6), (8, 8), (5, 9), (3, 20), (2, 2), (1, 3)]:
        x = rng.normal(size=(n, p))
        y = x @ rng.normal(size=p) + 0.3 * rng.normal(size=n) + 2
        yield ridge_case(f"{n} x {p}", np.round(x, 6), np.round(y, 6))
    for n, p in [(20, 4), (6, 6), (4, 9)]:
        x = rng.normal(size=(n, p))
        y = x @ rng.normal(size=p) + 0.3 * rng.normal(size=n) + 2
        yield ridge_case(f"{n} x {p} without intercept", np.round(x, 6), np.round(y, 6), fit_intercept=False)
    # A shared slope: beta and a one-hot intercept for each of six candidates, rank-deficient after centring.
    beta = np.sort(rng.uniform(0.2, 1, size=(6, 5)))[:, ::-1]
    x = np.hstack([beta.reshape(-1, 1), np.repeat(np.eye(6), 5, axis=0)])
    y = (np.linspace(0.6, 0.9, 6)[:, None] - 0.4 * beta + 0.01 * rng.normal(size=(6, 5))).reshape(-1)
    yield ridge_case("shared slope", np.round(x, 6), np.round(y, 6))


def correlation_cases():
    rng = np.random.default_rng(11)
    pairs = [("fixture", [1, 2, 2, 3, 5, 5, 5, 8], [2, 1, 4, 4, 6, 5, 9, 9]), ("reversed", [1, 2, 3, 4], [4, 3, 2, 1])]
    for n in (3, 5, 17, 60):
        pairs.append((f"{n} reals", np.round(rng.normal(size=n), 6).tolist(), np.round(rng.normal(size=n), 6).tolist()))
        x = rng.integers(0, max(3, n // 3), size=n)
        y = (x + rng.integers(0, 3, size=n)) % 7
        y[0] += 1
        pairs.append((f"{n} with ties", x.tolist(), y.tolist()))
    for name, x, y in pairs:
        rho, p = scipy.stats.spearmanr(x, y)
        yield {
            "name": name, "x": x, "y": y, "spearman": rho, "pValue": p,
            "kendall": scipy.stats.kendalltau(x, y)[0], "weighted": scipy.stats.weightedtau(x, y)[0],
        }


def write(name, cases):
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / name).write_text(json.dumps(list(cases), separators=(",", ":"), allow_nan=False) + "\n")


write("bayesian-ridge.json", ridge_cases())
write("rank-correlation.json", correlation_cases())
