#!/usr/bin/env python3
"""Reference values of NAS-Bench-201 networks for tests/Worker.Tests/Backbones/NasBench201: a plain PyTorch model after the paper's
description (arXiv 2001.00326, section 2), on weights by the formula of goldens_backbones.py, in double precision.

The published figures are those that the benchmark reports for CIFAR-10 (10 classes): parameters and multiply-adds, in millions.

    /usr/bin/python3 tools/goldens_nasbench201.py   writes tests/Worker.Tests/Goldens/nasbench201.json
"""
import json
import pathlib

import torch
from torch import nn

from goldens_backbones import fill, unit

CLASSES, BATCH = 10, 4
GAIN, SHIFT = 0.75, 1
# Cell: (million parameters, million multiply-adds) as published, where we know them.
CELLS = {
    "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|": (1.531546, 220.11969),
    "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|": (0.073306, 7.78305),
    "|skip_connect~0|+|none~0|avg_pool_3x3~1|+|nor_conv_1x1~0|none~1|skip_connect~2|": None,
    "|nor_conv_1x1~0|+|avg_pool_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|none~2|": None,
}


class ReluConvNorm(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride=1):
        super().__init__()
        self.op = nn.Sequential(
            nn.ReLU(), nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return self.op(x)


class Zero(nn.Module):
    def forward(self, x):
        return x * 0


OPERATIONS = {
    "none": lambda c: Zero(),
    "skip_connect": lambda c: nn.Identity(),
    "nor_conv_1x1": lambda c: ReluConvNorm(c, c, 1),
    "nor_conv_3x3": lambda c: ReluConvNorm(c, c, 3),
    "avg_pool_3x3": lambda c: nn.AvgPool2d(3, 1, 1, count_include_pad=False),
}


class Cell(nn.Module):
    def __init__(self, text, channels):
        super().__init__()
        self.edges = [(i, int(edge.split("~")[1]), edge.split("~")[0])
                      for i, node in enumerate(text.split("+"), start=1) for edge in node.strip("|").split("|")]
        self.layers = nn.ModuleList(OPERATIONS[name](channels) for _, _, name in self.edges)

    def forward(self, x):
        nodes = [x, 0, 0, 0]
        for layer, (target, source, _) in zip(self.layers, self.edges):
            nodes[target] = nodes[target] + layer(nodes[source])
        return nodes[3]


class Reduction(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv_a = ReluConvNorm(inputs, outputs, 3, 2)
        self.conv_b = ReluConvNorm(outputs, outputs, 3)
        self.downsample = nn.Sequential(nn.AvgPool2d(2, 2), nn.Conv2d(inputs, outputs, 1, bias=False))

    def forward(self, x):
        return self.downsample(x) + self.conv_b(self.conv_a(x))


class Network(nn.Module):
    def __init__(self, text):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16))
        self.cells = nn.Sequential(
            *(Cell(text, 16) for _ in range(5)), Reduction(16, 32),
            *(Cell(text, 32) for _ in range(5)), Reduction(32, 64),
            *(Cell(text, 64) for _ in range(5)))
        self.lastact = nn.Sequential(nn.BatchNorm2d(64), nn.ReLU())

    def forward(self, x):
        return self.lastact(self.cells(self.stem(x))).mean((2, 3))


def multiply_adds(model):
    total = 0

    def count(module, _, output):
        nonlocal total
        total += output[0].numel() * module.weight[0].numel()

    handles = [m.register_forward_hook(count) for m in model.modules() if isinstance(m, nn.Conv2d)]
    with torch.no_grad():
        model.eval()(torch.zeros(1, 3, 32, 32))
    for handle in handles:
        handle.remove()
    return total


def case(cell, published):
    model = Network(cell)
    parameters, adds = sum(p.numel() for p in model.parameters()), multiply_adds(model)
    if published is not None:  # the classifier costs as many parameters as the benchmark counts operations for it
        classifier = 65 * CLASSES
        assert (parameters + classifier, adds + classifier) == tuple(round(1e6 * figure) for figure in published), (parameters, adds)
    model.load_state_dict({
        key: fill(key, tuple(value.shape), GAIN, SHIFT) if value.is_floating_point() else value for key, value in model.state_dict().items()})
    model.double()
    images = unit("images", (BATCH, 3, 32, 32)).double()
    with torch.no_grad():
        evaluated = model.eval()(images)[:, :8].tolist()
        trained = model.train()(images)[:, :8].tolist()
    print(cell, parameters, adds, evaluated[0][:3], trained[0][:3])
    return {
        "cell": cell, "published": published, "parameters": parameters, "multiplyAdds": adds,
        "eval": evaluated, "train": trained,
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    path = pathlib.Path(__file__).parent.parent / "tests" / "Worker.Tests" / "Goldens" / "nasbench201.json"
    path.write_text(json.dumps({
        "batch": BATCH, "gain": GAIN, "shift": SHIFT, "classes": CLASSES,
        "cases": [case(cell, published) for cell, published in CELLS.items()]}) + "\n")
