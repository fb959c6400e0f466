#!/usr/bin/env python3
"""Reference values of the six Keras Applications backbones for tests/Worker.Tests/Backbones. TensorFlow is not needed: the networks of
keras_networks.py are run with plain torch functional calls, Keras' padding written out, on weights by the formula of goldens_backbones.py,
in double precision.

    /usr/bin/python3 tools/goldens_keras.py   writes tests/Worker.Tests/Goldens/keras.json
"""
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from goldens_backbones import fill, unit
from keras_networks import NETWORKS, Naming, record, same_padding

BATCH = 2

# Sides of the test images (an even and an odd one, so that "same" pads both ways; the last maps keep some pixels), gain and shift of the
# formula. Of three depths of one network two are enough.
CASES = {
    "resnet50v2": ((64, 49), 0.75, 1), "resnet152v2": ((32,), 0.75, 1), "mobilenet": ((64, 49), 0.7, 2),
    "inceptionresnetv2": ((123, 75), 1, 2), "xception": ((96, 71), 0.75, 1),
}
TRAINED = ("resnet50v2", "mobilenet", "inceptionresnetv2", "xception")


class Torch:
    """Runs a network on tensors N x C x H x W."""

    def __init__(self, state, recipe, training=False):
        self.naming = Naming()
        self.state = state
        self.recipe = recipe
        self.training = training

    def stage(self, name, x):
        return x

    def weight(self, name, shape, trainable=True):
        if name not in self.state:
            self.state[name] = fill(name, shape, *self.recipe).double().requires_grad_(trainable)
        return self.state[name]

    def conv(self, x, filters, kernel, strides=1, padding="valid", name=None, bias=False, at=None):
        kernel = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        names = self.naming.convolution("conv2d", name, at, x.shape[1], filters, kernel, bias)
        weight = self.weight(names["kernel"], (filters, x.shape[1], *kernel))
        offset = self.weight(names["bias"], (filters,)) if bias else None
        return F.conv2d(self.padded(x, kernel, strides, padding), weight, offset, stride=strides)

    def depthwise(self, x, kernel, strides=1, padding="valid", name=None):
        channels = x.shape[1]
        names = self.naming.convolution("depthwise", name, None, channels, channels, (kernel, kernel))
        return self._depthwise(x, names["depthwise_kernel"], kernel, strides, padding)

    def separable(self, x, filters, kernel, padding="valid", name=None):
        channels = x.shape[1]
        names = self.naming.convolution("separable", name, None, channels, filters, (kernel, kernel))
        x = self._depthwise(x, names["depthwise_kernel"], kernel, 1, padding)
        return F.conv2d(x, self.weight(names["pointwise_kernel"], (filters, channels, 1, 1)))

    def norm(self, x, name=None, epsilon=1e-3, scale=True, at=None):
        channels = x.shape[1]
        names = self.naming.normalisation(name, at, channels, scale)
        gamma = self.weight(names["gamma"], (channels,)) if scale else torch.ones(channels, dtype=x.dtype)
        beta = self.weight(names["beta"], (channels,))
        mean = self.weight(names["moving_mean"], (channels,), trainable=False)
        variance = self.weight(names["moving_variance"], (channels,), trainable=False)
        if self.training:
            batch_mean, batch_variance = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
            count = x.numel() / channels
            with torch.no_grad():
                mean.mul_(0.99).add_(0.01 * batch_mean)
                variance.mul_(0.99).add_(0.01 * batch_variance * count / (count - 1))
            mean, variance = batch_mean, batch_variance
        shape = (1, channels, 1, 1)
        return (x - mean.view(shape)) / torch.sqrt(variance.view(shape) + epsilon) * gamma.view(shape) + beta.view(shape)

    def relu(self, x, limit=None):
        return x.clamp(0, limit) if limit else x.clamp(min=0)

    def scale(self, x, factor):
        return x * factor

    def add(self, x, y):
        return x + y

    def concat(self, branches):
        return torch.cat(branches, 1)

    def zero_pad(self, x, top, bottom, left, right):
        return F.pad(x, (left, right, top, bottom))

    def max_pool(self, x, kernel, strides, padding="valid"):
        return F.max_pool2d(self.padded(x, (kernel, kernel), strides, padding, value=-np.inf), kernel, strides)

    def average_pool_same(self, x, kernel):
        """TensorFlow divides by the pixels inside the image only."""
        total = F.avg_pool2d(self.padded(x, (kernel, kernel), 1, "same"), kernel, 1)
        share = F.avg_pool2d(self.padded(torch.ones_like(x), (kernel, kernel), 1, "same"), kernel, 1)
        return total / share

    def average(self, x):
        return x.mean((2, 3))

    def _depthwise(self, x, name, kernel, strides, padding):
        channels = x.shape[1]
        weight = self.weight(name, (channels, 1, kernel, kernel))
        return F.conv2d(self.padded(x, (kernel, kernel), strides, padding), weight, stride=strides, groups=channels)

    @staticmethod
    def padded(x, kernel, strides, padding, value=0.0):
        if padding == "valid":
            return x
        rows, columns = (same_padding(n, k, strides) for n, k in zip(x.shape[2:], kernel))
        return F.pad(x, (*columns, *rows), value=value)


def images(size):
    return unit("images", (BATCH, 3, size, size)).double()


def case(name):
    build, native, published, width, _ = NETWORKS[name]
    recorder = record(name)
    result = {
        "name": name,
        "published": published,
        "featureWidth": width,
        "multiplyAdds": recorder.multiply_adds,
        "nativeSize": native,
        "stages": {stage: list(shape) for stage, shape in recorder.stages.items()},
    }
    if name not in CASES:
        return result
    sizes, *recipe = CASES[name]
    result["gain"], result["shift"] = recipe
    state = {}
    result["evaluated"] = []
    with torch.no_grad():
        for size in sizes:
            features = build(Torch(state, recipe), images(size))
            result["evaluated"].append({"size": size, "features": features[:, :8].tolist()})
    ours = {path for layer in recorder.naming.layers for _, path in layer.weights.values() if not path.startswith("predictions.")}
    assert ours == set(state), ours ^ set(state)
    if name in TRAINED:
        result["state"] = [[key, list(value.shape)] for key, value in state.items()]
        size = sizes[0]
        features = build(Torch(state, recipe, training=True), images(size))
        factors = unit("factors", tuple(features.shape)).double()
        (features * factors).mean().backward()
        # Not of biases: in front of a batch norm theirs is zero but for rounding.
        trained = [(key, value) for key, value in state.items() if value.requires_grad and key.endswith("weight")]
        result["trained"] = {
            "size": size,
            "features": features[:, :8].tolist(),
            "gradientNorms": {key: value.grad.norm().item() for key, value in trained[::len(trained) // 20]},
            "runningStatistics": {key: value[:4].tolist() for key, value in list(state.items())[-12:] if "running" in key},
        }
    return result


if __name__ == "__main__":
    torch.manual_seed(0)
    torch.set_num_threads(1)
    cases = []
    for network in NETWORKS:
        cases.append(case(network))
        c = cases[-1]
        print(network, c["multiplyAdds"], [np.abs(np.array(e["features"])).max() for e in c.get("evaluated", [])],
              c.get("trained", {}).get("features", [[0]])[0][:3], flush=True)
    path = pathlib.Path(__file__).parent.parent / "tests" / "Worker.Tests" / "Goldens" / "keras.json"
    path.write_text(json.dumps({"batch": BATCH, "cases": cases}) + "\n")
