#!/usr/bin/env python3
"""Small image files of every kind, how torchvision reads and resizes them, and orders from SplitMix64.

Usage: /usr/bin/python3 tools/goldens_images.py   (writes tests/Worker.Tests/Goldens/images/, images-turned/, images.json, orders.json, splits.json)
"""
import base64
import json
import pathlib
import shutil
import struct

import numpy as np
import torch
from PIL import Image, ImageOps
from torchvision.transforms import Compose, InterpolationMode, Normalize, Resize, ToTensor

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "Worker.Tests" / "Goldens"
SIZES = (1, 12, 32)
OTHER_SIZES = (12,)  # of formats other than JPEG and PNG: resizing is the same for all
SIXTEEN_BITS = ("grey16.png", "grey16.tif")  # PIL's convert("RGB") cuts their values off at 255; right is what it does to 16-bit colour


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


def tiff(pixels, photometric, *, planar=False, tile=None, extra=None, big=False, palette=None):
    """An uncompressed TIFF file of kinds that PIL reads but does not write. `pixels`: height x width x samples, uint8 or uint16."""
    height, width, samples = pixels.shape
    order, bits = (">" if big else "<"), 8 * pixels.itemsize
    planes = [pixels[..., i:i + 1] for i in range(samples)] if planar else [pixels]
    rows, columns = (tile, tile) if tile else (8, width)
    pieces = []
    for plane in planes:
        for y in range(0, height, rows):
            for x in range(0, width, columns):
                piece = plane[y:y + rows, x:x + columns]
                if tile:
                    piece = np.pad(piece, ((0, tile - piece.shape[0]), (0, tile - piece.shape[1]), (0, 0)))
                pieces.append(piece.astype(piece.dtype.newbyteorder(order)).tobytes())
    entries = {256: (3, [width]), 257: (3, [height]), 258: (3, [bits] * samples), 259: (3, [1]), 262: (3, [photometric]), 277: (3, [samples]),
               284: (3, [2 if planar else 1])}
    offsets, counts = (324, 325) if tile else (273, 279)
    entries.update({322: (3, [tile]), 323: (3, [tile])} if tile else {278: (3, [rows])})
    if extra is not None:
        entries[338] = (3, [extra])
    if palette is not None:
        entries[320] = (3, palette)
    entries[counts] = (4, [len(piece) for piece in pieces])
    entries[offsets] = (4, [0] * len(pieces))

    def directory():
        tail, body = b"", struct.pack(order + "H", len(entries))
        start = 8 + 2 + 12 * len(entries) + 4
        for tag, (kind, values) in sorted(entries.items()):
            data = struct.pack(order + str(len(values)) + ("H" if kind == 3 else "I"), *values)
            body += struct.pack(order + "HHI", tag, kind, len(values))
            if len(data) <= 4:
                body += data.ljust(4, b"\0")
            else:
                body += struct.pack(order + "I", start + len(tail))
                tail += data + b"\0" * (len(data) % 2)
        return body + b"\0" * 4 + tail

    place, places = 8 + len(directory()), []
    for piece in pieces:
        places.append(place)
        place += len(piece)
    entries[offsets] = (4, places)
    return (b"MM\0*" if big else b"II*\0") + struct.pack(order + "I", 8) + directory() + b"".join(pieces)


def write_others(folder):
    """Of the formats besides JPEG and PNG, and of the rarer kinds of these two, one file for each path through a decoder."""
    def save(name, image, **options):
        image.save(folder / name, **options)

    def pixels(seed, mode="RGB", width=20, height=14):
        values = np.asarray(scene(width, height, seed).convert(mode))
        return values if values.ndim == 3 else values[..., None]

    def wide(values):
        return values.astype(np.uint16) * 256 + 77

    def paletted(seed, colours=16):
        return scene(21, 15, seed).convert("P", palette=Image.Palette.ADAPTIVE, colors=colours)

    # YCCK: the same coefficients under another meaning, which the byte after "Adobe", version and flags tells.
    cmyk = bytearray((folder / "cmyk.jpg").read_bytes())
    cmyk[cmyk.index(b"Adobe") + 11] = 2
    (folder / "ycck.jpg").write_bytes(cmyk)
    save("half-chroma.jpg", scene(33, 29, 20), quality=80, subsampling=1)
    save("named-as.png", scene(19, 17, 21), format="JPEG")
    Image.fromarray(wide(pixels(22, "L"))[..., 0]).save(folder / "grey16.png")

    save("lossy.webp", scene(23, 19, 23), quality=70)
    save("lossless.webp", scene(23, 19, 24), lossless=True)
    save("alpha.webp", with_alpha(scene(23, 19, 25)), quality=80)
    save("moving.webp", scene(17, 13, 26), save_all=True, append_images=[scene(17, 13, 27)], quality=60)
    save("plain.gif", paletted(28, 64))
    save("interlaced.gif", paletted(29), interlace=1)
    save("transparent.gif", paletted(30), transparency=3)
    save("moving.gif", scene(17, 13, 31), save_all=True, append_images=[scene(17, 13, 32)])
    save("rgb.bmp", scene(13, 11, 33))
    save("palette.bmp", paletted(34))
    save("one-bit.bmp", scene(33, 21, 35).convert("1"))
    save("alpha.bmp", with_alpha(scene(13, 11, 36)))

    save("lzw.tif", scene(41, 29, 37), compression="tiff_lzw")
    save("deflate.tif", scene(21, 19, 38), compression="tiff_adobe_deflate")
    save("packbits.tif", scene(21, 19, 39).convert("L"), compression="packbits")
    save("fax.tif", scene(33, 21, 40).convert("1"), compression="group4")
    save("jpeg.tif", scene(32, 24, 41), compression="jpeg")
    save("palette.tif", paletted(42))
    save("cmyk.tif", scene(20, 14, 43).convert("CMYK"))
    save("alpha.tif", with_alpha(scene(20, 14, 44)))
    save("grey-alpha.tif", with_alpha(scene(20, 14, 45)).convert("LA"))
    save("turned.tif", scene(20, 14, 46), tiffinfo={274: 6})
    premultiplied = pixels(47, "RGB").astype(np.uint16)
    alpha = np.asarray(Image.linear_gradient("L").resize((20, 14)))[..., None]
    premultiplied = np.concatenate([premultiplied * alpha // 255, alpha], -1).astype(np.uint8)
    (folder / "premultiplied.tif").write_bytes(tiff(premultiplied, 2, extra=1))
    (folder / "planes.tif").write_bytes(tiff(pixels(48), 2, planar=True))
    (folder / "tiles.tif").write_bytes(tiff(pixels(49), 2, tile=16))
    (folder / "white-is-zero.tif").write_bytes(tiff(pixels(50, "L"), 0, big=True))
    (folder / "rgb16.tif").write_bytes(tiff(wide(pixels(51)), 2, big=True))
    (folder / "grey16.tif").write_bytes(tiff(wide(pixels(52, "L")), 1))

    small = pixels(53, "RGB", 9, 7)
    save("binary.ppm", scene(21, 15, 54))
    save("binary.pgm", scene(21, 15, 55).convert("L"))
    save("bits.pgm", scene(21, 15, 56).convert("1"), format="PPM")
    (folder / "text.ppm").write_text("P3\n# a comment\n9 7\n31\n" + " ".join(str(v // 8) for v in small.flatten()) + "\n")
    (folder / "text.pgm").write_text("P2 9 7 200\n" + "\n".join(str(v * 200 // 255) for v in small[..., 0].flatten()) + "\n")
    (folder / "text-bits.pgm").write_text("P1\n9 7\n" + "\n".join("".join(str(v // 128) for v in row) for row in small[..., 0]) + "\n")
    (folder / "rgb16.ppm").write_bytes(b"P6 9 7 65535\n" + wide(small).astype(">u2").tobytes())
    (folder / "most-1000.ppm").write_bytes(b"P6 9 7 1000\n" + (small.astype(np.uint16) * 1000 // 255).astype(">u2").tobytes())


def write_turned(folder):
    """Photographs with an EXIF orientation."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for orientation in range(1, 9):
        scene(12, 8, 60).save(folder / f"{orientation}.jpg", exif=exif_of(orientation), quality=90)
    scene(12, 8, 61).save(folder / "6.webp", exif=exif_of(6), lossless=True)
    scene(12, 8, 62).save(folder / "5.png", exif=exif_of(5))


def exif_of(orientation):
    exif = Image.Exif()
    exif[0x112] = orientation
    return exif


def as_rgb(path):
    image = Image.open(path)
    if path.name in SIXTEEN_BITS:
        return Image.fromarray((np.asarray(image).astype(np.int64) >> 8).astype(np.uint8)).convert("RGB")
    return image.convert("RGB")


def resized(image, size):
    image = Resize((size, size), InterpolationMode.BILINEAR)(image)
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
    first = sorted(folder.iterdir())
    write_others(folder)
    files = {path.name: {str(size): resized(as_rgb(path), size) for size in (SIZES if path in first else OTHER_SIZES)} for path in sorted(folder.iterdir())}
    write_turned(OUT / "images-turned")
    turned = {path.name: resized(ImageOps.exif_transpose(Image.open(path)).convert("RGB"), 12) for path in sorted((OUT / "images-turned").iterdir())}
    values, pixels = normalized(folder / "rgb.png")
    (OUT / "images.json").write_text(json.dumps({
        "files": files,
        "turned": turned,
        "normalization": {"pixels": np.asarray(pixels).transpose(2, 0, 1).flatten().tolist(), "expected": values.flatten().tolist()},
    }, indent=1) + "\n")
    (OUT / "orders.json").write_text(json.dumps([
        {"seed": seed, "epoch": epoch, "count": count, "order": SplitMix64.of(seed, epoch).shuffle(range(count))}
        for seed, epoch, count in ((1, 0, 10), (1, 1, 10), (2, 1, 10), (-5, 300, 33))
    ], indent=1) + "\n")
    (OUT / "splits.json").write_text("[\n " + ",\n ".join(json.dumps(s) for s in splits()) + "\n]\n")


if __name__ == "__main__":
    main()
