#!/usr/bin/python3
"""PyTorch's side of `./bench training`.

Builds the same networks (torchvision's, and vgg-small again with the same layers) under the same frozen probe, with the same
optimizer, and trains on command: reads lines `NAME STEPS` or `NAME:channels_last STEPS`, answers each with the seconds taken.
A step does what one of ours does: take uint8 images by index, normalise them, forward, cross-entropy, backward, Adam.
"""
import argparse
import sys
import time

import torch
import torchvision
from torch import nn

CLASSES = 10
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)


def beheaded(network, head):
    setattr(network, head, nn.Identity())
    return network


def mobilenetv2():
    network = torchvision.models.mobilenet_v2()
    network.classifier = nn.Dropout(0.2)
    return network


def vgg_small():
    layers, inputs = [], 3
    for stage in [[16], [32, 32], [64, 64], [128, 128]]:
        for width in stage:
            layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU(inplace=True)]
            inputs = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(512, 256), nn.ReLU(inplace=True))


# Name: constructor, width of the features.
NETWORKS = {
    "resnet18": (lambda: beheaded(torchvision.models.resnet18(), "fc"), 512),
    "mobilenetv2": (mobilenetv2, 1280),
    "vgg-small": (vgg_small, 256),
}


def probe(width):
    layers = []
    for hidden in [256, 128]:
        layers += [nn.Linear(width, hidden), nn.BatchNorm1d(hidden), nn.ReLU(inplace=True), nn.Dropout(0.4)]
        width = hidden
    return nn.Sequential(*layers, nn.Linear(width, CLASSES)).requires_grad_(False)


class Session:
    """One network in training."""

    def __init__(self, name, channels_last, batch, size):
        constructor, width = NETWORKS[name]
        self.network = constructor().train()
        self.layout = torch.channels_last if channels_last else torch.contiguous_format
        if channels_last:
            self.network = self.network.to(memory_format=self.layout)
        self.probe = probe(width).train()
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=1e-3)
        self.images = torch.randint(0, 256, (8 * batch, 3, size, size), dtype=torch.uint8)
        self.labels = torch.randint(0, CLASSES, (8 * batch,))
        self.batch = batch

    def train(self, steps):
        start = time.perf_counter()
        losses = []
        for step in range(steps):
            indices = torch.arange(step * self.batch, (step + 1) * self.batch) % len(self.images)
            inputs = ((self.images[indices].float() / 255) - MEAN) / STD
            labels = self.labels[indices]
            self.optimizer.zero_grad()
            logits = self.probe(self.network(inputs.contiguous(memory_format=self.layout)))
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            self.optimizer.step()
            losses.append(loss.detach())
        float(torch.stack(losses).mean())
        return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--size", type=int, default=32)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    print(torch.__version__, flush=True)
    sessions = {}
    for line in sys.stdin:
        key, steps = line.split()
        if key not in sessions:
            name, _, layout = key.partition(":")
            sessions[key] = Session(name, layout == "channels_last", options.batch, options.size)
        print(sessions[key].train(int(steps)), flush=True)


if __name__ == "__main__":
    main()
