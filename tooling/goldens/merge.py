"""What PEFT merges into small layers: writes packages/jobs/src/merge/merge.golden.json.

Factors are multiples of 1/16, so that every order of summing gives the same bits. Run with torch, peft, transformers, safetensors.
"""

import json
import os
import tempfile

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file
from torch import nn
from transformers.pytorch_utils import Conv1D

OUT = os.path.join(os.path.dirname(__file__), "../../packages/jobs/src/merge/merge.golden.json")


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(12, 9)
        self.turned = Conv1D(10, 7)
        self.conv = nn.Conv2d(4, 5, 3)
        self.words = nn.Embedding(11, 6)
        self.rest = nn.Linear(3, 2)

    def forward(self, x):
        return x


def coarse(shape, generator):
    return torch.randint(-24, 25, shape, generator=generator).float() / 16


def stored(tensors):
    names = {torch.float32: "f32", torch.float16: "f16", torch.bfloat16: "bf16"}
    return {
        name: [names[t.dtype], list(t.shape), t.contiguous().view(torch.uint8).numpy().tobytes().hex()]
        for name, t in tensors.items()
    }


def case(name, dtype, safe=False, **config):
    torch.manual_seed(7)
    generator = torch.Generator().manual_seed(11)
    net = Net().to(dtype)
    base = {key: value.clone() for key, value in net.state_dict().items()}
    config = LoraConfig(r=4, lora_alpha=3, **{"target_modules": ["linear", "turned", "conv", "words"], **config})
    model = get_peft_model(net, config)
    for key, parameter in model.named_parameters():
        if "lora_" in key and "magnitude" not in key:
            parameter.data = coarse(parameter.shape, generator)  # singles, as PEFT holds adapters
        if "magnitude" in key:
            parameter.data = parameter.data * 1.25
        if "modules_to_save" in key:
            parameter.data = parameter.data * 0.5
        if "trainable_tokens_delta" in key:
            parameter.data = coarse(parameter.shape, generator)
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        adapter = load_file(os.path.join(folder, "adapter_model.safetensors"))
        text = json.dumps(json.load(open(os.path.join(folder, "adapter_config.json"))))
    merged = model.merge_and_unload(safe_merge=safe).state_dict()
    return {
        "name": name,
        "safe": safe,
        "config": text,
        "base": stored(base),
        "adapter": stored(adapter),
        "merged": stored(merged),
    }


cases = [case(f"{dtype} {'safe' if safe else 'plain'}", getattr(torch, dtype), safe)
         for dtype in ["float32", "float16", "bfloat16"] for safe in [False, True]]
cases += [
    case("rank-stabilised, with a bias", torch.bfloat16, use_rslora=True, lora_bias=True,
         target_modules=["linear", "conv"]),
    case("a module saved whole", torch.float16, target_modules=["linear"], modules_to_save=["rest"]),
    case("trained tokens of one embedding", torch.bfloat16, target_modules=["linear"], trainable_token_indices={"words": [7, 2]}),
    case("DoRA in f32", torch.float32, use_dora=True),
    case("DoRA in bf16", torch.bfloat16, use_dora=True, target_modules=["linear", "conv", "turned"]),
]
json.dump(cases, open(OUT, "w"), separators=(",", ":"))
open(OUT, "a").write("\n")
