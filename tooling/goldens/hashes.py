"""Writes packages/io/src/hashing/hashes.golden.json: a safetensors file (its header; its data follow from a formula), and its hashes
by kohya's algorithm, by A1111's and by sha256 of the whole.

Usage: python tooling/goldens/hashes.py      (safetensors 0.8, torch 2.13)
"""

import hashlib
import io
import json
import pathlib

import numpy as np
import safetensors.torch
import torch

TARGET = pathlib.Path(__file__).parents[2] / "packages/io/src/hashing/hashes.golden.json"
METADATA = {"ss_network_dim": "4", "ss_output_name": "style", "modelspec.title": "Style", "note": "not hashed"}
SIZES = {"lora_unet_b.lora_down.weight": (1000, 700), "lora_unet_b.lora_up.weight": (650, 1000)}


def noise(count, start):
    i = np.arange(start, start + count, dtype=np.uint64)
    return ((i * i + 7 * i) >> np.uint64(3)).astype(np.uint8)


def tensors():
    start, made = 0, {}
    for name, shape in SIZES.items():
        made[name] = torch.from_numpy(noise(shape[0] * shape[1], start).reshape(shape))
        start += shape[0] * shape[1]
    return made


def kohya(tensors, metadata):
    """precalculate_safetensors_hashes of sd-scripts/library/train_util.py, with its two helpers."""
    kept = {key: value for key, value in metadata.items() if key.startswith("ss_")}
    stream = io.BytesIO(safetensors.torch.save(tensors, kept))
    stream.seek(0)
    length = int.from_bytes(stream.read(8), "little")
    stream.seek(length + 8)
    model = hashlib.sha256(stream.read()).hexdigest()
    stream.seek(0x100000)
    return model, hashlib.sha256(stream.read(0x10000)).hexdigest()[0:8]


def main():
    made = tensors()
    model, legacy = kohya(made, METADATA)
    whole = safetensors.torch.save(made, METADATA)
    header = 8 + int.from_bytes(whole[:8], "little")
    sha256 = hashlib.sha256(whole).hexdigest()
    expected = {
        "sha256": sha256,
        "autoV1": hashlib.sha256(whole[0x100000:0x110000]).hexdigest()[:8],
        "autoV2": sha256[:10],
        "autoV3": model[:12],
        "modelHash": model,
        "legacyHash": legacy,
    }
    TARGET.write_text(json.dumps({"header": whole[8:header].decode(), "bytes": len(whole), "hashes": expected}) + "\n")


main()
