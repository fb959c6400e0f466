"""Six networks of Keras Applications, call by call as Keras' functional API builds them, over whatever `ops` computes.

Each function below returns what is left when the classifier is cut off. `ops` is either `Recorder` (here: shapes, weights and
multiply-adds, no dependency at all) or the torch interpreter of goldens_keras.py. A layer that Keras leaves unnamed gets its number
in the order of creation, and `at` says where it is found in our backbones.

    python3 tools/keras_networks.py >tests/Worker.Tests/Goldens/keras-layers.json
"""
import json
import re
from typing import NamedTuple

CLASSES = 1000


class Layer(NamedTuple):
    """`weights`: Keras' weight name -> (shape in Keras' layout, our name)."""
    keras: str
    kind: str  # conv2d, depthwise, separable, batch_normalization, dense
    weights: dict
    numbered: bool


def resnet_v2(ops, x, depths):
    def norm_relu(x, name):
        return ops.relu(ops.norm(x, name, epsilon=1.001e-5))

    x = ops.zero_pad(x, 3, 3, 3, 3)
    x = ops.stage("conv1_conv", ops.conv(x, 64, 7, strides=2, name="conv1_conv", bias=True))
    x = ops.zero_pad(x, 1, 1, 1, 1)
    x = ops.stage("pool1_pool", ops.max_pool(x, 3, 2))
    for stage, (filters, depth) in enumerate(zip((64, 128, 256, 512), depths)):
        for block in range(1, depth + 1):
            name = f"conv{stage + 2}_block{block}"
            stride = 2 if block == depth and stage < 3 else 1
            preact = norm_relu(x, name + "_preact_bn")
            if block == 1:
                shortcut = ops.conv(preact, 4 * filters, 1, strides=stride, name=name + "_0_conv", bias=True)
            else:
                shortcut = ops.max_pool(x, 1, stride) if stride > 1 else x
            y = norm_relu(ops.conv(preact, filters, 1, name=name + "_1_conv"), name + "_1_bn")
            y = ops.zero_pad(y, 1, 1, 1, 1)
            y = norm_relu(ops.conv(y, filters, 3, strides=stride, name=name + "_2_conv"), name + "_2_bn")
            y = ops.conv(y, 4 * filters, 1, name=name + "_3_conv", bias=True)
            x = ops.stage(name, ops.add(shortcut, y))
    return ops.average(norm_relu(x, "post_bn"))


def mobilenet(ops, x):
    def norm_relu6(x, name):
        return ops.relu(ops.norm(x, name), limit=6)

    x = ops.conv(x, 32, 3, strides=2, padding="same", name="conv1")
    x = ops.stage("conv1_relu", norm_relu6(x, "conv1_bn"))
    filters = (64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)
    for block, width in enumerate(filters, start=1):
        strides = 2 if block in (2, 4, 6, 12) else 1
        if strides == 2:
            x = ops.zero_pad(x, 0, 1, 0, 1)
        x = ops.depthwise(x, 3, strides=strides, padding="same" if strides == 1 else "valid", name=f"conv_dw_{block}")
        x = norm_relu6(x, f"conv_dw_{block}_bn")
        x = ops.conv(x, width, 1, padding="same", name=f"conv_pw_{block}")
        x = ops.stage(f"conv_pw_{block}_relu", norm_relu6(x, f"conv_pw_{block}_bn"))
    return ops.average(x)


def inception_resnet_v2(ops, x):
    def unit(x, filters, kernel, strides=1, padding="same", name=None, at=None):
        x = ops.conv(x, filters, kernel, strides=strides, padding=padding, name=name, at=at and at + ".conv")
        return ops.relu(ops.norm(x, name and name + "_bn", scale=False, at=at and at + ".bn"))

    def branch(x, at, *units, first=0):
        for i, (filters, kernel, *rest) in enumerate(units):
            x = unit(x, filters, kernel, *rest, at=f"{at}.{i + first}")
        return x

    def residual(x, name, scale, mixed, channels, activation=True):
        y = ops.conv(ops.concat(mixed), channels, 1, padding="same", name=name + "_conv", bias=True)
        y = ops.add(x, ops.scale(y, scale))
        return ops.stage(name, ops.relu(y) if activation else y)

    x = branch(x, "stem", (32, 3, 2, "valid"), (32, 3, 1, "valid"), (64, 3))
    x = ops.max_pool(x, 3, 2)
    x = branch(x, "stem", (80, 1, 1, "valid"), (192, 3, 1, "valid"), first=4)
    x = ops.stage("stem", ops.max_pool(x, 3, 2))

    at = "mixed_5b"
    b0 = branch(x, at + ".branch_0", (96, 1))
    b1 = branch(x, at + ".branch_1", (48, 1), (64, 5))
    b2 = branch(x, at + ".branch_2", (64, 1), (96, 3), (96, 3))
    b3 = branch(ops.average_pool_same(x, 3), at + ".branch_3", (64, 1), first=1)
    x = ops.stage(at, ops.concat([b0, b1, b2, b3]))

    for i in range(1, 11):
        name = f"block35_{i}"
        b0 = branch(x, name + ".mixed.branch_0", (32, 1))
        b1 = branch(x, name + ".mixed.branch_1", (32, 1), (32, 3))
        b2 = branch(x, name + ".mixed.branch_2", (32, 1), (48, 3), (64, 3))
        x = residual(x, name, 0.17, [b0, b1, b2], 320)

    at = "mixed_6a"
    b0 = branch(x, at + ".branch_0", (384, 3, 2, "valid"))
    b1 = branch(x, at + ".branch_1", (256, 1), (256, 3), (384, 3, 2, "valid"))
    x = ops.stage(at, ops.concat([b0, b1, ops.max_pool(x, 3, 2)]))

    for i in range(1, 21):
        name = f"block17_{i}"
        b0 = branch(x, name + ".mixed.branch_0", (192, 1))
        b1 = branch(x, name + ".mixed.branch_1", (128, 1), (160, (1, 7)), (192, (7, 1)))
        x = residual(x, name, 0.1, [b0, b1], 1088)

    at = "mixed_7a"
    b0 = branch(x, at + ".branch_0", (256, 1), (384, 3, 2, "valid"))
    b1 = branch(x, at + ".branch_1", (256, 1), (288, 3, 2, "valid"))
    b2 = branch(x, at + ".branch_2", (256, 1), (288, 3), (320, 3, 2, "valid"))
    x = ops.stage(at, ops.concat([b0, b1, b2, ops.max_pool(x, 3, 2)]))

    for i in range(1, 11):
        name = f"block8_{i}"
        b0 = branch(x, name + ".mixed.branch_0", (192, 1))
        b1 = branch(x, name + ".mixed.branch_1", (192, 1), (224, (1, 3)), (256, (3, 1)))
        x = residual(x, name, 0.2 if i < 10 else 1.0, [b0, b1], 2080, activation=i < 10)

    return ops.average(ops.stage("conv_7b", unit(x, 1536, 1, name="conv_7b")))


def xception(ops, x):
    def separable(x, filters, name):
        return ops.norm(ops.separable(x, filters, 3, padding="same", name=name), name + "_bn")

    def shortcut(x, filters, block):
        y = ops.conv(x, filters, 1, strides=2, padding="same", at=f"block{block}.residual_conv")
        return ops.norm(y, at=f"block{block}.residual_bn")

    x = ops.relu(ops.norm(ops.conv(x, 32, 3, strides=2, name="block1_conv1"), "block1_conv1_bn"))
    x = ops.stage("block1", ops.relu(ops.norm(ops.conv(x, 64, 3, name="block1_conv2"), "block1_conv2_bn")))
    for block, (first, second) in {2: (128, 128), 3: (256, 256), 4: (728, 728)}.items():
        residual = shortcut(x, second, block)
        if block > 2:
            x = ops.relu(x)
        x = ops.relu(separable(x, first, f"block{block}_sepconv1"))
        x = separable(x, second, f"block{block}_sepconv2")
        x = ops.stage(f"block{block}", ops.add(ops.max_pool(x, 3, 2, padding="same"), residual))
    for block in range(5, 13):
        residual = x
        for i in (1, 2, 3):
            x = separable(ops.relu(x), 728, f"block{block}_sepconv{i}")
        x = ops.stage(f"block{block}", ops.add(x, residual))
    residual = shortcut(x, 1024, 13)
    x = separable(ops.relu(x), 728, "block13_sepconv1")
    x = separable(ops.relu(x), 1024, "block13_sepconv2")
    x = ops.stage("block13", ops.add(ops.max_pool(x, 3, 2, padding="same"), residual))
    x = ops.relu(separable(x, 1536, "block14_sepconv1"))
    return ops.average(ops.stage("block14", ops.relu(separable(x, 2048, "block14_sepconv2"))))


# Name: (function, native size, Keras' published number of weights with the classifier, feature width, classifier's layer and kind)
NETWORKS = {
    "resnet50v2": (lambda ops, x: resnet_v2(ops, x, (3, 4, 6, 3)), 224, 25_613_800, 2048, ("predictions", "dense")),
    "resnet101v2": (lambda ops, x: resnet_v2(ops, x, (3, 4, 23, 3)), 224, 44_675_560, 2048, ("predictions", "dense")),
    "resnet152v2": (lambda ops, x: resnet_v2(ops, x, (3, 8, 36, 3)), 224, 60_380_648, 2048, ("predictions", "dense")),
    "mobilenet": (mobilenet, 224, 4_253_864, 1024, ("conv_preds", "conv2d")),
    "inceptionresnetv2": (inception_resnet_v2, 299, 55_873_736, 1536, ("predictions", "dense")),
    "xception": (xception, 299, 22_910_480, 2048, ("predictions", "dense")),
}


def our_path(keras):
    """Our name of a layer that Keras names: the dot comes after the name of the block."""
    match = re.fullmatch(r"(conv\d_block\d+|block\d+_\d+|block\d+|conv_7b)_(.+)", keras)
    if keras == "conv_7b":
        return "conv_7b.conv"
    return keras if match is None else ".".join(match.groups())


def same_padding(size, kernel, stride):
    """What Keras adds before and after: the output is ceil(size / stride)."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


class Naming:
    """Keras' names, numbers for the unnamed, and ours."""

    def __init__(self):
        self.layers = []
        self._numbers = {}

    def register(self, kind, name, at, weights):
        """`weights`: Keras' weight name -> (shape, suffix of our name). Returns our names by Keras' weight name."""
        numbered = name is None
        if numbered:
            self._numbers[kind] = self._numbers.get(kind, 0) + 1
            name = f"{kind}_{self._numbers[kind]}"
        path = at or our_path(name)
        named = {key: (shape, f"{path}.{suffix}") for key, (shape, suffix) in weights.items()}
        self.layers.append(Layer(name, kind, named, numbered))
        return {key: ours for key, (_, ours) in named.items()}

    def convolution(self, kind, name, at, inputs, filters, kernel, bias=False):
        height, width = kernel
        if kind == "conv2d":
            weights = {"kernel": ((height, width, inputs, filters), "weight")}
        elif kind == "depthwise":
            weights = {"depthwise_kernel": ((height, width, inputs, 1), "weight")}
        else:
            weights = {
                "depthwise_kernel": ((height, width, inputs, 1), "depthwise.weight"),
                "pointwise_kernel": ((1, 1, inputs, filters), "pointwise.weight")}
        if bias:
            weights["bias"] = ((filters,), "bias")
        return self.register(kind, name, at, weights)

    def normalisation(self, name, at, channels, scale):
        weights = {"gamma": ((channels,), "weight")} if scale else {}
        weights |= {"beta": ((channels,), "bias"), "moving_mean": ((channels,), "running_mean"), "moving_variance": ((channels,), "running_var")}
        return self.register("batch_normalization", name, at, weights)


class Recorder:
    """Runs a network on shapes (channels, height, width)."""

    def __init__(self):
        self.naming = Naming()
        self.stages = {}
        self.multiply_adds = 0

    def stage(self, name, x):
        self.stages[name] = x
        return x

    def conv(self, x, filters, kernel, strides=1, padding="valid", name=None, bias=False, at=None):
        kernel = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        self.naming.convolution("conv2d", name, at, x[0], filters, kernel, bias)
        return self._convolved(x, filters, kernel, strides, padding, x[0])

    def depthwise(self, x, kernel, strides=1, padding="valid", name=None):
        self.naming.convolution("depthwise", name, None, x[0], x[0], (kernel, kernel))
        return self._convolved(x, x[0], (kernel, kernel), strides, padding, 1)

    def separable(self, x, filters, kernel, padding="valid", name=None):
        self.naming.convolution("separable", name, None, x[0], filters, (kernel, kernel))
        x = self._convolved(x, x[0], (kernel, kernel), 1, padding, 1)
        return self._convolved(x, filters, (1, 1), 1, padding, x[0])

    def norm(self, x, name=None, epsilon=1e-3, scale=True, at=None):
        self.naming.normalisation(name, at, x[0], scale)
        return x

    def relu(self, x, limit=None):
        return x

    def scale(self, x, factor):
        return x

    def add(self, x, y):
        assert x == y, (x, y)
        return x

    def concat(self, branches):
        assert len({b[1:] for b in branches}) == 1
        return (sum(b[0] for b in branches), *branches[0][1:])

    def zero_pad(self, x, top, bottom, left, right):
        return x[0], x[1] + top + bottom, x[2] + left + right

    def max_pool(self, x, kernel, strides, padding="valid"):
        return (x[0], *(self._size(n, kernel, strides, padding) for n in x[1:]))

    def average_pool_same(self, x, kernel):
        return x

    def average(self, x):
        return (x[0],)

    def _convolved(self, x, filters, kernel, strides, padding, inputs):
        sizes = [self._size(n, k, strides, padding) for n, k in zip(x[1:], kernel)]
        self.multiply_adds += sizes[0] * sizes[1] * filters * kernel[0] * kernel[1] * inputs
        return (filters, *sizes)

    @staticmethod
    def _size(n, kernel, strides, padding):
        return -(-n // strides) if padding == "same" else (n - kernel) // strides + 1


def record(network):
    """The recorder of a network at its native size, its classifier included."""
    build, size, published, width, (head, kind) = NETWORKS[network]
    ops = Recorder()
    assert build(ops, (3, size, size)) == (width,)
    kernel = (width, CLASSES) if kind == "dense" else (1, 1, width, CLASSES)
    ops.naming.register(kind, head, "predictions", {"kernel": (kernel, "weight"), "bias": ((CLASSES,), "bias")})
    total = 0
    for layer in ops.naming.layers:
        for shape, _ in layer.weights.values():
            product = 1
            for n in shape:
                product *= n
            total += product
    assert total == published, f"{network}: {total} instead of {published}"
    return ops


if __name__ == "__main__":
    # Network -> [Keras' layer, [[Keras' weight, its shape, our name], ...]], one network a line.
    lines = (json.dumps({network: [[layer.keras, [[key, *weight] for key, weight in layer.weights.items()]] for layer in record(network).naming.layers]},
                        separators=(",", ":"))[1:-1] for network in NETWORKS)
    print("{" + ",\n".join(lines) + "}")
