#!/usr/bin/env python3
"""What was tried for the default predictor, on the tuning tasks only: docs/experiments/prediction.md explains the rows.

Usage: /usr/bin/python3 tools/prediction_trials.py fit | trials CURVES.csv [CURVES.csv …]   (runs kept aside are never read)

fit     the priors of how far curves still rise, by the density of the final mean errors; also with each collection of images left out
trials  mean rho minus the better of last-seen and best-seen, and the share of 90 % intervals that held, at k = 3/5/8/10, per collection of images
"""
import csv
import json
import pathlib
import re
import sys

import numpy as np
from scipy.optimize import minimize
from scipy.stats import norm, rankdata

CORPUS = pathlib.Path(__file__).resolve().parent.parent / "docs" / "experiments" / "corpus"
TASKS = {t["name"]: t for t in json.loads((CORPUS / "corpus.json").read_text())["tasks"]}
ASIDE = {"PN_s2", "PNK_s0", "repeat 1"} | {n for n, t in TASKS.items() if t.get("aside")}
IMAGES = {"PB_s0": 2500, "repeat 0": 1500}  # validation images of runs whose file does not say
DRIFTS = np.logspace(-1, 2, 7)
NODES = norm.ppf((np.arange(9) + 0.5) / 9)
NODES /= NODES.std()


# --- tasks


def collection(name):
    dataset = TASKS.get(name, {}).get("spec", {}).get("dataset", {})
    return "synthetic" if dataset.get("name") == "synthetic" else dataset.get("path", "cifar10")


def scores(task, models):
    """The standardised mean of LogME, H-score and linear probe; None where there are none."""
    file = CORPUS / "scores" / f"{task}.csv"
    if not file.exists():
        return None
    table = {}
    for r in csv.DictReader(file.open(newline="")):
        if r["value"]:
            table.setdefault(r["score"], {})[r["model"]] = float(r["value"])
    values = [np.array([table[s][m] for m in models]) for s in ("logme", "h-score", "linear-probe") if table.get(s, {}).keys() >= set(models)]
    values = [(v - v.mean()) / v.std() for v in values if v.std() > 1e-9]
    total = sum(values) if values else None
    return None if total is None or total.std() < 1e-9 else (total - total.mean()) / total.std()


def read(files):
    tasks = []
    for file in files:
        runs = {}
        for row in csv.DictReader(open(file, newline="")):
            runs.setdefault(row["run"], {}).setdefault(row["model"], []).append(row)
        for run, models in runs.items():
            task = re.sub(r"-r\d+$", "", run)
            if task in ASIDE:
                continue
            first = next(iter(models.values()))[0]
            beta = next(k for k in first if k.startswith("beta"))
            column = lambda k: np.array([[float(r.get(k) or "nan") for r in sorted(rows, key=lambda r: int(r["epoch"]))] for rows in models.values()])
            y, n = column("val_acc"), int(float(first.get("val_count") or IMAGES.get(run, 2000)))
            tasks.append({
                "name": run, "of": collection(task), "scratch": task in TASKS and "source" not in TASKS[task], "y": y, "beta": column(beta), "truth": np.nanmean(column("test_acc"), 1),
                "epochs": y.shape[1] - 1, "n": n, "test": int(float(first.get("test_count") or n)), "scores": scores(task, list(models)),
            })
    return tasks


def windows(task, observed=(3, 5, 8, 10)):
    return [(k, np.arange(s + 1, s + k + 1)) for k in observed for s in (0, 1, 2) if s + k < task["epochs"]]


# --- how far all still rise: ln of the mean error falls along ln of the epoch with a damped slope

GROWTH = {"slope": 0.105, "sd": 0.235, "back": 1.0, "wander": 0.075, "scale": 0.2, "noise": 0.005, "still": 0.09}


def growth(levels, times, ahead, g):
    """Weights and moments, over hypotheses, of the fall ahead, and of the level there."""
    z, v = np.linspace(-2.5, 2.5, 9), np.linspace(-2, 2, 5)
    weigh = lambda a: -0.5 * a**2 - np.log(np.exp(-0.5 * a**2).sum())
    scale = np.r_[np.repeat(np.exp(g["scale"] * z), 5), np.full(5, 1e-9)]
    noise = np.tile(g["noise"] * np.exp(0.6 * v), 10)
    log_weight = np.r_[(weigh(z)[:, None] + weigh(v)[None]).ravel() + np.log(1 - g["still"]), weigh(v) + np.log(g["still"])]
    k, mean, wander = g["back"], scale * g["slope"], (scale * g["wander"]) ** 2
    level, slope, p00, p01, p11 = np.full(50, levels[0]), mean.copy(), noise**2, np.zeros(50), (scale * g["sd"]) ** 2

    def step(d):
        e = np.exp(-k * d)
        b, s = (1 - e) / k, (1 - e * e) / (2 * k)
        return e, b, s, b * b / 2, (d - 2 * b + s) / k**2

    for i in range(1, len(times)):
        d = times[i] - times[i - 1]
        e, b, vs, vc, vl = step(d)
        level, slope = level - b * slope - mean * (d - b), e * slope + mean * (1 - e)
        p00, p01, p11 = p00 - 2 * b * p01 + b * b * p11 + wander * vl, e * (p01 - b * p11) - wander * vc, e * e * p11 + wander * vs
        total, surprise = p00 + noise**2, levels[i] - level
        log_weight = log_weight - 0.5 * (np.log(total) + surprise**2 / total)
        k0, k1 = p00 / total, p01 / total
        level, slope = level + k0 * surprise, slope + k1 * surprise
        p00, p01, p11 = p00 * (1 - k0), p01 * (1 - k0), p11 - k1 * p01
    e, b, vs, vc, vl = step(ahead)
    weight = np.exp(log_weight - log_weight.max())
    fall, variance = mean * (ahead - b) + b * slope, b * b * p11 + wander * vl
    return weight / weight.sum(), fall, variance, level, level - fall, p00 - 2 * b * p01 + variance


def rise(task, w, g=GROWTH):
    levels = np.log(1 - np.clip(task["y"][:, w].mean(0), 0, 1 - 1e-4))
    weight, fall, variance, level, _, _ = growth(levels, np.log(w), np.log(task["epochs"] / w[-1]), g)
    error = min(1, np.exp((weight * level).sum()))
    left = np.minimum(np.exp(-(fall[:, None] + np.sqrt(variance)[:, None] * NODES)), 1 / error)
    mean, square = (weight[:, None] * left).sum() / 9, (weight[:, None] * left**2).sum() / 9
    return error * (1 - mean), error * np.sqrt(max(square - mean**2, 0))


def fit(tasks):
    names, start = list(GROWTH), np.array([np.log(GROWTH[n]) for n in GROWTH])
    cases = [(t, w) for t in tasks for _, w in windows(t, (2, 3, 5, 8, 10))]

    def density(x, chosen):
        g, by = dict(zip(names, np.exp(x))), {}
        for t, w in chosen:
            error = max(1e-3, 1 - t["truth"].mean())
            weight, _, _, _, end, variance = growth(np.log(1 - np.clip(t["y"][:, w].mean(0), 0, 1 - 1e-3)), np.log(w), np.log(t["epochs"] / w[-1]), g)
            variance = variance + 0.5 * (1 - error) / error * (1 / t["n"] + 1 / t["test"])
            by.setdefault((t["of"], t["name"]), []).append(
                np.log((weight * np.exp(-0.5 * (np.log(error) - end) ** 2 / variance) / np.sqrt(2 * np.pi * variance)).sum() + 1e-9) - np.log(error))
        of = {}
        for (c, _), v in by.items():
            of.setdefault(c, []).append(np.mean(v))
        weight = np.array([np.sqrt(len(v)) for v in of.values()])
        return (weight * np.array([np.mean(v) for v in of.values()])).sum() / weight.sum()

    def best(chosen):
        return minimize(lambda x: -density(x, chosen) + 0.02 * ((x - start) ** 2).sum(), start, method="Nelder-Mead", options={"maxfev": 300, "xatol": 0.02, "fatol": 1e-3}).x

    show = lambda x: ", ".join(f"{n} {v:.3f}" for n, v in zip(names, np.exp(x)))
    everything = best(cases)
    print(f"all: log density {density(everything, cases):.3f}: {show(everything)}")
    for c in sorted({t["of"] for t in tasks}):
        own = [(t, w) for t, w in cases if t["of"] == c]
        without = best([(t, w) for t, w in cases if t["of"] != c])
        print(f"{c}: left out {density(without, own):.3f}, with all {density(everything, own):.3f}: {show(without)}")


# --- where each stands and who rises further


def excess(beta):
    return np.clip(beta / beta.mean() - 1, -1 / 1.2, 1)


def isotonic(values):
    pools = []
    for v in values:
        pools.append([v, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (b, n), (a, m) = pools.pop(), pools.pop()
            pools.append([(a * m + b * n) / (m + n), m + n])
    return np.concatenate([np.full(n, v) for v, n in pools])


def predict(t, w, gamma=0.8, gamma_sd=0.5, own=(0, 0.7), unseen=0.25, slope=0.5, slope_scratch=0.0, slope_sd=0.5, spread=1.25, use_scores=True, median=3.0):
    y, n, u = t["y"][:, w], t["n"], np.log(w / w[0])
    m, k = y.shape
    up, up_sd = rise(t, w)
    gained = isotonic(y.mean(0)) - isotonic(y.mean(0))[0]
    x = np.zeros((m, k))
    for i in range(1, k):
        x[:, i] = x[:, i - 1] + excess(t["beta"][:, w[i - 1]]) * (gained[i] - gained[i - 1])
    ahead, end_x = np.log(t["epochs"] / w[-1]), x[:, -1] + up * excess(t["beta"][:, w[-1]])
    p = (y * n + 1) / (n + 2)
    noise = p * (1 - p) / np.mean(p * (1 - p))
    design = np.zeros((m * k, m + k))
    for a in range(m):
        for b in range(k):
            design[a * k + b, [a, m + b]] = 1
    flat, xs, shared, end_gain = y.ravel(), x.ravel(), np.minimum.outer(u, u), gained[-1] + up

    def solve(drift, variance):
        inv, logdet = np.zeros((m * k, m * k)), 0.0
        for a in range(m):
            cov = drift * shared + np.diag(noise[a]) + variance * np.outer(gained, gained)
            inv[a * k : a * k + k, a * k : a * k + k] = np.linalg.inv(cov)
            logdet += np.linalg.slogdet(cov)[1]
        values, vectors = np.linalg.eigh(design.T @ inv @ design)
        kept = values > 1e-8 * values.max()
        normal = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
        residual = inv - inv @ design @ normal @ design.T @ inv
        xx, xy, freedom = xs @ residual @ xs, xs @ residual @ flat, m * k - kept.sum() + 2.0
        told = xx > 1e-12
        free = xy / xx if told else gamma
        s2 = (max(flat @ residual @ flat - free * xy, 0) + 2 * 0.015**2) / (freedom - told)
        log = logdet + np.log(values[kept]).sum() + (freedom - told) * np.log(s2)
        if told and gamma_sd:
            log += np.log(s2 + gamma_sd**2 * xx) + (free - gamma) ** 2 / (gamma_sd**2 + s2 / xx)
        precision = (xx / s2 if told else 0) + 1 / max(gamma_sd, 1e-9) ** 2
        return inv, normal, s2, ((xy / s2 if told else 0) + gamma / max(gamma_sd, 1e-9) ** 2) / precision, 1 / precision, -0.5 * log - 0.5 * np.log(drift / median) ** 2

    answers = []
    for drift in DRIFTS:
        alike = solve(drift, 0)
        for h in own:
            variance = h * h / alike[2]
            inv, normal, s2, by_beta, by_beta_var, log = solve(drift, variance) if h else alike
            to_end = drift * shared[-1] + variance * end_gain * gained
            gain = np.zeros((m, m * k))
            for a in range(m):
                gain[a, a * k : a * k + k] = to_end @ inv[a * k : a * k + k, a * k : a * k + k]
            ends = np.hstack([np.eye(m), np.zeros((m, k - 1)), np.ones((m, 1))])
            off, solved = ends - gain @ design, normal @ design.T @ inv
            unseen_x = end_x - gain @ xs - off @ (solved @ xs)
            mean = off @ (solved @ flat) + gain @ flat + by_beta * unseen_x
            own_var = drift * (u[-1] + ahead) + variance * end_gain**2 - np.array([gain[a, a * k : a * k + k] @ to_end for a in range(m)])
            answers.append((log, mean, s2 * (np.diag(own_var) + off @ normal @ off.T) + by_beta_var * np.outer(unseen_x, unseen_x), by_beta, h))
    weight = np.exp(np.array([a[0] for a in answers]) - max(a[0] for a in answers))
    weight /= weight.sum()
    average = lambda i: sum(c * a[i] for c, a in zip(weight, answers))
    mean, by_beta, h = average(1), average(3), average(4)
    cov = sum(c * (a[2] + np.outer(a[1] - mean, a[1] - mean)) for c, a in zip(weight, answers))
    shares = 1 + by_beta * excess(t["beta"][:, w[-1]])
    mean, cov = mean + up, cov + up_sd**2 * np.outer(shares, shares) + np.eye(m) * ((h * up_sd) ** 2 + (unseen * up) ** 2)
    if use_scores and t["scores"] is not None:
        s = max(mean.std(ddof=1), 0.005)
        line, d = s * t["scores"], np.hstack([-np.ones((m - 1, 1)), np.eye(m - 1)])
        crossed, prior = d @ cov, np.eye(m) * (spread * s) ** 2 + slope_sd**2 * np.outer(line, line)
        gain = np.linalg.solve(d @ (cov + prior) @ d.T, crossed).T
        mean, cov = mean + gain @ d @ ((slope_scratch if t["scratch"] else slope) * line - mean), cov - gain @ crossed
    luck = np.sqrt(np.clip(mean, 0.001, 0.999) * (1 - np.clip(mean, 0.001, 0.999)) * (1 / n + 1 / t["test"]))
    return mean, cov + 0.5 * np.outer(luck, luck) + 0.5 * np.diag(luck**2)


TRIALS = {
    "the default": {}, "without scores": {"use_scores": False}, "γ = 1.2, the window has no say": {"gamma": 1.2, "gamma_sd": 1e-6}, "γ = 0: β_eff says nothing": {"gamma": 0, "gamma_sd": 1e-6},
    "γ = 1.2 ± 0.3": {"gamma": 1.2, "gamma_sd": 0.3}, "no own growth": {"own": (0,)}, "own growth 0.3 for all": {"own": (0.3,)},
    "scores with slope .7 ± .2, as before": {"slope": 0.7, "slope_scratch": 0.7, "slope_sd": 0.2},
}


def trials(tasks):
    rho = lambda a, b: np.corrcoef(rankdata(a), rankdata(b))[0, 1] if np.std(a) > 0 and np.std(b) > 0 else 0.0
    for name, options in TRIALS.items():
        cells = {}
        for t in tasks:
            for k, w in windows(t):
                mean, cov = predict(t, w, **options)
                half = 1.645 * np.sqrt(np.diag(cov))
                y = t["y"][:, w]
                cells.setdefault((t["of"], k), {}).setdefault(t["name"], []).append(
                    (rho(mean, t["truth"]), rho(y[:, -1], t["truth"]), rho(y.max(1), t["truth"]), np.mean(np.abs(mean - t["truth"]) <= half)))
        print(name)
        for of in sorted({c for c, _ in cells}):
            means = [np.mean([np.mean(v, 0) for v in cells[of, k].values()], 0) for k in (3, 5, 8, 10) if (of, k) in cells]
            print(f"  {of:10s}", "  ".join(f"{a[0] - max(a[1], a[2]):+.3f} {100 * a[3]:.0f} %" for a in means))


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("fit", "trials"):
        raise SystemExit(__doc__)
    {"fit": fit, "trials": trials}[sys.argv[1]](read(sys.argv[2:]))
