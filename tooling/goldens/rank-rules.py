"""Expected selections of the rank rules, from dense float64 SVDs in torch.

    python tooling/goldens/rank-rules.py

writes packages/peft/src/rank/rank-rules.golden.json. Each formula is written from its definition, with dense
matrices and linear searches, so that nothing is shared with the code under test.
"""

import json
import math
from pathlib import Path

import numpy as np
import torch

OUTPUT = Path(__file__).parents[2] / "packages/peft/src/rank/rank-rules.golden.json"
F64 = torch.float64

# name, layer, out, in, kernel, rank, alpha, decay of the factors' columns
MODULES = [
    ("unet.attn.to_q", "linear", 24, 20, (1, 1), 6, 3.0, 0.6),
    ("unet.resnet.conv1", "conv", 16, 8, (3, 3), 8, 4.0, 0.75),
    ("unet.resnet.shortcut", "conv", 12, 10, (1, 1), 4, 8.0, 0.9),
    ("te1.mlp.fc1", "linear", 18, 30, (1, 1), 12, 12.0, 0.5),
    ("te1.mlp.fc2", "linear", 5, 40, (1, 1), 8, 1.0, 0.8),
    ("unet.zero", "linear", 10, 9, (1, 1), 3, 3.0, 0.0),
]


def make_module(spec, generator):
    """One module: its factors' product with and without the scale, and its base weight."""
    name, layer, out, inner, kernel, rank, alpha, decay = spec
    columns = inner * kernel[0] * kernel[1]
    weights = torch.tensor([decay**i if decay else 0.0 for i in range(rank)], dtype=F64)
    up = torch.randn(out, rank, generator=generator, dtype=F64) * weights * 0.05
    down = torch.randn(rank, columns, generator=generator, dtype=F64) * 0.2
    base = torch.randn(out, inner, *kernel, generator=generator, dtype=F64).flatten(start_dim=1)
    base = base / math.sqrt(columns) + 0.3 * up @ down
    product = up @ down
    return {
        "name": name, "layer": layer, "kernel": kernel != (1, 1), "out": out, "in": columns,
        "scale": alpha / rank, "pairs": min(rank, out, columns), "product": product, "base": base,
    }


def describe(module):
    """What a rule may know of the module, from the dense update."""
    u, s, vh = torch.linalg.svd(module["scale"] * module["product"], full_matrices=False)
    pairs = module["pairs"]
    zero = bool(s[0] == 0)
    factors = torch.stack([u[:, i] @ module["base"] @ vh[i] for i in range(pairs)])
    return {
        **{key: module[key] for key in ("name", "layer", "kernel", "out", "in", "scale")},
        "s": [0.0] * pairs if zero else s[:pairs].tolist(),
        "base": {
            "spectralNorm": torch.linalg.matrix_norm(module["base"], 2).item(),
            "frobeniusNorm": torch.linalg.matrix_norm(module["base"]).item(),
            "subspaceFactors": factors.tolist(),
        },
    }


def counts(spectra, rule):
    """Leading pairs kept of each module; a module of zeros keeps none."""
    return [rule(np.array(m["s"]), m) if m["s"][0] > 0 else 0 for m in spectra]


def kohya(modules, method, parameter, cap):
    """Ranks of kohya's script: its criterion on the full unscaled spectrum, clamped, plus one, capped."""
    ranks = []
    for module in modules:
        s = torch.linalg.svdvals(module["product"])
        if method == "sv_ratio":
            k = int((s > s[0] / parameter).sum())
        elif method == "sv_cumulative":
            k = int(torch.searchsorted(torch.cumsum(s, 0) / s.sum(), parameter)) + 1
        else:
            energy = torch.cumsum(s**2, 0) / (s**2).sum()
            k = int(torch.searchsorted(energy, parameter**2)) + 1
        rank = max(1, min(k, len(s) - 1)) + 1
        if s[0] <= 1e-6:
            rank = 1
        ranks.append(min(rank, cap))
    return ranks


def least(s, holds):
    """The smallest k for which ``holds(k)``."""
    return next(k for k in range(len(s) + 1) if holds(k))


def knee(s, logarithmic):
    """Pairs before the point farthest from the line through the first and the last point (1, σ₁), (n, σₙ)."""
    y = np.log(s) if logarithmic else s
    n = len(y)
    ends = np.array([n - 1.0, y[-1] - y[0]])
    # Distance of each point in the unit square: divide both axes by their range first.
    scale = np.array([n - 1.0, y[0] - y[-1]])
    best, farthest = n, 1e-9
    for i in range(n):
        point = np.array([float(i), y[i] - y[0]]) / scale
        chord = ends / scale
        below = chord[1] * point[0] - chord[0] * point[1]
        if below > farthest:
            best, farthest = i, below
    return best


KEYS = ["spn_lora", "spn_ckpt", "subspace", "fro_lora", "fro_ckpt", "params"]


def score(module, weights, rescale):
    """log10 of σ·rescale over the weighted geometric mean of the references."""
    s = np.array(module["s"])
    if s[0] == 0:
        return np.full(len(s), -np.inf)
    total = sum(weights.values())
    references = {
        "spn_lora": s[0],
        "spn_ckpt": module["base"]["spectralNorm"],
        "subspace": np.abs(np.array(module["base"]["subspaceFactors"])),
        "fro_lora": np.sqrt((s**2).sum()),
        "fro_ckpt": module["base"]["frobeniusNorm"],
        "params": module["out"] + module["in"],
    }
    price = np.ones(len(s))
    for key, weight in weights.items():
        price = price * references[key] ** (weight / total)
    return np.log10(s * rescale / price)


def file_bytes(spectra, ranks):
    """A header of 64 bytes, 100 bytes of names for each module that is left, and f16 factors."""
    size = 64
    for module, rank in zip(spectra, ranks):
        size += (100 if rank else 0) + 2 * rank * (module["out"] + module["in"])
    return size


def by_size(spectra, scores, target):
    """The longest run of best pairs that fits, tried one by one."""
    ranking = sorted(
        (-scores[m][i], m, i)
        for m, module in enumerate(spectra)
        for i in range(len(module["s"]))
        if module["s"][i] > 0
    )
    kept = [[] for _ in spectra]
    for _, m, i in ranking:
        tried = [len(indices) + (1 if j == m else 0) for j, indices in enumerate(kept)]
        if file_bytes(spectra, tried) > target:
            break
        kept[m].append(i)
    return [sorted(indices) for indices in kept]


RECIPES = [
    ("fro_ckpt=1,thr=-1.2", {"fro_ckpt": 1}, {"thr": -1.2}),
    ("spn_ckpt,thr=-0.9,rescale=1.5", {"spn_ckpt": 1}, {"thr": -0.9, "rescale": 1.5}),
    ("subspace=1,thr=-0.2", {"subspace": 1}, {"thr": -0.2}),
    ("spn_ckpt=0.5,subspace=0.5,thr=-0.5", {"spn_ckpt": 0.5, "subspace": 0.5}, {"thr": -0.5}),
    ("spn_lora=2,fro_lora=1,thr=-0.6", {"spn_lora": 2, "fro_lora": 1}, {"thr": -0.6}),
    ("fro_ckpt=2,params=-0.5,thr=-2", {"fro_ckpt": 2, "params": -0.5}, {"thr": -2}),
    ("spn_ckpt=1,params=0.3,size=0.002", {"spn_ckpt": 1, "params": 0.3}, {"size": 0.002}),
    ("subspace=0.7,spn_ckpt=0.3,size=0.0015", {"subspace": 0.7, "spn_ckpt": 0.3}, {"size": 0.0015}),
    ("fro_lora,size=1", {"fro_lora": 1}, {"size": 1}),
]


def recipe_case(spectra, text, weights, selectors):
    """Scores and kept indices of one recipe."""
    scores = [score(module, weights, selectors.get("rescale", 1.0)) for module in spectra]
    if "size" in selectors:
        kept = by_size(spectra, scores, math.floor(selectors["size"] * 2**20))
    else:
        kept = [
            [i for i in range(len(m["s"])) if m["s"][i] > 0 and scores[j][i] >= selectors["thr"]]
            for j, m in enumerate(spectra)
        ]
    finite = [[x if math.isfinite(x) else None for x in row.tolist()] for row in scores]
    return {"recipe": text, "scores": finite, "kept": kept}


def prefix_cases(spectra):
    """Cases of the rules that keep leading pairs, with the counts they give."""

    def case(rule, options, criterion):
        return {"rule": rule, "options": options, "counts": counts(spectra, criterion)}

    def share(power):
        return lambda p: lambda s, _: least(s, lambda k: (s[:k] ** power).sum() >= p * (s**power).sum())

    def error(most):
        return lambda s, _: least(s, lambda k: np.linalg.norm(s[k:]) <= most * np.linalg.norm(s))

    return [
        case("fixed", {"rank": 5}, lambda s, _: min(5, len(s))),
        case("fixed", {"rank": 7, "convRank": 2}, lambda s, m: min(2 if m["kernel"] else 7, len(s))),
        *[case("sv-ratio", {"ratio": r}, lambda s, _, r=r: int((s * r > s[0]).sum())) for r in (3, 20)],
        *[case("sv-cumulative", {"share": p}, share(1)(p)) for p in (0.5, 0.9)],
        *[case("sv-fro", {"share": p}, share(2)(p * p)) for p in (0.7, 0.97)],
        *[case("energy", {"share": p}, share(2)(p)) for p in (0.8, 0.99)],
        *[case("error", {"most": e}, error(e)) for e in (0.3, 0.05)],
        case("knee", {}, lambda s, _: knee(s, False)),
        case("knee", {"scale": "log"}, lambda s, _: knee(s, True)),
    ]


def kohya_cases(modules):
    """Ranks of kohya's three dynamic methods under a cap no higher than the smallest rank of a file."""
    parameters = {"sv_ratio": ("ratio", (2, 10)), "sv_fro": ("share", (0.7, 0.95)), "sv_cumulative": ("share", (0.4, 0.8))}
    cases = []
    for method, (option, values) in parameters.items():
        for value in values:
            for cap in (3, 100):
                ranks = kohya(modules, method, value, cap)
                # A module has no more pairs than its factors; the script pads with noise.
                ranks = [min(rank, module["pairs"]) for rank, module in zip(ranks, modules)]
                rule = method.replace("_", "-")
                cases.append({"rule": rule, "options": {option: value, "kohyaPlusOne": True}, "cap": cap, "counts": ranks})
    return cases


def main():
    """Write the golden file."""
    generator = torch.Generator().manual_seed(7)
    modules = [make_module(spec, generator) for spec in MODULES]
    spectra = [describe(module) for module in modules]
    golden = {
        "spectra": spectra,
        "prefix": prefix_cases(spectra),
        "kohya": kohya_cases(modules),
        "recipes": [recipe_case(spectra, *recipe) for recipe in RECIPES],
    }
    OUTPUT.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
