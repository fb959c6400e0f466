#!/usr/bin/env python3
"""Golden values for DriftingCurves, DampedTrend and SourcePrior of src/Domain, by dense linear algebra on everything at once.

Levels and time effects are one vector of coefficients with their design matrix; drift and noise are one covariance
matrix. Nothing is differenced or eliminated, as the C# does it. A prior of differences is a Gaussian whose unknown level
has its own coefficient.

Usage: /usr/bin/python3 tools/goldens_prediction.py   (writes tests/Domain.Tests/Goldens/drifting-curves.json, damped-trend.json and source-prior.json)
"""
import json
import pathlib

import numpy as np

GOLDENS = pathlib.Path(__file__).resolve().parent.parent / "tests" / "Domain.Tests" / "Goldens"
PRIOR = {"freedom": 2.0, "sd": 0.02}


def solve(times, curves, drift, ahead, covariate):
    """Noise variance, log evidence, covariate coefficient, and the curves' joint posterior where they are asked for.

    ahead: how long after the last time the curves are asked for; covariate: mean and variance of the coefficient's prior.
    """
    rows = [(m, i, n) for m, c in enumerate(curves) for n, i in enumerate(c["at"])]
    curve = np.array([m for m, _, _ in rows])
    u = np.array([times[i] for _, i, _ in rows])
    y = np.array([curves[m]["targets"][n] for m, _, n in rows])
    w = np.array([curves[m]["weights"][n] for m, _, n in rows])
    x = np.array([(curves[m]["covariate"] or [0] * len(curves[m]["at"]))[n] for m, _, n in rows])
    start = np.array([times[c["at"][0]] for c in curves])
    same = curve[:, None] == curve[None, :]
    cov = np.diag(w) + np.where(same, drift * (np.minimum.outer(u, u) - start[curve][:, None]), 0)

    levels = np.eye(len(curves))[curve]
    effects = np.eye(len(times))[[i for _, i, _ in rows]][:, 1:]
    flat = np.hstack([levels, effects])
    inv = np.linalg.inv(cov)

    # Noise: everything flat, the coefficient too, where the covariate says anything of it.
    beyond = x - flat @ np.linalg.solve(flat.T @ inv @ flat, flat.T @ inv @ x)
    told = beyond @ inv @ beyond > 1e-12
    design = np.hstack([flat, x[:, None]]) if told else flat
    rest = y - design @ np.linalg.solve(design.T @ inv @ design, design.T @ inv @ y)
    freedom = len(y) - design.shape[1] + PRIOR["freedom"]
    noise = (rest @ inv @ rest + PRIOR["freedom"] * PRIOR["sd"] ** 2) / freedom

    # Everything else in one Gaussian: the coefficient's prior is one more observation of it.
    v = noise * cov
    vi = np.linalg.inv(v)
    full = np.hstack([flat, x[:, None]])
    precision = full.T @ vi @ full
    precision[-1, -1] += 1 / covariate["variance"]
    side = full.T @ vi @ y
    side[-1] += covariate["mean"] / covariate["variance"]
    covariance = np.linalg.inv(precision)
    best = covariance @ side

    # What is asked: coefficients, and drift given the observations.
    end = np.zeros((len(curves), full.shape[1]))
    end[:, : len(curves)] = np.eye(len(curves))
    if len(times) > 1:
        end[:, -2] = 1
    end[:, -1] = [c["covariateAtEnd"] for c in curves]
    k = noise * np.where(curve[None, :] == np.arange(len(curves))[:, None], drift * (u - start[curve])[None, :], 0)
    prior = noise * np.diag(drift * (times[-1] + ahead - start))
    stand = end @ best + k @ vi @ (y - full @ best)
    a = end - k @ vi @ full
    stand_cov = a @ covariance @ a.T + prior - k @ vi @ k.T

    # Restricted likelihood with the coefficient integrated out, noise as estimated, and the noise's own prior as the model counts it.
    z = y - covariate["mean"] * x
    vx = v + covariate["variance"] * np.outer(x, x)
    vxi = np.linalg.inv(vx)
    p = vxi - vxi @ flat @ np.linalg.solve(flat.T @ vxi @ flat, flat.T @ vxi)
    restricted = -0.5 * (np.linalg.slogdet(vx)[1] + np.linalg.slogdet(flat.T @ vxi @ flat)[1] + z @ p @ z)
    ss = PRIOR["freedom"] * PRIOR["sd"] ** 2
    evidence = restricted - 0.5 * (PRIOR["freedom"] * np.log(noise) + ss / noise)
    return {
        "drift": drift, "noise": noise, "evidence": evidence, "coefficient": best[-1], "coefficientVariance": covariance[-1, -1],
        "mean": stand.tolist(), "covariance": stand_cov.tolist(),
    }


def case(name, rng, times, at, uneven, covariate=False, ahead=0.0):
    times = np.round(times, 6).tolist()
    growth = np.round(0.3 * np.array(times) + 0.02, 4).tolist()
    curves = []
    for points in at:
        y = rng.uniform(0.4, 0.7) + 0.05 * np.log(np.array(points) + 1) + 0.02 * rng.normal(size=len(points))
        w = rng.uniform(0.5, 1.5, len(points)) if uneven else np.ones(len(points))
        x = np.round(rng.normal() * np.array([growth[i] for i in points]), 4).tolist() if covariate else None
        curves.append({
            "at": points, "targets": np.round(y, 4).tolist(), "weights": np.round(w, 3).tolist(),
            "covariate": x, "covariateAtEnd": round(x[-1] * 1.5, 4) if covariate else 0.0,
        })
    prior = {"mean": 0.8, "variance": 0.25}
    fits = [solve(times, curves, drift, ahead, prior) for drift in (0.0, 0.3, 30.0)]
    return {"name": name, "prior": PRIOR, "coefficient": prior, "times": times, "curves": curves, "ahead": ahead, "fits": fits}


def trend(rng, times, ahead, slope, sd, back, wander, noise):
    """The fall of a level with a damped slope, by the joint Gaussian of everything on a fine grid of times, on which the slope's process is exact."""
    times, levels = np.round(times, 6), np.round(-0.1 * np.array(times) + 0.02 * rng.normal(size=len(times)), 5)
    grid = np.unique(np.concatenate([np.linspace(a, b, 400) for a, b in zip([*times], [*times[1:], times[-1] + ahead])]))
    gap = grid[:, None] - grid[None, :]
    since = np.minimum.outer(grid, grid) - grid[0]
    slopes = (sd**2 - wander**2 / (2 * back)) * np.exp(-back * (grid[:, None] + grid[None, :] - 2 * grid[0])) + wander**2 / (2 * back) * np.exp(-back * np.abs(gap))
    assert np.all(since >= 0)
    step = np.diff(grid)
    total = np.zeros((len(grid), len(grid)))  # the integral of the slope from the first time, by the trapezoid rule
    for i in range(1, len(grid)):
        total[i] = total[i - 1]
        total[i, i - 1] += step[i - 1] / 2
        total[i, i] += step[i - 1] / 2
    seen = [int(np.argmin(np.abs(grid - t))) for t in times]
    fall = total[-1] - total[seen[-1]]
    h = -total[seen]
    one = np.ones(len(times))
    v = h @ slopes @ h.T + noise**2 * np.eye(len(times))
    vi = np.linalg.inv(v)
    mean_seen = h @ (slope * np.ones(len(grid)))
    level = one @ vi @ (levels - mean_seen) / (one @ vi @ one)
    k = fall @ slopes @ h.T
    rest = levels - mean_seen - level
    r = -k @ vi @ one
    evidence = -0.5 * (np.linalg.slogdet(v)[1] + np.log(one @ vi @ one) + rest @ vi @ rest)
    return {
        "times": times.tolist(), "levels": levels.tolist(), "ahead": ahead, "slope": slope, "slopeSd": sd, "return": back, "wander": wander, "noiseSd": noise,
        "fall": slope * (grid[-1] - grid[seen[-1]]) + k @ vi @ rest,
        "variance": fall @ slopes @ fall - k @ vi @ k + r * r / (one @ vi @ one), "evidence": evidence,
    }


SLOPE_SD, SPREAD, LEAST_DEVIATION = 0.5, 1.25, 0.005


def source_prior(rng, candidates, slopes, spread):
    """A posterior from curves, joined with the prior: level, slopes and final accuracies are estimated together from curves and plane."""
    factor = 0.02 * rng.normal(size=(candidates, candidates))
    cov = np.round(factor @ factor.T + 0.0004 * np.eye(candidates), 8)
    mean = np.round(0.6 + spread * rng.normal(size=candidates), 4)
    values = [np.round(rng.normal(5, 2, candidates), 3) for _ in slopes]
    x = np.column_stack([(v - v.mean()) / v.std() for v in values])
    unknown = np.trace(cov @ (np.eye(candidates) - 1 / candidates)) / (candidates - 1)
    deviation = max(np.sqrt(mean.var(ddof=1) + unknown), LEAST_DEVIATION)

    # Unknowns: the final accuracies f, level a, slopes b. f ~ curves; f − a − x b ~ N(0, (spread)²); b ~ N; a flat.
    n, j = candidates, len(slopes)
    rows = np.block([
        [np.eye(n), np.zeros((n, 1 + j))],
        [np.eye(n), -np.ones((n, 1)), -x],
        [np.zeros((j, n + 1)), np.eye(j)],
    ])
    target = np.concatenate([mean, np.zeros(n), [deviation * s / j for s in slopes]])
    weight = np.zeros((2 * n + j, 2 * n + j))
    weight[:n, :n] = np.linalg.inv(cov)
    weight[n : 2 * n, n : 2 * n] = np.eye(n) / (SPREAD * deviation) ** 2
    weight[2 * n :, 2 * n :] = np.eye(j) / (SLOPE_SD * deviation) ** 2
    joint = np.linalg.inv(rows.T @ weight @ rows)
    return {
        "mean": mean.tolist(), "covariance": cov.tolist(), "sources": [{"slope": s, "values": v.tolist()} for s, v in zip(slopes, values)],
        "joined": (joint @ rows.T @ weight @ target)[:n].tolist(), "joinedCovariance": joint[:n, :n].tolist(),
    }


def main():
    rng = np.random.default_rng(5)
    u = np.log(np.arange(1, 9))
    every = list(range(5))
    gaps = [[0, 1, 2, 3, 4, 5, 6, 7], [0, 2, 3, 7], [1, 2, 3, 4], [0, 1, 2, 3, 4, 5], [0, 5, 7]]
    cases = [
        case("balanced", rng, u[:5], [every] * 4, uneven=False),
        case("uneven noise", rng, u[:5], [every] * 4, uneven=True, covariate=True),
        case("gaps, and some are behind", rng, u, gaps, uneven=True, covariate=True, ahead=1.2),
        case("two curves of two points", rng, u[:2], [[0, 1], [0, 1]], uneven=False, ahead=2.0),
        case("many", rng, u, [list(range(8))] * 12, uneven=True, covariate=True, ahead=0.5),
        case("one point each", rng, u[:1], [[0]] * 3, uneven=True, ahead=0.7),
    ]
    (GOLDENS / "drifting-curves.json").write_text(json.dumps(cases, indent=1) + "\n")
    rng = np.random.default_rng(6)
    priors = [source_prior(rng, 4, (0.5,), 0.05), source_prior(rng, 14, (0.5, 0.4, 0.0), 0.04), source_prior(rng, 9, (0.0,), 0.001)]
    (GOLDENS / "source-prior.json").write_text(json.dumps(priors, indent=1) + "\n")
    rng = np.random.default_rng(7)
    trends = [
        trend(rng, u[:3], 1.5, 0.1, 0.24, 1.0, 0.08, 0.01), trend(rng, u, 0.4, 0.2, 0.5, 0.3, 0.2, 0.03),
        trend(rng, u[[0, 2, 6]], 2.0, 0.05, 0.0, 2.0, 0.3, 0.005), trend(rng, u[:1], 1.0, 0.1, 0.2, 1.0, 0.1, 0.01),
    ]
    (GOLDENS / "damped-trend.json").write_text(json.dumps(trends, indent=1) + "\n")


if __name__ == "__main__":
    main()
