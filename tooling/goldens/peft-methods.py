"""Updates of PEFT's AdaLoRA, LoHa and LoKr, with the tensors and configurations that it saves.

Writes packages/peft/src/dialects/peft-methods.golden.json.
"""

import json
from pathlib import Path

import torch
from peft import AdaLoraConfig, LoHaConfig, LoKrConfig, get_peft_model
from peft.utils import get_peft_model_state_dict

OUT = Path(__file__).parents[2] / "packages/peft/src/dialects/peft-methods.golden.json"
TARGETS = ["linear", "conv"]


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(6, 8)
        self.conv = torch.nn.Conv2d(4, 6, 3)

    def forward(self, x):
        return self.linear(x)


CONFIGS = {
    "adalora": AdaLoraConfig(
        init_r=3, target_r=2, lora_alpha=8, total_step=10, tinit=1, tfinal=1, target_modules=["linear"]
    ),
    "loha": LoHaConfig(r=2, alpha=6, target_modules=TARGETS, init_weights=False),
    "loha, cores": LoHaConfig(
        r=2, alpha=6, target_modules=TARGETS, init_weights=False, use_effective_conv2d=True, rank_pattern={"linear": 3}
    ),
    "lokr": LoKrConfig(r=1, alpha=6, target_modules=TARGETS, init_weights=False, decompose_both=True),
    "lokr, whole": LoKrConfig(r=8, alpha=6, target_modules=TARGETS, init_weights=False),
    "lokr, core": LoKrConfig(
        r=1, alpha=6, target_modules=TARGETS, init_weights=False, use_effective_conv2d=True, alpha_pattern={"conv": 5}
    ),
}


def case(config):
    torch.manual_seed(0)
    model = get_peft_model(Model(), config)
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            torch.nn.init.normal_(parameter)
    tensors = get_peft_model_state_dict(model)
    updates = {
        target: getattr(model.base_model.model, target).get_delta_weight("default").detach()
        for target in TARGETS
        if hasattr(getattr(model.base_model.model, target), "get_delta_weight")
    }
    return {
        "config": {key: sorted(value) if isinstance(value, set) else value for key, value in config.to_dict().items()},
        "tensors": {
            name: {"shape": list(tensor.shape), "values": tensor.flatten().tolist()} for name, tensor in tensors.items()
        },
        "updates": {
            name: {"shape": list(tensor.shape), "values": tensor.flatten().tolist()} for name, tensor in updates.items()
        },
    }


OUT.write_text(json.dumps({name: case(config) for name, config in CONFIGS.items()}, default=str) + "\n")
