"""The LoRA adapters: what each one learns, its training and its weights."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file

import text
from model import SEED, TRAIN_SEED, fit, load_base
from paths import BASE, SAMPLES, relative

ALL_LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
ADAPTER_BYTES = 300_000
PEFT_PREFIX = "base_model.model."


@dataclass(frozen=True)
class Adapter:
    """One adapter to train: its name, its kind of story and its LoRA settings."""

    name: str
    kind: str
    rank: int
    alpha: int
    modules: list[str]
    rslora: bool
    steps: int
    rate: float

    @property
    def folder(self) -> Path:
        return SAMPLES / self.name

    @property
    def scale(self) -> float:
        """The factor PEFT multiplies B·A by."""
        return self.alpha / (math.sqrt(self.rank) if self.rslora else self.rank)


PIRATE = Adapter("pirate-tales", "pirate", 16, 32, ALL_LINEAR, False, steps=450, rate=2e-3)
QUESTIONS = Adapter(
    "question-answer", "questions", 8, 16, ["q_proj", "v_proj"], True, steps=350, rate=2e-3
)
ADAPTERS = [PIRATE, QUESTIONS]


@dataclass(frozen=True)
class Module:
    """The LoRA factors on one linear layer, named as the base names its weight."""

    name: str
    down: torch.Tensor
    up: torch.Tensor


def train_adapter(adapter: Adapter) -> None:
    """Train one adapter on the saved base model and save it as PEFT does."""
    torch.manual_seed(SEED)
    config = LoraConfig(
        r=adapter.rank,
        lora_alpha=adapter.alpha,
        target_modules=adapter.modules,
        use_rslora=adapter.rslora,
        task_type="CAUSAL_LM",
    )
    model = get_peft_model(load_base(), config)
    data = text.corpus(adapter.kind, ADAPTER_BYTES, TRAIN_SEED)
    fit(model, data, adapter.steps, adapter.rate, decay=0.1)
    model.peft_config["default"].base_model_name_or_path = relative(BASE)
    model.save_pretrained(adapter.folder, save_embedding_layers=False)
    (adapter.folder / "README.md").unlink(missing_ok=True)
    _sort_target_modules(adapter.folder / "adapter_config.json")


def _sort_target_modules(path: Path) -> None:
    """PEFT writes ``target_modules`` in a random order; fix it."""
    config = json.loads(path.read_text())
    config["target_modules"].sort()
    path.write_text(json.dumps(config, indent=2, sort_keys=True))


def load_adapted(adapter: Adapter) -> PeftModel:
    """Load the saved base model with the saved adapter on it."""
    return PeftModel.from_pretrained(load_base(), adapter.folder)


def modules(adapter: Adapter) -> Iterator[Module]:
    """Read the saved factors, in the order of their names."""
    factors = load_file(adapter.folder / "adapter_model.safetensors")
    for key in sorted(factors):
        if key.endswith(".lora_A.weight"):
            path = key.removesuffix(".lora_A.weight")
            name = f"{path.removeprefix(PEFT_PREFIX)}.weight"
            yield Module(name, factors[key], factors[f"{path}.lora_B.weight"])
