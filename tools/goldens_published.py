#!/usr/bin/env python3
"""A few images in the layout of each published data set, and what they are when read and resized as torchvision does it.

Usage: /usr/bin/python3 tools/goldens_published.py   (writes tests/Worker.Tests/Goldens/published/)
"""
import gzip
import hashlib
import io
import json
import pathlib
import shutil
import struct
import tarfile

import h5py
import numpy as np
from PIL import Image
from scipy.io import loadmat, savemat

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "Worker.Tests" / "Goldens" / "published"
SIZES = (16, 28, 32, 45)


def pictures(count, side, seed):
    """count x side x side x 3: waves with a disc, all different, no symmetry that would hide swapped axes."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side]
    out = np.empty((count, side, side, 3), np.uint8)
    for i in range(count):
        a, b, cx, cy = rng.uniform(2, 9, 4)
        for c in range(3):
            out[i, ..., c] = (127 + 60 * np.sin(a * x / side + c) + 60 * np.cos(b * y / side - i * (c + 1))).astype(np.uint8)
        out[i][(x - 3 * cx) ** 2 + (y - 2 * cy) ** 2 < 30] = rng.integers(0, 256, 3)
    return out


def digest(images, size):
    """SHA-256 of N x 3 x size x size bytes."""
    resized = [np.asarray(Image.fromarray(i).resize((size, size), Image.Resampling.BILINEAR)).transpose(2, 0, 1) for i in images]
    return hashlib.sha256(np.stack(resized).tobytes()).hexdigest()


def expectation(classes, train, train_labels, test, test_labels):
    return {
        "classes": classes, "trainLabels": list(train_labels), "testLabels": list(test_labels),
        "train": {str(size): digest(train, size) for size in SIZES}, "test": {str(size): digest(test, size) for size in SIZES},
    }


def records(images, *labels):
    return b"".join(bytes(l) + i.transpose(2, 0, 1).tobytes() for i, l in zip(images, zip(*labels)))


def write_folder(folder, files, archive):
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        top = tarfile.TarInfo(folder.name)
        top.type = tarfile.DIRTYPE
        tar.addfile(top)
        for name, content in reversed(files.items()):  # the order in an archive says nothing
            entry = tarfile.TarInfo(f"{folder.name}/{name}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    archive.write_bytes(gzip.compress(raw.getvalue(), mtime=0))


def cifar10():
    classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
    train, test = pictures(6, 32, 1), pictures(3, 32, 2)
    train_labels, test_labels = [6, 9, 0, 3, 5, 1], [3, 8, 0]
    files = {f"data_batch_{b + 1}.bin": records(train[b:b + 1], train_labels[b:b + 1]) for b in range(4)}
    files["data_batch_5.bin"] = records(train[4:], train_labels[4:])
    files["test_batch.bin"] = records(test, test_labels)
    files["batches.meta.txt"] = ("\n".join(classes) + "\n\n").encode()
    files["readme.html"] = b"<html></html>"
    write_folder(OUT / "cifar-10-batches-bin", files, OUT / "cifar-10-binary.tar.gz")
    return expectation(classes, train, train_labels, test, test_labels)


def cifar100():
    train, test = pictures(4, 32, 3), pictures(2, 32, 4)
    train_labels, test_labels = [19, 0, 99, 42], [7, 19]
    coarse = lambda labels: [l % 20 for l in labels]
    files = {"train.bin": records(train, coarse(train_labels), train_labels), "test.bin": records(test, coarse(test_labels), test_labels)}
    write_folder(OUT / "cifar-100-binary", files, OUT / "cifar-100-binary.tar.gz")
    return expectation(None, train, train_labels, test, test_labels)


def big_endian_mat(x, y):
    """savemat writes the machine's order only."""
    def element(kind, data):
        return struct.pack(">II", kind, len(data)) + data + bytes(-len(data) % 8)

    def matrix(name, kind, dims, data_type, data):
        body = element(6, struct.pack(">II", kind, 0)) + element(5, struct.pack(f">{len(dims)}i", *dims))
        body += struct.pack(">HH4s", len(name), 1, name) + element(data_type, data)  # a small element: the name lies in its tag
        return element(14, body)

    header = b"MATLAB 5.0 MAT-file, big-endian".ljust(124) + struct.pack(">H", 0x0100) + b"MI"
    return (header + matrix(b"note", 9, (1, 2), 2, b"ab") + matrix(b"y", 6, y.shape, 9, y.astype(">f8").tobytes(order="F"))
            + matrix(b"X", 9, x.shape, 2, x.tobytes(order="F")))


def svhn():
    folder = OUT / "svhn"
    folder.mkdir()
    train, test = pictures(4, 32, 5), pictures(2, 32, 6)
    train_digits, test_digits = [1, 0, 9, 4], [0, 7]
    variables = lambda images, digits: {
        "X": images.transpose(1, 2, 3, 0), "y": np.array([[d or 10] for d in digits], np.uint8)}
    savemat(folder / "train_32x32.mat", variables(train, train_digits), do_compression=True)
    savemat(folder / "test_32x32.mat", {"extra": np.arange(6.0), **variables(test, test_digits)}, do_compression=False)
    for name in ("train_32x32.mat", "test_32x32.mat"):  # the header holds the time
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(b"MATLAB 5.0 MAT-file".ljust(116) + content[116:])
    x, y = variables(train, train_digits)["X"], variables(train, train_digits)["y"]
    (OUT / "big-endian.mat").write_bytes(big_endian_mat(x, y))
    for path in (folder / "train_32x32.mat", OUT / "big-endian.mat"):  # as torchvision's SVHN reads it
        loaded = loadmat(path)
        assert (loaded["X"].transpose(3, 0, 1, 2) == train).all() and (loaded["y"].squeeze() % 10 == train_digits).all()
    with h5py.File(OUT / "version73.mat", "w", userblock_size=512) as file:
        file["y"] = np.array([[1.0]])
    with open(OUT / "version73.mat", "r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file".ljust(124) + struct.pack("<H", 0x0200) + b"IM")
    return expectation([str(d) for d in range(10)], train, train_digits, test, test_digits)


def fashion_mnist():
    folder = OUT / "fashion-mnist"
    folder.mkdir()
    train, test = pictures(5, 28, 7)[..., 0], pictures(3, 28, 8)[..., 0]
    train_labels, test_labels = [9, 0, 0, 3, 7], [2, 9, 1]
    for prefix, images, labels in (("train", train, train_labels), ("t10k", test, test_labels)):
        idx3 = struct.pack(">HBBIII", 0, 8, 3, len(images), 28, 28) + images.tobytes()
        idx1 = struct.pack(">HBBI", 0, 8, 1, len(labels)) + bytes(labels)
        (folder / f"{prefix}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx3, mtime=0))
        (folder / f"{prefix}-labels-idx1-ubyte").write_bytes(idx1)
    grey = lambda images: np.repeat(images[..., None], 3, -1)
    classes = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
    return expectation(classes, grey(train), train_labels, grey(test), test_labels)


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    expected = {"cifar10": cifar10(), "cifar100": cifar100(), "svhn": svhn(), "fashion-mnist": fashion_mnist()}
    (OUT / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
