#!/usr/bin/env python3
"""Reference values of whole models, backbone and head, for tests/Worker.Tests/Models: names and shapes of the state_dict (as a hash) and the logits
of torchvision's networks and of those of pytorch_backbones.py, in eval mode and double precision, on weights by the formula of goldens_backbones.py.

    /usr/bin/python3 tools/goldens_model.py   writes tests/Worker.Tests/Goldens/models.json
"""
import hashlib
import json
import pathlib
from collections import OrderedDict

import torch
from torch import nn

from goldens_backbones import BACKBONES as TORCHVISION, fill, network, unit
from pytorch_backbones import create

CLASSES, BATCH, HIDDEN = 3, 2, [16, 8]
# Backbone, heads, side of the images, width of the features, gain, shift.
CASES = [
    ("resnet8-thin", ["probe", "linear", "trainable-probe"], 32, 32, 1, 1),
    ("vgg-small-bn", ["linear"], 32, 256, 1, 1),
    ("mobilenet-small", ["linear"], 32, 160, 1, 3),
    ("cifar-resnet20", ["linear"], 32, 64, 1, 1),
    ("densenet-small", ["linear"], 32, 87, 1, 1),
    ("nasbench201:|nor_conv_1x1~0|+|avg_pool_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|none~2|", ["linear"], 32, 64, 0.75, 1),
    ("resnet18", ["linear", "trainable-probe"], 64, 512, 1, 1),
    ("resnet18-mlnet", ["linear"], 64, 512, 1, 1),
    ("mobilenetv2", ["linear", "probe"], 64, 1280, 1, 3),
]


def probe(width):
    layers = OrderedDict()
    for i, hidden in enumerate(HIDDEN, start=1):
        layers[f"dense{i}"], layers[f"norm{i}"], layers[f"relu{i}"], width = nn.Linear(width, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), hidden
    layers[f"dense{len(HIDDEN) + 1}"] = nn.Linear(width, CLASSES)
    return nn.Sequential(layers)


def model(name, head, width):
    top = nn.Linear(width, CLASSES) if head == "linear" else probe(width)
    if name not in TORCHVISION:
        return create(name, top)
    result = network(name, CLASSES)
    if head != "linear":  # its linear classifier is torchvision's own
        parent, _, last = TORCHVISION[name][1].rpartition(".")
        setattr(result.get_submodule(parent), last, top)
    return result


def case(name, head, size, width, gain, shift):
    built = model(name, head, width)
    state = built.state_dict()
    built.load_state_dict({key: fill(key, tuple(value.shape), gain, shift) if value.is_floating_point() else value for key, value in state.items()})
    lines = sorted(f"{key} {'x'.join(map(str, value.shape))}" for key, value in state.items())
    with torch.no_grad():
        logits = built.double().eval()(unit("images", (BATCH, 3, size, size)).double())
    print(name, head, len(lines), logits[0].tolist(), flush=True)
    return {
        "name": name, "head": head, "size": size, "gain": gain, "shift": shift,
        "state": {"count": len(lines), "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest()},
        "logits": [[float(f"{x:.9g}") for x in row] for row in logits.tolist()],
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    path = pathlib.Path(__file__).parent.parent / "tests" / "Worker.Tests" / "Goldens" / "models.json"
    cases = ",\n".join(json.dumps(case(name, head, *rest)) for name, heads, *rest in CASES for head in heads)
    path.write_text(f'{{"batch": {BATCH}, "classes": {CLASSES}, "hidden": {json.dumps(HIDDEN)}, "cases": [\n{cases}\n]}}\n')
