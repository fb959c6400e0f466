#!/usr/bin/python3
"""PIL's and torchvision's side of `./bench decode`, and the images for both.

    bench_decode.py FOLDER PROCESSES

writes generated images to FOLDER: one subfolder per set, named as the sets below. Then it decodes on command: reads lines
`SET SIZE`, answers each with the seconds taken. Decoding an image: PIL opens it and converts it to RGB, torchvision's Resize brings
it to SIZE x SIZE (antialiased, as PIL always does), and its bytes are written as channel planes into one shared uint8 batch, so
that no process sends pixels to another. The processes are started once, before anything is timed.
"""
import multiprocessing
import pathlib
import sys
import time

import numpy as np
import PIL
import torch
import torchvision
from PIL import Image
from torchvision import transforms

# Name: count, width, height, format. The seeds are fixed.
SETS = {
    "jpeg-32": (2000, 32, 32, "jpg"),
    "png-32": (2000, 32, 32, "png"),
    "jpeg-500": (120, 500, 375, "jpg"),
    "jpeg-1600": (24, 1600, 1200, "jpg"),
}
LARGEST = 224


def textured(random, width, height):
    """Noise in octaves, each half as fine and twice as strong as the one before, per channel: as rich in detail as a photograph."""
    image = np.full((height, width, 3), 128.0, np.float32)
    step, strength = 1, 6.0
    while step < max(width, height):
        coarse = random.normal(0, strength, (height // step + 2, width // step + 2, 3)).clip(-127, 127)
        layer = Image.fromarray((coarse + 128).astype(np.uint8)).resize((width, height), Image.BICUBIC)
        image += np.asarray(layer, np.float32) - 128
        step, strength = step * 2, min(strength * 1.6, 40)
    return Image.fromarray(image.clip(0, 255).astype(np.uint8))


def write_images(folder):
    for seed, (name, (count, width, height, ending)) in enumerate(SETS.items()):
        random = np.random.default_rng(seed)
        (folder / name).mkdir(parents=True)
        # Crops of a few pictures: the files differ, and generating them does not take longer than decoding.
        sources = [textured(random, width * 2, height * 2) for _ in range(min(count, 4 if width > 32 else 50))]
        for i in range(count):
            x, y = (int(random.integers(0, side + 1)) for side in (width, height))
            crop = sources[i % len(sources)].crop((x, y, x + width, y + height))
            crop.save(folder / name / f"{i:05}.{ending}", **({"quality": 90} if ending == "jpg" else {}))


def begin(shared):
    global batch
    batch = np.frombuffer(shared, np.uint8)
    torch.set_num_threads(1)


def decode(task):
    index, path, size = task
    resize = transforms.Resize((size, size))
    with Image.open(path) as image:
        pixels = resize(image.convert("RGB"))
    area = 3 * size * size
    batch[index * area:(index + 1) * area].reshape(3, size, size)[:] = np.asarray(pixels).transpose(2, 0, 1)


def main():
    folder, processes = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    write_images(folder)
    paths = {name: sorted(str(path) for path in (folder / name).iterdir()) for name in SETS}
    most = max(count * 3 * (width if width < LARGEST else LARGEST) ** 2 for count, width, _, _ in SETS.values())
    shared = multiprocessing.RawArray("B", most)
    with multiprocessing.Pool(processes, begin, (shared,)) as pool:
        pool.map(decode, [(i, path, 32) for i, path in enumerate(paths["jpeg-32"])])
        print(f"PIL {PIL.__version__}, torchvision {torchvision.__version__}", flush=True)
        for line in sys.stdin:
            name, size = line.split()
            tasks = [(i, path, int(size)) for i, path in enumerate(paths[name])]
            start = time.perf_counter()
            pool.map(decode, tasks)
            print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
