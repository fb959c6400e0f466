"""Makes the image folders that the corpus of docs/experiments/corpus.md is trained on.

  /usr/bin/python3 tools/data_sets.py SHARED DIR [CLONES]

SHARED holds cifar10-images.tar.xz, trash-64.tar.xz and fruits-64.tar.xz. CLONES, where it is given, holds clones of public GitHub repositories, all or some of
muxspace/facial_expressions, brendenlake/omniglot, SartajBhuvaji/Brain-Tumor-Classification-DataSet, Shenggan/BCCD_Dataset, hromi/SMILEsmileD,
abin24/Magnetic-tile-defect-datasets. and prajnasb/observations. Makes, where they are missing, below DIR:
  cifar10, trash, fruits   as they are
  wrong     4 000 + 2 000 images of cifar10 of which three in ten, in both parts, lie in the folder of another class
  digits    scikit-learn's 1 797 handwritten digits (8x8; python3-sklearn)
  glyphs    62 letters and figures in the fonts of this machine (python3-pil and fonts-* of Debian; as many fonts as there are, at least 40), turned,
            moved, scaled, coloured and noisy, 32x32, 40 images each
  letters   the small letters from a to t alike, 120 images each
  faces     facial_expressions: up to 1 500 photographs of each of six expressions, 64x64 (most are neutral or happy: as uneven as it was collected)
  alphabets omniglot's small background sets: 4 820 handwritten characters, by which of eight alphabets they are of
  characters  the same, 100 characters of the first five alphabets, 20 images each
  scans     Brain-Tumor-Classification-DataSet: 3 264 scans of heads, by kind of tumour or none, both of its parts together, 64x64
  cells     BCCD_Dataset: blood cells cut out of its images by their boxes, up to 700 of each of three kinds, 48x48
  smiles    SMILEsmileD: 2 000 grey photographs of faces that smile and 2 000 that do not, 64x64
  tiles     Magnetic-tile-defect-datasets.: 1 344 grey photographs of magnetic tiles, by kind of defect or none, 64x64 (seven in ten have none)
  masks     observations: 1 376 photographs of faces with and without a mask, 64x64
The same input gives the same images, fonts apart.
"""

import csv
import pathlib
import random
import shutil
import string
import sys
import tarfile
import xml.etree.ElementTree
import zipfile

LEAST_FONTS = 40


def unpack(archive, folder):
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data") if hasattr(tarfile, "data_filter") else tar.extractall(folder)


def wrong(source, folder, share=0.3, per_class=(("train", 400), ("test", 200))):
    draw = random.Random(30)
    classes = sorted(p.name for p in (source / "train").iterdir())
    for part, count in per_class:
        for name in classes:
            for image in sorted((source / part / name).iterdir())[:count]:
                label = draw.choice([c for c in classes if c != name]) if draw.random() < share else name
                target = folder / part / label / f"{name}-{image.name}"
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(image, target)


def digits(folder):
    import numpy as np
    from PIL import Image
    from sklearn.datasets import load_digits

    data = load_digits()
    for index, (image, label) in enumerate(zip(data.images, data.target)):
        target = folder / str(label) / f"{index:04d}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.minimum(255, image * 16).astype(np.uint8)).save(target)


def glyphs(folder, alphabet, images, seed):
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    fonts = []
    for path in sorted(pathlib.Path("/usr/share/fonts").rglob("*.[to]tf")):
        font = ImageFont.truetype(str(path), 30)
        drawn = {bytes(font.getmask(letter)) for letter in string.ascii_letters + string.digits}
        if len(drawn) > 55:  # has the letters, not a box for each
            fonts.append(path)
    if len(fonts) < LEAST_FONTS:
        raise SystemExit(f"{len(fonts)} fonts with Latin letters below /usr/share/fonts; {LEAST_FONTS} are needed (apt-get install fonts-lato fonts-open-sans …)")
    draw = random.Random(seed)
    noise = np.random.default_rng(seed)
    for letter in alphabet:
        name = f"{'upper' if letter.isupper() else 'lower' if letter.islower() else 'figure'}-{letter}"
        (folder / name).mkdir(parents=True)
        for index in range(images):
            paper = np.array([draw.uniform(0, 255) for _ in range(3)])
            ink = np.array([draw.uniform(0, 255) for _ in range(3)])
            while abs(paper.mean() - ink.mean()) < 60:
                ink = np.array([draw.uniform(0, 255) for _ in range(3)])
            mask = Image.new("L", (64, 64))
            font = ImageFont.truetype(str(draw.choice(fonts)), int(draw.uniform(30, 50)))
            ImageDraw.Draw(mask).text((32 + draw.uniform(-6, 6), 32 + draw.uniform(-6, 6)), letter, 255, font=font, anchor="mm")
            alpha = np.asarray(mask.rotate(draw.uniform(-20, 20), Image.BICUBIC).resize((32, 32), Image.BILINEAR))[..., None] / 255
            pixels = paper + (ink - paper) * alpha + noise.normal(0, draw.uniform(4, 30), (32, 32, 3))
            Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(folder / name / f"{index:03d}.png")


def numbered(folder, label, taken):
    """The label's next file; counts it."""
    taken[label] = taken.get(label, 0) + 1
    target = folder / label / f"{taken[label]:04d}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def faces(clone, folder, most=1500):
    from PIL import Image

    wanted, taken = {"anger", "disgust", "happiness", "neutral", "sadness", "surprise"}, {}
    for row in csv.DictReader((clone / "data" / "legend.csv").open(newline="")):
        label, source = row["emotion"].lower(), clone / "images" / row["image"]
        if label not in wanted or taken.get(label, 0) >= most or not source.exists():
            continue
        Image.open(source).convert("RGB").resize((64, 64), Image.BILINEAR).save(numbered(folder, label, taken))


def omniglot(clone, folder, label, most):
    drawings = {}
    for archive in ("images_background_small1", "images_background_small2"):
        with zipfile.ZipFile(clone / "python" / f"{archive}.zip") as zipped:
            for name in zipped.namelist():
                if name.endswith(".png"):
                    drawings["/".join(name.split("/")[1:])] = (zipped.filename, name)
    classes = sorted({label(name) for name in drawings})[:most]
    for name, (archive, member) in sorted(drawings.items()):
        if label(name) in classes:
            target = folder / label(name) / name.replace("/", "-")
            target.parent.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(archive) as zipped:
                target.write_bytes(zipped.read(member))


def small(sources, folder, most=None):
    """Pairs of a label and a file, 64x64; so many of a label, all without."""
    from PIL import Image

    taken = {}
    for label, source in sorted(sources):
        if most is None or taken.get(label, 0) < most:
            Image.open(source).convert("RGB").resize((64, 64), Image.BILINEAR).save(numbered(folder, label, taken))


def cells(clone, folder, most=700):
    from PIL import Image

    taken = {}
    for notes in sorted((clone / "BCCD" / "Annotations").glob("*.xml")):
        image = None
        for cell in xml.etree.ElementTree.parse(notes).iter("object"):
            box = [int(cell.find("bndbox").find(side).text) for side in ("xmin", "ymin", "xmax", "ymax")]
            label = cell.find("name").text
            if taken.get(label, 0) >= most or box[2] - box[0] < 8 or box[3] - box[1] < 8:
                continue
            image = image or Image.open(clone / "BCCD" / "JPEGImages" / f"{notes.stem}.jpg").convert("RGB")
            image.crop(box).resize((48, 48), Image.BILINEAR).save(numbered(folder, label, taken))


def main():
    shared, folder = map(pathlib.Path, sys.argv[1:3])
    clones = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
    folder.mkdir(parents=True, exist_ok=True)
    makers = {
        "cifar10": lambda to: unpack(shared / "cifar10-images.tar.xz", to),
        "trash": lambda to: unpack(shared / "trash-64.tar.xz", to),
        "fruits": lambda to: unpack(shared / "fruits-64.tar.xz", to),
        "wrong": lambda to: wrong(folder / "cifar10", to),
        "digits": digits,
        "glyphs": lambda to: glyphs(to, string.ascii_letters + string.digits, images=40, seed=62),
        "letters": lambda to: glyphs(to, string.ascii_lowercase[:20], images=120, seed=20),
    }
    of_clones = {
        "faces": ("facial_expressions", faces),
        "alphabets": ("omniglot", lambda clone, to: omniglot(clone, to, lambda name: name.split("/")[0], most=8)),
        "scans": ("Brain-Tumor-Classification-DataSet", lambda clone, to: small([(p.parent.name, p) for p in clone.glob("T*ing/*/*")], to)),
        "cells": ("BCCD_Dataset", cells),
        "characters": ("omniglot", lambda clone, to: omniglot(clone, to, lambda name: "-".join(name.split("/")[:2]), most=100)),
        "smiles": ("SMILEsmileD", lambda clone, to: small([(p.parents[1].name, p) for p in clone.glob("SMILEs/*/*/*.jpg")], to, most=2000)),
        "tiles": ("Magnetic-tile-defect-datasets.", lambda clone, to: small([(p.parents[1].name, p) for p in clone.glob("*/Imgs/*.jpg")], to)),
        "masks": ("observations", lambda clone, to: small([(p.parent.name, p) for p in clone.glob("experiements/data/*/*")], to)),
    }
    for name, (repository, make) in of_clones.items():
        if clones and (clones / repository).is_dir():
            makers[name] = lambda to, make=make, clone=clones / repository: make(clone, to)
    for name, make in makers.items():
        if (folder / name).exists():
            continue
        temporary = folder / f".{name}"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        make(temporary)
        inner = temporary / name  # archives of one folder
        (inner if inner.is_dir() else temporary).rename(folder / name)
        shutil.rmtree(temporary, ignore_errors=True)
        print(f"{name}: {sum(1 for p in (folder / name).rglob('*') if p.is_file())} images")


if __name__ == "__main__":
    main()
