#!/usr/bin/env python3
"""Writes an .h5 weights file as Keras does, with Keras' layer and weight names and numbers by the formula of goldens_backbones.py over
them, for the tests of the Worker's reader. Needs h5py and numpy only.

    /usr/bin/python3 tools/keras_h5_sample.py NETWORK FILE [--version 1|2|3] [--first N] [--nested] [--no-top] [--gain G] [--shift S]
        [--drop LAYER] [--rename LAYER NAME] [--cut LAYER] [--layers N] [--channels N]

--version      whose names the layers and weights have; the published files come from 1 and 2
--first N      where Keras' numbers of unnamed layers start (0: the first one has no number at all)
--nested       under model_weights, as save() does
--layers N     only the first ones
--channels N   no axis is longer
The committed files, tests/Worker.Tests/Goldens/weights/keras*.h5:

    keras_h5_sample.py xception keras.h5 --layers 13 --channels 4
    keras_h5_sample.py mobilenet keras-model.h5 --version 3 --nested --layers 5 --channels 4
    keras_h5_sample.py xception keras-1.h5 --version 1 --layers 13 --channels 4

The layers come in a scrambled order, as in files whose layers are sorted by their depth in the network.
"""
import argparse

import h5py
import numpy as np

from keras_networks import NETWORKS, record


def numbers(name, shape):
    """In [-1, 1): the formula of goldens_backbones.py, which cannot be imported without torch."""
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


def value(ours, shape, keras_shape, gain, shift):
    """What the tensor `ours` of shape `shape` is filled with, in Keras' layout."""
    u = numbers(ours, shape)
    if len(shape) >= 2:
        u = gain * np.sqrt(6 / np.prod(shape[1:])) * u
    elif ours.endswith("running_var"):
        u = 1 + 0.5 * u
    elif ours.endswith(".weight"):
        u = 1 + 0.2 * u
    else:
        u = (shift if ours.endswith(".bias") else 0) + 0.1 * u
    order = {4: (2, 3, 1, 0), 2: (1, 0), 1: (0,)}[u.ndim]
    if u.ndim == 4 and keras_shape[3] == 1 and shape[1] == 1 and shape[0] == keras_shape[2]:
        order = (2, 3, 0, 1)
    return u.transpose(order).reshape(keras_shape).astype(np.float32)


def our_shape(key, keras_shape, ours):
    if ours == "predictions.weight":
        return keras_shape[-1], keras_shape[-2]
    if key == "depthwise_kernel":
        return keras_shape[2], 1, *keras_shape[:2]
    if len(keras_shape) == 4:
        return keras_shape[3], keras_shape[2], *keras_shape[:2]
    return tuple(keras_shape)


KINDS_OF_1 = {"conv2d": "convolution2d", "batch_normalization": "batchnormalization"}
WEIGHTS_OF_1 = {"kernel": "W", "bias": "b", "moving_mean": "running_mean", "moving_variance": "running_std"}


def path_of(version, kind, layer, weight):
    """Where a layer's group holds a weight."""
    if version == 1:
        return f"{layer}_{WEIGHTS_OF_1.get(weight, weight)}:0"
    if version == 3:
        return f"{layer}/{'kernel' if kind == 'depthwise' else weight}"
    return f"{layer}/{weight}:0"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("network", choices=NETWORKS)
    parser.add_argument("file")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--nested", action="store_true")
    parser.add_argument("--no-top", action="store_true")
    parser.add_argument("--gain", type=float, default=1)
    parser.add_argument("--shift", type=float, default=0)
    parser.add_argument("--drop", action="append", default=[])
    parser.add_argument("--rename", nargs=2, action="append", default=[])
    parser.add_argument("--cut")
    parser.add_argument("--version", type=int, default=2)
    parser.add_argument("--layers", type=int)
    parser.add_argument("--channels", type=int)
    options = parser.parse_args()

    layers = record(options.network).naming.layers[: -1 if options.no_top else options.layers]
    with h5py.File(options.file, "w") as file:
        group = file.create_group("model_weights") if options.nested else file
        names = ["input_1"]
        group.create_group("input_1").attrs["weight_names"] = np.array([], dtype="S1")
        for layer in sorted(layers, key=lambda layer: layer.keras[::-1]):
            name = layer.keras
            if layer.numbered:
                number = int(name.rsplit("_", 1)[1]) - 1 + options.first
                kind = KINDS_OF_1[layer.kind] if options.version == 1 else layer.kind
                name = kind + (f"_{number}" if number else "")
            if name in options.drop:
                continue
            name = dict(options.rename).get(name, name)
            names.append(name)
            entry = group.create_group(name)
            paths = {key: path_of(options.version, layer.kind, name, key) for key in layer.weights}
            entry.attrs["weight_names"] = np.array([path.encode() for path in paths.values()])
            for key, (shape, ours) in layer.weights.items():
                shape = tuple(min(n, options.channels or n) for n in shape)
                numbers_of = value(ours, our_shape(key, shape, ours), shape, options.gain, options.shift)
                entry.create_dataset(paths[key], data=numbers_of[:-1] if name == options.cut else numbers_of)
        group.attrs["layer_names"] = np.array([name.encode() for name in names])


if __name__ == "__main__":
    main()
