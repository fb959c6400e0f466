#!/usr/bin/env python3
"""Reference values of beta_eff for tests/Worker.Tests/Probe, from autograd and nothing else.

Independent of the closed form: the whole adjacency matrix P is built, sample by sample, as the Jacobian of the gradient of
one layer's weights with respect to the next layer's weights, with the error behind the next layer held fixed (paper, Eq. 7);
degrees and beta_eff follow from the matrix by their definitions (Eq. 2). Everything is float64.

    /usr/bin/python3 tools/goldens_beta.py        writes tests/Worker.Tests/Goldens/beta.json
"""
import json
import pathlib

import torch

torch.set_default_dtype(torch.float64)
EPSILON = 1e-12
NORM_EPSILON = 1e-5


def make_probe(widths, norm):
    layers = []
    for i, (fan_in, fan_out) in enumerate(zip(widths, widths[1:])):
        layer = {"weight": torch.randn(fan_out, fan_in) * (2 / fan_in) ** 0.5, "bias": 0.1 * torch.randn(fan_out)}
        if norm and i < len(widths) - 2:
            layer.update(
                mean=0.3 * torch.randn(fan_out), var=0.5 + torch.rand(fan_out),
                gamma=1 + 0.3 * torch.randn(fan_out), shift=0.3 * torch.randn(fan_out))
        layers.append(layer)
    return layers


def normalise(layer, y):
    return (y - layer["mean"]) / torch.sqrt(layer["var"] + NORM_EPSILON)


def stages(layers, expanded):
    """The network as (weights, y = f(weights, x), sigma) stages, so that a stage's input is the stage before's sigma(y)."""
    result = []
    for layer in layers[:-1]:
        dense = lambda w, x, layer=layer: x @ w.T + layer["bias"]
        if "mean" not in layer:
            result.append((layer["weight"], dense, torch.relu))
        elif expanded:
            result.append((layer["weight"], dense, lambda y, layer=layer: normalise(layer, y)))
            result.append((layer["gamma"], lambda g, x, layer=layer: g * x + layer["shift"], torch.relu))
        else:
            result.append((layer["weight"], dense,
                           lambda y, layer=layer: torch.relu(layer["gamma"] * normalise(layer, y) + layer["shift"])))
    last = layers[-1]
    result.append((last["weight"], lambda w, x: x @ w.T + last["bias"], lambda y: y))
    return result


def adjacency(chain, z0, label):
    """P of one sample over all weights of the chain, rows and columns in the chain's order."""
    inputs, outputs, x = [], [], z0
    for weights, f, sigma in chain:
        inputs.append(x.detach())
        y = f(weights, x).requires_grad_() if not outputs else f(weights, x)
        y.retain_grad()
        outputs.append(y)
        x = sigma(y)
    torch.nn.functional.cross_entropy(x[None], torch.tensor([label])).backward()
    errors = [y.grad for y in outputs]

    sizes = [weights.numel() for weights, _, _ in chain]
    starts = [sum(sizes[:i]) for i in range(len(sizes) + 1)]
    p = torch.zeros(starts[-1], starts[-1])
    for l in range(len(chain) - 1):
        (w, f, sigma), (w_next, f_next, _) = chain[l], chain[l + 1]

        def gradient(w_next):
            w_l = w.clone().requires_grad_()
            cost = (errors[l + 1] * f_next(w_next, sigma(f(w_l, inputs[l])))).sum()
            return torch.autograd.grad(cost, w_l, create_graph=True)[0]

        block = torch.autograd.functional.jacobian(gradient, w_next.clone())
        p[starts[l]:starts[l + 1], starts[l + 1]:starts[l + 2]] = block.reshape(sizes[l], sizes[l + 1])
    return p


def beta_eff(p):
    ones = torch.ones(len(p))
    return (ones @ p @ (p @ ones) / (ones @ p @ ones + EPSILON)).item()


def case(name, widths, norm, samples, seed):
    torch.manual_seed(seed)
    layers = make_probe(widths, norm)
    features = torch.relu(torch.randn(samples, widths[0]))
    labels = torch.randint(widths[-1], (samples,)).tolist()
    folded = [adjacency(stages(layers, expanded=False), z0, y) for z0, y in zip(features, labels)]
    expanded = [adjacency(stages(layers, expanded=True), z0, y) for z0, y in zip(features, labels)]
    mean = lambda matrices: torch.stack(matrices).mean(0)
    return {
        "name": name,
        "layers": [{key: value.tolist() for key, value in layer.items()} for layer in layers],
        "features": features.tolist(),
        "labels": labels,
        "firstAdjacency": folded[0].abs().tolist(),
        "absolute": beta_eff(mean([p.abs() for p in folded])),
        "squared": beta_eff(mean([p.square() for p in folded])),
        "perSample": sum(beta_eff(p.abs()) for p in folded) / samples,
        "signed": beta_eff(mean(expanded)),
    }


if __name__ == "__main__":
    cases = [
        case("two hidden layers with batch norm", [5, 4, 3, 3], norm=True, samples=7, seed=1),
        case("three hidden layers with batch norm", [4, 5, 4, 3, 3], norm=True, samples=6, seed=2),
        case("two hidden layers without batch norm", [5, 6, 4, 3], norm=False, samples=7, seed=3),
        case("three hidden layers without batch norm", [4, 6, 5, 4, 3], norm=False, samples=6, seed=4),
    ]
    for c in cases:
        print({key: c[key] for key in ("name", "absolute", "squared", "perSample", "signed")})
    path = pathlib.Path(__file__).parent.parent / "tests" / "Worker.Tests" / "Goldens" / "beta.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(cases) + "\n")
