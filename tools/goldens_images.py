#!/usr/bin/env python3
"""Small JPEG and PNG files of every kind, how torchvision reads and resizes them, and orders from SplitMix64.

Usage: /usr/bin/python3 tools/goldens_images.py   (writes tests/Worker.Tests/Goldens/images/ and images.json, orders.json, splits.json)
"""
import base64
import json
import pathlib
import shutil

import numpy as np
import torch
from PIL import Image
from torchvision.transforms import Compose, InterpolationMode, Normalize, Resize, ToTensor

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "Worker.Tests" / "Goldens"
SIZES = (1, 12, 32)


def scene(width, height, seed):
    """A disc on waves, with a little noise: edges, gradients and detail."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack([127 + 90 * np.sin(9 * x / width + c) + 25 * np.cos(5 * y / height * (c + 1)) for c in range(3)], -1)
    rgb[(x - width / 3) ** 2 + (y - height / 2) ** 2 < (min(width, height) / 4) ** 2] = (210, 30, 60)
    return Image.fromarray((rgb + rng.normal(0, 3, rgb.shape)).clip(0, 255).astype(np.uint8))


def with_alpha(image):
    image = image.convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    return image


def rgb16():
    """A 16-bit RGB PNG, which PIL can read but not write."""
    import struct
    import zlib

    values = np.asarray(scene(20, 14, 9)).astype(np.uint16) * 256 + 77
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 20, 14, 16, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def write_images(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)

    def save(name, image, **options):
        image.save(folder / name, **options)

    save("baseline.jpg", scene(61, 47, 1), quality=85)
    save("progressive.jpg", scene(64, 80, 2), quality=85, progressive=True)
    save("full-chroma.jpg", scene(40, 40, 3), quality=90, subsampling=0)
    save("grey.jpg", scene(50, 30, 4).convert("L"))
    save("cmyk.jpg", scene(36, 36, 5).convert("CMYK"))
    save("small.jpg", scene(9, 7, 6), quality=95)
    save("same-size.jpg", scene(32, 32, 7), quality=90)
    save("large.jpg", scene(900, 700, 8), quality=60)
    save("rgb.png", scene(45, 33, 10))
    save("palette.png", scene(30, 30, 11).convert("P", palette=Image.Palette.ADAPTIVE, colors=64))
    transparent = scene(24, 24, 12).convert("P", palette=Image.Palette.ADAPTIVE, colors=16)
    save("palette-transparent.png", transparent, transparency=3)
    save("alpha.png", with_alpha(scene(28, 20, 13)))
    save("grey.png", scene(25, 31, 14).convert("L"))
    save("grey-alpha.png", with_alpha(scene(22, 22, 15)).convert("LA"))
    save("one-bit.png", scene(33, 21, 16).convert("1"))
    save("one-pixel.png", scene(1, 1, 17))
    save("thin.png", scene(200, 1, 18))
    (folder / "rgb16.png").write_bytes(rgb16())


def resized(path, size):
    image = Resize((size, size), InterpolationMode.BILINEAR)(Image.open(path).convert("RGB"))
    return base64.b64encode(np.asarray(image).transpose(2, 0, 1).tobytes()).decode()


def normalized(path):
    transform = Compose([ToTensor(), Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
    return transform(Image.open(path).convert("RGB").resize((2, 2))), Image.open(path).convert("RGB").resize((2, 2))


MASK = (1 << 64) - 1


class SplitMix64:
    def __init__(self, state):
        self.state = state & MASK

    @classmethod
    def of(cls, *keys):
        state = 0
        for key in keys:
            state = cls(state ^ (key & MASK)).next()
        return cls(state)

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, bound):
        while True:
            product = self.next() * bound
            if product & MASK >= (1 << 64) % bound:
                return product >> 64

    def shuffle(self, items):
        items = list(items)
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]
        return items


def split(labels, validation, seed):
    """SplitRule's order: a random one, each image at (rank in its class + u) / class size, sorted."""
    random = SplitMix64.of(seed)
    order = random.shuffle(range(len(labels)))
    sizes, ranks, positions = {}, {}, []
    for label in labels:
        sizes[label] = sizes.get(label, 0) + 1
    for index in order:
        label = labels[index]
        rank = ranks.get(label, 0)
        ranks[label] = rank + 1
        positions.append((rank + (random.next() >> 11) / (1 << 53)) / sizes[label])
    balanced = [index for _, index in sorted(zip(positions, order))]
    return balanced[:validation], balanced[validation:]


def splits():
    """The first images of the paper's splits of 50 000 images in 10 classes, and sums over all that were chosen."""
    labels = [i % 10 for i in range(50_000)]
    for seed in (1, 2):
        validation, train = split(labels, 15_000, seed)
        for limit in (10_000, 15_000, 20_000, 25_000, 30_000, 35_000):
            yield {"seed": seed, "limit": limit, "validation": validation[:20], "validationSum": sum(validation),
                   "train": train[:20], "last": train[limit - 1], "trainSum": sum(train[:limit])}


def main():
    folder = OUT / "images"
    write_images(folder)
    files = {
        path.name: {str(size): resized(path, size) for size in SIZES}
        for path in sorted(folder.iterdir())
    }
    values, pixels = normalized(folder / "rgb.png")
    (OUT / "images.json").write_text(json.dumps({
        "files": files,
        "normalization": {"pixels": np.asarray(pixels).transpose(2, 0, 1).flatten().tolist(), "expected": values.flatten().tolist()},
    }, indent=1) + "\n")
    (OUT / "orders.json").write_text(json.dumps([
        {"seed": seed, "epoch": epoch, "count": count, "order": SplitMix64.of(seed, epoch).shuffle(range(count))}
        for seed, epoch, count in ((1, 0, 10), (1, 1, 10), (2, 1, 10), (-5, 300, 33))
    ], indent=1) + "\n")
    (OUT / "splits.json").write_text("[\n " + ",\n ".join(json.dumps(s) for s in splits()) + "\n]\n")


if __name__ == "__main__":
    main()
