"""Reference numbers for src/Torch from PyTorch itself: values and gradients of each operator and module in use,
initial values and random numbers under a seed, and parameters after optimizer steps.

    python3 tools/goldens_torch.py tests/Torch.Tests/Goldens
"""
import json
import pathlib
import sys

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(11)


def flat(tensor):
    """Shape and elements; floats with all the digits that float32 has."""
    values = tensor.detach().reshape(-1).tolist()
    return {"shape": list(tensor.shape), "values": [float(f"{v:.9g}") for v in values]}


def values(*shape, low=-2.0, high=2.0):
    return (torch.rand(*shape) * (high - low) + low).requires_grad_()


def positive(*shape):
    return values(*shape, low=0.3, high=2.0)


def whole(high, *shape):
    return torch.randint(0, high, shape)


# Name: (inputs, function). Inputs that require a gradient get one.
OPERATORS = {
    "add": ([values(2, 3), values(3)], lambda x, y: x + y),
    "add_scalar": ([values(2, 3)], lambda x: x + 1.5),
    "add_alpha": ([values(2, 3), values(2, 3)], lambda x, y: torch.add(x, y, alpha=0.25)),
    "sub": ([values(2, 3), values(2, 1)], lambda x, y: x - y),
    "scalar_minus": ([values(2, 3)], lambda x: 2 - x),
    "mul": ([values(2, 3), values(2, 3)], lambda x, y: x * y),
    "mul_scalar": ([values(4)], lambda x: x * 3),
    "div": ([values(2, 3), positive(2, 3)], lambda x, y: x / y),
    "scalar_over": ([positive(2, 3)], lambda x: 2 / x),
    "neg": ([values(4)], lambda x: -x),
    "remainder": ([values(6)], lambda x: x % 0.7),
    "pow": ([positive(4)], lambda x: x.pow(2.5)),
    "addcmul": ([values(4), values(4), values(4)], lambda x, y, z: torch.addcmul(x, y, z, value=0.5)),
    "addcdiv": ([values(4), values(4), positive(4)], lambda x, y, z: torch.addcdiv(x, y, z, value=0.5)),
    "lerp": ([values(4), values(4)], lambda x, y: torch.lerp(x, y, 0.3)),
    "abs": ([values(5)], torch.abs),
    "sqrt": ([positive(5)], torch.sqrt),
    "rsqrt": ([positive(5)], torch.rsqrt),
    "square": ([values(5)], torch.square),
    "exp": ([values(5)], torch.exp),
    "log": ([positive(5)], torch.log),
    "log1p": ([positive(5)], torch.log1p),
    "sin": ([values(5)], torch.sin),
    "cos": ([values(5)], torch.cos),
    "tanh": ([values(5)], torch.tanh),
    "sigmoid": ([values(5)], torch.sigmoid),
    "relu": ([values(7)], F.relu),
    "relu6": ([values(7, low=-4, high=9)], F.relu6),
    "clamp": ([values(7)], lambda x: x.clamp(-1, 0.5)),
    "maximum": ([values(5), values(5)], torch.maximum),
    "minimum": ([values(5), values(5)], torch.minimum),
    "masked_fill": ([values(5)], lambda x: x.masked_fill(x > 0, -3)),
    "where": ([values(5), values(5)], lambda x, y: torch.where(x > y, x, y * 2)),
    "softmax": ([values(3, 4)], lambda x: x.softmax(1)),
    "log_softmax": ([values(3, 4)], lambda x: x.log_softmax(-1)),
    "sum": ([values(3, 4)], torch.sum),
    "sum_dims": ([values(2, 3, 4)], lambda x: x.sum([0, 2], keepdim=True)),
    "mean": ([values(3, 4)], torch.mean),
    "mean_dims": ([values(2, 3, 4)], lambda x: x.mean([1, 2])),
    "var": ([values(3, 4)], torch.var),
    "var_dims": ([values(3, 4)], lambda x: x.var([0], unbiased=False, keepdim=True)),
    "std": ([values(3, 4)], lambda x: x.std(1)),
    "prod": ([values(4)], torch.prod),
    "max": ([values(3, 4)], torch.max),
    "max_dim": ([values(3, 4)], lambda x: x.max(1)[0]),
    "min_dim": ([values(3, 4)], lambda x: x.min(0)[0]),
    "amax": ([values(3, 4)], lambda x: x.amax([1])),
    "norm": ([values(3, 4)], torch.norm),
    "norm_dim": ([values(3, 4)], lambda x: x.norm(dim=1)),
    "cumsum": ([values(3, 4)], lambda x: x.cumsum(1)),
    "logsumexp": ([values(3, 4)], lambda x: x.logsumexp(1)),
    "sort": ([values(6)], lambda x: x.sort(descending=True)[0]),
    "topk": ([values(6)], lambda x: x.topk(3)[0]),
    "matmul": ([values(2, 3, 4), values(4, 5)], torch.matmul),
    "mm": ([values(3, 4), values(4, 2)], torch.mm),
    "mv": ([values(3, 4), values(4)], torch.mv),
    "bmm": ([values(2, 3, 4), values(2, 4, 2)], torch.bmm),
    "dot": ([values(4), values(4)], torch.dot),
    "outer": ([values(3), values(4)], torch.outer),
    "addmm": ([values(2, 3), values(2, 4), values(4, 3)], lambda x, y, z: torch.addmm(x, y, z, beta=0.5, alpha=2)),
    "einsum": ([values(2, 3), values(3, 4)], lambda x, y: torch.einsum("ij,jk->ki", x, y)),
    "view": ([values(2, 6)], lambda x: x.view(3, -1) * x.view(3, 4)),
    "reshape": ([values(2, 6)], lambda x: x.t().reshape(4, 3)),
    "flatten": ([values(2, 3, 2)], lambda x: x.flatten(1)),
    "permute": ([values(2, 3, 4)], lambda x: x.permute(2, 0, 1)),
    "transpose": ([values(2, 3, 4)], lambda x: x.transpose(1, 2)),
    "squeeze": ([values(2, 1, 3)], lambda x: x.squeeze(1)),
    "unsqueeze": ([values(2, 3)], lambda x: x.unsqueeze(1)),
    "expand": ([values(2, 1)], lambda x: x.expand(2, 3)),
    "repeat": ([values(2, 2)], lambda x: x.repeat(1, 2)),
    "repeat_interleave": ([values(2, 2)], lambda x: x.repeat_interleave(2, dim=0)),
    "flip": ([values(2, 3)], lambda x: x.flip(1)),
    "roll": ([values(2, 3)], lambda x: x.roll(1, 1)),
    "cat": ([values(2, 3), values(1, 3)], lambda x, y: torch.cat([x, y], 0)),
    "stack": ([values(3), values(3)], lambda x, y: torch.stack([x, y], 1)),
    "split": ([values(5, 2)], lambda x: torch.cat(x.split(2)[::-1])),
    "chunk": ([values(4, 2)], lambda x: x.chunk(2)[1]),
    "unbind": ([values(3, 2)], lambda x: x.unbind(0)[2]),
    "select": ([values(3, 4)], lambda x: x[1]),
    "slice": ([values(4, 5)], lambda x: x[1:-1, ::2]),
    "narrow": ([values(4, 5)], lambda x: x.narrow(1, 1, 3)),
    "index": ([values(4, 5), whole(4, 3)], lambda x, i: x[i]),
    "index_column": ([values(4, 5), whole(5, 3)], lambda x, i: x[:, i]),
    "index_ellipsis": ([values(2, 3, 4)], lambda x: x[..., None, 0]),
    "index_select": ([values(4, 5), whole(5, 2)], lambda x, i: x.index_select(1, i)),
    "gather": ([values(3, 4), whole(4, 3, 2)], lambda x, i: x.gather(1, i)),
    "masked_select": ([values(6)], lambda x: x.masked_select(x > 0)),
    "clone": ([values(3)], lambda x: x.clone() * x.detach()),
    "to_double": ([values(3)], lambda x: x.to(torch.float64) * 2),
    "linear": ([values(2, 4), values(3, 4), values(3)], F.linear),
    "conv2d": ([values(2, 4, 5, 5), values(6, 2, 3, 3), values(6)], lambda x, w, b: F.conv2d(x, w, b, stride=2, padding=1, groups=2)),
    "conv2d_dilated": ([values(1, 2, 7, 7), values(3, 2, 3, 3)], lambda x, w: F.conv2d(x, w, dilation=2)),
    "conv2d_same": ([values(1, 2, 5, 5), values(3, 2, 2, 3)], lambda x, w: F.conv2d(x, w, padding="same")),
    "max_pool2d": ([values(2, 2, 6, 6)], lambda x: F.max_pool2d(x, 3, stride=2, padding=1)),
    "max_pool2d_ceil": ([values(1, 2, 5, 5)], lambda x: F.max_pool2d(x, 2, ceil_mode=True)),
    "avg_pool2d": ([values(2, 2, 6, 6)], lambda x: F.avg_pool2d(x, 3, stride=2, padding=1)),
    "avg_pool2d_inside": ([values(1, 2, 4, 4)], lambda x: F.avg_pool2d(x, 3, stride=1, padding=1, count_include_pad=False)),
    "adaptive_avg_pool2d": ([values(2, 3, 5, 7)], lambda x: F.adaptive_avg_pool2d(x, (2, 3))),
    "interpolate_nearest": ([values(1, 2, 3, 3)], lambda x: F.interpolate(x, size=(6, 5))),
    "interpolate_bilinear": ([values(1, 2, 3, 4)], lambda x: F.interpolate(x, size=(7, 6), mode="bilinear", align_corners=False)),
    "interpolate_factor": ([values(1, 2, 3, 4)], lambda x: F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=True)),
    "interpolate_bicubic": ([values(1, 1, 4, 4)], lambda x: F.interpolate(x, size=(6, 6), mode="bicubic", align_corners=False)),
    "pad": ([values(1, 2, 3, 3)], lambda x: F.pad(x, (1, 2, 0, 1), value=0.5)),
    "pad_reflect": ([values(1, 2, 3, 3)], lambda x: F.pad(x, (1, 1, 2, 0), mode="reflect")),
    "batch_norm_eval": (
        [values(3, 2, 2, 2), values(2), values(2)],
        lambda x, w, b: F.batch_norm(x, torch.tensor([0.1, -0.2]), torch.tensor([0.5, 1.5]), w, b, eps=1e-3)),
    "dropout_eval": ([values(5)], lambda x: F.dropout(x, 0.4, training=False)),
    "cross_entropy": ([values(4, 3), whole(3, 4)], F.cross_entropy),
    "cross_entropy_smooth": ([values(4, 3), whole(3, 4)], lambda x, y: F.cross_entropy(x, y, label_smoothing=0.1, reduction="sum")),
    "cross_entropy_each": ([values(4, 3), whole(3, 4)], lambda x, y: F.cross_entropy(x, y, reduction="none")),
    "nll_loss": ([values(4, 3), whole(3, 4)], lambda x, y: F.nll_loss(x.log_softmax(1), y)),
    "mse_loss": ([values(4), values(4)], F.mse_loss),
    "one_hot": ([whole(4, 5)], lambda i: F.one_hot(i, 4).float()),
}

MODULES = {
    "Conv2d": (nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 0), groups=2), values(2, 4, 6, 5)),
    "Conv2d_reflect": (nn.Conv2d(2, 3, 3, padding=1, padding_mode="reflect", bias=False), values(1, 2, 4, 4)),
    "Linear": (nn.Linear(4, 3), values(2, 4)),
    "BatchNorm2d": (nn.BatchNorm2d(3), values(4, 3, 2, 2)),
    "BatchNorm2d_eps": (nn.BatchNorm2d(3, eps=1e-3, momentum=0.01), values(4, 3, 2, 2)),
    "BatchNorm1d": (nn.BatchNorm1d(3), values(5, 3)),
    "ReLU": (nn.ReLU(), values(5)),
    "ReLU6": (nn.ReLU6(), values(5, low=-3, high=9)),
    "MaxPool2d": (nn.MaxPool2d(3, 2, 1), values(1, 2, 6, 6)),
    "AvgPool2d": (nn.AvgPool2d(2), values(1, 2, 6, 6)),
    "AdaptiveAvgPool2d": (nn.AdaptiveAvgPool2d((2, 1)), values(1, 2, 5, 6)),
    "Flatten": (nn.Flatten(), values(2, 3, 2)),
    "Identity": (nn.Identity(), values(3)),
    "Softmax": (nn.Softmax(dim=1), values(2, 3)),
    "ZeroPad2d": (nn.ZeroPad2d((1, 0, 2, 1)), values(1, 1, 2, 2)),
    "Sequential": (
        nn.Sequential(nn.Conv2d(2, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(16, 3)),
        values(3, 2, 6, 6)),
}


def with_gradients(inputs, output):
    """The output, a cotangent, and the gradients of sum(output * cotangent)."""
    case = {"output": flat(output)}
    leaves = [x for x in inputs if x.requires_grad]
    if output.requires_grad:
        cotangent = (torch.rand(output.shape) + 0.5).to(output.dtype)
        for leaf in leaves:
            leaf.grad = None
        (output * cotangent).sum().backward()
        case["cotangent"] = flat(cotangent)
    return case


def operator(inputs, function):
    case = with_gradients(inputs, function(*inputs))
    case["inputs"] = [
        {**flat(x), "integer": not x.is_floating_point(), "gradient": None if x.grad is None else flat(x.grad)} for x in inputs]
    return case


def module(built, x):
    state = {name: flat(tensor) for name, tensor in built.state_dict().items()}
    case = with_gradients([x], built(x))
    case["input"] = {**flat(x), "gradient": flat(x.grad)}
    case["state"] = state
    case["gradients"] = {name: flat(p.grad) for name, p in built.named_parameters()}
    case["buffers"] = {name: flat(b) for name, b in built.named_buffers()}
    built.eval()
    case["evaluated"] = flat(built(x))
    return case


def seeded(function):
    torch.manual_seed(20240611)
    return [flat(tensor) for tensor in function()]


def initialised(function, *shape):
    tensor = torch.empty(*shape)
    function(tensor)
    return [tensor]


SEEDED = {
    "rand": lambda: [torch.rand(3, 4)],
    "randn": lambda: [torch.randn(20)],
    "randint": lambda: [torch.randint(0, 1000, (10,))],
    "randperm": lambda: [torch.randperm(12)],
    "dropout": lambda: [F.dropout(torch.ones(30), 0.4)],
    "kaiming_uniform_": lambda: initialised(nn.init.kaiming_uniform_, 4, 3, 2, 2),
    "kaiming_normal_": lambda: initialised(lambda t: nn.init.kaiming_normal_(t, mode="fan_out", nonlinearity="relu"), 4, 3, 2, 2),
    "xavier_uniform_": lambda: initialised(nn.init.xavier_uniform_, 4, 3),
    "xavier_normal_": lambda: initialised(nn.init.xavier_normal_, 4, 3),
    "normal_": lambda: initialised(lambda t: nn.init.normal_(t, 0.5, 0.01), 6),
    "trunc_normal_": lambda: initialised(lambda t: nn.init.trunc_normal_(t, 0.1, 0.5, -0.4, 0.9), 30),
    "Linear": lambda: list(nn.Linear(5, 3).parameters()),
    "Conv2d": lambda: list(nn.Conv2d(4, 6, 3, groups=2).parameters()),
    "network": lambda: list(nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3)).parameters()),
}

OPTIMIZERS = {
    "SGD": lambda p: torch.optim.SGD(p, 0.1),
    "SGD_momentum": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, weight_decay=0.01),
    "SGD_dampening": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, dampening=0.3),
    "SGD_nesterov": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "SGD_maximize": lambda p: torch.optim.SGD(p, 0.01, momentum=0.5, maximize=True),
    "Adam": lambda p: torch.optim.Adam(p, 0.05),
    "Adam_decay": lambda p: torch.optim.Adam(p, 0.05, betas=(0.8, 0.95), weight_decay=0.1),
    "Adam_amsgrad": lambda p: torch.optim.Adam(p, 0.05, amsgrad=True),
    "AdamW": lambda p: torch.optim.AdamW(p, 0.05, weight_decay=0.1),
}


def optimised(build):
    """Six steps on sum((x w - y)^2), with the second parameter unused in the second step."""
    torch.manual_seed(5)
    start = [torch.randn(4, 2), torch.randn(2), torch.randn(3, 1, 2)]
    x, y = torch.randn(6, 4), torch.randn(6, 2)
    parameters = [nn.Parameter(t.clone()) for t in start]
    optimizer = build(parameters)
    for step in range(6):
        optimizer.zero_grad(set_to_none=True)
        w, b, c = parameters
        out = x @ w + c.sum([0, 1])
        if step != 1:
            out = out + b
        (out - y).square().mean().backward()
        optimizer.step()
    return {"start": [flat(t) for t in start], "x": flat(x), "y": flat(y), "end": [flat(p) for p in parameters]}


class Scripted(nn.Module):
    """A backbone of the user's own: convolution, batch norm with a buffer, a branch on the mode."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(4)

    def forward(self, x):
        x = torch.relu(self.norm(self.conv(x)))
        if self.training:
            x = x * 2
        return x.mean([2, 3])


def script(folder):
    torch.manual_seed(3)
    scripted = torch.jit.script(Scripted())
    scripted.save(str(folder / "scripted.pt"))
    x = torch.randn(2, 3, 5, 5)
    parameters = {name: flat(p) for name, p in scripted.named_parameters()}
    scripted.eval()
    evaluated = scripted(x)
    scripted.train()
    trained = scripted(x)
    trained.sum().backward()
    gradients = {name: flat(p.grad) for name, p in scripted.named_parameters()}
    return {"input": flat(x), "evaluated": flat(evaluated), "trained": flat(trained), "parameters": parameters, "gradients": gradients}


def main(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    files = {
        "operators": {name: operator(*case) for name, case in OPERATORS.items()},
        "modules": {name: module(*case) for name, case in MODULES.items()},
        "seeded": {name: seeded(function) for name, function in SEEDED.items()},
        "optimizers": {name: optimised(build) for name, build in OPTIMIZERS.items()},
        "script": script(folder),
    }
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
