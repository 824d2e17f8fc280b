"""Writes packages/tensor/src/codec/ggml.golden.json: how gguf-py, ggml's own reference, reads quantised blocks.

Usage: python tooling/goldens/ggml.py      (gguf 0.19, numpy 2.4)
"""

import base64
import json
import pathlib

import gguf
import numpy

OUT = pathlib.Path(__file__).parents[2] / "packages/tensor/src/codec/ggml.golden.json"
# Where the f16 scales of a block lie.
SCALES = {
    "Q4_0": [0],
    "Q4_1": [0, 2],
    "Q5_0": [0],
    "Q5_1": [0, 2],
    "Q8_0": [0],
    "Q2_K": [80, 82],
    "Q3_K": [108],
    "Q4_K": [0, 2],
    "Q5_K": [0, 2],
    "Q6_K": [208],
}
BLOCKS = 6


def text(array):
    return base64.b64encode(array.tobytes()).decode()


def blocks_of(name, random):
    """Blocks of any bits, with scales of any size: the last two a subnormal one and a negative zero."""
    _, size = gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType[name]]
    blocks = random.integers(0, 256, (BLOCKS, size)).astype(numpy.uint8)
    for at in SCALES[name]:
        scales = random.normal(0, 1, BLOCKS) * 2.0 ** random.integers(-12, 6, BLOCKS)
        scales[-2:] = [3e-7, -0.0]
        blocks[:, at : at + 2] = scales.astype(numpy.float16).view(numpy.uint8).reshape(BLOCKS, 2)
    return blocks


def main():
    random = numpy.random.default_rng(20250)
    golden = {}
    for name in SCALES:
        blocks = blocks_of(name, random)
        values = gguf.quants.dequantize(blocks, gguf.GGMLQuantizationType[name]).astype(numpy.float32)
        golden[name.lower()] = {"stored": text(blocks), "values": text(values)}
    OUT.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
