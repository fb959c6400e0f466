"""Small files of weights as torch.save writes them now, wrote them before version 1.6, and wrote them in 2017, next to their tensors' bytes.

    python3 tools/goldens_weights.py tests/Worker.Tests/Goldens/weights
"""
import collections
import io
import json
import pathlib
import pickle
import struct
import sys

import torch

FOLDER = pathlib.Path(sys.argv[1])


def tensors():
    """All element types, and views of every kind; deterministic."""
    count = torch.arange(48, dtype=torch.float32)
    shared = torch.arange(10, dtype=torch.float32) * 0.5 - 1
    state = collections.OrderedDict()
    state["float32"] = (count / 7 - 3).reshape(2, 3, 8)
    state["float64"] = torch.arange(6, dtype=torch.float64).reshape(3, 2) / 3
    state["float16"] = (torch.arange(5) / 3).to(torch.float16)
    state["bfloat16"] = (torch.arange(5) / 3).to(torch.bfloat16)
    state["int64"] = torch.tensor(7, dtype=torch.int64)
    state["int32"] = torch.arange(-2, 2, dtype=torch.int32)
    state["int16"] = torch.arange(-2, 2, dtype=torch.int16)
    state["int8"] = torch.arange(-2, 2, dtype=torch.int8)
    state["uint8"] = torch.arange(250, 256, dtype=torch.uint8)
    state["bool"] = torch.tensor([True, False, True])
    state["transposed"] = (count[:12] * 2).reshape(3, 4).t()
    state["channels_last"] = count[:36].clone().reshape(1, 3, 3, 4).contiguous(memory_format=torch.channels_last)
    state["strided"] = count.clone()[3:40:5]
    state["shared.first"] = shared[:6]
    state["shared.second"] = shared[4:].reshape(2, 3)
    state["empty"] = torch.zeros(0, 3)
    state["parameter"] = torch.nn.Parameter(torch.tensor([0.25, -0.5]))
    return state


def checkpoint():
    """A state_dict of DataParallel among other things."""
    network = torch.nn.Linear(3, 2)
    with torch.no_grad():
        for i, p in enumerate(network.parameters()):
            p.copy_(torch.arange(p.numel()).reshape(p.shape) + i)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
    network(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    state = collections.OrderedDict((f"module.{k}", v) for k, v in network.state_dict().items())
    return {"epoch": 3, "arch": "linear", "best": 0.5, "state_dict": state, "optimizer": optimizer.state_dict(), "done": True, "more": None}


def rename_storages(data, tensors):
    """Old files name storages by their addresses and are sorted by them. Numbers in the order of use make the bytes the same every time."""
    start = data.rindex(b"\x80\x02]q")
    stream = io.BytesIO(data[start:])
    keys = [key.encode() for key in pickle.load(stream)]
    end_of_list = tail = start + stream.tell()
    used = sorted(keys, key=data.index)
    sizes = {}
    for tensor in tensors:
        sizes.setdefault(tensor.storage()._cdata, tensor.element_size())
    sizes = dict(zip(used, sizes.values()))
    blocks = {}
    for key in keys:
        end = tail + 8 + struct.unpack_from("<q", data, tail)[0] * sizes[key]
        blocks[key], tail = data[tail:end], end
    head, listed = data[:start], data[start:end_of_list]
    text = lambda name: b"X" + struct.pack("<I", len(name)) + name
    for i, key in enumerate(keys):
        listed = listed.replace(text(key), text(b"storage%d" % i), 1)
    for i, key in enumerate(used):
        head = head.replace(text(key), text(b"storage%d" % i))
    return head + listed + b"".join(blocks[key] for key in used)


class Pickler2017(pickle.Pickler):
    """As torch 0.1.12 under Python 2: _rebuild_tensor, and OrderedDict from a list of pairs."""

    def __init__(self, file, storages):
        super().__init__(file, protocol=2)
        self.storages = storages

    def persistent_id(self, obj):
        if isinstance(obj, torch.storage.TypedStorage):
            self.storages.append(obj)
            return ("storage", torch.FloatStorage, str(len(self.storages)), "cpu", obj.size(), None)
        return None

    def reducer_override(self, obj):
        if isinstance(obj, torch.Tensor):
            return torch._utils._rebuild_tensor, (obj.storage(), obj.storage_offset(), tuple(obj.size()), obj.stride())
        if isinstance(obj, collections.OrderedDict):
            return collections.OrderedDict, ([[k, v] for k, v in obj.items()],)
        return NotImplemented


def write_2017(path, state):
    storages = []
    with open(path, "wb") as f:
        pickle.dump(torch.serialization.MAGIC_NUMBER, f, 2)
        pickle.dump(torch.serialization.PROTOCOL_VERSION, f, 2)
        pickle.dump({"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}, f, 2)
        Pickler2017(f, storages).dump(state)
        pickle.dump([str(i + 1) for i in range(len(storages))], f, 2)
        for storage in storages:
            f.write(struct.pack("<q", storage.size()))
            f.write(torch.tensor(storage.tolist(), dtype=torch.float32).numpy().tobytes())


def expected(state):
    return {
        name: {
            "dtype": str(t.dtype).removeprefix("torch."),
            "shape": list(t.shape),
            "bytes": bytes(t.detach().contiguous().flatten().view(torch.uint8).tolist()).hex() if t.numel() else "",
        }
        for name, t in ((n, t if t.dim() else t.reshape(1)) for n, t in state.items())
    } | {name: {"dtype": "int64", "shape": [], "bytes": struct.pack("<q", t.item()).hex()} for name, t in state.items() if t.dim() == 0}


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    state, point = tensors(), checkpoint()
    old = collections.OrderedDict(
        [("features.denseblock1.denselayer1.norm.1.weight", torch.arange(3.0)), ("classifier.weight", torch.arange(6.0).reshape(2, 3))])
    torch.save(state, FOLDER / "zip.pth")
    torch.save(state, FOLDER / "protocol4.pth", pickle_protocol=4)
    torch.save(point, FOLDER / "checkpoint.pth")
    momenta = [entry["momentum_buffer"] for entry in point["optimizer"]["state"].values()]
    for name, content, used in (("legacy.pth", state, state.values()), ("legacy-checkpoint.pth", point, [*point["state_dict"].values(), *momenta])):
        torch.save(content, FOLDER / name, _use_new_zipfile_serialization=False)
        (FOLDER / name).write_bytes(rename_storages((FOLDER / name).read_bytes(), used))
        again = torch.load(FOLDER / name)
        again = again.get("state_dict", again)
        assert all(torch.equal(again[k], v) for k, v in content.get("state_dict", content).items())
    # As PyTorch's ImageNet example writes its checkpoints: the best accuracy is a tensor.
    torch.save({"epoch": 7, "best_acc1": torch.tensor(76.125), "state_dict": {"0.weight": torch.arange(3.0)}}, FOLDER / "told.pth")
    write_2017(FOLDER / "2017.pth", old)
    assert list(torch.load(FOLDER / "2017.pth")) == list(old)
    content = {"zip.pth": state, "protocol4.pth": state, "legacy.pth": state, "2017.pth": old}
    content |= {name: point["state_dict"] for name in ("checkpoint.pth", "legacy-checkpoint.pth")}
    (FOLDER / "weights.json").write_text(json.dumps({name: expected(c) for name, c in content.items()}, indent=1, sort_keys=True) + "\n")


main()
