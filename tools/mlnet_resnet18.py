#!/usr/bin/env python3
"""Weights for the backbone resnet18-mlnet from the ImageNet network that ML.NET packages as ResNet-18: NuGet's
Microsoft.ML.DnnImageFeaturizer.ResNet18 (Microsoft, MIT), an ONNX graph made by CNTK. Needs Debian's python3-onnx and python3-torch.

    /usr/bin/python3 tools/mlnet_resnet18.py PACKAGE OUT.pth          writes the weights, and says how far they are from the graph
    /usr/bin/python3 tools/mlnet_resnet18.py PACKAGE --graph IMAGES   prints what the graph itself makes of images, as JSON

PACKAGE is the package's folder, as NuGet unpacks it: ~/.nuget/packages/microsoft.ml.dnnimagefeaturizer.resnet18/VERSION.
IMAGES holds RGB bytes, N x 3 x 224 x 224.

What differs from torchvision's resnet18:
- The last stage has a third block: 19 convolutions of a plain ResNet-20 in the manner of ImageNet's, and three 1x1 shortcuts.
- Inputs are BGR, 0 ... 255, less a mean image of 224 x 224 pixels. The first convolution is rewritten for RGB less ImageNet's mean, divided by its
  deviation, which is what the service feeds. So the mean image becomes its means per channel (within .6 of 255 they are ImageNet's); it cannot be
  kept, since images of other sizes have none. What that changes is printed.
- Padding of its stride-2 layers is one less behind than before. On sides that are multiples of 32 no window reaches what is missing.
- There is no classifier: the graph ends with the features.
"""
import argparse
import json
import pathlib

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch.nn import functional as F

SIDE = 224
BLOCKS = [2, 2, 2, 3]
MEAN = torch.tensor([0.485, 0.456, 0.406], dtype=torch.float64).reshape(1, 3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225], dtype=torch.float64).reshape(1, 3, 1, 1)
# Of batch norm in PyTorch, and of the graph within rounding.
EPSILON = 1e-5


class Graph:
    """An ONNX graph of the operators that these two use, computed in double precision."""

    def __init__(self, package, name):
        [path] = pathlib.Path(package).rglob(name)
        self.graph = onnx.load(str(path)).graph
        self.values = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in self.graph.initializer}

    def attributes(self, node):
        return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}

    def __call__(self, images):
        [given] = [i.name for i in self.graph.input if i.name not in self.values]
        values = {**{name: value.double() for name, value in self.values.items()}, given: images}
        for node in self.graph.node:
            outputs = self.compute(node.op_type, [values[name] for name in node.input], self.attributes(node))
            values.update(zip(node.output, outputs if isinstance(outputs, (list, tuple)) else [outputs]))
        return values[self.graph.output[0].name]

    def compute(self, operator, inputs, about):
        assert about.get("auto_pad", b"NOTSET") == b"NOTSET" and about.get("group", 1) == 1
        if operator == "Conv":
            assert len(inputs) == 2 and about["dilations"] == [1, 1]
            return F.conv2d(padded(inputs[0], about["pads"], 0), inputs[1], stride=about["strides"])
        if operator == "BatchNormalization":
            x, scale, shift, mean, variance = inputs
            assert abs(about["epsilon"] - EPSILON) < 1e-12
            return F.batch_norm(x, mean, variance, scale, shift, eps=EPSILON)
        if operator == "MaxPool":
            return F.max_pool2d(padded(inputs[0], about["pads"], -np.inf), about["kernel_shape"], about["strides"])
        if operator == "AveragePool":
            assert not any(about["pads"])
            return F.avg_pool2d(inputs[0], about["kernel_shape"], about["strides"])
        if operator == "Split":
            return torch.split(inputs[0], about["split"], about["axis"])
        if operator == "Concat":
            return torch.cat(inputs, about["axis"])
        return {"Relu": lambda: torch.relu(inputs[0]), "Add": lambda: inputs[0] + inputs[1], "Sub": lambda: inputs[0] - inputs[1]}[operator]()


def padded(x, pads, value):
    top, left, bottom, right = pads
    return F.pad(x, (left, right, top, bottom), value=value)


def layers():
    """Our names of the convolutions and their batch norms, in the order of the graph: a shortcut's before its block's."""
    yield "conv1", "bn1"
    for stage, blocks in enumerate(BLOCKS, start=1):
        for block in range(blocks):
            place = f"layer{stage}.{block}"
            if stage > 1 and block == 0:
                yield f"{place}.downsample.0", f"{place}.downsample.1"
            for i in (1, 2):
                yield f"{place}.conv{i}", f"{place}.bn{i}"


def weights(network):
    convolutions = [node for node in network.graph.node if node.op_type == "Conv"]
    norms = {node.input[0]: node for node in network.graph.node if node.op_type == "BatchNormalization"}
    names = list(layers())
    assert len(convolutions) == len(norms) == len(names), "another network than was looked at"
    state = {}
    for convolution, (conv, norm) in zip(convolutions, names):
        assert (network.attributes(convolution)["kernel_shape"] == [1, 1]) == ("downsample" in conv)
        state[f"{conv}.weight"] = network.values[convolution.input[1]]
        for part, name in zip(("weight", "bias", "running_mean", "running_var"), norms[convolution.output[0]].input[1:]):
            state[f"{norm}.{part}"] = network.values[name]
    return for_normalised_rgb(state)


def for_normalised_rgb(state):
    """
    y = 255 (deviation x + mean) - 255 mean = 255 deviation x, and BGR becomes RGB. Batch norm takes any factor of a filter out again: the filters that are alive
    are divided by 255 x the mean deviation, so that a learning rate acts on them as on others'. Their variances absorb what is added to them.
    """
    first = state["conv1.weight"].double().flip(1) * 255 * DEVIATION
    mean, variance = state["bn1.running_mean"].double(), state["bn1.running_var"].double()
    scale = 255 * DEVIATION.mean()
    shrunk = (variance + EPSILON) / scale ** 2 - EPSILON
    alive = shrunk > EPSILON
    factor = torch.where(alive, 1 / scale, torch.ones_like(variance))
    state["conv1.weight"] = (first * factor.reshape(-1, 1, 1, 1)).float()
    state["bn1.running_mean"] = (mean * factor).float()
    state["bn1.running_var"] = torch.where(alive, shrunk, variance).float()
    return state


def ours(state, pixels):
    """What torchvision's classes make of the weights: the same form as the service's resnet18-mlnet."""
    from torchvision.models.resnet import BasicBlock, ResNet

    model = ResNet(BasicBlock, BLOCKS)
    model.fc = torch.nn.Identity()
    missing = model.load_state_dict(state, strict=False)
    assert not missing.unexpected_keys and all(key.endswith("num_batches_tracked") for key in missing.missing_keys), missing
    return model.double().eval()((pixels / 255 - MEAN) / DEVIATION)


def constant_mean(pixels):
    """BGR less a mean per channel: what the graph gets instead of its own preprocessing."""
    return (pixels - 255 * MEAN).flip(1)


def furthest(a, b):
    return ((a - b).abs().max() / b.abs().max()).item()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("package")
    parser.add_argument("out", nargs="?")
    parser.add_argument("--graph", metavar="IMAGES")
    options = parser.parse_args()
    torch.set_num_threads(1)
    network = Graph(options.package, "ResNet18.onnx")
    with torch.no_grad():
        if options.graph:
            pixels = torch.frombuffer(bytearray(pathlib.Path(options.graph).read_bytes()), dtype=torch.uint8).reshape(-1, 3, SIDE, SIDE).double()
            print(json.dumps({"features": network(constant_mean(pixels)).flatten(1).tolist()}))
        if options.out:
            state = weights(network)
            smooth = F.interpolate(torch.rand(2, 3, 7, 7, generator=torch.Generator().manual_seed(1), dtype=torch.float64), size=SIDE, mode="bicubic")
            pixels = (255 * smooth).clamp(0, 255).round()
            theirs = network(constant_mean(pixels)).flatten(1)
            error = furthest(ours(state, pixels), theirs)
            assert error < 1e-5, error
            with_image = network(Graph(options.package, "ResNetPreprocess.onnx")(pixels)).flatten(1)
            print(f"{sum(v.numel() for v in state.values())} numbers; features differ from the graph's by {error:.1e} of the greatest; "
                  f"those with constant means from those with the mean image by {furthest(theirs, with_image):.1e}")
            torch.save(state, options.out)


if __name__ == "__main__":
    main()
