#!/usr/bin/env python3
"""Golden values for the agreement of a ranking with final accuracies, from scipy 1.10.

Published tables of model scores against fine-tuned accuracies: https://github.com/thuml/Transfer-Learning-Library,
examples/model_selection/README.md (only those whose printed rows reproduce the printed statistics).

Usage: /usr/bin/python3 tools/goldens_agreement.py   (writes tests/Domain.Tests/Goldens/agreement.json and transfer-scores.json)
"""
import itertools
import json
import pathlib

import numpy as np
import scipy.stats

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "Domain.Tests" / "Goldens"

# Ten models each; fine-tuned accuracy, H-score, LEEP, LogME, NCE.
TABLES = {
    "Caltech101": [
        (91.7, 75.88, -1.462, 1.228, -0.665), (94.3, 93.73, -1.119, 1.387, -0.560), (91.8, 91.65, -1.020, 1.262, -0.616), (93.1, 92.54, -0.899, 1.305, -0.603),
        (93.2, 92.91, -0.875, 1.324, -0.605), (91.9, 75.02, -0.979, 1.172, -0.609), (92.5, 86.37, -0.864, 1.212, -0.580), (93.4, 89.90, -0.914, 1.228, -0.590),
        (89.1, 75.82, -1.115, 1.150, -0.693), (91.5, 77.00, -1.043, 1.178, -0.690)],
    "CIFAR10": [
        (96.2, 5.911, -1.385, 0.293, -1.139), (97.5, 6.363, -1.259, 0.349, -1.060), (96.8, 6.567, -1.010, 0.388, -1.007), (97.7, 6.901, -0.829, 0.463, -0.838),
        (97.9, 6.945, -0.838, 0.469, -0.851), (97.2, 6.210, -1.035, 0.302, -1.006), (97.4, 6.547, -0.934, 0.343, -0.946), (97.4, 6.706, -0.888, 0.369, -0.866),
        (95.7, 5.928, -1.100, 0.291, -1.089), (96.8, 6.018, -1.066, 0.304, -1.086)],
    "CIFAR100": [
        (83.2, 29.33, -3.234, 1.037, -2.751), (86.6, 36.47, -2.995, 1.070, -2.615), (84.5, 40.20, -2.612, 1.099, -2.516), (87.0, 43.80, -2.365, 1.130, -2.285),
        (87.6, 44.19, -2.410, 1.133, -2.369), (84.8, 32.13, -2.665, 1.029, -2.504), (85.0, 37.51, -2.494, 1.051, -2.418), (86.0, 39.75, -2.470, 1.061, -2.305),
        (80.8, 30.36, -2.800, 1.039, -2.653), (83.9, 32.05, -2.732, 1.051, -2.643)],
    "StanfordCars": [
        (91.0, 41.47, -4.612, 1.246, -4.312), (92.3, 73.68, -4.268, 1.259, -4.110), (91.7, 72.94, -4.366, 1.253, -4.221), (91.7, 73.98, -4.281, 1.255, -4.218),
        (92.0, 76.17, -4.215, 1.260, -4.142), (91.5, 45.82, -4.437, 1.249, -4.271), (91.5, 63.40, -4.286, 1.252, -4.175), (91.0, 70.50, -4.319, 1.251, -4.151),
        (91.0, 51.12, -4.463, 1.250, -4.306), (88.5, 51.91, -4.423, 1.254, -4.338)],
    "SUN397": [
        (62.0, 71.35, -3.744, 1.621, -3.055), (65.7, 114.21, -3.372, 1.648, -2.844), (64.7, 110.39, -3.198, 1.638, -2.894), (64.8, 113.63, -3.103, 1.642, -2.837),
        (66.0, 116.51, -3.056, 1.646, -2.822), (62.3, 72.16, -3.311, 1.614, -2.945), (63.0, 95.80, -3.165, 1.623, -2.903), (64.7, 103.09, -3.205, 1.624, -2.896),
        (60.5, 75.90, -3.338, 1.617, -2.968), (60.7, 80.91, -3.234, 1.625, -2.933)],
}

# As printed there: Pearson, weighted tau, in the order of the columns.
PRINTED = {
    "Caltech101": ([0.748, 0.324, 0.794, 0.843], [0.721, 0.127, 0.697, 0.810]),
    "CIFAR10": ([0.839, 0.604, 0.733, 0.786], [0.800, 0.638, 0.785, 0.714]),
    "CIFAR100": ([0.815, 0.513, 0.698, 0.705], [0.775, 0.659, 0.790, 0.654]),
    "StanfordCars": ([0.503, 0.433, 0.274, 0.695], [0.638, 0.703, 0.654, 0.750]),
    "SUN397": ([0.913, 0.428, 0.824, 0.782], [0.918, 0.581, 0.748, 0.873]),
}


def tables():
    for name, rows in TABLES.items():
        truth, *columns = np.array(rows).T
        for score, column, pearson, tau in zip(["h-score", "leep", "logme", "nce"], columns, *PRINTED[name]):
            yield {
                "name": f"{name} {score}", "truth": truth.tolist(), "score": column.tolist(),
                "pearson": scipy.stats.pearsonr(column, truth)[0], "weighted": scipy.stats.weightedtau(column, truth)[0],
                "printedPearson": pearson, "printedWeighted": tau,
            }


def memberships(values, k):
    """Mean membership in the top k over all orders of the ties, by enumeration."""
    totals, orders = np.zeros(len(values)), 0
    for lots in itertools.permutations(range(len(values))):
        top = sorted(range(len(values)), key=lambda i: (-values[i], lots[i]))[:k]
        totals[top] += 1
        orders += 1
    return totals / orders


def rho(x, y):
    return scipy.stats.spearmanr(x, y)[0]


def agreements():
    rng = np.random.default_rng(23)
    pairs = [("fixture", [1, 2, 2, 3, 5, 5, 5, 8], [2, 1, 4, 4, 6, 5, 9, 9]), ("reversed", [1, 2, 3, 4], [4, 3, 2, 1]), ("two", [1, 2], [3, 1])]
    for n in (3, 5, 12, 17, 33, 34, 60):
        pairs.append((f"{n} reals", np.round(rng.normal(size=n), 6).tolist(), np.round(rng.normal(size=n), 6).tolist()))
        x = rng.normal(size=n)
        pairs.append((f"{n} alike", np.round(x, 6).tolist(), np.round(x + 0.4 * rng.normal(size=n), 6).tolist()))
        x = rng.integers(0, max(3, n // 3), size=n)
        y = (x + rng.integers(0, 3, size=n)) % 7
        y[0] += 1
        pairs.append((f"{n} with ties", x.tolist(), y.tolist()))
    # Many pairs without a tie, and hardly a disagreement: exact all the same.
    x = np.arange(40)
    y = x.copy()
    pairs.append(("40 the same", x.tolist(), y.tolist()))
    y[[7, 8]] = y[[8, 7]]
    pairs.append(("40 but for one", x.tolist(), y.tolist()))
    pairs.append(("40 turned but for one", x.tolist(), (-y).tolist()))
    for name, x, y in pairs:
        n = len(x)
        tau, p = scipy.stats.kendalltau(x, y)
        case = {"name": name, "x": x, "y": y, "kendall": tau, "kendallP": p, "spearman": rho(x, y), "spearmanP": scipy.stats.spearmanr(x, y)[1] if n > 2 else None}
        case["precision"] = float(memberships(x, 3) @ memberships(y, 3) / 3) if 3 < n <= 8 else None
        # With few pairs some draws are constant, of which scipy makes no interval.
        if n >= 12:
            drawn = scipy.stats.bootstrap(
                (x, y), rho, paired=True, vectorized=False, n_resamples=20_000, confidence_level=0.9, method="percentile", random_state=np.random.default_rng(5))
            case["low"], case["high"] = drawn.confidence_interval
        yield case


def write(name, cases):
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / name).write_text(json.dumps(list(cases), separators=(",", ":"), allow_nan=False) + "\n")


write("transfer-scores.json", tables())
write("agreement.json", agreements())
