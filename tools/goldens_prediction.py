#!/usr/bin/env python3
"""Golden values for DriftingCurves and ScorePrior of src/Domain, by dense linear algebra on everything at once.

Levels and time effects are one vector of coefficients with their design matrix; drift and noise are one covariance
matrix. Nothing is differenced or eliminated, as the C# does it. A prior of differences is a Gaussian whose unknown level
has its own coefficient.

Usage: /usr/bin/python3 tools/goldens_prediction.py   (writes tests/Domain.Tests/Goldens/drifting-curves.json and score-prior.json)
"""
import json
import pathlib

import numpy as np

GOLDENS = pathlib.Path(__file__).resolve().parent.parent / "tests" / "Domain.Tests" / "Goldens"
PRIOR = {"freedom": 2.0, "sd": 0.02}


def solve(times, curves, drift):
    """Noise variance, log evidence, and the curves' joint posterior at the last time."""
    rows = [(m, i, n) for m, c in enumerate(curves) for n, i in enumerate(c["at"])]
    curve = np.array([m for m, _, _ in rows])
    u = np.array([times[i] for _, i, _ in rows])
    y = np.array([curves[m]["targets"][n] for m, _, n in rows])
    w = np.array([curves[m]["weights"][n] for m, _, n in rows])
    start = np.array([times[c["at"][0]] for c in curves])
    same = curve[:, None] == curve[None, :]
    cov = np.diag(w) + np.where(same, drift * (np.minimum.outer(u, u) - start[curve][:, None]), 0)

    levels = np.eye(len(curves))[curve]
    effects = np.eye(len(times))[[i for _, i, _ in rows]][:, 1:]
    flat = np.hstack([levels, effects])
    inv = np.linalg.inv(cov)
    unbiased = np.linalg.solve(flat.T @ inv @ flat, flat.T @ inv @ y)
    rest = y - flat @ unbiased
    freedom = len(y) - flat.shape[1] + PRIOR["freedom"]
    noise = (rest @ inv @ rest + PRIOR["freedom"] * PRIOR["sd"] ** 2) / freedom

    covariance = np.linalg.inv(flat.T @ inv @ flat / noise)

    # Where the curves stand at the last time: coefficients, and the drift given the observations.
    end = np.zeros((len(curves), flat.shape[1]))
    end[:, : len(curves)] = np.eye(len(curves))
    if len(times) > 1:
        end[:, -1] = 1
    k = np.where(curve[None, :] == np.arange(len(curves))[:, None], drift * (u - start[curve])[None, :], 0)
    prior = np.diag(drift * (times[-1] - start))
    stand = end @ unbiased + k @ inv @ rest
    a = end - k @ inv @ flat
    stand_cov = a @ covariance @ a.T + noise * (prior - k @ inv @ k.T)

    # Restricted likelihood, noise as estimated, and the noise's own prior as the model counts it.
    v = noise * cov
    vi = np.linalg.inv(v)
    p = vi - vi @ flat @ np.linalg.solve(flat.T @ vi @ flat, flat.T @ vi)
    restricted = -0.5 * (np.linalg.slogdet(v)[1] + np.linalg.slogdet(flat.T @ vi @ flat)[1] + y @ p @ y)
    ss = PRIOR["freedom"] * PRIOR["sd"] ** 2
    evidence = restricted - 0.5 * (PRIOR["freedom"] * np.log(noise) + ss / noise)
    return {
        "drift": drift, "noise": noise, "evidence": evidence,
        "mean": stand.tolist(), "covariance": stand_cov.tolist(),
    }


def case(name, rng, times, at, uneven):
    curves = []
    for points in at:
        y = rng.uniform(0.4, 0.7) + 0.05 * np.log(np.array(points) + 1) + 0.02 * rng.normal(size=len(points))
        w = rng.uniform(0.5, 1.5, len(points)) if uneven else np.ones(len(points))
        curves.append({"at": points, "targets": np.round(y, 4).tolist(), "weights": np.round(w, 3).tolist()})
    times = np.round(times, 6).tolist()
    return {"name": name, "prior": PRIOR, "times": times, "curves": curves, "fits": [solve(times, curves, d) for d in (0.0, 0.3, 30.0)]}


SCORES = ("logme", "h-score", "linear-probe")
CORRELATION, CORRELATION_SD, SPREAD, LEAST_DEVIATION = 0.7, 0.2, 1.25, 0.005


def score_prior(rng, candidates, scores, spread):
    """A posterior from curves, joined with the prior: level, slope and final accuracies are estimated together from curves and line."""
    factor = 0.02 * rng.normal(size=(candidates, candidates))
    cov = np.round(factor @ factor.T + 0.0004 * np.eye(candidates), 8)
    mean = np.round(0.6 + spread * rng.normal(size=candidates), 4)
    values = {name: np.round(rng.normal(5, 2, candidates), 3) for name in scores}
    standardize = lambda v: (v - v.mean()) / v.std()
    x = standardize(sum(standardize(v) for v in values.values()))
    deviation = max(mean.std(ddof=1), LEAST_DEVIATION)

    # Unknowns: the final accuracies f, level a, slope b. f ~ curves; f − a − b x ~ N(0, (spread)²); b ~ N; a flat.
    n = candidates
    rows = np.block([
        [np.eye(n), np.zeros((n, 2))],
        [np.eye(n), -np.ones((n, 1)), -x[:, None]],
        [np.zeros((1, n + 1)), np.ones((1, 1))],
    ])
    target = np.concatenate([mean, np.zeros(n), [CORRELATION * deviation]])
    weight = np.zeros((2 * n + 1, 2 * n + 1))
    weight[:n, :n] = np.linalg.inv(cov)
    weight[n : 2 * n, n : 2 * n] = np.eye(n) / (SPREAD * deviation) ** 2
    weight[-1, -1] = 1 / (CORRELATION_SD * deviation) ** 2
    joint = np.linalg.inv(rows.T @ weight @ rows)
    return {
        "mean": mean.tolist(), "covariance": cov.tolist(), "scores": {k: v.tolist() for k, v in values.items()},
        "joined": (joint @ rows.T @ weight @ target)[:n].tolist(), "joinedCovariance": joint[:n, :n].tolist(),
    }


def main():
    rng = np.random.default_rng(5)
    u = np.log(np.arange(1, 9))
    every = list(range(5))
    cases = [
        case("balanced", rng, u[:5], [every] * 4, uneven=False),
        case("uneven noise", rng, u[:5], [every] * 4, uneven=True),
        case("gaps, and some are behind", rng, u, [[0, 1, 2, 3, 4, 5, 6, 7], [0, 2, 3, 7], [1, 2, 3, 4], [0, 1, 2, 3, 4, 5], [0, 5, 7]], uneven=True),
        case("two curves of two points", rng, u[:2], [[0, 1], [0, 1]], uneven=False),
        case("many", rng, u, [list(range(8))] * 12, uneven=True),
    ]
    (GOLDENS / "drifting-curves.json").write_text(json.dumps(cases, indent=1) + "\n")
    rng = np.random.default_rng(6)
    priors = [score_prior(rng, 4, SCORES, 0.05), score_prior(rng, 14, SCORES, 0.04), score_prior(rng, 9, SCORES[1:2], 0.001)]
    (GOLDENS / "score-prior.json").write_text(json.dumps(priors, indent=1) + "\n")


if __name__ == "__main__":
    main()
