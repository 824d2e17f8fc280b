"""What a resize takes that decomposes every update as a whole matrix, as kohya's networks/resize_lora.py does.

One module of each shape is decomposed by the call that script spends its time in, torch.linalg.svd of up · down with full
matrices; the rest is multiplied out.

    python tooling/peers/dense.py ADAPTER.safetensors [--threads 2]
"""

import argparse
import collections
import time

import torch
from safetensors import safe_open

arguments = argparse.ArgumentParser()
arguments.add_argument("adapter")
arguments.add_argument("--threads", type=int, default=2)
given = arguments.parse_args()
torch.set_num_threads(given.threads)

with safe_open(given.adapter, framework="pt") as file:
    modules = collections.defaultdict(list)
    for name in file.keys():
        if name.endswith(".lora_down.weight"):
            module = name.removesuffix(".lora_down.weight")
            down = file.get_slice(name).get_shape()
            up = file.get_slice(f"{module}.lora_up.weight").get_shape()
            modules[up[0], down[1]].append(module)
    total = 0.0
    for shape, names in sorted(modules.items()):
        up = file.get_tensor(f"{names[0]}.lora_up.weight").float().flatten(1)
        down = file.get_tensor(f"{names[0]}.lora_down.weight").float().flatten(1)
        began = time.perf_counter()
        torch.linalg.svd(up @ down)
        seconds = time.perf_counter() - began
        total += seconds * len(names)
        print(f"{shape[0]} × {shape[1]}: {seconds:.2f} s, {len(names)} modules", flush=True)
print(f"all {sum(map(len, modules.values()))} modules: {total:.0f} s")
