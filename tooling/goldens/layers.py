"""Writes packages/peft/src/layers/*.golden.json: what PEFT's layers give, in float64, for inputs that are stored with
the results. One file a group of layers.

Usage: python tooling/goldens/layers.py      (peft 0.21, torch 2.13, transformers 5)
"""

import copy
import json
import math
import pathlib

import torch
from peft import LoraConfig, get_peft_model
from peft.tuners.lora.config import ArrowConfig, BdLoraConfig, KasaConfig, MontecloraConfig, VeloraConfig
from peft.tuners.lora.variants import QALoraLinearVariant
from torch import nn
from transformers.pytorch_utils import Conv1D

ROOT = pathlib.Path(__file__).parents[2] / "packages/peft/src/layers"
torch.set_default_dtype(torch.float64)


def values(tensor):
    """A tensor as plain data, with 13 digits."""
    tensor = tensor.detach()
    return {"shape": list(tensor.shape), "data": [float(f"{x:.13g}") for x in tensor.reshape(-1).tolist()]}


def short(tensor):
    """Rounded to thousandths, so that inputs are stored exactly in few digits."""
    return (tensor * 1000).round() / 1000


def bits(tensor):
    return [int(x) & 0xFFFF for x in tensor.detach().view(torch.int16).reshape(-1).tolist()]


class One(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, *args, **kwargs):
        return self.layer(*args, **kwargs)


def wrap(layer, **config):
    settings = {"target_modules": ["layer"], "r": 4, "lora_alpha": 6, "init_lora_weights": False, **config}
    model = get_peft_model(One(layer), LoraConfig(**settings), autocast_adapter_dtype=False)
    model.eval()
    return model, model.base_model.model.layer


def randomise(model, scale=0.4):
    """Draws every tensor of the adapters anew, magnitudes away from the norms they start at."""
    for name, parameter in model.named_parameters():
        if "lora_magnitude" in name:
            parameter.data = short(parameter.data * (0.5 + torch.rand(parameter.shape)))
        elif "lora_" in name:
            parameter.data = short(scale * torch.randn(parameter.shape)).to(parameter.dtype)


def tensors(layer, adapter="default"):
    found = {}
    if adapter in layer.lora_A:
        found["down"] = values(layer.lora_A[adapter].weight)
        found["up"] = values(layer.lora_B[adapter].weight)
        if getattr(layer.lora_B[adapter], "bias", None) is not None:
            found["bias"] = values(layer.lora_B[adapter].bias)
    else:
        found["down"] = values(layer.lora_embedding_A[adapter])
        found["up"] = values(layer.lora_embedding_B[adapter])
    if adapter in layer.lora_magnitude_vector:
        found["magnitude"] = values(layer.lora_magnitude_vector[adapter].weight)
    if adapter in getattr(layer, "lora_diag", {}):
        found["diagonal"] = values(layer.lora_diag[adapter])
    return found


def case(name, layer, x, seed=0, delta=True, merge=True, **config):
    """Forward, update and merged weight of one layer."""
    torch.manual_seed(seed)
    base = copy.deepcopy(layer)
    model, wrapped = wrap(layer, **config)
    randomise(model)
    result = {
        "name": name,
        "weight": values(base.weight),
        "bias": values(base.bias) if getattr(base, "bias", None) is not None else None,
        "tensors": tensors(wrapped),
        "alpha": 6,
        "rsLora": config.get("use_rslora", False),
        "variant": "dora" if config.get("use_dora") else "lora",
        "x": values(x),
        "scale": wrapped.scaling["default"],
        "y": values(model(x)),
    }
    if delta:
        result["delta"] = values(wrapped.get_delta_weight("default"))
    if merge:
        wrapped.merge(safe_merge=True)
        result["merged"] = values(wrapped.get_base_layer().weight)
        if config.get("lora_bias"):
            result["mergedBias"] = values(wrapped.get_base_layer().bias)
        wrapped.unmerge()
        result["unmerged"] = values(wrapped.get_base_layer().weight)
    return result


def seeded(seed, make):
    torch.manual_seed(seed)
    made = make()
    if isinstance(made, nn.Module):
        for parameter in made.parameters():
            parameter.data = short(parameter.data)
        return made
    return short(made)


def linear_cases():
    x = seeded(1, lambda: torch.randn(2, 3, 6))
    line = lambda bias=True: seeded(2, lambda: nn.Linear(6, 5, bias=bias))
    gpt2 = lambda: seeded(3, lambda: Conv1D(5, 6))
    return [
        case("linear", line(), x),
        case("linear without a bias", line(bias=False), x),
        case("linear with rsLoRA", line(), x, use_rslora=True),
        case("linear with a bias of its own", line(), x, lora_bias=True),
        case("linear with DoRA", line(), x, use_dora=True),
        {**case("HF Conv1D", gpt2(), x, fan_in_fan_out=True), "kind": "hf-conv1d"},
        {**case("HF Conv1D with DoRA", gpt2(), x, fan_in_fan_out=True, use_dora=True), "kind": "hf-conv1d"},
    ]


def embedding_cases():
    ids = torch.tensor([[0, 3, 8], [3, 2, 1]])
    table = lambda: seeded(4, lambda: nn.Embedding(9, 5))
    return [case("embedding", table(), ids), case("embedding with DoRA", table(), ids, use_dora=True)]


def convolution_cases():
    plane = seeded(5, lambda: torch.randn(2, 4, 5, 4))
    line = seeded(6, lambda: torch.randn(2, 4, 7))
    solid = seeded(7, lambda: torch.randn(1, 2, 3, 4, 3))
    kinds = [
        ("3 × 3, stride 2, padding 1", nn.Conv2d, (4, 6, 3), {"stride": 2, "padding": 1}, plane),
        ("1 × 1", nn.Conv2d, (4, 6, 1), {}, plane),
        ("3 × 2, padding (1, 0), no bias", nn.Conv2d, (4, 6, (3, 2)), {"padding": (1, 0), "bias": False}, plane),
        ("one axis", nn.Conv1d, (4, 6, 3), {"padding": 1}, line),
        ("three axes", nn.Conv3d, (2, 6, 3), {"padding": 1, "stride": (1, 2, 1)}, solid),
    ]
    cases = []
    for name, kind, sizes, options, x in kinds:
        for use_dora in (False, True):
            layer = seeded(8, lambda: kind(*sizes, **options))
            made = case(f"convolution {name}{' with DoRA' if use_dora else ''}", layer, x, use_dora=use_dora)
            cases.append({**made, "options": {k: v for k, v in options.items() if k != "bias"}})
    grouped = seeded(9, lambda: nn.Conv2d(4, 6, 3, padding=1, groups=2))
    cases.append(
        {
            **case("convolution with two groups", grouped, plane, delta=False, merge=False),
            "options": {"padding": 1, "groups": 2},
        }
    )
    return cases


def plain_convolutions():
    """Convolutions of torch with no adapter: dilation, padding modes, `same`, groups."""
    x = seeded(10, lambda: torch.randn(2, 4, 4, 5))
    options = [
        {"kernel_size": 3, "dilation": 2, "padding": 2},
        {"kernel_size": 2, "padding": "same"},
        {"kernel_size": 4, "padding": "same", "dilation": 1},
        {"kernel_size": 3, "padding": "valid"},
        {"kernel_size": 3, "padding": 2, "padding_mode": "reflect"},
        {"kernel_size": 3, "padding": 2, "padding_mode": "replicate"},
        {"kernel_size": 3, "padding": 3, "padding_mode": "circular", "stride": 2},
        {"kernel_size": 3, "groups": 4, "padding": 1},
    ]
    cases = []
    for option in options:
        layer = seeded(11, lambda: nn.Conv2d(4, 4, **option))
        cases.append(
            {
                "name": json.dumps(option),
                "options": {k: v for k, v in option.items() if k != "kernel_size"},
                "weight": values(layer.weight),
                "bias": values(layer.bias),
                "x": values(x),
                "y": values(layer(x)),
            }
        )
    return cases


def half_cases():
    """Bits of merged weights in bf16 and f16, with factors in singles and in the type of the base."""
    cases = []
    for dtype, name in ((torch.bfloat16, "bf16"), (torch.float16, "f16")):
        for factors in (torch.float32, dtype):
            for safe in (False, True):
                torch.manual_seed(12)
                layer = nn.Linear(32, 24).to(dtype)
                base = layer.weight.detach().clone()
                model, wrapped = wrap(layer)
                for part in (wrapped.lora_A, wrapped.lora_B):
                    part["default"].weight.data = (0.2 * torch.randn(part["default"].weight.shape)).to(factors)
                wrapped.merge(safe_merge=safe)
                stored = tensors(wrapped)
                cases.append(
                    {
                        "name": f"{name}, factors {'in singles' if factors == torch.float32 else name}{', safe' if safe else ''}",
                        "dtype": name,
                        "factors": "f32" if factors == torch.float32 else name,
                        "safe": safe,
                        "alpha": 6,
                        "weight": bits(base),
                        "shape": list(base.shape),
                        "tensors": stored,
                        "merged": bits(wrapped.get_base_layer().weight),
                    }
                )
    return cases


def several():
    """Two adapters at once, DoRA among them: forward, and merged in order."""
    x = seeded(13, lambda: torch.randn(3, 6))
    cases = []
    for name, doras in (("plain", (False, False)), ("DoRA", (True, True)), ("plain and DoRA", (False, True))):
        layer = seeded(14, lambda: nn.Linear(6, 5))
        weight, bias = values(layer.weight), values(layer.bias)
        model, wrapped = wrap(layer, use_dora=doras[0])
        other = LoraConfig(
            target_modules=["layer"], r=2, lora_alpha=4, init_lora_weights=False, use_dora=doras[1]
        )
        model.add_adapter("other", other)
        torch.manual_seed(15)
        randomise(model)
        model.base_model.set_adapter(["default", "other"])
        model.eval()
        made = {
            "name": name,
            "weight": weight,
            "bias": bias,
            "adapters": [
                {"name": n, "alpha": a, "variant": "dora" if d else "lora", "tensors": tensors(wrapped, n)}
                for n, a, d in (("default", 6, doras[0]), ("other", 4, doras[1]))
            ],
            "x": values(x),
            "y": values(model(x)),
        }
        if not any(doras):
            made["mixed"] = {
                "names": ["other", "__base__", "default"],
                "y": values(model(x, adapter_names=["other", "__base__", "default"])),
            }
        wrapped.merge(adapter_names=["default", "other"])
        made["merged"] = values(wrapped.get_base_layer().weight)
        cases.append(made)
    return cases


def variant(name, wrapped, seed, act, merge=True):
    """Forward and merged weight of a layer that was wrapped; `act` gives its output."""
    model, layer = wrapped
    base = layer.get_base_layer()
    made = {"name": name, "weight": values(base.weight), "bias": values(base.bias)}
    torch.manual_seed(seed)
    randomise(model)
    made |= {"tensors": tensors(layer), "alpha": 6, "y": values(act(model, layer))}
    if merge:
        layer.merge(safe_merge=True)
        made["merged"] = values(layer.get_base_layer().weight)
    return made


def variants():
    x = seeded(16, lambda: torch.randn(2, 5, 6))
    stored = {"x": values(x)}
    plain = lambda model, _: model(x)
    line = lambda seed: seeded(seed, lambda: nn.Linear(6, 8))
    cases = []
    for side in ("a", "b"):
        bd = BdLoraConfig(**{f"target_modules_bd_{side}": ["layer"], "nblocks": 2})
        made = variant(f"bdlora {side}", wrap(line(17), use_bdlora=bd), 18, plain)
        cases.append({**made, **stored, "side": side, "blocks": 2})

    layer = line(19)
    base = values(layer.weight)
    made = variant("kasa", wrap(layer, r=2, kasa_config=KasaConfig(), init_lora_weights=True), 20, plain)
    cases.append({**made, **stored, "truncated": made["weight"], "weight": base})

    alora = lambda _, layer: layer(x, alora_offsets=[3, None])
    made = variant("alora", wrap(line(21), alora_invocation_tokens=[1, 2]), 22, alora, merge=False)
    cases.append({**made, **stored, "offsets": [3, None]})

    # PEFT begins MiCA in singles only.
    model, layer = wrap(line(32).float(), init_lora_weights="mica")
    cases.append({**variant("mica", (model.double(), layer), 33, plain), **stored})
    cases.append({**variant("velora", wrap(line(34), velora_config=VeloraConfig(num_groups=2)), 35, plain), **stored})
    cases.append({**variant("monteclora", wrap(line(36), monteclora_config=MontecloraConfig()), 37, plain), **stored})

    # PEFT puts QALoRA into GPTQ layers; here its variant goes into a layer whose weight can be read.
    model, layer = wrap(line(38), use_qalora=True, qalora_group_size=3)
    layer.lora_variant["default"] = QALoraLinearVariant()
    QALoraLinearVariant.init(layer, "default", model.peft_config["default"])
    cases.append({**variant("qalora", (model, layer), 39, plain, merge=False), **stored, "groupSize": 3})
    return cases


def alora_offsets():
    from peft.tuners.lora.variants import calculate_alora_offsets

    rows = [[1, 2, 3, 1, 2], [1, 2, 1, 3, 3], [3, 3, 3, 3, 1], [1, 1, 2, 9, 9], [2, 1, 1, 1, 2]]
    config = LoraConfig(alora_invocation_tokens=[1, 2])
    other = LoraConfig(task_type="CAUSAL_LM")
    found = calculate_alora_offsets({"default": config, "plain": other}, "default", torch.tensor(rows))
    mixed = ["default", "plain", "__base__", "default", "default"]
    named = calculate_alora_offsets({"default": config, "plain": other}, "default", torch.tensor(rows), mixed)
    return {"tokens": [1, 2], "rows": rows, "offsets": found, "names": mixed, "mixed": named}


def attention_cases():
    cases = []
    for name, cross, batch_first, heads in (("self", False, True, 2), ("cross", True, False, 3)):
        layer = seeded(23, lambda: nn.MultiheadAttention(6, heads, batch_first=batch_first))
        layer.in_proj_bias.data = torch.randn(18)
        layer.out_proj.bias.data = torch.randn(6)
        base = copy.deepcopy(layer)
        x = seeded(24, lambda: torch.randn(4, 3, 6))
        key = seeded(25, lambda: torch.randn(5, 3, 6)) if cross else x
        value = seeded(26, lambda: torch.randn(5, 3, 6)) if cross else x
        masks = {}
        if not cross:
            masks = {"key_padding_mask": torch.tensor([[False, False, True]] * 4)}
        else:
            masks = {"attn_mask": torch.triu(torch.full((4, 5), -math.inf), diagonal=2)}
        model, wrapped = wrap(layer, init_lora_weights=True)
        torch.manual_seed(27)
        randomise(model)
        out = wrapped.base_layer.out_proj
        made = {
            "name": name,
            "heads": heads,
            "batchFirst": batch_first,
            "in": {"weight": values(base.in_proj_weight), "bias": values(base.in_proj_bias), "tensors": tensors(wrapped)},
            "out": {"weight": values(base.out_proj.weight), "bias": values(base.out_proj.bias), "tensors": tensors(out)},
            "alpha": 6,
            "x": values(x),
            "key": values(key),
            "value": values(value),
            "paddingMask": masks["key_padding_mask"].tolist() if not cross else None,
            "mask": [[x if math.isfinite(x) else None for x in row] for row in masks["attn_mask"].tolist()] if cross else None,
        }
        y, weights = model(x, key, value, **masks)
        made["twice"] = {"y": values(y), "weights": values(weights)}
        # What the update should do: once into each weight.
        right = copy.deepcopy(base)
        right.in_proj_weight.data += wrapped.get_delta_weight("default")
        right.out_proj.weight.data += out.get_delta_weight("default")
        y, weights = right(x, key, value, **masks)
        made["once"] = {"y": values(y), "in": values(right.in_proj_weight), "out": values(right.out_proj.weight)}
        wrapped.merge(safe_merge=True)
        made["twice"]["in"] = values(wrapped.base_layer.in_proj_weight)
        made["twice"]["out"] = values(wrapped.base_layer.out_proj.get_base_layer().weight)
        cases.append(made)
    return cases


class Experts(nn.Module):
    def __init__(self, count, inner, outer, transposed):
        super().__init__()
        self.is_transposed = transposed
        shape = (count, inner, outer) if transposed else (count, outer, inner)
        self.weight = nn.Parameter(torch.randn(shape))

    def forward(self, x):
        return torch.bmm(x, self.weight if self.is_transposed else self.weight.transpose(1, 2))


def expert_cases():
    cases = []
    for transposed in (True, False):
        layer = seeded(28, lambda: Experts(3, 6, 5, transposed))
        base = values(layer.weight)
        x = seeded(29, lambda: torch.randn(3, 4, 6))
        config = {"target_modules": [], "target_parameters": ["layer.weight"], "r": 2}
        model, wrapped = wrap(layer, **config)
        torch.manual_seed(30)
        randomise(model)
        made = {"name": f"{'in × out' if transposed else 'out × in'}", "weight": base, "tensors": tensors(wrapped), "alpha": 6}
        made |= {"transposed": transposed, "x": values(x), "y": values(model(x))}
        made["delta"] = values(wrapped.get_delta_weight("default"))
        wrapped.merge(safe_merge=True)
        cases.append({**made, "merged": values(wrapped.get_param())})
    return cases


def arrow_case():
    """Three experts behind a router; the prototypes are what PEFT found from its own random start."""
    from peft.tuners.lora.arrow import ArrowLoraLinearLayer

    torch.manual_seed(31)
    config = ArrowConfig(top_k=2, router_temperature=0.7, use_gks=True, rng_seed=1)
    config.task_adapter_names = ["a", "b", "c"]
    config.gks_adapter_names = ["g", "h"]
    layer = ArrowLoraLinearLayer(6, config)
    names = ["a", "b", "c", "g", "h"]
    downs = nn.ModuleDict({n: nn.Linear(6, 2, bias=False) for n in names})
    ups = nn.ModuleDict({n: nn.Linear(2, 5, bias=False) for n in names})
    made = {n: {"down": values(downs[n].weight), "up": values(ups[n].weight)} for n in names}
    layer.gen_know_sub(downs, ups)
    exact = [torch.linalg.svd(ups[n].weight @ downs[n].weight).Vh[0] for n in ("a", "b", "c")]
    layer.register_buffer("prototypes", torch.stack(exact), persistent=False)
    layer._protos_ready = True
    x = torch.randn(2, 4, 6)
    scaling = {n: s for n, s in zip(names, (1.5, 0.5, 2.0, 1.0, 1.0))}
    y = layer(x, downs, ups, nn.Identity(), scaling)
    return {"experts": made, "scaling": scaling, "topK": 2, "temperature": 0.7, "x": values(x), "y": values(y)}


def arrow_model():
    """A router as PEFT makes one: prototypes by its power iteration in singles, general knowledge taken off by itself."""
    layer = seeded(40, lambda: nn.Linear(6, 5))
    x = seeded(41, lambda: torch.randn(2, 4, 6))
    made = {"weight": values(layer.weight), "bias": values(layer.bias), "x": values(x)}
    names = ["task_0", "task_1", "task_2", "gks_0", "gks_1"]
    alphas = dict(zip(names, (3, 1, 4, 2, 2)))
    plain = lambda name: LoraConfig(target_modules=["layer"], r=2, lora_alpha=alphas[name])
    model = get_peft_model(One(layer), plain("task_0"), adapter_name="task_0", autocast_adapter_dtype=False)
    for name in names[1:]:
        model.add_adapter(name, plain(name), autocast_adapter_dtype=False)
    wrapped = model.base_model.model.layer
    torch.manual_seed(42)
    randomise(model)
    for name in names[:3]:  # one direction of each stands out, so that fifteen iterations find it
        wrapped.lora_B[name].weight.data[:, 0] *= 8
    router = ArrowConfig(top_k=2, router_temperature=0.7, use_gks=True, rng_seed=1)
    router.task_adapter_names, router.gks_adapter_names = names[:3], names[3:]
    made["adapters"] = {n: {"alpha": alphas[n], "tensors": tensors(wrapped, n)} for n in names}
    model.add_adapter("arrow_router", LoraConfig(target_modules=["layer"], r=2, arrow_config=router), autocast_adapter_dtype=False)
    model.set_adapter("arrow_router")
    model.eval()
    made["y"] = values(model(x))
    return {**made, "topK": 2, "temperature": 0.7}


def write(name, content):
    path = ROOT / f"{name}.golden.json"
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n")
    print(path.name, path.stat().st_size // 1024, "KB")


write("linear", linear_cases())
write("embedding", embedding_cases())
write("convolution", {"adapted": convolution_cases(), "plain": plain_convolutions()})
write("half", half_cases())
write("several", several())
write("variants", {"cases": variants(), "offsets": alora_offsets(), "arrow": arrow_case(), "router": arrow_model()})
write("attention", attention_cases())
write("experts", expert_cases())
