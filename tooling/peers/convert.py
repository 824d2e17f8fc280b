"""Load what `lora convert` writes into PEFT, and read what it writes for llama.cpp with gguf-py.

    pnpm build && python tooling/peers/convert.py [../shared/data]

PEFT: adapters of five dialects become PEFT; PEFT loads each into a tree of layers of the right shapes, and what it adds to every
weight is compared with the product calculated here from the tensors of the old file. GGUF: the adapter of the samples, its names,
types, metadata and the order of its rows against what llama.cpp's convert_lora_to_gguf.py documents. Prints one line each.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import peft
import torch
from peft import PeftModel
from safetensors.numpy import load_file
from torch import nn

ROOT = Path(__file__).parents[2]
DATA = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "../shared/data")
LORA = ["node", str(ROOT / "apps/cli/dist/lora.js")]


def convert(source, out, *flags):
    done = subprocess.run([*LORA, "convert", str(source), "-o", str(out), "--json", "--no-progress", *flags], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{source}: {done.stderr}")
    return json.loads(done.stdout)


def tree(shapes):
    """Nested modules with linear layers and convolutions at these paths."""
    root = nn.Module()
    for path, shape in shapes.items():
        at, *rest = root, *path.split(".")
        for name in rest[:-1]:
            if not hasattr(at, name):
                at.add_module(name, nn.Module())
            at = getattr(at, name)
        layer = nn.Linear(shape[1], shape[0], bias=False) if len(shape) == 2 else nn.Conv2d(shape[1], shape[0], shape[2:], bias=False)
        nn.init.zeros_(layer.weight)
        at.add_module(rest[-1], layer)
    return root


def peft_updates(folder):
    """What PEFT adds to each weight, by path."""
    tensors = load_file(folder / "adapter_model.safetensors")
    strip = len("base_model.model.")
    shapes = {}
    for name, down in tensors.items():
        if name.endswith(".lora_A.weight"):
            up = tensors[name.replace("lora_A", "lora_B")]
            shapes[name[strip : -len(".lora_A.weight")]] = (up.shape[0], *down.shape[1:])
    model = PeftModel.from_pretrained(tree(shapes), folder)
    modules = dict(model.base_model.model.named_modules())
    return {path: modules[path].get_delta_weight("default").double().numpy() for path in shapes}


def worst(updates, expected):
    assert updates.keys() == expected.keys(), sorted(updates.keys() ^ expected.keys())[:4]
    def error(path):
        wanted = np.asarray(expected[path], np.float64).reshape(updates[path].shape)
        return np.linalg.norm(updates[path] - wanted) / max(np.linalg.norm(wanted), 1e-300)
    return max(map(error, updates))


def pairs(tensors, down, up):
    return {n[: -len(down)]: (tensors[n].astype(np.float64), tensors[n[: -len(down)] + up].astype(np.float64)) for n in tensors if n.endswith(down)}


def from_mlx():
    source = DATA / "mlx/wyek1n/0000200_adapters.safetensors"
    scale = json.loads((source.parent / "adapter_config.json").read_text())["lora_parameters"]["scale"]
    return source, [], {path: scale * (a @ b).T for path, (a, b) in pairs(load_file(source), ".lora_a", ".lora_b").items()}


def from_loralib():
    source = DATA / "loralib/microsoft-LoRA/roberta_base_lora_mnli.bin"
    tensors = {n: t.numpy() for n, t in torch.load(source, map_location="cpu", weights_only=True).items()}
    return source, [], {path: b @ a for path, (a, b) in pairs(tensors, ".lora_A", ".lora_B").items()}


def from_attention_processors():
    source = DATA / "sd15-diffusers/catundchat/pytorch_lora_weights.safetensors"
    found = pairs(load_file(source), "_lora.down.weight", "_lora.up.weight")
    name = lambda n: n.removeprefix("unet.").replace(".processor.to_out", ".to_out.0").replace(".processor.", ".")
    return source, [], {name(n): b @ a for n, (a, b) in found.items()}


def from_lokr():
    source = DATA / "lycoris-lokr/smart_falcon_4_lokr.safetensors"
    tensors = {n: t.astype(np.float64) for n, t in load_file(source).items()}
    expected = {}
    for name in tensors:
        if name.startswith("lora_te_") and name.endswith(".lokr_w1_a"):
            at = name[: -len(".lokr_w1_a")]
            w1, w2 = (tensors[f"{at}.lokr_w{i}_a"] @ tensors[f"{at}.lokr_w{i}_b"] for i in (1, 2))
            scale = tensors[f"{at}.alpha"] / tensors[f"{at}.lokr_w1_b"].shape[0]
            path = at.removeprefix("lora_te_text_model_encoder_layers_").replace("_", ".", 1)
            path = path.replace(".self_attn_", ".self_attn.").replace(".mlp_", ".mlp.")
            expected[f"text_model.encoder.layers.{path}"] = scale * np.kron(w1, w2)
    return source, ["--components", "te1", "--dtype", "f32"], expected


def from_kohya():
    source = ROOT / "samples/kohya/pirate-tales.safetensors"
    tensors = load_file(source)
    want = load_file(ROOT / "samples/pirate-tales/adapter_model.safetensors")
    paths = {n[len("base_model.model.") : -len(".lora_A.weight")] for n in want if n.endswith(".lora_A.weight")}
    found = pairs(tensors, ".lora_down.weight", ".lora_up.weight")
    spelled = {p.replace(".", "_"): p for p in paths}
    key = lambda n: next(p for s, p in spelled.items() if n.endswith(s))
    return source, ["--base", str(ROOT / "samples/base")], {key(n): tensors[f"{n}.alpha"] / a.shape[0] * (b @ a) for n, (a, b) in found.items()}


def check_peft(folder):
    for make in (from_mlx, from_loralib, from_attention_processors, from_lokr, from_kohya):
        source, flags, expected = make()
        for extra in ([], ["--pad-rank"]):
            out = folder / f"{make.__name__}{len(extra)}"
            report = convert(source, out, "--to", "peft", *flags, *extra)
            error = worst(peft_updates(out), expected)
            print(f"{make.__name__} {' '.join(extra)}: {len(expected)} modules, PEFT {peft.__version__} differs by {error:.1e} ({report['output']['dtype']})")
            assert error < (2e-3 if report["output"]["dtype"] == "f16" else 1e-6), error


def check_gguf(folder):
    import gguf

    out = folder / "adapter.gguf"
    convert(ROOT / "samples/pirate-tales", out, "--to", "gguf", "--base", str(ROOT / "samples/base"))
    config = json.loads((ROOT / "samples/base/config.json").read_text())
    adapter = json.loads((ROOT / "samples/pirate-tales/adapter_config.json").read_text())
    reader = gguf.GGUFReader(out)
    text = lambda key: bytes(reader.fields[key].parts[-1]).decode()
    assert text("general.type") == gguf.GGUFType.ADAPTER and text(gguf.Keys.Adapter.TYPE) == "lora"
    assert text("general.architecture") == "llama"
    assert reader.fields[gguf.Keys.Adapter.LORA_ALPHA].types == [gguf.GGUFValueType.FLOAT32]
    assert float(reader.fields[gguf.Keys.Adapter.LORA_ALPHA].parts[-1][0]) == adapter["lora_alpha"]
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config["num_hidden_layers"])
    source = load_file(ROOT / "samples/pirate-tales/adapter_model.safetensors")
    expected = {}
    for name, values in source.items():
        base, side = name.removeprefix("base_model.model.").removesuffix(".weight").rsplit(".", 1)
        heads = {"q_proj": config["num_attention_heads"], "k_proj": config["num_key_value_heads"]}.get(base.rsplit(".", 1)[1])
        if side == "lora_B" and heads:  # LlamaModel.permute of convert_hf_to_gguf.py
            values = values.reshape(heads, 2, values.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(values.shape)
        expected[f"{names.get_name(base)}.weight.{side.lower()}"] = values
    tensors = {t.name: t for t in reader.tensors}
    assert tensors.keys() == expected.keys()
    for name, values in expected.items():
        assert np.array_equal(np.asarray(tensors[name].data).reshape(values.shape), values), name
        assert list(tensors[name].shape) == list(values.shape[::-1]), name
    print(f"GGUF: {len(expected)} tensors and their metadata as convert_lora_to_gguf.py makes them, to the bit (gguf-py)")


with tempfile.TemporaryDirectory() as folder:
    check_peft(Path(folder))
    check_gguf(Path(folder))
