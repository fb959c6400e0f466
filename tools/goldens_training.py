"""Goldens of the Worker's weights and training tests. Run with a Python that has torch; the files are committed.

- reference.safetensors: written from the format's description (https://github.com/huggingface/safetensors#format) with struct and json alone.
- optimizers.json: three steps of each optimizer as a job spec configures it, by PyTorch.
"""
import json
import pathlib
import struct

import torch

goldens = pathlib.Path(__file__).parent.parent / "tests" / "Worker.Tests" / "Goldens"


def half(values):
    return struct.pack(f"<{len(values)}e", *values)


def bfloat16(values):
    """The upper half of a float32; the values here need no rounding."""
    return b"".join(struct.pack("<f", v)[2:] for v in values)


# name: (dtype, shape, values, bytes)
tensors = {
    "f64": ("F64", [2], [1 / 3, -2.5e300], struct.pack("<2d", 1 / 3, -2.5e300)),
    "i64": ("I64", [], [-(2**62)], struct.pack("<q", -(2**62))),
    "layer.weight": ("F32", [2, 3], [0.5, -1.25, 3.0, 2.0**-100, -0.0, 7.75], struct.pack("<6f", 0.5, -1.25, 3.0, 2.0**-100, -0.0, 7.75)),
    "i32": ("I32", [1, 2], [-7, 2**31 - 1], struct.pack("<2i", -7, 2**31 - 1)),
    "f16": ("F16", [3], [0.5, -2.0, 65504.0], half([0.5, -2.0, 65504.0])),
    "bf16": ("BF16", [2], [1.5, -256.0], bfloat16([1.5, -256.0])),
    "i16": ("I16", [2], [-300, 300], struct.pack("<2h", -300, 300)),
    "u8": ("U8", [4], [0, 1, 128, 255], bytes([0, 1, 128, 255])),
    "i8": ("I8", [2], [-128, 127], struct.pack("<2b", -128, 127)),
    "größe/空": ("BOOL", [3], [1, 0, 1], bytes([1, 0, 1])),
    "empty": ("F32", [0, 4], [], b""),
}

header, data = {"__metadata__": {"format": "pt", "note": 'a "quoted" Ω'}}, b""
for name, (dtype, shape, _, raw) in tensors.items():
    header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
    data += raw
text = json.dumps(header, ensure_ascii=False).encode()
text += b" " * (-len(text) % 8)

goldens.mkdir(exist_ok=True)
(goldens / "reference.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
expected = {name: {"dtype": dtype, "shape": shape, "values": values} for name, (dtype, shape, values, _) in tensors.items()}
(goldens / "reference.safetensors.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")

# The gradient of sum(w * g) is g: four steps with gradients of changing size, so that every default (betas, eps) shows. The second step does not
# touch the bias: its gradient stays zero.
torch.manual_seed(5)
shapes = {"conv.weight": [2, 3, 2, 2], "conv.bias": [2]}
start = {name: torch.randn(shape) for name, shape in shapes.items()}
gradients = [{name: torch.randn(shape) * scale for name, shape in shapes.items()} for scale in [0.1, 2.0, 1.0, 0.01]]
del gradients[1]["conv.bias"]


def steps(make):
    parameters = {name: value.clone().requires_grad_() for name, value in start.items()}
    optimizer = make(parameters.values())
    path = []
    for step in gradients:
        optimizer.zero_grad(set_to_none=False)
        sum((parameters[name] * gradient).sum() for name, gradient in step.items()).backward()
        optimizer.step()
        path.append({name: parameter.tolist() for name, parameter in parameters.items()})
    return path


def listed(tensors):
    return {name: tensor.tolist() for name, tensor in tensors.items()}


lr = 0.05
optimizers = {
    "sgd": lambda p, momentum, decay: torch.optim.SGD(p, lr, momentum=momentum, weight_decay=decay),
    "adam": lambda p, _, decay: torch.optim.Adam(p, lr, weight_decay=decay),
    "adamw": lambda p, _, decay: torch.optim.AdamW(p, lr, weight_decay=decay),
}
cases = [
    {"optimizer": name, "momentum": momentum, "weightDecay": decay, "path": steps(lambda p: make(p, momentum, decay))}
    for name, make in optimizers.items() for momentum, decay in [(0.8, 0.1), (0.0, 0.0)]
]
golden = {"shapes": shapes, "start": listed(start), "gradients": [listed(step) for step in gradients], "learningRate": lr, "cases": cases}
(goldens / "optimizers.json").write_text(json.dumps(golden) + "\n")
