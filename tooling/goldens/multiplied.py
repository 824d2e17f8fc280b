"""Updates that are functions of the weight they change: PEFT's own layers, and the formulas of LyCORIS in numpy.

PEFT 0.21, torch, numpy. Writes packages/peft/src/plain-delta.golden.json.
"""

import json
from pathlib import Path

import numpy as np
import torch
from peft import BOFTConfig, IA3Config, LoraConfig, OFTConfig, get_peft_model, get_peft_model_state_dict
from peft.tuners.boft import layer as boft_layer
from peft.tuners.glora import GloraConfig

OUT = Path(__file__).resolve().parents[2] / "packages/peft/src/plain-delta.golden.json"


def listed(array):
    array = np.asarray(array, dtype=np.float64)
    # Nine digits that f32 keeps: the reader takes these very numbers.
    return {"shape": list(array.shape), "values": [float(f"{value:.9g}") for value in array.flatten()]}


def rounded(array):
    return np.array(listed(array)["values"]).reshape(np.shape(array))


class Model(torch.nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.lin = layer


def of_peft(title, layer, config, spread=0.3):
    """Merges an adapter of PEFT with random parameters, and notes what that changed."""
    torch.manual_seed(len(title))
    layer = layer.double()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(torch.from_numpy(rounded(parameter.numpy())))
    before = layer.weight.detach().clone().numpy()
    bias = layer.bias.detach().clone().numpy()
    model = get_peft_model(Model(layer), config).double()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if any(part in name for part in ("oft_R", "boft", "ia3", "lora_", "glora_")):
                drawn = spread * torch.randn(parameter.shape, dtype=torch.float64)
                ones = "boft_s" in name or "ia3" in name or "magnitude" in name
                parameter.copy_(torch.from_numpy(rounded((drawn + (1 if ones else 0)).numpy())))
    tensors = {name: listed(value.numpy()) for name, value in get_peft_model_state_dict(model).items()}
    fields = json.loads(json.dumps(config.to_dict(), default=lambda value: sorted(value)))
    merged = model.merge_and_unload().lin
    return {
        "title": title,
        "config": fields,
        "tensors": tensors,
        "base": listed(before),
        "delta": (merged.weight.detach().numpy() - before).flatten().tolist(),
        "bias": {"base": bias.tolist(), "delta": (merged.bias.detach().numpy() - bias).tolist()},
    }


def linear(width, out):
    return torch.nn.Linear(width, out)


def conv(width, out, kernel):
    return torch.nn.Conv2d(width, out, kernel)


class BlockDiagonal:
    """What PEFT's CUDA kernel does, so that several butterfly factors can be had without it."""

    @staticmethod
    def apply(blocks):
        return torch.stack([torch.block_diag(*torch.unbind(one)) for one in blocks])


def butterflies(factors):
    boft_layer.get_fbd_cuda = lambda: True
    boft_layer.FastBlockDiag = BlockDiagonal
    return BOFTConfig(boft_block_size=4, boft_n_butterfly_factor=factors, target_modules=["lin"])


def peft_cases():
    def oft(**options):
        return OFTConfig(target_modules=["lin"], **options)

    def ia3(feedforward):
        return IA3Config(target_modules=["lin"], feedforward_modules=["lin"] if feedforward else [])

    yield of_peft("OFT by the Cayley transform", linear(8, 6), oft(oft_block_size=4, use_cayley_neumann=False))
    for terms in (1, 2, 3, 4, 5, 6):
        options = {"use_cayley_neumann": True, "num_cayley_neumann_terms": terms}
        yield of_peft(f"OFT by {terms} terms", linear(6, 4), oft(oft_block_size=3, **options))
    constrained = {"use_cayley_neumann": False, "coft": True, "eps": 0.2}
    yield of_peft("OFT with a constraint", linear(8, 5), oft(oft_block_size=4, **constrained))
    yield of_peft("OFT with one block for all", linear(8, 5), oft(oft_block_size=4, block_share=True))
    yield of_peft("OFT of a convolution", conv(4, 3, 3), oft(oft_block_size=6))
    for factors in (1, 2, 3):
        yield of_peft(f"BOFT of {factors} factors", linear(16, 5), butterflies(factors))
    yield of_peft("BOFT of a convolution", conv(4, 3, 2), butterflies(2))
    for feedforward in (False, True):
        where = "inputs" if feedforward else "outputs"
        yield of_peft(f"(IA)³ on {where}", linear(5, 4), ia3(feedforward))
        yield of_peft(f"(IA)³ on {where} of a convolution", conv(4, 4, 2), ia3(feedforward))
    for form in ("lora", "vector", "constant"):
        config = GloraConfig(r=2, config_A_B=form, config_C="none", config_D_E="none", target_modules=["lin"])
        yield of_peft(f"GLoRA by {form}", linear(6, 5), config)
    dora = LoraConfig(r=2, lora_alpha=3, use_dora=True, target_modules=["lin"])
    yield of_peft("DoRA", linear(6, 5), dora)
    yield of_peft("DoRA of a convolution", conv(3, 4, 2), dora)


def of_lycoris(title, tensors, base, delta):
    prefix = "lora_unet_lin."
    named = {prefix + name: listed(value) for name, value in tensors.items()}
    return {"title": title, "tensors": named, "base": listed(base), "delta": delta.flatten().tolist()}


def cayley(blocks, bound=np.inf):
    q = blocks - np.swapaxes(blocks, -1, -2)
    norm = np.linalg.norm(q)
    q = q * (bound / norm) if norm > bound else q
    one = np.eye(q.shape[-1])
    return (one + q) @ np.linalg.inv(one - q)


def diag_oft(base, blocks, bound=np.inf, rescale=None):
    count, size, _ = blocks.shape
    turned = np.einsum("knm,kn...->km...", cayley(blocks, bound), base.reshape(count, size, *base.shape[1:]))
    turned = turned.reshape(base.shape)
    return (turned if rescale is None else rescale * turned) - base


def boft(base, blocks, rescale=None):
    size = blocks.shape[-1]
    turned = base.reshape(base.shape[0], -1)
    for i, rotation in enumerate(cayley(blocks[i]) for i in range(len(blocks))):
        apart = 2**i * size // 2
        width = turned.shape[1]
        grouped = np.swapaxes(turned.reshape(-1, 2, apart, width), 1, 2).reshape(-1, size, width)
        rotated = np.einsum("bij,bjc->bic", rotation, grouped).reshape(-1, apart, 2, width)
        turned = np.swapaxes(rotated, 1, 2).reshape(-1, width)
    turned = turned.reshape(base.shape)
    return (turned if rescale is None else rescale * turned) - base


def with_norms(base, update, magnitude, axis):
    total = base + update
    others = tuple(i for i in range(total.ndim) if i != axis)
    return magnitude * total / np.sqrt((total**2).sum(axis=others, keepdims=True)) - base


def lycoris_cases():
    random = np.random.default_rng(7)

    def drawn(*shape):
        return rounded(random.standard_normal(shape))

    base, image = drawn(8, 5), drawn(8, 3, 2, 2)
    blocks = 0.3 * drawn(2, 4, 4)
    blocks, scales = rounded(blocks), rounded(1 + 0.2 * drawn(8, 1))
    yield of_lycoris("OFT", {"oft_blocks": blocks, "alpha": np.array(0.0)}, base, diag_oft(base, blocks))
    bound = rounded(np.array(0.05))
    held = {"oft_blocks": blocks, "rescale": scales, "alpha": bound}
    yield of_lycoris("OFT with a constraint", held, base, diag_oft(base, blocks, bound * 8, scales))
    yield of_lycoris("OFT of a convolution", {"oft_blocks": blocks}, image, diag_oft(image, blocks))
    factors = rounded(0.3 * drawn(2, 2, 4, 4))
    yield of_lycoris("BOFT", {"oft_blocks": factors}, base, boft(base, factors))
    wide = scales.reshape(8, 1, 1, 1)
    held = {"oft_blocks": factors, "rescale": wide}
    yield of_lycoris("BOFT of a convolution", held, image, boft(image, factors, wide))
    a1, a2, b1, b2 = drawn(5, 2), drawn(2, 5), drawn(8, 2), drawn(2, 5)
    names = ("a1.weight", "a2.weight", "b1.weight", "b2.weight")
    halved = {"alpha": np.array(1.0)}
    newer = dict(zip(names, (a1, a2, b1, b2)))
    yield of_lycoris("GLoRA", newer | halved, base, 0.5 * (base @ a1 @ a2 + b1 @ b2))
    older = dict(zip(names, (a2, a1, b2, b1)))
    yield of_lycoris("GLoRA, older", older, base, base @ a1 @ a2 + b1 @ b2)
    c1, c2, d2 = drawn(3, 2), drawn(2, 3), drawn(2, 3, 2, 2)
    through = np.einsum("oikl,ir,rj->ojkl", image, c1, c2)
    kernel = dict(zip(names, (c1, c2, b1, d2)))
    yield of_lycoris("GLoRA of a convolution", kernel, image, through + np.einsum("or,rikl->oikl", b1, d2))
    out, inner = drawn(8), drawn(5)
    for flag, vector in ((0, out), (1, inner)):
        by = vector if flag else vector[:, None]
        held = {"weight": vector, "on_input": np.array(float(flag))}
        yield of_lycoris(f"(IA)³ on {('outputs', 'inputs')[flag]}", held, base, base * by)
    channels = drawn(1, 3, 1, 1)
    held = {"weight": channels, "on_input": np.array(1.0)}
    yield of_lycoris("(IA)³ of a convolution", held, image, image * channels)
    w1a, w1b, w2a, w2b = drawn(8, 2), drawn(2, 5), drawn(8, 2), drawn(2, 5)
    update = (w1a @ w1b) * (w2a @ w2b)
    loha = {"hada_w1_a": w1a, "hada_w1_b": w1b, "hada_w2_a": w2a, "hada_w2_b": w2b}
    for axis in (0, 1):
        magnitude = rounded(1 + abs(drawn(8, 1) if axis == 0 else drawn(1, 5)))
        held = loha | {"dora_scale": magnitude}
        where = ("outputs", "inputs")[axis]
        yield of_lycoris(f"LoHa with DoRA on {where}", held, base, with_norms(base, update, magnitude, axis))
    k1, k2 = drawn(2, 1), drawn(4, 3, 2, 2)
    update = np.kron(k1, k2.reshape(4, -1)).reshape(image.shape)
    magnitude = rounded(1 + abs(drawn(1, 3, 1, 1)))
    held = {"lokr_w1": k1, "lokr_w2": k2, "dora_scale": magnitude}
    yield of_lycoris("LoKr of a convolution with DoRA", held, image, with_norms(image, update, magnitude, 1))
    diff, magnitude = drawn(8, 5), rounded(1 + abs(drawn(8, 1)))
    held = {"diff": diff, "dora_scale": magnitude}
    yield of_lycoris("full difference with DoRA", held, base, with_norms(base, diff, magnitude, 0))


cases = {"peft": list(peft_cases()), "lycoris": list(lycoris_cases())}
OUT.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
print(OUT, OUT.stat().st_size, "bytes", {name: len(found) for name, found in cases.items()})
