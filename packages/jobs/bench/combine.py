"""PEFT's `svd` combination of two adapters of one linear module, on one thread; called by combine.ts.

    python combine.py FOLDER SIZE RANK

reads b0, a0, b1, a1 (float32) from the folder, and prints seconds and the distance of the update from the exact sum as JSON.
"""

import os

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import json
import sys
import time
from pathlib import Path

import numpy
import peft
import torch
from torch import nn

torch.set_num_threads(1)
folder, size, rank = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])


def read(name, rows, cols):
    values = numpy.fromfile(folder / name, dtype=numpy.float32).reshape(rows, cols)
    return torch.from_numpy(values)


with torch.no_grad():
    model = nn.Sequential()
    model.add_module("layer", nn.Linear(size, size, bias=False))
    config = peft.LoraConfig(r=rank, lora_alpha=rank, target_modules=["layer"])
    model = peft.get_peft_model(model, config, adapter_name="x0")
    model.add_adapter("x1", config)
    layer = model.base_model.model.layer
    exact = torch.zeros(size, size)
    for index, weight in enumerate((0.7, 0.3)):
        b, a = read(f"b{index}", size, rank), read(f"a{index}", rank, size)
        layer.lora_B[f"x{index}"].weight.copy_(b)
        layer.lora_A[f"x{index}"].weight.copy_(a)
        exact += weight * (b @ a)
    start = time.perf_counter()
    model.base_model.add_weighted_adapter(["x0", "x1"], [0.7, 0.3], "out", combination_type="svd", svd_rank=2 * rank)
    seconds = time.perf_counter() - start
    result = layer.get_delta_weight("out")
    distance = ((result - exact).norm() / exact.norm()).item()

print(json.dumps({"seconds": seconds, "distance": distance, "versions": f"PEFT {peft.__version__}, torch {torch.__version__}"}))
