"""The service's own backbones in plain PyTorch, for models that it trained to the end; served at GET /api/v1/backbones/pytorch_backbones.py.

    from pytorch_backbones import create
    model = create("resnet8", torch.nn.Linear(64, 10))

Layers are called as the tensors of the service's files. Networks that torchvision has are not repeated here.
"""
from collections import OrderedDict

import torch
from torch import nn

NASBENCH201 = "nasbench201:"
CIFAR_RESNET = "cifar-resnet"


def create(name, head):
    """The backbone with `head` (features to logits) on top, in train mode, with random weights."""
    if name.startswith(NASBENCH201):
        return Network201(name[len(NASBENCH201):], head)
    if name not in BACKBONES:
        raise ValueError(f"{name} is none of {', '.join(BACKBONES)}, {NASBENCH201}CELL")
    return nn.Sequential(OrderedDict([*BACKBONES[name](), ("linear" if name.startswith(CIFAR_RESNET) else "head", head)]))


def conv(inputs, outputs, kernel, stride=1, groups=1, bias=False):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=bias)


def pool_and_flatten(to=1):
    return [("avgpool", nn.AdaptiveAvgPool2d(to)), ("flatten", nn.Flatten())]


def cnn(width, norm):
    def convolution(inputs, outputs):
        return [conv(inputs, outputs, 3, bias=not norm), *([nn.BatchNorm2d(outputs)] if norm else []), nn.ReLU()]

    features = [
        *convolution(3, width), nn.MaxPool2d(2), *convolution(width, 2 * width), nn.MaxPool2d(2), *convolution(2 * width, 4 * width)]
    return [("features", nn.Sequential(*features)), *pool_and_flatten()]


def vgg(norm):
    features, inputs = [], 3
    for stage in [[16], [32, 32], [64, 64], [128, 128]]:
        for width in stage:
            features += [conv(inputs, width, 3, bias=True), *([nn.BatchNorm2d(width)] if norm else []), nn.ReLU()]
            inputs = width
        features.append(nn.MaxPool2d(2))
    return [("features", nn.Sequential(*features)), *pool_and_flatten(2), ("classifier", nn.Sequential(nn.Linear(512, 256), nn.ReLU()))]


def alexnet():
    features = nn.Sequential(
        conv(3, 32, 5, stride=2, bias=True), nn.ReLU(), nn.MaxPool2d(3, 2, 1),
        conv(32, 64, 5, bias=True), nn.ReLU(), nn.MaxPool2d(3, 2, 1),
        conv(64, 96, 3, bias=True), nn.ReLU(),
        conv(96, 64, 3, bias=True), nn.ReLU(),
        conv(64, 64, 3, bias=True), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
    return [("features", features), *pool_and_flatten(2), ("classifier", nn.Sequential(nn.Dropout(0.5), nn.Linear(256, 256), nn.ReLU()))]


class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1, self.bn1 = conv(inputs, width, 3, stride), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = conv(width, width, 3), nn.BatchNorm2d(width)
        same = stride == 1 and inputs == width
        self.downsample = None if same else nn.Sequential(conv(inputs, width, 1, stride), nn.BatchNorm2d(width))

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


def resnet(blocks, width):
    layers, inputs = [("conv1", conv(3, width, 3, stride=2)), ("bn1", nn.BatchNorm2d(width)), ("relu", nn.ReLU())], width
    for stage in range(3):
        chain = []
        for block in range(blocks):
            chain.append(BasicBlock(inputs, width << stage, 2 if block == 0 and stage > 0 else 1))
            inputs = width << stage
        layers.append((f"layer{stage + 1}", nn.Sequential(*chain)))
    return [*layers, *pool_and_flatten()]


class PaddedBlock(nn.Module):
    """Its shortcut has no parameters: every second pixel, with zero channels before and behind."""

    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1, self.bn1 = conv(inputs, width, 3, stride), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = conv(width, width, 3), nn.BatchNorm2d(width)
        self.stride, self.added = stride, (width - inputs) // 2

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        zeros = x.new_zeros(len(x), self.added, *y.shape[2:])
        return torch.relu(y + torch.cat([zeros, x[:, :, ::self.stride, ::self.stride], zeros], 1))


def cifar_resnet(blocks):
    layers, inputs = [("conv1", conv(3, 16, 3)), ("bn1", nn.BatchNorm2d(16)), ("relu", nn.ReLU())], 16
    for stage in range(3):
        chain = []
        for block in range(blocks):
            chain.append(PaddedBlock(inputs, 16 << stage, 2 if block == 0 and stage > 0 else 1))
            inputs = 16 << stage
        layers.append((f"layer{stage + 1}", nn.Sequential(*chain)))
    return [*layers, *pool_and_flatten()]


class DenseLayer(nn.Module):
    def __init__(self, inputs, growth):
        super().__init__()
        self.norm1, self.conv1 = nn.BatchNorm2d(inputs), conv(inputs, 4 * growth, 1)
        self.norm2, self.conv2 = nn.BatchNorm2d(4 * growth), conv(4 * growth, growth, 3)

    def forward(self, x):
        y = self.conv1(torch.relu(self.norm1(x)))
        return torch.cat([x, self.conv2(torch.relu(self.norm2(y)))], 1)


def densenet(stem, growth, depths):
    features, width = [("conv0", conv(3, stem, 3, stride=2)), ("norm0", nn.BatchNorm2d(stem)), ("relu0", nn.ReLU())], stem
    for block, depth in enumerate(depths, start=1):
        layers = OrderedDict((f"denselayer{i + 1}", DenseLayer(width + i * growth, growth)) for i in range(depth))
        features.append((f"denseblock{block}", nn.Sequential(layers)))
        width += depth * growth
        if block < len(depths):
            transition = [("norm", nn.BatchNorm2d(width)), ("relu", nn.ReLU()), ("conv", conv(width, width // 2, 1)), ("pool", nn.AvgPool2d(2))]
            features.append((f"transition{block}", nn.Sequential(OrderedDict(transition))))
            width //= 2
    features.append(("norm5", nn.BatchNorm2d(width)))
    return [("features", nn.Sequential(OrderedDict(features))), ("relu", nn.ReLU()), *pool_and_flatten()]


def conv_norm_relu6(inputs, outputs, kernel, stride=1, groups=1):
    return nn.Sequential(conv(inputs, outputs, kernel, stride, groups), nn.BatchNorm2d(outputs), nn.ReLU6())


class InvertedResidual(nn.Module):
    def __init__(self, inputs, outputs, expansion, stride):
        super().__init__()
        hidden = inputs * expansion
        self.conv = nn.Sequential(
            *([conv_norm_relu6(inputs, hidden, 1)] if expansion != 1 else []), conv_norm_relu6(hidden, hidden, 3, stride, groups=hidden),
            conv(hidden, outputs, 1), nn.BatchNorm2d(outputs))
        self.has_shortcut = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.conv(x) if self.has_shortcut else self.conv(x)


def mobilenet(stem, stages, last):
    features, inputs = [conv_norm_relu6(3, stem, 3, stride=2)], stem
    for expansion, width, blocks, stride in stages:
        for block in range(blocks):
            features.append(InvertedResidual(inputs, width, expansion, stride if block == 0 else 1))
            inputs = width
    features.append(conv_norm_relu6(inputs, last, 1))
    return [("features", nn.Sequential(*features)), *pool_and_flatten(), ("classifier", nn.Sequential(nn.Dropout(0.2)))]


BACKBONES = {
    "cnn-small": lambda: cnn(16, norm=False),
    "cnn-small-bn": lambda: cnn(16, norm=True),
    "cnn-wide": lambda: cnn(32, norm=False),
    "vgg-small": lambda: vgg(norm=False),
    "vgg-small-bn": lambda: vgg(norm=True),
    "alexnet-small": alexnet,
    "resnet8": lambda: resnet(1, 16),
    "resnet14": lambda: resnet(2, 16),
    "resnet20": lambda: resnet(3, 16),
    "resnet8-wide": lambda: resnet(1, 32),
    "resnet8-thin": lambda: resnet(1, 8),
    "resnet14-thin": lambda: resnet(2, 8),
    "cifar-resnet20": lambda: cifar_resnet(3),
    "cifar-resnet32": lambda: cifar_resnet(5),
    "cifar-resnet44": lambda: cifar_resnet(7),
    "cifar-resnet56": lambda: cifar_resnet(9),
    "cifar-resnet110": lambda: cifar_resnet(18),
    "densenet-small": lambda: densenet(24, 12, [3, 4, 4]),
    "mobilenet-small": lambda: mobilenet(16, [(1, 16, 1, 1), (4, 24, 1, 2), (4, 40, 3, 1), (4, 80, 2, 2)], 160),
}


# NAS-Bench-201, arXiv 2001.00326, section 2.


class ReluConvNorm(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride=1):
        super().__init__()
        self.op = nn.Sequential(nn.ReLU(), conv(inputs, outputs, kernel, stride), nn.BatchNorm2d(outputs))

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
        self.downsample = nn.Sequential(nn.AvgPool2d(2, ceil_mode=True), nn.Conv2d(inputs, outputs, 1, bias=False))

    def forward(self, x):
        return self.downsample(x) + self.conv_b(self.conv_a(x))


class Network201(nn.Module):
    def __init__(self, text, classifier):
        super().__init__()
        self.stem = nn.Sequential(conv(3, 16, 3), nn.BatchNorm2d(16))
        self.cells = nn.Sequential(
            *(Cell(text, 16) for _ in range(5)), Reduction(16, 32),
            *(Cell(text, 32) for _ in range(5)), Reduction(32, 64),
            *(Cell(text, 64) for _ in range(5)))
        self.lastact = nn.Sequential(nn.BatchNorm2d(64), nn.ReLU())
        self.classifier = classifier

    def forward(self, x):
        return self.classifier(self.lastact(self.cells(self.stem(x))).mean((2, 3)))
