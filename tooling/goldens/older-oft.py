"""Updates of the OFT of PEFT 0.13 and 0.15, whose parameters are others than those of today.

Usage: python tooling/goldens/older-oft.py PEFT_0.13/src PEFT_0.15/src      (torch; PEFT 0.13.2 and 0.15.2, unpacked)

Writes packages/peft/src/kinds/older-oft.golden.json.
"""

import json
import os
import pathlib
import subprocess
import sys

TARGET = pathlib.Path(__file__).resolve().parents[2] / "packages/peft/src/kinds/older-oft.golden.json"


def listed(tensor):
    # Nine digits that f32 keeps: the reader takes these very numbers.
    return {"shape": list(tensor.shape), "values": [float(f"{value:.9g}") for value in tensor.flatten().tolist()]}


def case(title, layer, options):
    import torch
    from peft import OFTConfig, get_peft_model, get_peft_model_state_dict

    def settle(parameter, values):
        rounded = torch.tensor(listed(values)["values"], dtype=torch.float64).reshape(values.shape)
        parameter.data = rounded

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.lin = layer

    torch.manual_seed(len(title))
    for parameter in layer.parameters():
        settle(parameter, parameter.detach().double())
    before = layer.weight.detach().clone()
    config = OFTConfig(target_modules=["lin"], **options)
    model = get_peft_model(Model(), config).double()
    for name, parameter in model.named_parameters():
        if "oft_" in name:
            settle(parameter, 0.3 * torch.randn(parameter.shape, dtype=torch.float64) + (1 if "oft_s" in name else 0))
    tensors = {name: listed(value) for name, value in get_peft_model_state_dict(model).items()}
    fields = json.loads(json.dumps(config.to_dict(), default=sorted))
    merged = model.merge_and_unload().lin.weight.detach()
    delta = (merged - before).flatten().tolist()
    return {"title": title, "config": fields, "tensors": tensors, "base": listed(before), "delta": delta}


def cases():
    import peft
    import torch

    version = peft.__version__
    linear, conv = torch.nn.Linear, torch.nn.Conv2d
    forms = [
        ("of two blocks", linear(8, 6), {"r": 2}),
        ("with one block for all", linear(8, 6), {"r": 2, "block_share": True}),
        ("with a constraint", linear(8, 6), {"r": 2, "coft": True, "eps": 0.02}),
        ("of a convolution", conv(4, 6, 3), {"r": 2}),
    ]
    if version.startswith("0.13"):
        forms.append(("whose last block is cut", linear(5, 7), {"r": 3}))
    return [case(f"{version} {title}", layer, options) for title, layer, options in forms]


def main():
    if "--cases" in sys.argv:
        print("CASES" + json.dumps(cases()))
        return
    found = []
    for path in sys.argv[1:]:
        environment = {**os.environ, "PYTHONPATH": path}
        out = subprocess.run([sys.executable, __file__, "--cases"], env=environment, check=True, capture_output=True, text=True)
        found += json.loads(out.stdout.split("CASES")[1])
    TARGET.write_text(json.dumps(found) + "\n")


main()
