#!/usr/bin/env python3
"""Reference values of the residual networks for CIFAR-10 (He et al. 2015, section 4.2) for tests/Worker.Tests/Backbones: the plain PyTorch
models of pytorch_backbones.py on weights by the formula of goldens_backbones.py, in double precision.

    /usr/bin/python3 tools/goldens_cifar_resnet.py                         writes tests/Worker.Tests/Goldens/cifar-resnet.json
    /usr/bin/python3 tools/goldens_cifar_resnet.py --errors WEIGHTS IMAGES  prints what PyTorch and PIL make of published files

WEIGHTS holds the published files (resnet20-12fca82f.th, ...), IMAGES CIFAR-10's test images as CLASS/NAME.jpg.
"""
import argparse
import hashlib
import json
import pathlib

import numpy as np
import torch
from torch import nn

from goldens_backbones import fill, multiply_adds, numbers, unit
from pytorch_backbones import create

CLASSES, BATCH, SIZE, WIDTH, GAIN, SHIFT = 10, 2, 32, 64, 0.75, 1
# Depth: trainable parameters with the classifier; those of 20 to 56 are the published files'.
PARAMETERS = {20: 269_722, 32: 464_154, 44: 658_586, 56: 853_018, 110: 1_727_962}
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def case(depth):
    name = f"cifar-resnet{depth}"
    model = create(name, nn.Linear(WIDTH, CLASSES))
    assert sum(p.numel() for p in model.parameters()) == PARAMETERS[depth], name
    lines = sorted(f"{key} {'x'.join(map(str, value.shape))}" for key, value in model.state_dict().items() if not key.startswith("linear."))
    model.load_state_dict({
        key: fill(key, tuple(value.shape), GAIN, SHIFT) if value.is_floating_point() else value for key, value in model.state_dict().items()})
    adds = multiply_adds(model, "linear", SIZE)
    model.double()
    images = unit("images", (BATCH, 3, SIZE, SIZE)).double()
    features = []
    model.linear.register_forward_pre_hook(lambda _, inputs: features.append(inputs[0]))
    with torch.no_grad():
        logits = model.eval()(images)
    model.train()(images)
    (features[1] * unit("factors", (BATCH, WIDTH)).double()).mean().backward()
    gradients = {key: p.grad for key, p in model.named_parameters() if p.grad is not None and key.endswith("weight")}
    result = {
        "name": name, "gain": GAIN, "shift": SHIFT, "parametersWithClassifier": PARAMETERS[depth], "multiplyAdds": adds,
        "state": {"count": len(lines), "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest()},
        **{key: numbers(value) for key, value in {
            "eval": features[0][:, :8], "evalLogits": logits, "train": features[1][:, :8],
            "firstGradient": gradients["conv1.weight"].flatten()[:8],
            "gradientNorms": {key: gradients[key].norm() for key in list(gradients)[:: len(gradients) // 8 + 1]},
        }.items()},
    }
    print(name, PARAMETERS[depth], adds, result["eval"][0][:3], result["firstGradient"][:3], flush=True)
    return result


def errors(weights, images):
    from PIL import Image

    files = [(label, file) for label, folder in enumerate(sorted(pathlib.Path(images).iterdir())) for file in sorted(folder.iterdir())]
    pixels = np.stack([np.asarray(Image.open(file).convert("RGB")) for _, file in files]).astype(np.float32) / 255
    inputs = torch.from_numpy((pixels - np.float32(MEAN)) / np.float32(DEVIATION)).permute(0, 3, 1, 2).contiguous()
    labels = torch.tensor([label for label, _ in files])
    for file in sorted(pathlib.Path(weights).glob("*.th")):
        published = torch.load(file, map_location="cpu")
        model = create("cifar-" + file.name.partition("-")[0], nn.Linear(WIDTH, CLASSES)).eval()
        model.load_state_dict({key[len("module."):]: value for key, value in published["state_dict"].items()}, strict=False)
        with torch.no_grad():
            wrong = sum((model(inputs[i:i + 500]).argmax(1) != labels[i:i + 500]).sum().item() for i in range(0, len(inputs), 500))
        print(f"{file.name}: {100 - published['best_prec1']:.2f} % published, {100 * wrong / len(inputs):.2f} % on {len(inputs)} images", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--errors", nargs=2, metavar=("WEIGHTS", "IMAGES"))
    options = parser.parse_args()
    if options.errors:
        errors(*options.errors)
        return
    torch.set_num_threads(1)
    path = pathlib.Path(__file__).parent.parent / "tests" / "Worker.Tests" / "Goldens" / "cifar-resnet.json"
    cases = ",\n".join(json.dumps(case(depth)) for depth in PARAMETERS)
    path.write_text(f'{{"batch": {BATCH}, "classes": {CLASSES}, "cases": [\n{cases}\n]}}\n')


if __name__ == "__main__":
    main()
