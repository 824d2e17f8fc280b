"""Factors that PEFT's `add_weighted_adapter` gives, for every combination type and kind of layer.

    python tooling/goldens/combine.py

writes packages/peft/src/combine-peft/combine.golden.json. Made with PEFT 0.21 and torch. Random masks are recorded in
the order in which they are drawn, and are part of the case.
"""

import json
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from torch import nn
from transformers.pytorch_utils import Conv1D

OUTPUT = Path(__file__).parents[2] / "packages/peft/src/combine-peft/combine.golden.json"

COMBINATIONS = [
    "cat", "linear", "svd", "ties", "ties_svd", "dare_linear", "dare_linear_svd",
    "dare_ties", "dare_ties_svd", "magnitude_prune", "magnitude_prune_svd",
]
ELECTING = {"ties", "ties_svd", "dare_ties", "dare_ties_svd"}
LAYERS = {
    "linear": (lambda: nn.Linear(6, 5), {}),
    "conv1d": (lambda: Conv1D(5, 6), {"fan_in_fan_out": True}),
    "conv": (lambda: nn.Conv2d(3, 4, 3), {}),
    "embedding": (lambda: nn.Embedding(7, 5), {}),
}


def rounded(tensor):
    """The values of a tensor, row by row, with all digits of f32 that matter."""
    return [float(f"{value:.7g}") for value in tensor.flatten().tolist()]


def factors(layer, name):
    """down and up as matrices."""
    if name in layer.lora_embedding_A:
        return layer.lora_embedding_A[name].data, layer.lora_embedding_B[name].data
    return layer.lora_A[name].weight.data.flatten(1), layer.lora_B[name].weight.data.flatten(1)


def make_model(kind, ranks, seed):
    """A model of one layer with an adapter for each rank, all of random factors."""
    torch.manual_seed(seed)
    build, extra = LAYERS[kind]
    model = nn.Sequential()
    model.add_module("layer", build())
    for index, rank in enumerate(ranks):
        config = LoraConfig(r=rank, lora_alpha=3 + index, target_modules=["layer"], **extra)
        if index == 0:
            model = get_peft_model(model, config, adapter_name="a0")
        else:
            model.add_adapter(f"a{index}", config)
    layer = model.base_model.model.layer
    for index in range(len(ranks)):
        for tensor in factors(layer, f"a{index}"):
            tensor.copy_(torch.randn_like(tensor))
    return model, layer


def combine(kind, combination, *, weights, ranks, seed, **options):
    """One case: the sources, what was drawn, and PEFT's result."""
    model, layer = make_model(kind, ranks, seed)
    names = [f"a{index}" for index in range(len(ranks))]
    sources = [[rounded(tensor) for tensor in factors(layer, name)] for name in names]
    masks = []
    draw = torch.bernoulli

    def recorded(chances):
        mask = draw(chances)
        # The updates of layers that are stored as in × out are drawn transposed.
        turned = mask.T if combination.endswith("_svd") and kind in ("conv1d", "embedding") else mask
        masks.append("".join(str(int(bit)) for bit in turned.flatten().tolist()))
        return mask

    torch.bernoulli = recorded
    try:
        model.base_model.add_weighted_adapter(names, weights, "out", combination_type=combination, **options)
    finally:
        torch.bernoulli = draw
    down, up = factors(layer, "out")
    scale = layer.scaling["out"]
    unclamped = None
    if "svd_clamp" in options:
        plain = {key: value for key, value in options.items() if key != "svd_clamp"}
        model.base_model.add_weighted_adapter(names, weights, "plain", combination_type=combination, **plain)
        unclamped = dict(zip(("down", "up"), map(rounded, factors(layer, "plain"))))
    return {
        "kind": kind, "combination": combination, "weights": weights, "ranks": ranks,
        "scales": [layer.scaling[name] for name in names],
        "down": [source[0] for source in sources], "up": [source[1] for source in sources], "masks": masks,
        "density": options.get("density"), "sign": options.get("majority_sign_method"),
        "svdRank": options.get("svd_rank"), "svdClamp": options.get("svd_clamp"),
        "result": {"rank": down.shape[0], "scale": scale, "down": rounded(down), "up": rounded(up)},
        "unclamped": unclamped,
    }


def all_cases():
    """Every type on every kind of layer with a negative weight; then ranks, clamping and one adapter alone."""
    cases = []
    for kind_index, kind in enumerate(LAYERS):
        for index, combination in enumerate(COMBINATIONS):
            for sign in ("total", "frequency") if combination in ELECTING else (None,):
                options = {} if sign is None else {"majority_sign_method": sign}
                if combination not in ("cat", "linear", "svd"):
                    options["density"] = 0.6
                cases.append(combine(
                    kind, combination, weights=[0.7, -0.4, 0.9], ranks=[2, 2, 2], seed=100 * kind_index + index, **options,
                ))
    cases.append(combine("linear", "svd", weights=[1.0, 0.5], ranks=[4, 3], seed=1, svd_rank=2))
    cases.append(combine("linear", "svd", weights=[1.0, 0.5], ranks=[4, 3], seed=2, svd_clamp=0.9))
    cases.append(combine("conv", "ties_svd", weights=[1.0, -0.5], ranks=[1, 3], seed=3, density=0.4, svd_rank=2, svd_clamp=0.9))
    cases.append(combine("linear", "cat", weights=[1.0, -0.5], ranks=[1, 3], seed=4))
    cases.append(combine("linear", "ties", weights=[1.0, 0.5], ranks=[2, 2], seed=5, density=1.0))
    return cases


if __name__ == "__main__":
    OUTPUT.write_text(json.dumps(all_cases(), separators=(",", ":")) + "\n")
