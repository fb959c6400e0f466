#!/usr/bin/env python3
"""Reference values of the training-free scores for tests/Worker.Tests/Scores, each by another way than the product's.

LogME: the maximum over both precisions of the Gaussian log evidence with its N x N covariance written out, by scipy.
H-scores: numpy's pseudo-inverse of the D x D covariance; scikit-learn's LedoitWolf. NCE: scikit-learn's contingency table. LEEP: loops.
Logistic regression: scikit-learn. Networks: PyTorch, with forward hooks and autograd.

    /usr/bin/python3 tools/goldens_scores.py        writes tests/Worker.Tests/Goldens/scores.json
"""
import json
import math
import pathlib

import numpy as np
import torch
from scipy.optimize import minimize
from scipy.special import softmax
from sklearn.covariance import ledoit_wolf
from sklearn.linear_model import LogisticRegression
from sklearn.metrics.cluster import contingency_matrix

torch.set_default_dtype(torch.float64)


def features_of(n, d, c, seed):
    draw = np.random.default_rng(seed)
    labels = np.concatenate([np.arange(c), draw.integers(0, c, n - c)])
    centres = draw.normal(size=(c, d))
    return 0.6 * centres[labels] + draw.normal(size=(n, d)) * draw.uniform(0.2, 2, size=d) + 0.3, labels


def evidence(features, target):
    """Per image; at the greatest evidence over ln alpha and ln beta."""
    n = len(features)
    gram = features @ features.T

    def negative(logs):
        alpha, beta = np.exp(logs)
        covariance = np.eye(n) / beta + gram / alpha
        sign, logdet = np.linalg.slogdet(covariance)
        return 0.5 * (logdet + target @ np.linalg.solve(covariance, target) + n * math.log(2 * math.pi))

    best = min((minimize(negative, start, method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10, "maxiter": 4000})
                for start in ([0.0, 0.0], [3.0, 2.0])), key=lambda r: r.fun)
    return -best.fun / n


def h_score(features, labels):
    means = np.stack([features[labels == y].mean(0) for y in labels])
    return np.trace(np.linalg.pinv(np.cov(features.T), rcond=1e-15) @ np.cov(means.T))


def h_score_regularized(features, labels):
    centred = features - features.mean(0)
    covariance, shrinkage = ledoit_wolf(centred, assume_centered=True)
    means = np.stack([centred[labels == y].mean(0) for y in labels])
    return np.trace(np.linalg.pinv(covariance) @ ((1 - shrinkage) * np.cov(means.T))), shrinkage


def nce(labels, guesses):
    joint = contingency_matrix(labels, guesses) / len(labels)
    given = joint / joint.sum(0)
    return sum(p * sum(q * math.log(q) for q in column if q > 0) for p, column in zip(joint.sum(0), given.T))


def leep(theta, labels):
    total = 0.0
    for i in range(len(labels)):
        total += math.log(sum(
            theta[i, z] * theta[labels == labels[i], z].sum() / theta[:, z].sum()
            for z in range(theta.shape[1]) if theta[:, z].sum() > 0))
    return total / len(labels)


def transfer_case(n, d, c, z, seed):
    features, labels = features_of(n, d, c, seed)
    draw = np.random.default_rng(seed + 100)
    weight, bias = draw.normal(size=(z, d)), draw.normal(size=z)
    theta = softmax(features @ weight.T + bias, axis=1)
    regularized, shrinkage = h_score_regularized(features, labels)
    return {
        "features": features.tolist(), "labels": labels.tolist(), "classes": c, "headWeight": weight.tolist(), "headBias": bias.tolist(),
        "logme": float(np.mean([evidence(features, (labels == y).astype(float)) for y in range(c)])),
        "h": float(h_score(features, labels)) if n > d + 1 else None, "hRegularized": float(regularized), "shrinkage": float(shrinkage),
        "nce": nce(labels, theta.argmax(1)), "leep": leep(theta, labels),
    }


def regression_case(n, d, c, seed):
    features, labels = features_of(n, d, c, seed)
    features = (features - features.mean(0)) / features.std(0)
    unseen = np.random.default_rng(seed + 200).normal(size=(9, d))
    fit = LogisticRegression(C=1.0, solver="newton-cg", multi_class="multinomial", tol=1e-7, max_iter=1_000).fit(features, labels)
    return {
        "features": features.tolist(), "labels": labels.tolist(), "classes": c, "unseen": unseen.tolist(),
        "coefficients": fit.coef_.T.tolist(), "intercepts": fit.intercept_.tolist(), "probabilities": fit.predict_proba(unseen).tolist(),
    }


class Network(torch.nn.Module):
    """Plain and pre-activated layers, a shortcut, ReLU twice and ReLU6, dropout: what backbones are made of."""

    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, 4, 3, padding=1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(4)
        self.conv2 = torch.nn.Conv2d(4, 4, 3, padding=1)
        self.bn2 = torch.nn.BatchNorm2d(4)
        self.conv3 = torch.nn.Conv2d(4, 6, 1)
        self.relu = torch.nn.ReLU()
        self.relu6 = torch.nn.ReLU6()
        self.dropout = torch.nn.Dropout(0.5)

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        x = x + self.conv2(self.relu(self.bn2(x)))
        x = self.relu6(self.conv3(self.dropout(x)))
        return x.mean([2, 3])


class Probe(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.BatchNorm1d(5), torch.nn.ReLU(), torch.nn.Dropout(0.4), torch.nn.Linear(5, 3))

    def forward(self, x):
        return self.layers(x)


def without_dropout(module):
    module.train()
    for part in module.modules():
        if isinstance(part, torch.nn.Dropout):
            part.eval()


def network_case():
    torch.manual_seed(7)
    network, probe = Network(), Probe()
    for norm in (network.bn1, network.bn2):
        norm.weight.data.uniform_(0.5, 1.5)
        norm.bias.data.uniform_(-0.5, 0.5)
    images, labels = torch.randn(6, 3, 8, 8), torch.tensor([0, 1, 2, 0, 1, 2])
    state = {name: value.tolist() for name, value in network.state_dict().items() if "num_batches" not in name}
    probe_state = {name: value.tolist() for name, value in probe.state_dict().items() if "num_batches" not in name}

    without_dropout(network)
    without_dropout(probe)
    parameters = list(network.parameters())
    gradients = torch.autograd.grad(torch.nn.functional.cross_entropy(probe(network(images)), labels), parameters)
    grad_norm = sum(g.square().sum().sqrt().item() for g in gradients)

    codes = []
    hooks = [m.register_forward_hook(lambda _, given, __: codes.append((given[0] > 0).flatten(1).double()))
             for m in (network.relu, network.relu6)]
    network(images)
    for hook in hooks:
        hook.remove()
    code = torch.cat(codes, 1)
    agreeing = torch.tensor([[(a == b).sum().item() for b in code] for a in code], dtype=torch.float64)
    naswot = torch.linalg.slogdet(agreeing).logabsdet.item()

    network.eval()
    network.bn1, network.bn2 = torch.nn.Identity(), torch.nn.Identity()
    for p in network.parameters():
        p.data.abs_()
    parameters = dict(network.named_parameters())
    names = [n for n, p in parameters.items() if p.dim() > 1]
    gradients = torch.autograd.grad(network(torch.ones(1, 3, 8, 8)).sum(), [parameters[n] for n in names])
    synflow = sum((parameters[n] * g).abs().sum().item() for n, g in zip(names, gradients))
    return {"state": state, "probe": probe_state, "images": images.tolist(), "labels": labels.tolist(),
            "gradNorm": grad_norm, "naswot": naswot, "synflow": math.log(synflow)}


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.17g}")
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return {k: rounded(v) for k, v in value.items()} if isinstance(value, dict) else value


target = pathlib.Path(__file__).resolve().parent.parent / "tests/Worker.Tests/Goldens/scores.json"
target.write_text(json.dumps(rounded({
    "transfer": [transfer_case(30, 4, 3, 5, 1), transfer_case(60, 9, 4, 7, 2), transfer_case(14, 20, 2, 4, 3), transfer_case(24, 24, 5, 3, 4)],
    "regression": [regression_case(40, 5, 3, 5), regression_case(25, 30, 4, 6)],
    "network": network_case(),
}), separators=(",", ":")) + "\n")
