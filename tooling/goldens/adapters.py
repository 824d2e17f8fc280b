"""Writes packages/peft/src/reading/peft.golden.json and packages/peft/src/config/patterns.golden.json: what PEFT
makes of its own adapters, and which paths the keys of its patterns fit.

Usage: python tooling/goldens/adapters.py      (peft 0.21, torch 2.13, transformers 5)
"""

import json
import pathlib
import re
import tempfile

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file
from transformers.pytorch_utils import Conv1D

ROOT = pathlib.Path(__file__).parents[2] / "packages/peft/src"

KEYS = [
    "foo",
    "^foo",
    "^module.foo",
    "module.foo",
    r"module\.foo",
    "q_proj|v_proj",
    r"layers\.[0-3]\.attn",
    r"layers\.\d+\.attn\.q",
    ".*attn.*",
    r"(?:0|1)\.mlp",
    r"(?P<block>[ab])\.x",
    r"\Afoo\Z",
    "f.o",
]
PATHS = """foo x.foo foobar xfoo module.foo a.module.foo modulexfoo a.fxo layers.0.attn m.layers.3.attn layers.4.attn
layers.12.attn.q m.self.q_proj v_proj.x v_proj blocks.1.mlp 11.mlp b.x q.a.x c.x""".split()


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(6, 4)
        self.turned = Conv1D(8, 6)
        self.words = torch.nn.Embedding(10, 5)
        self.conv3 = torch.nn.Conv2d(3, 4, 3)
        self.conv1 = torch.nn.Conv2d(5, 4, 1)
        self.line = torch.nn.Conv1d(3, 4, 2)
        self.volume = torch.nn.Conv3d(2, 3, 2)


def patterns():
    """As peft/utils/other.py get_pattern_key does."""
    return [
        {"key": key, "paths": {path: re.match(rf"(.*\.)?({key})$", path) is not None for path in PATHS}}
        for key in KEYS
    ]


def adapter(seed, **options):
    torch.manual_seed(seed)
    layers = ["linear", "turned", "words", "conv3", "conv1", "line", "volume"]
    config = LoraConfig(target_modules=layers, init_lora_weights=False, **options)
    model = get_peft_model(Model(), config)
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        tensors = load_file(folder + "/adapter_model.safetensors")
        written = json.loads(pathlib.Path(folder, "adapter_config.json").read_text())
    deltas = {}
    for layer in layers:
        delta = getattr(model.base_model.model, layer).get_delta_weight("default").detach().double()
        deltas[layer] = {"shape": list(delta.shape), "values": delta.flatten().tolist()}
    return {
        # PEFT writes sets in any order.
        "config": json.dumps({**written, "target_modules": sorted(layers)}, indent=2, sort_keys=True),
        "tensors": {
            name: {"shape": list(tensor.shape), "values": tensor.flatten().tolist()} for name, tensor in tensors.items()
        },
        "deltas": deltas,
    }


def write(path, data):
    (ROOT / path).write_text(json.dumps(data, separators=(",", ":")) + "\n")


write("config/patterns.golden.json", patterns())
write(
    "reading/peft.golden.json",
    {
        "plain": adapter(1, r=2, lora_alpha=3),
        "patterns": adapter(2, r=2, lora_alpha=3, rank_pattern={"linear": 4, "^conv3": 1}, alpha_pattern={"l.*": 7}),
        "rsLoRA": adapter(3, r=3, lora_alpha=5, use_rslora=True),
    },
)
