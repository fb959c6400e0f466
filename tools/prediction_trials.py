#!/usr/bin/env python3
"""What was tried for the default predictor, on the tuning tasks only: docs/experiments/prediction.md explains the rows.

Usage: /usr/bin/python3 tools/prediction_trials.py CURVES.csv [CURVES.csv …]   (runs kept aside are never read)
"""
import csv
import json
import pathlib
import re
import sys

import numpy as np
from scipy.stats import rankdata

CORPUS = pathlib.Path(__file__).resolve().parent.parent / "docs" / "experiments" / "corpus"
ASIDE = {"PN_s2", "PNK_s0", "repeat 1"} | {t["name"] for t in json.loads((CORPUS / "corpus.json").read_text())["tasks"] if t.get("aside")}
IMAGES = {"PB_s0": 2500, "repeat 0": 1500}  # validation images of runs whose file does not say
OBSERVED = (3, 5, 8, 10)
NOISE_FREEDOM, NOISE_SD = 2.0, 0.015


def read(files):
    tasks = {}
    for file in files:
        with open(file, newline="") as f:
            for row in csv.DictReader(f):
                if re.sub(r"-r\d+$", "", row["run"]) not in ASIDE:
                    beta = next(v for k, v in row.items() if k.startswith("beta"))
                    test = float(row["test_acc"]) if row["test_acc"] else np.nan
                    tasks.setdefault(row["run"], {}).setdefault(row["model"], []).append((int(row["epoch"]), float(row["val_acc"]), float(beta), test, float(row["train_loss"] or "nan")))
    out = {}
    for run, models in tasks.items():
        table = np.array([sorted(rows) for rows in models.values()])
        out[run] = {
            "y": table[:, :, 1], "beta": table[:, :, 2], "truth": np.nanmean(table[:, :, 3], axis=1), "train_loss": table[:, :, 4], "epochs": table.shape[1] - 1,
            "n": IMAGES.get(run, 1000 if "-" in run else 2000), "models": list(models), "name": run,
        }
    return out


def score(task, name):
    """A training-free score of each model, None where a model has none."""
    file = CORPUS / "scores" / f"{task['name']}.csv"
    if not file.exists():
        return None
    with open(file, newline="") as f:
        values = {r["model"]: float(r["value"]) for r in csv.DictReader(f) if r["score"] == name and r["value"]}
    return np.array([values[m] for m in task["models"]]) if values.keys() >= set(task["models"]) else None


def windows(task):
    for k in OBSERVED:
        for start in (0, 1, 2):
            if start + k < task["epochs"]:
                yield k, np.arange(start + 1, start + k + 1)


def rho(a, b):
    return np.corrcoef(rankdata(a), rankdata(b))[0, 1]


def excess(beta, gamma):
    return np.clip(beta / beta.mean() - 1, -1 / gamma if gamma else -1, 1)


def model(y, beta, n, t, epochs, effects=True, log_time=True, drifts=np.logspace(-1, 2, 7), slope="shrunk", s0=-0.14, tau=0.05, seen="1/t",
          weights=True, student=None, alpha=0.14, alpha_sd=0.045, gamma=None, gamma_sd=0.4):
    """The prediction and its covariance. One drift is taken as it is; of several the evidence decides."""
    m, k = y.shape
    x, one = beta / beta.max(), np.ones(k)
    u = np.log(t / t[0]) if log_time else (t - t[0]).astype(float)
    p = (y * n + 1) / (n + 2)
    w0 = p * (1 - p) / np.mean(p * (1 - p)) if weights else np.ones_like(y)
    last = t[-1] / epochs
    remains = 1.0 if gamma is not None else {"0": 0.0, "1/t": last, "measured": None}[seen]
    if remains is None:
        lb, lt = np.log(beta) - np.log(beta).mean(1, keepdims=True), np.log(t) - np.log(t).mean()
        remains = last ** max(0, -(lb @ lt).mean() / (lt @ lt))
    means, covs, scores, stands = [], [], [], []
    for q in drifts:
        w = w0
        for _ in range(5 if student else 1):
            drift = q * np.minimum.outer(u, u)
            ps, hs, vs, logdet = [], [], [], 0
            for i in range(m):
                inv = np.linalg.inv(np.diag(w[i]) + drift)
                c = one @ inv @ one
                ps.append(inv - np.outer(inv @ one, inv @ one) / c)
                logdet += np.log(c) - np.linalg.slogdet(inv)[1]
                end = drift[:, -1]
                hs.append(inv @ end + inv @ one / c * (1 - one @ inv @ end))
                vs.append(drift[-1, -1] - end @ inv @ end + (1 - one @ inv @ end) ** 2 / c)
            ps, hs, total = np.array(ps), np.array(hs), np.sum(ps, axis=0)
            cov_g = np.linalg.pinv(total, rcond=1e-10) if effects else np.zeros((k, k))
            logdet += np.log(np.linalg.eigvalsh(total)[1:]).sum() if effects else 0
            gx, gy = cov_g @ np.einsum("mij,mj->i", ps, x), cov_g @ np.einsum("mij,mj->i", ps, y)
            form = lambda a, b: np.einsum("mi,mij,mj", a, ps, b)
            xx, xy, yy = form(x - gx, x - gx), form(x - gx, y - gy), form(y - gy, y - gy)
            free = xy / xx if slope != "none" else 0.0
            freedom = (m * (k - 1) - (k - 1 if effects else 0) - (slope != "none")) + NOISE_FREEDOM
            noise = (max(yy - xy * free, 0) + NOISE_FREEDOM * NOISE_SD**2) / freedom
            gain = {"shrunk": tau**2 * xx / noise, "free": 1e9, "none": 0}[slope]
            mid = s0 if slope == "shrunk" else 0
            s = mid + gain / (1 + gain) * (free - mid)
            score = -0.5 * (logdet + freedom * np.log(noise) + (np.log(xx) if slope != "none" else 0))
            if slope == "shrunk":
                score = -0.5 * (logdet + freedom * np.log(noise) + np.log(noise * (1 + gain)) + gain / (1 + gain) * (free - s0) ** 2 / tau**2)
            rest = y - s * x - (gy - s * gx)
            if student:
                smooth = np.array([l + drift @ np.linalg.inv(np.diag(w[i]) + drift) @ (rest[i] - l) for i, l in enumerate(rest.mean(1))])
                w = w0 * (student + (rest - smooth) ** 2 / noise) / (student + 1)
        d = -hs.copy()
        d[:, -1] += 1
        differs = x[:, -1] - x[:, -1].mean()
        mean = np.einsum("mi,mi->m", hs, y - s * x) + s * x[:, -1] + d @ (gy - s * gx)
        stands.append(mean.mean())
        means.append(mean + (remains - 1) * s * differs)
        by_slope = x[:, -1] - np.einsum("mi,mi->m", hs, x) - d @ gx + (remains - 1) * differs
        slope_variance = tau**2 / (1 + gain) if slope == "shrunk" else 0
        covs.append(noise * (np.diag(vs) + d @ cov_g @ d.T + np.eye(m) * q * -np.log(last)) + slope_variance * np.outer(by_slope, by_slope))
        scores.append(score - 0.5 * np.log(q / 3) ** 2)
    weight = np.exp(np.array(scores) - max(scores))
    weight /= weight.sum()
    means = np.array(means)
    mean = weight @ means
    cov = np.einsum("g,gij->ij", weight, np.array(covs)) + np.einsum("g,gi,gj->ij", weight, means - mean, means - mean)
    error = 1 - weight @ np.array(stands)
    growth, differs = error * (1 - last**alpha), excess(beta[:, -1], gamma)
    share = 1 + (gamma or 0) * differs
    mean = mean + growth * share
    p = np.clip((mean * n + 1) / (n + 2), 0.001, 0.999)
    cov = cov + np.diag(p * (1 - p) / n) + (alpha_sd * error * last**alpha * np.log(last)) ** 2 * np.outer(share, share)
    return mean, cov + ((gamma_sd * growth) ** 2 * np.outer(differs, differs) if gamma is not None else 0)


def of(**options):
    return lambda task, t: model(task["y"][:, t], task["beta"][:, t], task["n"], t, task["epochs"], **options)


def per_task(tasks, predictor):
    """One row per task; a training too short for a window has no value there."""
    return np.array([[np.mean([rho(predictor(task, t)[0], task["truth"]) for k, t in windows(task) if k == observe] or [np.nan])
                      for observe in OBSERVED] for task in tasks.values()])


def logit(task, t):
    inner = dict(task, y=np.log(task["y"] / (1 - task["y"])))
    return model(inner["y"][:, t], task["beta"][:, t], task["n"], t, task["epochs"], weights=False, s0=-0.6, tau=0.25)


GROWTH = {"slope": "none", "alpha": 0.105, "alpha_sd": 0.032, "gamma_sd": 0.45}


def instead(of_what):
    """The default with another quantity in place of β_eff."""
    def predict(task, t):
        now = of(**GROWTH, gamma=0.0)(task, t)[0]
        last = (t[-1] / task["epochs"]) ** 0.105
        growth = (1 - now.mean()) / last * (1 - last)  # of the mean prediction the growth is part already
        return (now + growth * 1.2 * excess(of_what(task, t, now), 1.2),)
    return predict


BASELINES = {
    "last-seen": lambda task, t: (task["y"][:, t[-1]],),
    "best-seen": lambda task, t: (task["y"][:, 1 : t[-1] + 1].max(1),),
    "last-three-mean": lambda task, t: (task["y"][:, t[-3:]].mean(1),),
}
PLAIN = {"weights": False, "log_time": False, "slope": "free", "seen": "0"}
TRIED = {
    "shared slope (least squares), to β = 0": of(**PLAIN, effects=False, drifts=[1e-6]),
    "+ drift as large as the noise": of(**PLAIN, effects=False, drifts=[1.0]),
    "+ time effects, no drift": of(**PLAIN, drifts=[1e-6]),
    "+ both": of(**PLAIN, drifts=[1.0]),
    "smoothing alone (both, no slope)": of(**{**PLAIN, "slope": "none"}, drifts=[1.0]),
    "+ drift by evidence": of(**PLAIN, drifts=np.logspace(-1.5, 1.5, 7)),
    "+ slope shrunk to other tasks'": of(**{**PLAIN, "slope": "shrunk"}, drifts=np.logspace(-1.5, 1.5, 7)),
    "+ to the end, β as in the window": of(weights=False, log_time=False, seen="measured", drifts=np.logspace(-1.5, 1.5, 7)),
    "+ to the end, β ∝ 1/t": of(weights=False, log_time=False, drifts=np.logspace(-1.5, 1.5, 7)),
    "the same on logits": logit,
    "the same, Student's t noise (4)": of(weights=False, log_time=False, student=4, drifts=np.logspace(-1.5, 1.5, 7)),
    "+ noise as p(1 − p)": of(log_time=False, drifts=np.logspace(-1.5, 1.5, 7)),
    "+ drift in log time: the default before": of(),
    "growth alike for all, no slope": of(**GROWTH, gamma=0.0),
    "+ growth by β, γ = 0.5": of(**GROWTH, gamma=0.5),
    "γ = 1.2: the default": of(**GROWTH, gamma=1.2),
    "γ = 2": of(**GROWTH, gamma=2.0),
    "γ = 1.2, and the slope in the window": of(alpha=0.105, alpha_sd=0.032, gamma=1.2),
    "control: the training loss in place of β": instead(lambda task, t, now: task["train_loss"][:, t[-1]]),
    "control: β shuffled between candidates": instead(lambda task, t, now: np.random.default_rng(1).permutation(task["beta"][:, t[-1]])),
}


def standardized(values):
    return (values - values.mean()) / values.std()


def joined_with(*names, correlation=0.7, correlation_sd=0.2, spread=1.25):
    """The default without scores, multiplied with their prior of the differences between final accuracies."""
    def predict(task, t):
        mean, cov = of(**GROWTH, gamma=1.2)(task, t)
        p = np.clip((mean * task["n"] + 1) / (task["n"] + 2), 0.001, 0.999)
        cov = cov - np.diag(p * (1 - p) / task["n"])  # on the images at hand
        deviation = mean.std(ddof=1)
        line = deviation * standardized(sum(standardized(score(task, n)) for n in names))
        prior = np.linalg.inv((spread * deviation) ** 2 * np.eye(len(mean)) + correlation_sd**2 * np.outer(line, line))
        of_level = prior.sum(axis=1)
        prior = prior - np.outer(of_level, of_level) / of_level.sum()
        inverse = np.linalg.inv(cov)
        return (np.linalg.solve(inverse + prior, inverse @ mean + prior @ (correlation * line)),)
    return predict


THREE = ("logme", "h-score", "linear-probe")
SCORED = {
    "last-seen": BASELINES["last-seen"],
    "best-seen": BASELINES["best-seen"],
    "LogME alone": lambda task, t: (score(task, "logme"),),
    "H-score alone": lambda task, t: (score(task, "h-score"),),
    "linear probe alone": lambda task, t: (score(task, "linear-probe"),),
    "without scores": of(**GROWTH, gamma=1.2),
    "joined with LogME": joined_with("logme"),
    "joined with H-score": joined_with("h-score"),
    "joined with the linear probe": joined_with("linear-probe"),
    "joined with the three, spread 1": joined_with(*THREE, spread=1),
    "joined with the three, spread 1.25: the default": joined_with(*THREE),
    "joined with the three, spread 1.5": joined_with(*THREE, spread=1.5),
    "joined with the three, correlation 0.6": joined_with(*THREE, correlation=0.6),
}


def image_luck(task):
    """Variance inside the task of final validation minus test accuracies, over what independent binomial noise would give."""
    p = task["truth"]
    return (task["y"][:, -3:].mean(1) - p).var(ddof=1) / np.mean(p * (1 - p) / task["n"])


def difference_error(task, epochs):
    """Squared errors of the candidates' differences from their mean on the validation images at hand, over what the posterior (without scores) expects of them."""
    t = np.arange(1, epochs + 1)
    mean, cov = of(**GROWTH, gamma=1.2)(task, t)
    p = np.clip((mean * task["n"] + 1) / (task["n"] + 2), 0.001, 0.999)
    cov = cov - np.diag(p * (1 - p) / task["n"])
    centre = np.eye(len(mean)) - 1 / len(mean)
    return np.mean((centre @ (mean - task["y"][:, -3:].mean(1))) ** 2 / np.diag(centre @ cov @ centre))


def growth_exponent(task):
    """Exponent of the mean error's fall from the window to the end, averaged over windows."""
    found = []
    for _, t in windows(task):
        if t[-1] < task["epochs"] - 1:
            now = model(task["y"][:, t], task["beta"][:, t], task["n"], t, t[-1], **{**GROWTH, "gamma": 0.0})[0].mean()
            found.append(np.log((1 - task["truth"].mean()) / (1 - now)) / np.log(t[-1] / task["epochs"]))
    return np.mean(found)


def share_by_beta(task, alpha):
    """The γ that fits the task best, averaged over windows."""
    found = []
    for _, t in windows(task):
        now = model(task["y"][:, t], task["beta"][:, t], task["n"], t, t[-1], **{**GROWTH, "gamma": 0.0})[0]
        growth, x = (1 - now.mean()) * (1 - (t[-1] / task["epochs"]) ** alpha), excess(task["beta"][:, t[-1]], 0)
        rest = task["truth"] - task["truth"].mean() - (now - now.mean())
        found.append(rest @ x / (growth * x @ x))
    return np.median(found)


def leave_one_out(tasks):
    """α and γ from the other tasks."""
    alphas = {r: growth_exponent(task) for r, task in tasks.items()}
    gammas = {r: share_by_beta(task, np.mean(list(alphas.values()))) for r, task in tasks.items()}
    print("α ", {r: round(float(v), 3) for r, v in alphas.items()}, f"mean {np.mean(list(alphas.values())):.3f} sd {np.std(list(alphas.values()), ddof=1):.3f}")
    print("γ ", {r: round(float(v), 2) for r, v in gammas.items()}, f"mean {np.mean(list(gammas.values())):.2f} sd {np.std(list(gammas.values()), ddof=1):.2f}")
    forecasts = {}
    for r, task in tasks.items():
        a, g = (np.array([d[o] for o in tasks if o != r]) for d in (alphas, gammas))
        predictor = of(slope="none", alpha=a.mean(), alpha_sd=a.std(ddof=1), gamma=max(0.1, g.mean()), gamma_sd=0.5)
        forecasts[r] = [(k, t, *predictor(task, t)) for k, t in windows(task)]
    return forecasts


def interval(tasks, forecasts, other, observe, rng, replicates=1000):
    """90 % of the difference in mean ρ: tasks and, once for all, models drawn anew."""
    names, runs = sorted({m for task in tasks.values() for m in task["models"]}), list(tasks)
    pairs = {r: [(f[2], other(tasks[r], f[1])[0], tasks[r]["truth"]) for f in forecasts[r] if f[0] == observe] for r in runs}
    values = []
    for _ in range(replicates):
        drawn = rng.choice(names, len(names))
        diffs = []
        for r in rng.choice(runs, len(runs)):
            rows = [tasks[r]["models"].index(m) for m in drawn if m in tasks[r]["models"]]
            if len(set(rows)) >= 3 and pairs[r]:
                diffs.append(np.mean([rho(a[rows], c[rows]) - rho(b[rows], c[rows]) for a, b, c in pairs[r]]))
        values.append(np.mean(diffs))
    return np.quantile(values, [0.05, 0.95])


def main():
    tasks = read(sys.argv[1:])
    print("| tried | " + " | ".join(f"k = {k}" for k in OBSERVED) + " | mean | " + " | ".join(tasks) + " |")
    print("|---" * (len(OBSERVED) + len(tasks) + 2) + "|")
    for name, predictor in {**BASELINES, **TRIED}.items():
        table = per_task(tasks, predictor)
        cells = [*np.nanmean(table, axis=0), np.nanmean(table), *np.nanmean(table, axis=1)]
        print(f"| {name} | " + " | ".join(f"{c:.3f}" for c in cells) + " |", flush=True)

    scored = {r: task for r, task in tasks.items() if score(task, "logme") is not None}
    print(f"\nOn the {len(scored)} tasks with scores:")
    for name, predictor in SCORED.items():
        table = per_task(scored, predictor)
        print(f"| {name} | " + " | ".join(f"{c:.3f}" for c in [*np.nanmean(table, axis=0), np.nanmean(table)]) + " |", flush=True)

    luck = {r: image_luck(task) for r, task in tasks.items()}
    print("\nLuck of the images that is a candidate's own", {r: round(float(v), 2) for r, v in luck.items()}, f"mean {np.mean(list(luck.values())):.2f}")

    print("\nDifferences on the images at hand, squared error over expected, after")
    for epochs in (2, 3, 5, 8, 10, 14):
        print(f"{epochs} epochs: {np.mean([difference_error(task, epochs) for task in tasks.values() if epochs < task['epochs'] - 1]):.2f}")

    print("\nLeave one task out:")
    forecasts = leave_one_out(tasks)
    for observe in OBSERVED:
        mine = {r: [f for f in forecasts[r] if f[0] == observe] for r in tasks}
        mine = {r: fs for r, fs in mine.items() if fs}
        held = {r: np.mean([abs(f[2] - tasks[r]["truth"]) < 1.6449 * np.sqrt(np.diag(f[3])) for f in fs]) for r, fs in mine.items()}
        means = {r: np.mean([rho(f[2], tasks[r]["truth"]) for f in fs]) for r, fs in mine.items()}
        print(f"k = {observe}: ρ {np.mean(list(means.values())):.3f}, coverage {np.mean(list(held.values())):.3f}", {r: round(float(v), 2) for r, v in held.items()})
        for name, other in BASELINES.items():
            theirs = per_task(tasks, other)[:, OBSERVED.index(observe)]
            low, high = interval(tasks, forecasts, other, observe, np.random.default_rng(1))
            print(f"    minus {name}: {np.mean(list(means.values())) - np.nanmean(theirs):+.3f} ({low:+.3f} to {high:+.3f})")


if __name__ == "__main__":
    main()
