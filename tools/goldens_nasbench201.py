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
from pytorch_backbones import Network201

CLASSES, BATCH = 10, 4
GAIN, SHIFT = 0.75, 1
# Cell: (million parameters, million multiply-adds) as published, where we know them.
CELLS = {
    "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|": (1.531546, 220.11969),
    "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|": (0.073306, 7.78305),
    "|skip_connect~0|+|none~0|avg_pool_3x3~1|+|nor_conv_1x1~0|none~1|skip_connect~2|": None,
    "|nor_conv_1x1~0|+|avg_pool_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|none~2|": None,
}


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
    model = Network201(cell, nn.Identity())
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
