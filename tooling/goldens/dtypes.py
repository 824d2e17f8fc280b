"""Writes packages/tensor/src/codec/dtypes.golden.json: how torch and numpy decode and encode small floats.

Usage: python tooling/goldens/dtypes.py      (torch 2.13, numpy 2.4)
"""

import base64
import hashlib
import json
import pathlib

import numpy
import torch

TYPES = {
    "f16": (torch.float16, 16),
    "bf16": (torch.bfloat16, 16),
    "f8e4m3": (torch.float8_e4m3fn, 8),
    "f8e5m2": (torch.float8_e5m2, 8),
    "f8e4m3fnuz": (torch.float8_e4m3fnuz, 8),
    "f8e5m2fnuz": (torch.float8_e5m2fnuz, 8),
}
OUT = pathlib.Path(__file__).parents[2] / "packages/tensor/src/codec/dtypes.golden.json"
CANONICAL_NAN = 0x7FC00000


def text(array):
    return base64.b64encode(array.tobytes()).decode()


def all_patterns(dtype, bits):
    """The f32 patterns of every stored pattern, each NaN as 0x7fc00000."""
    stored = torch.from_numpy(numpy.arange(2**bits, dtype=f"uint{bits}")).view(dtype)
    values = stored.to(torch.float32).numpy()
    patterns = values.view(numpy.uint32).copy()
    patterns[numpy.isnan(values)] = CANONICAL_NAN
    return patterns


def encode_inputs(decoded, random):
    """f32 patterns: stored values, ties, their f32 neighbours, the neighbourhood of overflow, any pattern."""
    finite = decoded[numpy.isfinite(decoded.view(numpy.float32))].view(numpy.float32).astype(numpy.float64)
    ordered = numpy.unique(finite[finite >= 0])
    pick = random.choice(len(ordered) - 1, 400)
    # The smallest ones (subnormals) and the largest ones always, the others by chance.
    pick[:12] = range(12)
    pick[12:24] = len(ordered) - 2 - numpy.arange(12)
    ties = ((ordered[pick] + ordered[pick + 1]) / 2).astype(numpy.float32)
    edge = numpy.float32(ordered[-1] + (ordered[-1] - ordered[-2]) / 2)
    near = [ties, numpy.nextafter(ties, numpy.float32(0)), numpy.nextafter(ties, numpy.float32(numpy.inf))]
    near += [numpy.array([edge, numpy.nextafter(edge, numpy.float32(0)), edge * 2, numpy.inf, numpy.nan], numpy.float32)]
    near += [ordered[random.choice(len(ordered), 200)].astype(numpy.float32)]
    values = numpy.concatenate(near)
    values[random.random(len(values)) < 0.5] *= -1
    spread = numpy.exp2(random.uniform(-30, 20, 400)).astype(numpy.float32) * random.choice([-1, 1], 400)
    anything = random.integers(0, 2**32, 400, dtype=numpy.uint64).astype(numpy.uint32)
    return numpy.concatenate([values.view(numpy.uint32), spread.astype(numpy.float32).view(numpy.uint32), anything])


def golden(name, dtype, bits, random):
    decoded = all_patterns(dtype, bits)
    inputs = encode_inputs(decoded, random)
    values = torch.from_numpy(inputs.view(numpy.float32).copy())
    stored = values.to(dtype).view(torch.uint8 if bits == 8 else torch.uint16).numpy()
    interesting = sorted({0, 1, 2, 2 ** (bits - 1), 2 ** (bits - 1) - 1, 2**bits - 1, *random.integers(0, 2**bits, 26).tolist()})
    return {
        "decodedSha256": hashlib.sha256(decoded.tobytes()).hexdigest(),
        "decoded": {f"{pattern:0{bits // 4}x}": f"{decoded[pattern]:08x}" for pattern in interesting},
        "encodeFrom": text(inputs),
        "encodeTo": text(stored),
    }


def f64_to_f16(random):
    """numpy rounds f64 to f16 once: f64 values a hair beside the ties of f16, where rounding to f32 first errs."""
    ties = (random.integers(0, 0x7BFF, 300).astype(numpy.uint16).view(numpy.float16)).astype(numpy.float64)
    above = numpy.nextafter(ties.astype(numpy.float16), numpy.float16(numpy.inf)).astype(numpy.float64)
    middle = (ties + above) / 2
    beside = middle * (1 + random.choice([-1, 0, 1], 300) * 2.0**-random.integers(30, 50, 300))
    return {"from": text(beside), "to": text(beside.astype(numpy.float16))}


def main():
    random = numpy.random.default_rng(20240)
    result = {name: golden(name, dtype, bits, random) for name, (dtype, bits) in TYPES.items()}
    result["f64ToF16"] = f64_to_f16(random)
    OUT.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
