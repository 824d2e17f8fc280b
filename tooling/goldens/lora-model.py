"""Writes packages/peft/src/model/model.golden.json: a model of every kind of layer under PEFT, its adapter's tensors
under their names, and outputs before and after adapters of other ranks took its place.

Usage: python tooling/goldens/lora-model.py      (peft 0.21, torch 2.13)
"""

import json
import pathlib
import tempfile

import torch
from peft import LoraConfig, get_peft_model
from peft.utils.save_and_load import get_peft_model_state_dict
from safetensors.torch import load_file
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

# PiSSA takes its start off the base. Trained further it is right on what is left of the base; converted, on the base.
# It begins in singles, since PEFT refuses doubles.
begun = get_peft_model(
    make().float(),
    LoraConfig(r=2, lora_alpha=3, target_modules=["q", "v"], init_lora_weights="pissa"),
    autocast_adapter_dtype=False,
)
with tempfile.TemporaryDirectory() as folder:
    begun.peft_config["default"].init_lora_weights = True
    begun.save_pretrained(f"{folder}/start")
    begun.peft_config["default"].init_lora_weights = "pissa"
    torch.manual_seed(20)
    for name, parameter in begun.named_parameters():
        if "lora_" in name:
            parameter.data += short(0.2 * torch.randn(parameter.shape)).float()
    begun.save_pretrained(f"{folder}/end", path_initial_model_for_weight_conversion=f"{folder}/start")
    begun.double()
    trained = {"config": plain(begun.peft_config["default"]), "state": state(begun), "y": outputs(begun)}
    layers = begun.base_model.model
    trained["base"] = {name: values(getattr(layers, name).base_layer.weight) for name in ("q", "v")}
    trained["converted"] = {
        "config": json.loads(pathlib.Path(f"{folder}/end/adapter_config.json").read_text()),
        "state": {k: values(v) for k, v in load_file(f"{folder}/end/adapter_model.safetensors").items()},
    }
golden["pissa"] = trained

# Tokens of an embedding that are trained by themselves, other ones in two adapters: rows in the place of the base's.
def tokens_of(indices, rank):
    return LoraConfig(r=rank, lora_alpha=3, target_modules=["q"], trainable_token_indices={"embed": indices})


trained = get_peft_model(make(), tokens_of([1, 5], 2), autocast_adapter_dtype=False)
trained.add_adapter("other", tokens_of([6, 0], 1), autocast_adapter_dtype=False)
torch.manual_seed(21)
for name, parameter in trained.named_parameters():
    if "lora_" in name or "trainable_tokens_delta" in name:
        parameter.data = short(torch.randn(parameter.shape))
golden["trainedTokens"] = {
    name: {
        "config": plain(trained.peft_config[name]),
        "state": {k: values(v) for k, v in get_peft_model_state_dict(trained, adapter_name=name).items()},
    }
    for name in ("default", "other")
}
unloaded = trained.merge_and_unload(adapter_names=["default", "other"])
golden["trainedTokens"]["merged"] = {k: values(v) for k, v in unloaded.state_dict().items() if k in ("embed.weight", "q.weight")}
PATH.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
print(PATH.name, PATH.stat().st_size // 1024, "KB")
