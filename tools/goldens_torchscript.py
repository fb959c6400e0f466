#!/usr/bin/env python3
"""A small model of a user's own, scripted, for tests/Worker.Tests/Backbones/ScriptedBackboneTests, and what PyTorch makes of it; and
scripts that cannot serve as a backbone. Its weights are those of seed 0.

    /usr/bin/python3 tools/goldens_torchscript.py   writes tests/Worker.Tests/Goldens/own*.pt and own.json
"""
import json
import pathlib
import zipfile

import torch
from torch import nn

from goldens_backbones import unit

FOLDER = pathlib.Path(__file__).parent.parent / "tests" / "Worker.Tests" / "Goldens"
BATCH, SIZE = 4, 32


class Features(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 12, 3, stride=2, padding=1)

    def forward(self, x):
        return torch.relu(self.conv2(torch.relu(self.bn1(self.conv1(x)))))


class Own(nn.Module):
    """Maps, then a small embedding, then a classifier: the features may be taken from any of them."""

    def __init__(self):
        super().__init__()
        self.features = Features()
        self.embedding = nn.Sequential(nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(48, 10), nn.Dropout(0.25))

    def forward(self, x):
        return self.embedding(self.features(x))


class Pair(Features):
    def forward(self, x):
        y = torch.relu(self.conv1(x))
        return y, y


class Rows(Features):
    def forward(self, x):
        return self.conv1(x).flatten(2)


class Doubles(Features):
    def forward(self, x):
        return self.conv1(x).mean((2, 3)).double()


class Double(nn.Module):
    """Computes in double precision, whatever comes in and goes out."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3).double()

    def forward(self, x):
        return self.conv(x.double()).float()


class Tied(nn.Module):
    """Two layers of one weight."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 3)
        self.second = nn.Linear(3, 3)
        self.second.weight = self.first.weight

    def forward(self, x):
        return self.second(torch.relu(self.first(x.mean((2, 3)))))


class EvalOnly(Features):
    def forward(self, x):
        if self.training:
            raise RuntimeError("no training here")
        return self.conv1(x)


class TwoImages(Features):
    def forward(self, x):
        return self.conv1(x).view(2, 8, 16, 16)


class AllTogether(Features):
    def forward(self, x):
        return self.conv1(x).mean((0, 2, 3), keepdim=True).expand(2, 8, 1, 1)


class Grey(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)

    def forward(self, x):
        return self.conv(x)


def save(module, name):
    """Without what PyTorch adds for debugging: it names the folder of this script."""
    path = FOLDER / f"{name}.pt"
    torch.jit.script(module).save(str(path))
    with zipfile.ZipFile(path) as archive:
        entries = [(entry, archive.read(entry)) for entry in archive.namelist() if not entry.endswith(".debug_pkl")]
    with zipfile.ZipFile(path, "w") as archive:
        for entry, content in entries:
            archive.writestr(zipfile.ZipInfo(entry), content)


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    own = Own()
    for module, name in ((own, "own"), (Pair(), "own-pair"), (Rows(), "own-rows"), (Doubles(), "own-doubles"), (Double(), "own-double"), (Grey(), "own-grey")):
        save(module, name)
    save(Features().requires_grad_(False), "own-frozen")

    images = unit("images", (BATCH, 3, SIZE, SIZE))
    own.eval()
    with torch.no_grad():
        evaluated = own(images), own.features(images).mean((2, 3))
    own.train()
    maps = own.features(images).mean((2, 3))
    factors = unit("factors", tuple(maps.shape))
    (maps * factors).mean().backward()

    tied = Tied()
    save(tied, "own-tied")
    for module, name in ((EvalOnly(), "own-eval"), (TwoImages(), "own-two"), (AllTogether(), "own-together")):
        save(module, name)
    optimizer = torch.optim.SGD(tied.parameters(), lr=0.1, momentum=0.9)
    for _ in range(2):
        optimizer.zero_grad()
        (tied(images) ** 2).sum().backward()
        optimizer.step()
    result = {
        "batch": BATCH, "size": SIZE,
        "whole": evaluated[0].tolist(), "features": evaluated[1].tolist(), "trainedFeatures": maps.tolist(),
        "gradients": {f"model.{key}": p.grad.flatten()[:6].tolist() for key, p in own.features.named_parameters()},
        "tied": {f"model.{key}": p.detach().flatten().tolist() for key, p in tied.named_parameters()},
        "runningMean": own.features.bn1.running_mean.tolist(),
    }
    (FOLDER / "own.json").write_text(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
