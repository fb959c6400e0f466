#!/usr/bin/python3
"""PyTorch's side of `./bench training`.

Builds the same networks (torchvision's, and vgg-small again with the same layers) under the same frozen probe, with the same
optimizer, and trains on command: reads lines `NAME LAYOUT SIZE BATCH STEPS`, answers each with the seconds taken, elapsed and
of the processor. LAYOUT is a memory format of torch. A network is kept until another one is asked for.
A step does what one of ours does: take uint8 images by index, normalise them, forward, cross-entropy, backward, Adam.
"""
import argparse
import sys
import time

import torch
import torchvision
from torch import nn

CLASSES = 10
MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]


def beheaded(network, head):
    parent, _, last = head.rpartition(".")
    setattr(network.get_submodule(parent), last, nn.Identity())
    return network


def inceptionv3():
    return torchvision.models.inception_v3(aux_logits=False, init_weights=False)


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
    "resnet50": (lambda: beheaded(torchvision.models.resnet50(), "fc"), 2048),
    "densenet121": (lambda: beheaded(torchvision.models.densenet121(), "classifier"), 1024),
    "vgg16": (lambda: beheaded(torchvision.models.vgg16(), "classifier.6"), 4096),
    "mobilenetv2": (lambda: beheaded(torchvision.models.mobilenet_v2(), "classifier.1"), 1280),
    "inceptionv3": (lambda: beheaded(inceptionv3(), "fc"), 2048),
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

    def __init__(self, name, layout, size, batch, device):
        constructor, width = NETWORKS[name]
        self.layout = getattr(torch, layout)
        self.device = device
        self.network = constructor().train().to(device, memory_format=self.layout)
        self.probe = probe(width).train().to(device)
        self.mean, self.std = (torch.tensor(values, device=device).view(1, 3, 1, 1) for values in (MEAN, STD))
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=1e-3)
        self.images = torch.randint(0, 256, (8 * batch, 3, size, size), dtype=torch.uint8)
        self.labels = torch.randint(0, CLASSES, (8 * batch,))
        self.batch = batch

    def train(self, steps):
        start = time.perf_counter(), time.process_time()
        losses = []
        for step in range(steps):
            indices = torch.arange(step * self.batch, (step + 1) * self.batch) % len(self.images)
            inputs = ((self.images[indices].to(self.device).float() / 255) - self.mean) / self.std
            labels = self.labels[indices].to(self.device)
            self.optimizer.zero_grad()
            logits = self.probe(self.network(inputs.contiguous(memory_format=self.layout)))
            loss = nn.functional.cross_entropy(logits, labels)
            loss.backward()
            self.optimizer.step()
            losses.append(loss.detach())
        float(torch.stack(losses).mean())
        return time.perf_counter() - start[0], time.process_time() - start[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    print(torch.__version__, flush=True)
    sessions = {}
    for line in sys.stdin:
        name, layout, size, batch, steps = line.split()
        if (name, layout) not in sessions:
            sessions = {key: session for key, session in sessions.items() if key[0] == name}
            sessions[name, layout] = Session(name, layout, int(size), int(batch), options.device)
        print(*sessions[name, layout].train(int(steps)), flush=True)


if __name__ == "__main__":
    main()
