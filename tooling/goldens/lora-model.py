"""Writes packages/peft/src/model/model.golden.json: a model of every kind of layer under PEFT, its adapter's tensors
under their names, and outputs before and after adapters of other ranks took its place.

Usage: python tooling/goldens/lora-model.py      (peft 0.21, torch 2.13)
"""

import json
import pathlib

import torch
from peft import LoraConfig, get_peft_model
from peft.utils.save_and_load import get_peft_model_state_dict
from torch import nn

PATH = pathlib.Path(__file__).parents[2] / "packages/peft/src/model/model.golden.json"
torch.set_default_dtype(torch.float64)


def values(tensor):
    tensor = tensor.detach()
    return {"shape": list(tensor.shape), "data": [float(f"{x:.13g}") for x in tensor.reshape(-1).tolist()]}


def short(tensor):
    return (tensor * 1000).round() / 1000


class Experts(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate_up_proj = nn.Parameter(torch.randn(2, 4, 3))
        self.down_proj = nn.Parameter(torch.randn(2, 3, 4))

    def forward(self, x):
        return torch.bmm(torch.bmm(x, self.gate_up_proj.transpose(1, 2)), self.down_proj.transpose(1, 2))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(7, 4)
        self.q = nn.Linear(4, 4)
        self.v = nn.Linear(4, 4)
        self.conv = nn.Conv2d(2, 3, 3, padding=1)
        self.mha = nn.MultiheadAttention(4, 2, batch_first=True)
        self.experts = Experts()
        self.head = nn.Linear(4, 2)

    def forward(self, ids, image, tokens):
        x = self.q(self.embed(ids)) + self.v(self.embed(ids))
        y = self.mha(x, x, x)[0]
        return self.head(y), self.conv(image), self.experts(tokens)


def make():
    torch.manual_seed(0)
    net = Net()
    for parameter in net.parameters():
        parameter.data = short(torch.randn(parameter.shape) / 2)
    return net


def randomise(model, seed):
    torch.manual_seed(seed)
    for name, parameter in model.named_parameters():
        if "lora_" in name:
            parameter.data = short(0.4 * torch.randn(parameter.shape))


def plain(config):
    return {k: sorted(v) if isinstance(v, set) else v for k, v in config.to_dict().items() if k != "runtime_config"}


ids = torch.tensor([[1, 5, 2], [0, 6, 6]])
image = short(torch.randn(1, 2, 4, 3, generator=torch.Generator().manual_seed(1)))
tokens = short(torch.randn(2, 3, 3, generator=torch.Generator().manual_seed(2)))


def state(model):
    return {k: values(v) for k, v in get_peft_model_state_dict(model).items()}


def outputs(model):
    model.eval()
    return [values(y) for y in model(ids, image, tokens)]


everything = LoraConfig(
    r=2,
    lora_alpha=3,
    target_modules=["embed", "q", "v", "conv", "mha"],
    target_parameters=["experts.gate_up_proj", "experts.down_proj"],
    rank_pattern={"^q": 1},
    alpha_pattern={"v": 5},
    modules_to_save=["head"],
)
net = make()
base = {k: values(v) for k, v in net.state_dict().items()}
model = get_peft_model(net, everything, autocast_adapter_dtype=False)
randomise(model, 3)
golden = {
    "base": base,
    "ids": values(ids),
    "image": values(image),
    "tokens": values(tokens),
    "plain": outputs(make()),
    "config": plain(everything),
    "state": state(model),
    "y": outputs(model),
    "merged": {k: values(v) for k, v in model.merge_and_unload().state_dict().items()},
}

# Adapters of rank 8, 4 and 16 take turns; the last has another rank in one module. What each gives alone is what it
# must give in the place of another: PEFT's own swap takes the wrong scale for that module.
steps = []
for step, (rank, patterns) in enumerate([(8, {}), (4, {}), (16, {"rank_pattern": {"q": 2}})]):
    config = LoraConfig(r=rank, lora_alpha=6, target_modules=["q", "v", "conv"], **patterns)
    source = get_peft_model(make(), config, autocast_adapter_dtype=False)
    randomise(source, 10 + step)
    steps.append({"config": plain(config), "state": state(source), "y": outputs(source)})
golden["hotswap"] = steps
PATH.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
print(PATH.name, PATH.stat().st_size // 1024, "KB")
