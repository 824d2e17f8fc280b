"""What PEFT's LoftQ makes, in float64: `loftq_init` in both widths, and `replace_lora_weights_loftq` with a callback.

    python tooling/goldens/loftq.py

writes packages/peft/src/init/loftq.golden.json. The loop, the decomposition and the replacing are PEFT's; bitsandbytes, which wants
a GPU, is stood in for by its published definitions: NF4 in blocks of 64, eight bits by rows. While PEFT runs here,
"cuda" means the CPU, and torch.float32 means float64. The quantisers are held to their definition apart from this: the values
of NF4 to the quantiles they stand for, and their rounding, in the test, to the thresholds of bitsandbytes' kernel.
"""

import importlib.machinery
import json
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from statistics import NormalDist
from types import ModuleType, SimpleNamespace

import peft.tuners.lora
import torch
from init import SOURCES, doubled, drawn, listed, rounded
from peft.utils import loftq_utils
from safetensors.torch import save_file
from torch import nn

NF4 = torch.tensor([
    -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022833234,
    -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
    0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1,
], dtype=torch.float64)
TO = torch.Tensor.to


class Params4bit:
    """NF4: the number of the nearest code, and each block's largest magnitude."""

    def __init__(self, data, quant_type="nf4", compress_statistics=False, **_):
        assert quant_type == "nf4" and not compress_statistics
        blocks = data.reshape(-1, 64)
        largest = blocks.abs().amax(1, keepdim=True)
        self.data = (blocks / largest).unsqueeze(-1).sub(NF4).abs().argmin(-1)
        self.quant_state = (largest, data.shape)

    def to(self, _):
        return self


def dequantize_4bit(codes, state):
    largest, shape = state
    return (NF4[codes] * largest).reshape(shape)


class Int8Params:
    """Rows in 127 steps up to their largest magnitude."""

    def __init__(self, data, **_):
        self.SCB = data.abs().amax(1)
        self.data = torch.round(data * (127 / self.SCB[:, None]))

    def to(self, _):
        return self


class Linear4bit(nn.Module):
    """As much of PEFT's layer as replacing looks at."""

    def __init__(self, quantised, rank):
        super().__init__()
        rows, cols = quantised.quant_state[1]
        self.weight, self.r = quantised, {"default": rank}
        self.lora_A = nn.ModuleDict({"default": nn.Linear(cols, rank, bias=False, dtype=torch.float64)})
        self.lora_B = nn.ModuleDict({"default": nn.Linear(rank, rows, bias=False, dtype=torch.float64)})


@contextmanager
def stand_in():
    """PEFT finds a bitsandbytes of 4 and 8 bits on the CPU."""
    bnb = ModuleType("bitsandbytes")
    bnb.__spec__ = importlib.machinery.ModuleSpec("bitsandbytes", None)
    bnb.nn = SimpleNamespace(Params4bit=Params4bit, Int8Params=Int8Params)
    bnb.functional = SimpleNamespace(
        dequantize_4bit=dequantize_4bit, int8_vectorwise_dequant=lambda q, scale: q * scale[:, None] / 127
    )
    sys.modules["bitsandbytes"] = bnb
    loftq_utils.is_bnb_available = loftq_utils.is_bnb_4bit_available = lambda: True
    peft.tuners.lora.Linear4bit = Linear4bit
    here = lambda x: "cpu" if x == "cuda" else x  # noqa: E731
    torch.Tensor.to = lambda self, *a, **k: TO(self, *map(here, a), **{n: here(v) for n, v in k.items()})
    try:
        with doubled():
            yield
    finally:
        torch.Tensor.to = TO
        del sys.modules["bitsandbytes"]


def started():
    """`loftq_init` in both widths, once and more often."""
    cases = []
    for bits in (4, 8):
        for iterations in (1, 2, 5):
            weight = drawn(12, 16)
            base, down, up = loftq_utils.loftq_init(weight, num_bits=bits, reduced_rank=3, num_iter=iterations)
            cases.append({
                "bits": bits, "iterations": iterations, "rank": 3, "weight": listed(weight), "base": rounded(base),
                "update": rounded(up @ down), "up": rounded(up.abs()), "down": rounded(down.abs()),
            })
    return cases


def replaced():
    """Three modules of which the callback keeps two."""
    model = nn.Module()
    model.base_model = nn.Module()
    model.base_model.model = nn.Module()
    model.get_base_model = lambda: model.base_model.model
    weights = {name: drawn(8, 16) for name in ("first", "second", "third")}
    for rank, (name, weight) in enumerate(weights.items(), 2):
        model.base_model.model.add_module(name, Linear4bit(Params4bit(weight), rank))
    layers = dict(model.base_model.model.named_children())
    before = {name: layer.lora_A["default"].weight.data.clone() for name, layer in layers.items()}
    asked = []

    def callback(_, name):
        asked.append(name)
        return name != "second"

    with tempfile.TemporaryDirectory() as folder:
        save_file({f"{name}.weight": weight for name, weight in weights.items()}, Path(folder) / "model.safetensors")
        loftq_utils.replace_lora_weights_loftq(model, model_path=folder, callback=callback)
    return {
        "asked": asked,
        "modules": [{
            "name": name, "rank": layer.r["default"], "weight": listed(weights[name]),
            "quantised": rounded(dequantize_4bit(layer.weight.data, layer.weight.quant_state)),
            "kept": not torch.equal(layer.lora_A["default"].weight.data, before[name]),
            "update": rounded(layer.lora_B["default"].weight.data @ layer.lora_A["default"].weight.data),
        } for name, layer in layers.items()],
    }


def quantiles():
    """What NF4 stands for, by appendix E of the paper: quantiles of the normal distribution, eight above zero, seven below."""
    offset, at = 0.9677083, NormalDist().inv_cdf
    above = [at(offset + (0.5 - offset) * step / 8) for step in range(8)]
    below = [-at(offset + (0.5 - offset) * step / 7) for step in range(7)]
    return [value / above[0] for value in sorted([*above, 0, *below])]


def main():
    """Writes the file."""
    torch.manual_seed(0)
    with stand_in():
        golden = {"init": started(), "replaced": replaced(), "quantiles": quantiles()}
    (SOURCES / "init/loftq.golden.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
