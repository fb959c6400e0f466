#!/usr/bin/env python3
"""Reference values of the torchvision backbones for tests/Worker.Tests/Backbones: the state_dict without the head (as a hash),
multiply-adds, and a few numbers of forward and backward passes with weights from a formula (no weights are stored).

The formula, the same in Fill.cs: element i of a tensor called `name` is a + b u, u = 2 h / 2^32 - 1, h = mix(fnv1a(name) + i), with
- weights of two or more dimensions: a = 0, b = gain * sqrt(6 / fan_in), that is variance 2 gain^2 / fan_in;
- running_var: a = 1, b = 1/2; weights of batch norms: a = 1, b = 1/5; running_mean: a = 0, b = 1/10; biases: a = shift, b = 1/10;
- images and the factors of the scalar loss: a = 0, b = sqrt(3), that is variance 1.
The gain keeps numbers of the residual networks, which add up a branch after the other, from growing from block to block. The shift
keeps most inputs of ReLUs away from 0 (and 6): a rounding error that lets one of millions change its side changes first gradients by percents.

The passes are computed in double precision from these float32 weights; what float32 makes of them is printed.

    /usr/bin/python3 tools/goldens_backbones.py                writes tests/Worker.Tests/Goldens/backbones.json
    /usr/bin/python3 tools/goldens_backbones.py --state NAME   prints the names and shapes whose hash the golden holds
"""
import argparse
import hashlib
import json
import pathlib

import numpy as np
import torch
import torchvision

BATCH, CLASSES = 2, 10
# Norms of gradients are those of so many first elements.
NORM_OF = 10_000
# Name: constructor, head, side of the images in the passes, native side, gain, shift.
BACKBONES = {
    "alexnet": ("alexnet", "classifier.6", 63, 224, 1, 0),
    "densenet121": ("densenet121", "classifier", 64, 224, 1, 1),
    "densenet169": ("densenet169", "classifier", 64, 224, 1, 1),
    "densenet201": ("densenet201", "classifier", 64, 224, 1, 1),
    "inceptionv3": ("inception_v3", "fc", 107, 299, 1, 2),
    "mobilenetv2": ("mobilenet_v2", "classifier.1", 64, 224, 1, 3),
    "resnet18": ("resnet18", "fc", 64, 224, 1, 1),
    "resnet18-mlnet": ("resnet18-mlnet", "fc", 64, 224, 1, 1),
    "resnet50": ("resnet50", "fc", 64, 224, 0.75, 1),
    "resnet101": ("resnet101", "fc", 64, 224, 0.75, 1),
    "resnet152": ("resnet152", "fc", 64, 224, 0.75, 1),
    "vgg16": ("vgg16", "classifier.6", 32, 224, 1, 0),
    "vgg19": ("vgg19", "classifier.6", 32, 224, 1, 0),
}
# Of torchvision's tensors, those that no feature depends on.
IGNORED = {"inceptionv3": "AuxLogits."}


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


def fill(name, shape, gain, shift):
    if len(shape) >= 2:
        a, b = 0, gain * np.sqrt(6 / np.prod(shape[1:]))
    elif name.endswith("running_var"):
        a, b = 1, 0.5
    elif name.endswith(".weight"):
        a, b = 1, 0.2
    elif name.endswith(".bias"):
        a, b = shift, 0.1
    else:
        a, b = 0, 0.1
    return torch.from_numpy((a + b * uniform(name, shape)).astype(np.float32))


def unit(name, shape):
    return torch.from_numpy((np.sqrt(3) * uniform(name, shape)).astype(np.float32))


def network(name, classes=CLASSES):
    constructor = BACKBONES[name][0]
    if constructor == "resnet18-mlnet":  # torchvision's blocks; it has no constructor with three in the last stage
        return torchvision.models.resnet.ResNet(torchvision.models.resnet.BasicBlock, [2, 2, 2, 3], num_classes=classes)
    options = {"init_weights": False} if constructor == "inception_v3" else {}
    return getattr(torchvision.models, constructor)(num_classes=classes, **options)


def filled(name):
    model = network(name)
    recipe = BACKBONES[name][-2:]
    model.load_state_dict({
        key: fill(key, tuple(value.shape), *recipe) if value.is_floating_point() else value for key, value in model.state_dict().items()})
    return model


def state(name, model):
    """Lines `name shape` of the tensors behind the features, sorted."""
    left_out = (BACKBONES[name][1] + ".", IGNORED.get(name, "\0"))
    return sorted(f"{key} {'x'.join(map(str, value.shape))}" for key, value in model.state_dict().items() if not key.startswith(left_out))


def multiply_adds(model, head, size):
    total = 0

    def count(module, _, output):
        nonlocal total
        total += output[0].numel() * module.weight[0].numel()

    model.eval()
    handles = [
        m.register_forward_hook(count) for key, m in model.named_modules() if isinstance(m, (torch.nn.Conv2d, torch.nn.Linear)) and key != head]
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


def passes(name, dtype):
    """What comes out in eval and train mode, and what goes back from a scalar of the features."""
    _, head, size, *_ = BACKBONES[name]
    model = filled(name).to(dtype)
    if name in IGNORED:  # as torchvision does where nobody wants it; it needs larger images
        model.aux_logits = model.AuxLogits = None
    images = unit("images", (BATCH, 3, size, size)).to(dtype)
    features = []
    model.get_submodule(head).register_forward_pre_hook(lambda _, inputs: features.append(inputs[0]))
    result = {}
    with torch.no_grad():
        result["evalLogits"] = model.eval()(images)
    result["eval"] = features[0][:, :8]

    result["trainLogits"] = without_dropout(model.train())(images)
    result["train"] = features[1][:, :8]
    (features[1] * unit("factors", tuple(features[1].shape)).to(dtype)).mean().backward()
    # Not of biases: in front of a batch norm theirs is zero but for rounding.
    gradients = {key: parameter.grad for key, parameter in model.named_parameters() if parameter.grad is not None and key.endswith("weight")}
    result["firstGradient"] = next(iter(gradients.values())).flatten()[:8]
    result["gradientNorms"] = {key: gradients[key].flatten()[:NORM_OF].double().norm() for key in list(gradients)[:: len(gradients) // 12 + 1]}
    statistics = [(key, value) for key, value in model.state_dict().items() if key.endswith(("running_mean", "running_var"))]
    result["runningStatistics"] = {key: value[:4] for key, value in statistics[:2] + statistics[len(statistics) // 2 :][:2] + statistics[-2:]}
    return result


def numbers(value):
    if isinstance(value, dict):
        return {key: numbers(inner) for key, inner in value.items()}
    return np.array([float(f"{x:.9g}") for x in value.detach().double().flatten()]).reshape(value.shape).tolist()


def disagreement(exact, rounded):
    """The largest difference of each entry, relative to the largest magnitude in it."""
    if isinstance(exact, dict):
        return max((disagreement(exact[key], rounded[key]) for key in exact), default=0)
    return ((exact - rounded).abs().max() / exact.abs().max()).item()


def case(name):
    _, head, size, native, gain, shift = BACKBONES[name]
    model = network(name, classes=1000)
    lines = state(name, model)
    exact = passes(name, torch.float64)
    rounded = passes(name, torch.float32)
    print(name, {key: f"{disagreement(exact[key], rounded[key]):.0e}" for key in exact}, numbers(exact["eval"])[0][:3], flush=True)
    return {
        "name": name, "size": size, "gain": gain, "shift": shift,
        "state": {"count": len(lines), "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest()},
        "leftOut": sorted(set(model.state_dict()) - {line.split()[0] for line in lines}),
        "multiplyAdds": multiply_adds(model, head, native),
        **{key: numbers(value) for key, value in exact.items()},
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--state", metavar="NAME", choices=BACKBONES)
    options = parser.parse_args()
    torch.manual_seed(0)
    if options.state:
        print("\n".join(state(options.state, network(options.state, classes=1000))))
        return
    path = pathlib.Path(__file__).parent.parent / "tests" / "Worker.Tests" / "Goldens" / "backbones.json"
    path.parent.mkdir(exist_ok=True)
    cases = ",\n".join(json.dumps(case(name)) for name in BACKBONES)
    path.write_text(f'{{"batch": {BATCH}, "normOf": {NORM_OF}, "cases": [\n{cases}\n]}}\n')


if __name__ == "__main__":
    main()
