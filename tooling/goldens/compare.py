"""Writes packages/jobs/src/compare/compare.golden.json: two small adapters, and how alike dense linear algebra finds their updates.

Usage: python tooling/goldens/compare.py      (numpy 2)
"""

import json
import pathlib

import numpy as np

TARGET = pathlib.Path(__file__).parents[2] / "packages/jobs/src/compare/compare.golden.json"
# name: rows, columns, rank and alpha of a and of b
MODULES = {"lora_unet_one": (7, 5, (2, 1.0), (3, 3.0)), "lora_unet_two": (6, 8, (3, 6.0), (2, 1.0))}


def factors(random, rows, cols, rank):
    return random.standard_normal((rows, rank)), random.standard_normal((rank, cols))


def angles(x, y):
    """Principal angles of two column spaces, ascending."""
    qx, qy = np.linalg.qr(x)[0], np.linalg.qr(y)[0]
    return np.arccos(np.clip(np.linalg.svd(qx.T @ qy, compute_uv=False), 0, 1))


def alike(a, b):
    inner, na, nb = np.sum(a * b), np.linalg.norm(a), np.linalg.norm(b)
    return {
        "cosine": inner / (na * nb),
        "relativeDistance": np.linalg.norm(a - b) / max(na, nb),
        "normRatio": nb / na,
    }


def main():
    random = np.random.default_rng(7)
    files, modules, dense = [{}, {}], {}, ([], [])
    for name, (rows, cols, *sides) in MODULES.items():
        updates = []
        for side, (rank, alpha) in enumerate(sides):
            up, down = factors(random, rows, cols, rank)
            files[side][name] = {"up": up.tolist(), "down": down.tolist(), "alpha": alpha}
            updates.append((alpha / rank * up @ down, up, down))
            dense[side].append((alpha / rank * up @ down).ravel())
        (a, up_a, down_a), (b, up_b, down_b) = updates
        outputs, inputs = angles(up_a, up_b), angles(down_a.T, down_b.T)
        modules[name] = {
            **alike(a, b),
            "outputAngles": outputs.tolist(),
            "inputAngles": inputs.tolist(),
            "outputOverlap": np.mean(np.cos(outputs) ** 2),
            "inputOverlap": np.mean(np.cos(inputs) ** 2),
        }
    whole = alike(*(np.concatenate(side) for side in dense))
    TARGET.write_text(json.dumps({"files": files, "modules": modules, "whole": whole}) + "\n")


main()
