"""Small checkpoints as training programs write them with PyTorch, all with the weights of plain.pth, for the tests of the reader.

    python3 tools/checkpoint_samples.py FOLDER

What begins with ok- holds the weights; what begins with model- is a whole model; cut- is the first half of a file.
"""
import argparse
import collections
import copy
import datetime
import decimal
import functools
import pathlib
import random
import sys

import numpy as np
import torch

FOLDER = pathlib.Path(sys.argv[1])


def save(name, value, **options):
    torch.save(value, FOLDER / name, **options)


def prefixed(prefix, state):
    return collections.OrderedDict((prefix + name, tensor) for name, tensor in state.items())


torch.manual_seed(1)
model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4))
state = copy.deepcopy(model.state_dict())
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
model(torch.rand(5, 3)).sum().backward()
optimizer.step()
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10)

objects = {
    "optimizer": optimizer, "scheduler": scheduler, "args": argparse.Namespace(lr=0.1), "best": np.float64(0.5), "step": np.int64(3), "array": np.arange(5.0),
    "numpy_rng": np.random.get_state(), "python_rng": random.getstate(), "torch_rng": torch.get_rng_state(), "device": torch.device("cuda:0"),
    "dtype": torch.float16, "size": torch.Size([1, 2]), "set": {1, 2}, "frozen": frozenset([1]), "path": pathlib.Path("x"), "counter": collections.Counter("abc"),
    "default": collections.defaultdict(list, {"a": [1]}), "queue": collections.deque([1]), "bytes": b"123", "complex": 1 + 2j, "date": datetime.datetime(2024, 1, 1),
    "decimal": decimal.Decimal("1.5"), "partial": functools.partial(print, 1), "slice": slice(1), "criterion": torch.nn.CrossEntropyLoss(),
}
tensors = {
    "complex_tensor": torch.zeros(2, dtype=torch.complex64), "sparse": torch.eye(3).to_sparse(), "quantized": torch.quantize_per_tensor(torch.rand(3), 0.1, 0, torch.qint8),
}

save("plain.pth", state)
save("ok-objects.pth", {"model": state, **objects, **tensors})
save("ok-objects-protocol5.pth", {"model": state, **objects}, pickle_protocol=5)
save("ok-objects-legacy.pth", {"model": state, **objects, "complex_tensor": tensors["complex_tensor"]}, _use_new_zipfile_serialization=False)
save("ok-imagenet-example.pth.tar", {"epoch": 90, "arch": "x", "state_dict": prefixed("module.", state), "best_acc1": torch.tensor(71.0), "optimizer": optimizer.state_dict()})
save("ok-lightning.ckpt", {
    "epoch": 3, "state_dict": prefixed("model.", state), "optimizer_states": [optimizer.state_dict()], "hyper_parameters": argparse.Namespace(lr=0.1),
    "callbacks": {"ModelCheckpoint": {"best_model_score": torch.tensor(0.5), "dirpath": pathlib.Path("a")}},
})
save("ok-averaged.pth", {**prefixed("module.", state), "n_averaged": torch.tensor(3)})
save("model-whole.pth", model)
save("model-whole-legacy.pth", model, _use_new_zipfile_serialization=False)
save("model-inside.pt", {"epoch": 1, "model": copy.deepcopy(model), "optimizer": None})
for name in ("ok-objects.pth", "ok-objects-legacy.pth"):
    data = (FOLDER / name).read_bytes()
    (FOLDER / f"cut-{name}").write_bytes(data[: len(data) * 9 // 10])
