#!/usr/bin/env python3
"""Converts weights that Keras Applications publishes into a safetensors file for `"weights": "file:…"`. Needs h5py and numpy only.

    /usr/bin/python3 tools/keras_to_safetensors.py resnet50v2_weights_tf_dim_ordering_tf_kernels.h5 resnet50v2.safetensors

Networks, told apart by their layers: resnet50v2, resnet101v2, resnet152v2, mobilenet, inceptionresnetv2, xception; files with the ImageNet classifier or without
("notop"). The classifier is kept as predictions.weight and predictions.bias. Layers that Keras only numbers (conv2d_17) are taken in
the order of their numbers, wherever those start: it is the order in which Keras creates them.
"""
import argparse
import hashlib
import json
import re
import struct
import sys

import h5py
import numpy as np

from keras_networks import NETWORKS, record

# Our layout: kernels H x W x in x out become out x in x H x W, depthwise ones H x W x C x 1 become C x 1 x H x W.
KERNEL, DEPTHWISE_KERNEL = (3, 2, 0, 1), (2, 3, 0, 1)
NUMBERED = re.compile(r"(conv2d|batch_normalization)(?:_(\d+))?")
SHOWN = 5


class ConversionError(Exception):
    """Says what is wrong with the file, and where."""


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def layers_of(file):
    """Keras layer -> {weight name: array}, in the order of the file, for those layers that have weights."""
    group = file["model_weights"] if "model_weights" in file else file
    names = [text(name) for name in group.attrs.get("layer_names", list(group))]
    found = {}
    for name in names:
        if name not in group:
            raise ConversionError(f"layer '{name}' is listed but absent; the file is damaged.")
        if "weight_names" not in group[name].attrs:
            raise ConversionError(f"group '{name}' has no attribute weight_names; this is no file of Keras weights.")
        weights = {}
        for path in map(text, group[name].attrs["weight_names"]):
            if path not in group[name]:
                raise ConversionError(f"layer '{name}' lists the weight '{path}' but does not hold it; the file is damaged.")
            weights[path.split("/")[-1].split(":")[0]] = np.asarray(group[name][path])
        if weights:
            found[name] = weights
    if not found:
        raise ConversionError("no layer has weights; this is no file of Keras weights.")
    return found


def shown(names):
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def matched(found, expected):
    """(layer of our table, its weights in the file) for every layer; the classifier may be absent."""
    head = expected[-1].keras
    pairs, missing = [], []
    for kind in ("conv2d", "batch_normalization"):
        ours = [layer for layer in expected if layer.numbered and layer.kind == kind]
        named = {layer.keras for layer in expected if not layer.numbered}
        theirs = [(int(match[2] or 0), name) for name in found if name not in named and (match := NUMBERED.fullmatch(name)) and match[1] == kind]
        if len(theirs) != len(ours):
            raise ConversionError(f"the file has {len(theirs)} unnamed layers of the kind {kind} (as '{kind}_1'), the network {len(ours)}.")
        pairs += [(layer, name) for layer, (_, name) in zip(ours, sorted(theirs))]
    for layer in expected:
        if not layer.numbered:
            if layer.keras in found:
                pairs.append((layer, layer.keras))
            elif layer.keras != head:
                missing.append(layer.keras)
    used = {name for _, name in pairs}
    unknown = [name for name in found if name not in used]
    if missing or unknown:
        raise ConversionError(
            "the file is of another network: "
            + "; ".join(part for part in (
                missing and f"layers missing: {shown(missing)}", unknown and f"unknown layers: {shown(unknown)}") if part) + ".")
    return [(layer, name, found[name]) for layer, name in pairs]


def converted(layer, name, weights):
    """Our name -> array of one layer."""
    if layer.kind == "depthwise" and set(weights) == {"kernel"}:  # Keras 3's name
        weights = {"depthwise_kernel": weights["kernel"]}
    if set(weights) != set(layer.weights):
        raise ConversionError(f"layer '{name}' has the weights {', '.join(sorted(weights))}; expected: {', '.join(sorted(layer.weights))}.")
    result = {}
    for key, (shape, ours) in layer.weights.items():
        value = weights[key]
        if value.shape != tuple(shape):
            raise ConversionError(f"'{key}' of layer '{name}' has the shape {list(value.shape)}; expected: {list(shape)}.")
        if key == "kernel" and ours == "predictions.weight":  # a 1 x 1 convolution in MobileNet, a dense layer elsewhere
            value = value.reshape(value.shape[-2:]).T
        elif key == "depthwise_kernel":
            value = value.transpose(DEPTHWISE_KERNEL)
        elif key in ("kernel", "pointwise_kernel"):
            value = value.transpose(KERNEL)
        result[ours] = np.ascontiguousarray(value, dtype="<f4")
    return result


def network_of(found):
    """The one network that has these layers."""
    for network in NETWORKS:
        try:
            matched(found, record(network).naming.layers)
            return network
        except ConversionError:
            pass
    raise ConversionError(f"its layers are those of none of {', '.join(NETWORKS)}; name one with --network to see what differs.")


def convert(network, path):
    """The network, found out where it is None, and our tensors by name."""
    tensors = {}
    with h5py.File(path, "r") as file:
        found = layers_of(file)
        network = network or network_of(found)
        for layer, name, weights in matched(found, record(network).naming.layers):
            tensors |= converted(layer, name, weights)
    return network, tensors


def digests(path):
    """What the service compares with the published digests before it takes the converted file for the published weights."""
    sha256, md5 = hashlib.sha256(), hashlib.md5()
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            sha256.update(piece)
            md5.update(piece)
    return {"source_sha256": sha256.hexdigest(), "source_md5": md5.hexdigest()}


def write_safetensors(path, tensors, metadata):
    """Eight bytes of length, a JSON header padded to eight bytes, the numbers."""
    header, offset = {"__metadata__": metadata}, 0
    for name, value in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + value.nbytes]}
        offset += value.nbytes
    encoded = json.dumps(header, separators=(",", ":")).encode()
    encoded += b" " * (-len(encoded) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(encoded)) + encoded)
        for value in tensors.values():
            file.write(value.tobytes())


def main():
    parser = argparse.ArgumentParser(description="Keras Applications' .h5 weights to safetensors.")
    parser.add_argument("--network", choices=NETWORKS)
    parser.add_argument("source", help="the .h5 file")
    parser.add_argument("target", help="the .safetensors file")
    options = parser.parse_args()
    try:
        network, tensors = convert(options.network, options.source)
        write_safetensors(options.target, tensors, {"format": "pt", "source": "Keras Applications", "backbone": network, **digests(options.source)})
    except (ConversionError, OSError) as error:
        sys.exit(f"{options.source}: {error}")
    print(f"{options.target}: {network}, {len(tensors)} tensors, {sum(value.size for value in tensors.values()):,} numbers")


if __name__ == "__main__":
    main()
