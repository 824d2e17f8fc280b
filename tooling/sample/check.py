"""Check the saved sample: it loads, it agrees with itself, and it is small."""

import json
from typing import Iterator

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

import readme
from adapters import ADAPTERS, PEFT_PREFIX, PIRATE, Adapter, load_adapted
from kohya import kohya_name, kohya_path, legacy_hash, model_hash
from paths import BASE, EXPECTED, README, SAMPLES, relative

SIZE_LIMIT = 3_000_000
F16_ROUNDING = 2**-10


def _peft_deltas(adapter: Adapter) -> Iterator[tuple[str, torch.Tensor]]:
    """What PEFT itself would add to each base weight."""
    for path, module in load_adapted(adapter).named_modules():
        if hasattr(module, "get_delta_weight"):
            delta = module.get_delta_weight("default").detach().double()
            yield f"{path.removeprefix(PEFT_PREFIX)}.weight", delta


def _distance(value: torch.Tensor, reference: torch.Tensor) -> float:
    """Relative error in the Frobenius norm."""
    return ((value - reference).norm() / reference.norm()).item()


def check_base() -> None:
    """The base loads with transformers' defaults, in the type it was saved in."""
    assert AutoModelForCausalLM.from_pretrained(BASE).dtype == torch.bfloat16


def check_expected() -> None:
    """The reference numbers match the weights that PEFT computes."""
    saved = json.loads(EXPECTED.read_text())["adapters"]
    for adapter in ADAPTERS:
        entries = {entry["name"]: entry for entry in saved[relative(adapter.folder)]["modules"]}
        deltas = dict(_peft_deltas(adapter))
        assert entries.keys() == deltas.keys()
        for name, delta in deltas.items():
            values = torch.tensor(entries[name]["singularValues"], dtype=torch.float64)
            assert _distance(torch.linalg.svdvals(delta)[: adapter.rank], values) < 1e-5


def check_kohya() -> None:
    """The kohya file gives PEFT's weights to within f16, and its hashes are right."""
    path = kohya_path(PIRATE)
    tensors = load_file(path)
    deltas = dict(_peft_deltas(PIRATE))
    assert len(tensors) == 3 * len(deltas)
    worst = 0.0
    for name, delta in deltas.items():
        key = kohya_name(name)
        down = tensors[f"{key}.lora_down.weight"].double()
        up = tensors[f"{key}.lora_up.weight"].double()
        scale = tensors[f"{key}.alpha"].double() / len(down)
        worst = max(worst, _distance(scale * up @ down, delta))
    print(f"kohya weights differ from PEFT's by at most {worst:.1e}")
    assert worst < F16_ROUNDING
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    assert metadata["sshs_model_hash"] == model_hash(path.read_bytes())
    assert metadata["sshs_legacy_hash"] == legacy_hash(path.read_bytes())


def check_files() -> None:
    """The folder holds the listed files and no others, and is within its limit."""
    found = {path for path in SAMPLES.rglob("*") if path.is_file()}
    assert found == {README, *readme.sample_files()}
    total = sum(path.stat().st_size for path in found)
    print(f"{len(found)} files, {total:,} bytes")
    assert total <= SIZE_LIMIT


def check_readme() -> None:
    """The page's losses, sizes and hashes are those of the files."""
    assert README.read_text() == readme.render()


def check() -> None:
    """Run every check."""
    for one in (check_base, check_expected, check_kohya, check_files, check_readme):
        one()
        print(f"{one.__name__}: good")
