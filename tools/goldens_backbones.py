#!/usr/bin/env python3
"""Reference values of the torchvision backbones for tests/Worker.Tests/Backbones: names and shapes of the state_dict without
the head, multiply-adds, and a few numbers of forward and backward passes with weights from a formula (no weights are stored).

The formula, the same in Fill.cs: element i of a tensor called `name` is u = 2 h / 2^32 - 1 with h = mix(fnv1a(name) + i), and
- weights of two or more dimensions are u * sqrt(6 / fan_in), that is variance 2 / fan_in;
- running_var is 1 + u / 2; weights of batch norms are 1 + u / 5; biases and running_mean are u / 10;
- images and the factors of the scalar loss are u * sqrt(3), that is variance 1.

    /usr/bin/python3 tools/goldens_backbones.py   writes tests/Worker.Tests/Goldens/backbones.json
"""
import json
import pathlib

import numpy as np
import torch
import torchvision

BATCH, SIZE = 4, 64
BACKBONES = {
    "resnet18": (torchvision.models.resnet18, "fc"),
    "resnet50": (torchvision.models.resnet50, "fc"),
    "mobilenetv2": (torchvision.models.mobilenet_v2, "classifier.1"),
    "vgg16": (torchvision.models.vgg16, "classifier.6"),
}


def uniform(name, shape):
    h = np.uint32(2166136261)
    with np.errstate(over="ignore"):
        for byte in name.encode():
            h = (h ^ np.uint32(byte)) * np.uint32(16777619)
        x = np.arange(int(np.prod(shape)), dtype=np.uint32) + h
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x7FEB352D)
        x ^= x >> np.uint32(15)
        x *= np.uint32(0x846CA68B)
        x ^= x >> np.uint32(16)
    return (x / 2.0**31 - 1).reshape(shape)


def fill(name, shape):
    u = uniform(name, shape)
    if len(shape) >= 2:
        u *= np.sqrt(6 / np.prod(shape[1:]))
    elif name.endswith("running_var"):
        u = 1 + u / 2
    elif name.endswith(".weight"):
        u = 1 + u / 5
    else:
        u /= 10
    return torch.from_numpy(u.astype(np.float32))


def beheaded(make, head):
    model = make()
    parent, _, last = head.rpartition(".")
    setattr(model.get_submodule(parent), last, torch.nn.Identity())
    model.load_state_dict({
        name: fill(name, tuple(value.shape)) if value.is_floating_point() else value
        for name, value in model.state_dict().items()})
    return model


def multiply_adds(model, size):
    total = 0

    def count(module, _, output):
        nonlocal total
        total += output[0].numel() * module.weight[0].numel()

    handles = [m.register_forward_hook(count) for m in model.modules() if isinstance(m, (torch.nn.Conv2d, torch.nn.Linear))]
    with torch.no_grad():
        model(torch.zeros(1, 3, size, size))
    for handle in handles:
        handle.remove()
    return total


def without_dropout(model):
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.eval()
    return model


def case(name):
    make, head = BACKBONES[name]
    model = beheaded(make, head).eval()
    images = torch.from_numpy((uniform("images", (BATCH, 3, SIZE, SIZE)) * np.sqrt(3)).astype(np.float32))
    result = {
        "name": name,
        "state": [[key, list(value.shape)] for key, value in model.state_dict().items()],
        "multiplyAdds": multiply_adds(model, 224),
    }
    with torch.no_grad():
        result["eval"] = model(images)[:, :8].tolist()

    features = without_dropout(model.train())(images)
    factors = torch.from_numpy((uniform("factors", tuple(features.shape)) * np.sqrt(3)).astype(np.float32))
    (features * factors).mean().backward()
    first = next(model.parameters())
    result["train"] = features[:, :8].tolist()
    result["firstGradient"] = first.grad.flatten()[:8].tolist()
    result["gradientNorms"] = {
        key: parameter.grad.norm().item() for key, parameter in list(model.named_parameters())[:: 7]}
    result["runningStatistics"] = {
        key: value[:4].tolist() for key, value in list(model.state_dict().items()) if key.endswith(("running_mean", "running_var"))
        and len(value) >= 512}
    return result


if __name__ == "__main__":
    torch.manual_seed(0)
    cases = [case(name) for name in BACKBONES]
    for c in cases:
        print(c["name"], c["multiplyAdds"], np.array(c["eval"])[0][:4], np.array(c["train"])[0][:4], c["firstGradient"][:2])
    path = pathlib.Path(__file__).parent.parent / "tests" / "Worker.Tests" / "Goldens" / "backbones.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"batch": BATCH, "size": SIZE, "cases": cases}) + "\n")
