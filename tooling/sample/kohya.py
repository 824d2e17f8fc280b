"""Write a PEFT adapter in kohya naming: f16 factors, alphas, metadata and hashes."""

import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import save

from adapters import Adapter, modules
from model import SEED
from paths import KOHYA

PREFIX = "lora_unet_"
LEGACY_START = 0x100000
LEGACY_LENGTH = 0x10000


def kohya_path(adapter: Adapter) -> Path:
    """Where the kohya copy of an adapter is saved."""
    return KOHYA / f"{adapter.name}.safetensors"


def kohya_name(weight: str) -> str:
    """Turn a base tensor's name into kohya's name for the module."""
    return PREFIX + weight.removesuffix(".weight").replace(".", "_")


def _tensors(adapter: Adapter) -> dict[str, torch.Tensor]:
    """The adapter's factors under kohya's keys, with alpha as a scalar each."""
    tensors = {}
    for module in modules(adapter):
        name = kohya_name(module.name)
        tensors[f"{name}.lora_down.weight"] = module.down.half()
        tensors[f"{name}.lora_up.weight"] = module.up.half()
        tensors[f"{name}.alpha"] = torch.tensor(adapter.alpha, dtype=torch.float16)
    return tensors


def _training_metadata(adapter: Adapter) -> dict[str, str]:
    """The ``ss_*`` entries: how the adapter was trained."""
    return {
        "ss_base_model_version": "llama-bytes",
        "ss_learning_rate": str(adapter.rate),
        "ss_max_train_steps": str(adapter.steps),
        "ss_network_alpha": str(adapter.alpha),
        "ss_network_dim": str(adapter.rank),
        "ss_network_module": "networks.lora",
        "ss_output_name": adapter.name,
        "ss_seed": str(SEED),
        "ss_training_comment": f"{adapter.name} of the bundled sample, converted from PEFT",
        "ss_v2": "False",
    }


def _serialize(tensors: dict[str, torch.Tensor], metadata: dict[str, str]) -> bytes:
    """Save as safetensors with the metadata in order, which the library leaves to chance."""
    file = save(tensors, metadata)
    size = int.from_bytes(file[:8], "little")
    header = json.loads(file[8 : 8 + size])
    header["__metadata__"] = dict(sorted(metadata.items()))
    ordered = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    return file[:8] + ordered.ljust(size) + file[8 + size :]


def model_hash(file: bytes) -> str:
    """SHA-256 of everything after the safetensors header."""
    size = int.from_bytes(file[:8], "little")
    return hashlib.sha256(file[8 + size :]).hexdigest()


def legacy_hash(file: bytes) -> str:
    """Eight digits of the SHA-256 of 64 KiB at 1 MiB, which a short file does not have."""
    return hashlib.sha256(file[LEGACY_START : LEGACY_START + LEGACY_LENGTH]).hexdigest()[:8]


def convert(adapter: Adapter) -> None:
    """Save the kohya copy of an adapter.

    Both hashes are of the file as saved with the ``ss_*`` metadata alone.
    """
    tensors = _tensors(adapter)
    metadata = _training_metadata(adapter)
    unhashed = _serialize(tensors, metadata)
    hashes = {
        "sshs_legacy_hash": legacy_hash(unhashed),
        "sshs_model_hash": model_hash(unhashed),
    }
    KOHYA.mkdir(parents=True, exist_ok=True)
    kohya_path(adapter).write_bytes(_serialize(tensors, metadata | hashes))
