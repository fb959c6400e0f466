#!/usr/bin/env python3
"""What PyTorch makes of a model that the service trained to the end: runs the snippet that came with the file, and prints the logits as JSON.

    /usr/bin/python3 tools/check_model.py MODEL.safetensors SNIPPET.py IMAGES SIDE

IMAGES holds RGB bytes, N x 3 x SIDE x SIDE.
"""
import json
import pathlib
import runpy
import sys

import torch


def main(model, snippet, images, side):
    torch.set_num_threads(1)
    sys.argv = [snippet, model]
    loaded = runpy.run_path(snippet)
    pixels = torch.frombuffer(bytearray(pathlib.Path(images).read_bytes()), dtype=torch.uint8).reshape(-1, 3, side, side)
    with torch.no_grad():
        logits = loaded["model"](loaded["preprocess"](pixels))
    print(json.dumps({"classes": loaded["classes"], "logits": logits.tolist()}))


if __name__ == "__main__":
    main(*sys.argv[1:4], int(sys.argv[4]))
