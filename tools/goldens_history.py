#!/usr/bin/env python3
"""Golden values for AdditiveEffects and the history predictor's join: least squares on dummy variables, and the information form of two Gaussians.

Usage: /usr/bin/python3 tools/goldens_history.py   (writes tests/Domain.Tests/Goldens/additive-effects.json)
"""
import json
import pathlib

import numpy as np

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "Domain.Tests" / "Goldens" / "additive-effects.json"


def case(name, rng, tasks, kinds, missing, rest_sd):
    names = [f"kind{i}" for i in range(kinds)]
    effect, level = rng.normal(0, 0.05, kinds), rng.uniform(0.4, 0.8, tasks)
    table = []
    for t in range(tasks):
        there = [i for i in range(kinds) if rng.uniform() > missing or i == t % kinds]
        table.append({names[i]: round(float(level[t] + effect[i] + rng.normal(0, rest_sd)), 4) for i in there})
    cells = [(t, names.index(k), v) for t, row in enumerate(table) for k, v in row.items()]
    seen = sorted({k for _, k, _ in cells})
    design = np.zeros((len(cells), tasks + len(seen)))
    for row, (t, k, _) in enumerate(cells):
        design[row, t] = design[row, tasks + seen.index(k)] = 1
    y = np.array([v for _, _, v in cells])
    solved = np.linalg.lstsq(design, y, rcond=None)[0]
    freedom = len(cells) - tasks - len(seen) + 1
    rest = float(np.sum((y - design @ solved) ** 2) / freedom)
    effects = solved[tasks:] - solved[tasks:].mean()
    counts = np.array([sum(k == s for _, k, _ in cells) for s in seen])
    between = max(0.0, float(np.sum(effects**2) / (len(seen) - 1) - rest * np.mean(1 / counts)))
    asked = names[:4] + ["never seen"]
    mean, variance = [], []
    for kind in asked:
        i = seen.index(names.index(kind)) if kind in names and names.index(kind) in seen else None
        weight = 0.0 if i is None or between == 0 else between / (between + rest / counts[i])
        mean.append(0.0 if i is None else weight * effects[i])
        variance.append(between * (1 - weight) + rest)
    return {"name": name, "tasks": table, "kindVariance": between, "restVariance": rest, "asked": asked, "mean": mean, "variance": variance}


def main():
    rng = np.random.default_rng(7)
    cases = [
        case("whole", rng, 5, 6, 0.0, 0.02),
        case("gaps", rng, 8, 10, 0.4, 0.03),
        case("kinds that do not differ", rng, 4, 5, 0.0, 0.5),
    ]
    OUT.write_text(json.dumps(cases, indent=1) + "\n")


if __name__ == "__main__":
    main()
