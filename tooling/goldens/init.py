"""Factors, residual weights and statistics as PEFT makes them, in float64.

    python tooling/goldens/init.py

writes the golden files beside the initialisers, the statistics and the conversions of packages/peft. PEFT calculates
in float32: while it runs here, torch.float32 and Tensor.float mean float64. Random draws are recorded.
"""

import copy
import json
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import torch
from peft import EvaConfig, LoraConfig, LoraGAConfig, get_peft_model
from peft.tuners.lora import initialize_lora_eva_weights
from peft.tuners.lora.config import CordaConfig
from peft.tuners.lora.corda import preprocess_corda
from peft.tuners.lora.conversion import convert_to_lora
from peft.tuners.lora.intruders import reduce_intruder_dimension
from peft.utils.incremental_pca import IncrementalPCA
from torch import nn
from transformers.pytorch_utils import Conv1D

SOURCES = Path(__file__).parents[2] / "packages/peft/src"
RANDN, RANDPERM = torch.randn, torch.randperm


def significant(tensor, digits=6):
    """The values to some digits, so that files stay small and read back exactly."""
    flat = [float(f"{x:.{digits}g}") for x in tensor.flatten().tolist()]
    return torch.tensor(flat, dtype=torch.float64).reshape(tensor.shape)


def drawn(*shape):
    """Normal values with few digits."""
    return significant(RANDN(*shape, dtype=torch.float64))


def listed(matrix):
    """Rows, columns and row-major values."""
    return {"rows": matrix.shape[0], "cols": matrix.shape[1], "data": matrix.detach().flatten().tolist()}


def rounded(matrix):
    """As listed, to twelve digits."""
    return listed(significant(matrix.detach(), 12))


@contextmanager
def doubled():
    """torch.float32 means float64; gives the list of draws made meanwhile."""
    draws = []

    def randn(*shape, **_):
        draws.append(drawn(*shape))
        return draws[-1].clone()

    def randperm(count, **_):
        draws.append(RANDPERM(count))
        return draws[-1].clone()

    kept = torch.float32, torch.Tensor.float
    torch.float32, torch.Tensor.float = torch.float64, torch.Tensor.double
    torch.randn, torch.randperm = randn, randperm
    try:
        yield draws
    finally:
        torch.float32, torch.Tensor.float = kept
        torch.randn, torch.randperm = RANDN, RANDPERM


def recorded(draws):
    return [draw.tolist() if draw.dim() == 1 else listed(draw) for draw in draws]


class One(nn.Module):
    """A model of one layer."""

    def __init__(self, weight, conv1d=False):
        super().__init__()
        out, inner = weight.shape
        self.layer = Conv1D(out, inner) if conv1d else nn.Linear(inner, out)
        self.layer.weight.data = (weight.T if conv1d else weight).clone().contiguous()

    def forward(self, x):
        return self.layer(x)


def adapted(weight, init, conv1d=False, prepare=None, **options):
    """Rank 4 and alpha 6 unless given: factors, the weight that stays, and the draws."""
    config = LoraConfig(
        **{"r": 4, "lora_alpha": 6, "target_modules": ["layer"], "fan_in_fan_out": conv1d, **options},
        init_lora_weights=init,
    )
    model = One(weight, conv1d)
    with doubled() as draws:
        if prepare is not None:
            prepare(model, config)
        layer = get_peft_model(model, config).base_model.model.layer
    kept = layer.base_layer.weight.data
    return SimpleNamespace(
        down=layer.lora_A["default"].weight.data.double(),
        up=layer.lora_B["default"].weight.data.double(),
        scale=layer.scaling["default"],
        kept=kept.T if conv1d else kept,
        draws=draws,
    )


def write(name, value):
    path = SOURCES / name
    path.write_text(json.dumps(value) + "\n")
    print(name, path.stat().st_size)


def weight_of(out, inner):
    """A spectrum that falls by about a third a step."""
    u, v = torch.linalg.qr(drawn(out, out)).Q, torch.linalg.qr(drawn(inner, inner)).Q
    count = min(out, inner)
    return significant((u[:, :count] * 3 * 0.7 ** torch.arange(count)) @ v[:count])


def weights():
    """PiSSA, OLoRA, MiCA and orthogonal factors (rows 11 to 15)."""
    cases = []
    for method, conv1d, shape, options in [
        ("pissa", False, (10, 14), {}),
        ("pissa", False, (14, 9), {"use_rslora": True}),
        ("pissa", True, (9, 12), {}),
        ("pissa_niter_4", False, (10, 14), {}),
        ("pissa_niter_4", False, (14, 9), {}),
        ("pissa_niter_1", True, (9, 12), {}),
        ("olora", False, (10, 14), {}),
        ("olora", False, (14, 9), {"use_rslora": True}),
        ("mica", False, (10, 14), {}),
        ("mica", False, (14, 9), {}),
        ("mica", True, (9, 12), {}),
        ("orthogonal", False, (10, 14), {}),
    ]:
        weight = weight_of(*shape)
        made = adapted(weight, method, conv1d, **options)
        cases.append({
            "method": method, "conv1d": conv1d, "rank": 4, "scale": made.scale, "weight": listed(weight),
            "draws": recorded(made.draws), "down": rounded(made.down), "up": rounded(made.up),
            "kept": rounded(made.kept),
        })
    write("init/weights.golden.json", {"cases": cases})


def corda():
    """CorDA from three batches (row 16)."""
    cases = []
    for method, conv1d, shape in [("ipm", False, (8, 11)), ("kpm", False, (8, 11)), ("ipm", True, (9, 6))]:
        weight = weight_of(*shape)
        batches = [drawn(20, shape[1]) for _ in range(3)]
        covariance = []

        def prepare(model, config, batches=batches, covariance=covariance):
            preprocess_corda(model, config, run_model=lambda: [model(x[None]) for x in batches])
            covariance.append(model.layer.covariance_matrix)

        made = adapted(
            weight, "corda", conv1d, prepare,
            corda_config=CordaConfig(corda_method=method, prune_temporary_fields=False),
        )
        cases.append({
            "method": method, "rank": 4, "scale": made.scale, "weight": listed(weight),
            "batches": [listed(batch) for batch in batches], "covariance": rounded(covariance[0]),
            "down": rounded(made.down), "up": rounded(made.up), "kept": rounded(made.kept),
        })
    write("init/corda.golden.json", {"cases": cases})


def lora_ga():
    """LoRA-GA: four directions by four scales (row 17)."""
    weight, gradient = weight_of(12, 10), weight_of(12, 10)
    cases = []
    for direction in ("ArBr", "A2rBr", "ArB2r", "random"):
        for scale in ("stable", "weight_svd", "gd_scale", "unit"):
            def prepare(model, _):
                model.layer._peft_loraga_grad = gradient.clone()

            made = adapted(
                weight, "lora_ga", prepare=prepare, r=2, lora_alpha=3,
                lora_ga_config=LoraGAConfig(direction=direction, scale=scale),
            )
            cases.append({
                "direction": direction, "scale": scale, "draws": recorded(made.draws),
                "down": rounded(made.down), "up": rounded(made.up), "kept": rounded(made.kept),
            })
    write("init/lora-ga.golden.json", {
        "rank": 2, "scale": 1.5, "weight": listed(weight), "gradient": listed(gradient), "cases": cases,
    })


def pca():
    """Incremental PCA, whole and randomised (row 18)."""
    mix = drawn(12, 12) * 0.75 ** torch.arange(12)
    batches = [significant(drawn(15 + 2 * i, 12) @ mix.T + 0.2 * i) for i in range(4)]
    cases = []
    for lowrank in (False, True):
        model = IncrementalPCA(n_components=3, lowrank=lowrank, lowrank_seed=None)
        steps = []
        with doubled() as draws:
            for batch in batches:
                model.partial_fit(batch.clone())
                steps.append({
                    "directions": rounded(model.components_),
                    "singularValues": model.singular_values_.tolist(),
                    "explainedVarianceRatio": model.explained_variance_ratio_.tolist(),
                })
        cases.append({"draws": recorded(draws), "steps": steps})
    write("statistics/pca.golden.json", {"batches": [listed(b) for b in batches], "cases": cases})


class Net(nn.Module):
    """Query and key share their input; the third layer reads what they give."""

    def __init__(self):
        super().__init__()
        self.q, self.k = nn.Linear(10, 8, bias=False), nn.Linear(10, 8, bias=False)
        self.o = nn.Linear(8, 6, bias=False)
        for layer in (self.q, self.k, self.o):
            layer.weight.data = weight_of(*layer.weight.shape)

    def forward(self, x):
        return self.o(torch.tanh(self.q(x)) * self.k(x))


def eva():
    """EVA on three layers, two of which share their inputs (row 19)."""
    cases = []
    for rho, whiten in ((2.0, False), (1.0, False), (1.5, True)):
        net = Net().double()
        mix = drawn(10, 10) * 0.6 ** torch.arange(10)
        batches = [significant(drawn(40, 10) @ mix.T + 0.3) for _ in range(3)]
        seen = {"q": [], "k": [], "o": []}
        for name in seen:
            getattr(net, name).register_forward_hook(lambda _m, x, _y, name=name: seen[name].append(x[0].detach()))
        for batch in batches:
            net(batch)
        for name in seen:
            seen[name] = seen[name][:3]
            getattr(net, name)._forward_hooks.clear()
        config = LoraConfig(
            r=2, lora_alpha=3, target_modules=["q", "k", "o"], init_lora_weights="eva",
            eva_config=EvaConfig(rho=rho, tau=0.99, whiten=whiten),
        )
        by_size = {}

        def randn(*shape, by_size=by_size, **_):
            return by_size.setdefault(shape, drawn(*shape)).clone()

        with doubled():
            torch.randn = randn
            model = get_peft_model(net, config)
            initialize_lora_eva_weights(
                model, [{"x": batch} for batch in batches], forward_fn=lambda model, inputs: model(inputs["x"]),
                prepare_model_inputs_fn=None, prepare_layer_inputs_fn=None, show_progress_bar=False,
            )
        config = model.peft_config["default"]
        layers = {}
        for name in seen:
            layer = getattr(model.base_model.model, name)
            if hasattr(layer, "lora_A"):
                layers[name] = {
                    "down": rounded(layer.lora_A["default"].weight.data),
                    "scale": layer.scaling["default"],
                }
        cases.append({
            "rho": rho, "whiten": whiten, "inputs": {name: [rounded(x) for x in xs] for name, xs in seen.items()},
            "draws": [listed(draw) for draw in by_size.values()], "layers": layers,
            "rankPattern": config.rank_pattern, "alphaPattern": config.alpha_pattern,
            "targets": sorted(config.target_modules),
        })
    write("statistics/eva.golden.json", {"rank": 2, "alpha": 3, "cases": cases})


def eva_masked():
    """EVA as it looks at a language model's batches: padding and labels that are not learned left out (row 19)."""
    torch.manual_seed(8)
    cases = []
    for use_label_mask, label_mask_value in ((True, -100), (False, -100), (True, -1)):
        net = Net().double()
        mix = drawn(10, 10) * 0.6 ** torch.arange(10)
        batches = []
        # The second batch has less tokens that count than there are components, and is skipped.
        for learned in (0.7, 0.05, 0.8, 0.9):
            x = significant(drawn(3, 16, 10) @ mix.T + 0.3)
            attention = (torch.arange(16) < torch.tensor([[16], [13], [9]])).long()
            labels = torch.where(torch.rand(3, 16) < learned, torch.randint(0, 9, (3, 16)), label_mask_value)
            batches.append({"input_ids": torch.zeros(3, 16), "attention_mask": attention, "labels": labels, "x": x})
        config = LoraConfig(
            r=2, lora_alpha=3, target_modules=["q", "k", "o"], init_lora_weights="eva",
            eva_config=EvaConfig(rho=2.0, use_label_mask=use_label_mask, label_mask_value=label_mask_value),
        )
        inner = [rounded((torch.tanh(net.q(b["x"])) * net.k(b["x"])).flatten(0, 1)) for b in batches]
        by_size = {}

        def randn(*shape, by_size=by_size, **_):
            return by_size.setdefault(shape, drawn(*shape)).clone()

        with doubled():
            torch.randn = randn
            model = get_peft_model(net, config)
            initialize_lora_eva_weights(
                model, batches, forward_fn=lambda model, inputs: model(inputs["x"]), show_progress_bar=False
            )
        layers = {
            name: rounded(getattr(model.base_model.model, name).lora_A["default"].weight.data)
            for name in ("q", "k", "o")
            if hasattr(getattr(model.base_model.model, name), "lora_A")
        }
        cases.append({
            "useLabelMask": use_label_mask, "labelMaskValue": label_mask_value,
            "batches": [
                {"attention": b["attention_mask"].flatten().tolist(), "labels": b["labels"].flatten().tolist(),
                 "outer": rounded(b["x"].flatten(0, 1)), "inner": o}
                for b, o in zip(batches, inner)
            ],
            "draws": [listed(draw) for draw in by_size.values()], "layers": layers,
            "rankPattern": model.peft_config["default"].rank_pattern,
        })
    write("statistics/eva-masks.golden.json", {"rank": 2, "cases": cases})


def trained(weight, options=None):
    """A LoRA with factors that are not zero."""
    config = LoraConfig(r=3, lora_alpha=6, target_modules=["layer"], **(options or {}))
    model = get_peft_model(One(weight).double(), config)
    layer = model.base_model.model.layer
    layer.lora_A["default"].weight.data = drawn(3, weight.shape[1])
    layer.lora_B["default"].weight.data = drawn(weight.shape[0], 3) * 0.6 ** torch.arange(3)
    return model, layer


def conversions():
    """LoRA of an update, and weakened intruders (rows 22 and 23)."""
    torch.set_default_dtype(torch.float64)
    weight = weight_of(6, 9)
    model, layer = trained(weight)
    factors = {"up": listed(layer.lora_B["default"].weight), "down": listed(layer.lora_A["default"].weight)}
    converted = []
    with doubled():
        for kept in (2, 6, 0.5, 0.9, 1.0):
            config, state = convert_to_lora(model, kept)
            down, up = (state[f"base_model.model.layer.lora_{side}.weight"] for side in "AB")
            rank = config.rank_pattern.get("layer", config.r)
            converted.append({
                "kept": kept, "whole": isinstance(kept, int), "rank": rank, "alpha": config.alpha_pattern.get("layer", config.lora_alpha),
                "product": rounded(up @ down),
            })
    reduced = []
    for top_k, epsilon, keep in ((10, 0.7, 0.75), (3, 0.8, 0.4), (10, 0.9, 0.0)):
        weight = weight_of(8, 11)
        model, layer = trained(weight)
        before = {"up": listed(layer.lora_B["default"].weight), "down": listed(layer.lora_A["default"].weight)}
        with doubled():
            reduce_intruder_dimension(
                model, top_k=top_k, threshold_epsilon=epsilon, mitigation_lambda=keep, logging_sink=None
            )
        down, up = (getattr(layer, f"lora_{side}")["intruder_reduced"].weight for side in "AB")
        reduced.append({
            "topK": top_k, "threshold": epsilon, "keep": keep, "weight": listed(weight), "scale": 2, **before,
            "product": rounded(up @ down),
        })
    write("convert/convert.golden.json", {"scale": 2, **factors, "converted": converted, "reduced": reduced})


def subtracted():
    """A trained PiSSA adapter as a plain one (row 24)."""
    import tempfile

    from safetensors.torch import load_file

    cases = []
    for options in ({}, {"use_rslora": True}):
        torch.set_default_dtype(torch.float32)
        config = LoraConfig(r=2, lora_alpha=3, target_modules=["layer"], init_lora_weights="pissa", **options)
        model = get_peft_model(One(weight_of(5, 7).float()), config)
        with tempfile.TemporaryDirectory() as folder:
            start = copy.deepcopy(model)
            start.peft_config["default"].init_lora_weights = True
            start.save_pretrained(f"{folder}/initial")
            layer = model.base_model.model.layer
            for side in (layer.lora_A, layer.lora_B):
                side["default"].weight.data += 0.1 * drawn(*side["default"].weight.shape).float()
            trained_state = {
                f"base_model.model.layer.lora_{side}.weight": getattr(layer, f"lora_{side}")["default"].weight.data.clone()
                for side in "AB"
            }
            model.save_pretrained(f"{folder}/plain", path_initial_model_for_weight_conversion=f"{folder}/initial")
            initial = load_file(f"{folder}/initial/adapter_model.safetensors")
            plain = load_file(f"{folder}/plain/adapter_model.safetensors")
            written = json.loads(Path(f"{folder}/plain/adapter_config.json").read_text())
        values = lambda state: {name: {"shape": list(t.shape), "data": t.double().flatten().tolist()} for name, t in state.items()}
        cases.append({
            "rslora": bool(options), "trained": values(trained_state), "initial": values(initial), "plain": values(plain),
            "r": written["r"], "alpha": written["lora_alpha"], "init": written["init_lora_weights"],
        })
        torch.set_default_dtype(torch.float64)
    write("convert/subtract.golden.json", {"r": 2, "alpha": 3, "cases": cases})


def main():
    """Write the golden files."""
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(7)
    for part in (weights, corda, lora_ga, pca, eva, conversions, subtracted, eva_masked):
        part()


if __name__ == "__main__":
    main()
