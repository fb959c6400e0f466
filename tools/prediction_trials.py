#!/usr/bin/env python3
"""What was tried for the default predictor, on the tuning tasks only: docs/experiments/prediction.md explains the rows.

Usage: /usr/bin/python3 tools/prediction_trials.py fit | trials CURVES.csv [CURVES.csv …]   (runs kept aside are never read)

fit     the priors of how far curves still rise, by the density of the final mean accuracies; also with each collection of images left out
trials  mean rho minus the better of last-seen and best-seen, and the share of 90 % intervals that held, at k = 3/5/8/10, per collection of images
"""
import csv
import json
import os
import pathlib
import re
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # many small matrices; before numpy is loaded

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import expit, logit
from scipy.stats import norm, rankdata

CORPUS = pathlib.Path(__file__).resolve().parent.parent / "docs" / "experiments" / "corpus"
TASKS = {t["name"]: t for t in json.loads((CORPUS / "corpus.json").read_text())["tasks"]}
ASIDE = {n for n, t in TASKS.items() if t.get("aside")}
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


# --- how far all still rise: on the scale of a shape, mean accuracies fall along ln of the epoch with a damped slope

LEAST = 1e-3
SHAPES = {  # level, its inverse, ln of its derivative
    "error": (lambda a: np.log(1 - a), lambda h: 1 - np.exp(np.minimum(h, 0)), lambda a: -np.log(1 - a)),
    "log-odds": (lambda a: -logit(a), lambda h: expit(-h), lambda a: -np.log(a * (1 - a))),
}
GROWTH = {
    "error": {"slope": 0.115, "sd": 0.15, "back": 1.0, "wander": 0.067, "scale": 0.65, "noise": 0.007, "still": 0.07},
    "log-odds": {"slope": 0.19, "sd": 0.38, "back": 1.0, "wander": 0.16, "scale": 0.5, "noise": 0.02, "still": 0.07},
}


def growth(accuracies, times, ahead, shape, g):
    """Over hypotheses: ln of their weights, the evidence of the accuracies included; level now; mean and variance of the fall ahead; variance of the level there."""
    level_of, _, log_slope = SHAPES[shape]
    accuracies = np.clip(accuracies, LEAST, 1 - LEAST)
    levels = level_of(accuracies)
    z, v = np.linspace(-2.5, 2.5, 9), np.linspace(-2, 2, 5)
    weigh = lambda a: -0.5 * a**2 - np.log(np.exp(-0.5 * a**2).sum())
    scale = np.r_[np.repeat(np.exp(g["scale"] * z), 5), np.full(5, 1e-9)]
    noise = np.tile(g["noise"] * np.exp(0.6 * v), 10)
    log_weight = np.r_[(weigh(z)[:, None] + weigh(v)[None]).ravel() + np.log(1 - g["still"]), weigh(v) + np.log(g["still"])] + log_slope(accuracies[1:]).sum()
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
    variance = b * b * p11 + wander * vl
    return log_weight, level, mean * (ahead - b) + b * slope, variance, p00 - 2 * b * p01 + variance


def rise(task, w, shapes=tuple(SHAPES)):
    """Mean and standard deviation of the rise of the mean accuracy until the last epoch."""
    weights, means, squares = [], [], []
    for shape in shapes:
        log_weight, level, fall, variance, _ = growth(task["y"][:, w].mean(0), np.log(w), np.log(task["epochs"] / w[-1]), shape, GROWTH[shape])
        accuracy = SHAPES[shape][1]
        up = accuracy(level[:, None] - fall[:, None] - np.sqrt(variance)[:, None] * NODES) - accuracy(level)[:, None]
        weights, means, squares = weights + [log_weight], means + [up.mean(1)], squares + [(up**2).mean(1)]
    weight = np.exp(np.concatenate(weights) - np.max(weights))
    mean, square = (weight @ np.concatenate(a) / weight.sum() for a in (means, squares))
    return mean, np.sqrt(max(square - mean**2, 0))


def log_density(task, w, models):
    """Of the true mean accuracy, its chance included."""
    truth = np.clip(task["truth"].mean(), LEAST, 1 - LEAST)
    weights, densities = [], []
    for shape, g in models.items():
        log_weight, level, fall, _, variance = growth(task["y"][:, w].mean(0), np.log(w), np.log(task["epochs"] / w[-1]), shape, g)
        level_of, _, log_slope = SHAPES[shape]
        variance = variance + 0.5 * truth * (1 - truth) * np.exp(2 * log_slope(truth)) * (1 / task["n"] + 1 / task["test"])
        weights.append(log_weight)
        densities.append(np.exp(-0.5 * (level_of(truth) - level + fall) ** 2 / variance + log_slope(truth)) / np.sqrt(2 * np.pi * variance))
    weight = np.exp(np.concatenate(weights) - np.max(weights))
    return np.log(weight @ np.concatenate(densities) / weight.sum() + 1e-9)


def density(tasks, models):
    """Mean log density over windows, tasks and collections; a collection weighs as the root of its tasks."""
    of = {}
    for t in tasks:
        of.setdefault(t["of"], []).append(np.mean([log_density(t, w, models) for _, w in windows(t, (2, 3, 5, 8, 10))]))
    weight = np.array([np.sqrt(len(v)) for v in of.values()])
    return weight @ [np.mean(v) for v in of.values()] / weight.sum()


def best(tasks, shape):
    names, start = list(GROWTH[shape]), np.log(list(GROWTH[shape].values()))
    loss = lambda x: 0.02 * ((x - start) ** 2).sum() - density(tasks, {shape: dict(zip(names, np.exp(x)))})
    return dict(zip(names, np.exp(minimize(loss, start, method="Nelder-Mead", options={"maxfev": 200, "xatol": 0.02, "fatol": 1e-3}).x)))


def fit(tasks):
    tasks = [t for t in tasks if t["of"] not in ("glyphs", "letters")]  # nothing is learned there
    for left_out in (None, *sorted({t["of"] for t in tasks})):
        models = {shape: best([t for t in tasks if t["of"] != left_out], shape) for shape in SHAPES}
        own = [t for t in tasks if left_out in (None, t["of"])]
        print(left_out or "all", "| both", f"{density(own, models):.2f}", *(f"| {shape} alone {density(own, {shape: g}):.2f}" for shape, g in models.items()))
        for shape, g in models.items():
            print(f"  {shape}: " + ", ".join(f"{n} {v:.3f}" for n, v in g.items()), flush=True)


# --- where each stands and who rises further, in log-odds


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


def predict(t, w, gamma=1.0, gamma_sd=0.4, reach=0.3, begun=True, beginning=1.5, slope=0.5, slope_scratch=0.0, slope_sd=0.5, spread=1.25, expected_spread=True, use_scores=True,
            median=10.0, shapes=tuple(SHAPES), best_so_far=0.5):
    chance, steadied = t["y"][:, 0].mean(), t["y"].copy()
    steadied[:, w] = best_so_far * np.maximum.accumulate(t["y"][:, w], 1) + (1 - best_so_far) * t["y"][:, w]
    t = t | {"y": steadied}
    n, u = t["n"], np.log(w / w[0])
    smooth = lambda a: (a * n + 1) / (n + 2)
    seen = smooth(t["y"][:, w])
    y, mean_seen = logit(seen), t["y"][:, w].mean(0)
    m, k = y.shape
    up, up_sd = rise(t, w, shapes)
    gained = isotonic(logit(smooth(mean_seen))) - isotonic(logit(smooth(mean_seen)))[0]
    expected = np.clip(mean_seen[-1] + up, smooth(0), smooth(1))
    to_come = max(0, logit(expected) - logit(smooth(mean_seen[-1])))
    not_begun = lambda epoch: np.exp(-np.maximum(0, (t["y"][:, epoch] - chance) / (1 - chance)) / 0.05)
    told = lambda epoch: excess(t["beta"][:, epoch]) * (1 - begun * not_begun(epoch))
    x = np.zeros((m, k))
    for i in range(1, k):
        x[:, i] = x[:, i - 1] + told(w[i - 1]) * (gained[i] - gained[i - 1])
    ahead, end_x = np.log(t["epochs"] / w[-1]), x[:, -1] + reach * (1 - np.exp(-to_come / reach)) * told(w[-1])
    noise = 1 / (seen * (1 - seen))
    noise /= noise.mean()
    design = np.zeros((m * k, m + k))
    for a in range(m):
        for b in range(k):
            design[a * k + b, [a, m + b]] = 1
    ends = np.hstack([np.eye(m), np.zeros((m, k - 1)), np.ones((m, 1))])
    flat, xs, shared = y.ravel(), x.ravel(), np.minimum.outer(u, u)

    answers = []
    for drift in DRIFTS:
        inv, gain, logdet, own_var = np.zeros((m * k, m * k)), np.zeros((m, m * k)), 0.0, np.full(m, drift * (u[-1] + ahead))
        for a in range(m):
            at, cov = slice(a * k, a * k + k), drift * shared + np.diag(noise[a])
            inv[at, at] = np.linalg.inv(cov)
            gain[a, at] = drift * shared[-1] @ inv[at, at]
            own_var[a] -= gain[a, at] @ (drift * shared[-1])
            logdet += np.linalg.slogdet(cov)[1]
        weighted = inv @ design
        values, vectors = np.linalg.eigh(design.T @ weighted)
        kept = values > 1e-8 * values.max()
        normal = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
        residual = inv - weighted @ normal @ weighted.T
        xx, xy, freedom = xs @ residual @ xs, xs @ residual @ flat, m * k - kept.sum() + 2.0
        is_told = xx > 1e-12
        free = xy / xx if is_told else gamma
        s2 = (max(flat @ residual @ flat - free * xy, 0) + 2 * 0.05**2) / (freedom - is_told)
        log = logdet + np.log(values[kept]).sum() + (freedom - is_told) * np.log(s2)
        if is_told and gamma_sd:
            log += np.log(s2 + gamma_sd**2 * xx) + (free - gamma) ** 2 / (gamma_sd**2 + s2 / xx)
        precision = (xx / s2 if is_told else 0) + 1 / max(gamma_sd, 1e-9) ** 2
        by_beta = ((xy / s2 if is_told else 0) + gamma / max(gamma_sd, 1e-9) ** 2) / precision
        off, solved = ends - gain @ design, normal @ weighted.T
        unseen_x = end_x - gain @ xs - off @ (solved @ xs)
        answers.append((-0.5 * log - 0.5 * np.log(drift / median) ** 2, off @ (solved @ flat) + gain @ flat + by_beta * unseen_x,
                        s2 * (np.diag(own_var) + off @ normal @ off.T) + np.outer(unseen_x, unseen_x) / precision))
    weight = np.exp(np.array([a[0] for a in answers]) - max(a[0] for a in answers))
    weight /= weight.sum()
    mean = sum(c * a[1] for c, a in zip(weight, answers))
    cov = sum(c * (a[2] + np.outer(a[1] - mean, a[1] - mean)) for c, a in zip(weight, answers))

    # to accuracies
    steep = lambda p: np.maximum(0.02, np.clip(p, 0, 1) * (1 - np.clip(p, 0, 1)))
    mean = expit(mean + brentq(lambda s: expit(mean + s).mean() - expected, -60, 60))
    common = steep(mean) / steep(mean).mean()
    cov = cov * np.outer(steep(mean), steep(mean)) + up_sd**2 * np.outer(common, common)
    if use_scores and t["scores"] is not None:
        s = max(np.sqrt(mean.var(ddof=1) + expected_spread * (np.trace(cov) - cov.sum() / m) / (m - 1)), 0.005)
        line, d = s * t["scores"], np.hstack([-np.ones((m - 1, 1)), np.eye(m - 1)])
        crossed, prior = d @ cov, np.eye(m) * (spread * s) ** 2 + slope_sd**2 * np.outer(line, line)
        gain = np.linalg.solve(d @ (cov + prior) @ d.T, crossed).T
        mean, cov = mean + gain @ d @ ((slope_scratch if t["scratch"] else slope) * line - mean), cov - gain @ crossed
    cov = cov + np.diag((beginning * (1 - np.exp(-ahead)) * not_begun(w[-1]) * steep(mean)) ** 2)
    luck = np.sqrt(smooth(np.clip(mean, 0, 1)) * (1 - smooth(np.clip(mean, 0, 1))) * (1 / n + 1 / t["test"]))
    return mean, cov + 0.5 * np.outer(luck, luck) + 0.5 * np.diag(luck**2)


TRIALS = {
    "the default": {}, "without scores": {"use_scores": False},
    "γ = 0: β_eff says nothing": {"gamma": 0, "gamma_sd": 1e-6}, "γ = 1, the window has no say": {"gamma_sd": 1e-6}, "γ = 1 ± 1": {"gamma_sd": 1.0},
    "β_eff decides on the whole rise": {"reach": 1e6}, "β_eff reaches half as far": {"reach": 0.15}, "β_eff reaches twice as far": {"reach": 0.6},
    "β_eff of who has not begun counts": {"begun": False}, "a drift median of 3": {"median": 3.0},
    "accuracies as seen": {"best_so_far": 0}, "only the best so far": {"best_so_far": 1},
    "errors only": {"shapes": ("error",)}, "log-odds only": {"shapes": ("log-odds",)}, "nobody begins late": {"beginning": 0},
    "scores measured by the spread of the means": {"expected_spread": False}, "scores with slope .7 ± .2": {"slope": 0.7, "slope_scratch": 0.7, "slope_sd": 0.2},
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
                cells.setdefault((t["of"], k), {}).setdefault(re.sub(r"-r\d+$", "", t["name"]), []).append(
                    (rho(mean, t["truth"]), rho(y[:, -1], t["truth"]), rho(y.max(1), t["truth"]), np.mean(np.abs(mean - t["truth"]) <= half)))
        print(name)
        for of in sorted({c for c, _ in cells}):
            means = [np.mean([np.mean(v, 0) for v in cells[of, k].values()], 0) for k in (3, 5, 8, 10) if (of, k) in cells]
            print(f"  {of:10s}", "  ".join(f"{a[0] - max(a[1], a[2]):+.3f} {100 * a[3]:.0f} %" for a in means), flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("fit", "trials"):
        raise SystemExit(__doc__)
    {"fit": fit, "trials": trials}[sys.argv[1]](read(sys.argv[2:]))
