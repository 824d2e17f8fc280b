"""Writes packages/peft/src/layouts/layouts.golden.json: what diffusers' own converters make of adapters in original names.

Every original layer gets a pair of rank 1 whose up has the row's number as its value, so that the golden says which rows of which
layer became which layer of diffusers.

Usage: python tooling/goldens/layouts.py DIFFUSERS/src/diffusers/loaders/lora_conversion_utils.py      (torch; diffusers 58eb52c)
"""

import importlib.util
import json
import pathlib
import sys
import types

import torch

TARGET = pathlib.Path(__file__).parents[2] / "packages/peft/src/layouts/layouts.golden.json"

HUNYUAN = [
    *[f"double_blocks.3.{s}_{p}" for s in ("img", "txt") for p in ("attn_qkv", "attn_proj", "mlp.fc1", "mlp.fc2", "mod.linear")],
    *[f"single_blocks.5.{p}" for p in ("linear1", "linear2", "modulation.linear")],
    "img_in.proj", "txt_in.input_embedder", "txt_in.t_embedder.mlp.0", "txt_in.t_embedder.mlp.2",
    "txt_in.c_embedder.linear_1", "txt_in.c_embedder.linear_2",
    *[f"txt_in.individual_token_refiner.blocks.1.{p}" for p in ("self_attn_proj", "mlp.fc1", "mlp.fc2", "adaLN_modulation.1")],
    "time_in.mlp.0", "time_in.mlp.2", "guidance_in.mlp.0", "guidance_in.mlp.2",
    "vector_in.in_layer", "vector_in.out_layer", "final_layer.linear",
]
LUMINA = [
    f"{block}.0.{p}"
    for block in ("noise_refiner", "context_refiner", "layers")
    for p in ("attention.qkv", "attention.out", "feed_forward.w1", "feed_forward.w2", "feed_forward.w3", "adaLN_modulation.1")
    if not (block == "context_refiner" and p.startswith("adaLN"))
]
WAN = [
    *[f"blocks.0.self_attn.{p}" for p in "qkvo"],
    *[f"blocks.0.cross_attn.{p}" for p in ("q", "k", "v", "o", "k_img", "v_img")],
    "blocks.0.ffn.0", "blocks.0.ffn.2",
]
KREA = [
    *[f"{b}.1.{p}" for b in ("blocks", "txtfusion.layerwise_blocks", "txtfusion.refiner_blocks")
      for p in ("attn.wq", "attn.wk", "attn.wv", "attn.wo", "attn.gate", "mlp.gate", "mlp.up", "mlp.down")],
    "first", "last.linear", "tmlp.0", "tmlp.2", "tproj.1", "txtmlp.1", "txtmlp.3", "txtfusion.projector",
]
ANIMA = [
    *[f"blocks.2.{a}.{p}" for a in ("self_attn", "cross_attn") for p in ("q_proj", "k_proj", "v_proj", "output_proj")],
    *[f"blocks.2.adaln_modulation_{a}.{n}" for a in ("self_attn", "cross_attn", "mlp") for n in (1, 2)],
    "blocks.2.mlp.layer1", "blocks.2.mlp.layer2", "final_layer.adaln_modulation.1", "final_layer.adaln_modulation.2",
    "final_layer.linear", "t_embedder.1.linear_1", "t_embedder.1.linear_2", "x_embedder.proj.1",
]
LTX2 = [
    "patchify_proj", "audio_patchify_proj", "proj_out", "audio_proj_out",
    *[f"{t}.{p}" for t in ("adaln_single", "audio_adaln_single", "av_ca_video_scale_shift_adaln_single",
                           "av_ca_audio_scale_shift_adaln_single", "av_ca_a2v_gate_adaln_single",
                           "av_ca_v2a_gate_adaln_single", "prompt_adaln_single", "audio_prompt_adaln_single")
      for p in ("linear", "emb.timestep_embedder.linear_1", "emb.timestep_embedder.linear_2")],
    *[f"transformer_blocks.1.{a}.{p}" for a in ("attn1", "attn2", "audio_attn1", "audio_attn2", "audio_to_video_attn",
                                                "video_to_audio_attn") for p in ("to_q", "to_k", "to_v", "to_out.0")],
    *[f"transformer_blocks.1.{p}" for p in ("ff.net.0.proj", "ff.net.2", "audio_ff.net.0.proj", "audio_ff.net.2")],
]
FLUX2 = [
    *[f"double_blocks.0.{s}_{p}" for s in ("img", "txt") for p in ("attn.qkv", "attn.proj", "mlp.0", "mlp.2")],
    "single_blocks.0.linear1", "single_blocks.0.linear2", "img_in", "txt_in", "time_in.in_layer", "time_in.out_layer",
    "guidance_in.in_layer", "guidance_in.out_layer", "final_layer.linear", "single_stream_modulation.lin",
    "double_stream_modulation_img.lin", "double_stream_modulation_txt.lin",
]
Z_IMAGE = [
    f"{block}.1.{p}"
    for block in ("layers", "noise_refiner", "context_refiner")
    for p in ("attention.to_q", "attention.to_k", "attention.to_v", "attention.out", "feed_forward.w1", "feed_forward.w2",
              "feed_forward.w3", "adaLN_modulation.0")
]
# architecture: converter, prefix, endings, width, layers
MODELS = {
    "hunyuan-video": ("_convert_hunyuan_video_lora_to_diffusers", "", "AB", 3072, HUNYUAN),
    "lumina2": ("_convert_non_diffusers_lumina2_lora_to_diffusers", "diffusion_model.", "AB", 2304, LUMINA),
    "wan": ("_convert_non_diffusers_wan_lora_to_diffusers", "diffusion_model.", "AB", 16, WAN),
    "krea2": ("_convert_non_diffusers_krea2_lora_to_diffusers", "diffusion_model.", "AB", 16, KREA),
    "anima": ("_convert_non_diffusers_anima_lora_to_diffusers", "diffusion_model.", "AB", 16, ANIMA),
    "ltx": ("_convert_non_diffusers_ltx2_lora_to_diffusers", "diffusion_model.", "AB", 16, LTX2),
    "flux2": ("_convert_non_diffusers_flux2_lora_to_diffusers", "diffusion_model.", "AB", 16, FLUX2),
    "z-image": ("_convert_non_diffusers_z_image_lora_to_diffusers", "diffusion_model.", "down/up", 16, Z_IMAGE),
}
# Rows of what fuses layers, in widths; all else has one width.
FUSED = {"qkv": 3, "linear1": 7, "attention.qkv": 5 / 3}


def converters(path):
    """The module of diffusers alone: what it imports of the package is not used by these functions."""
    for name, names in {"utils": ["is_peft_version", "logging", "get_logger", "state_dict_all_zero"], "loaders": []}.items():
        module = types.ModuleType(f"diffusers.{name}")
        for one in names:
            setattr(module, one, lambda *_, **__: True)
        sys.modules[f"diffusers.{name}"] = module
    sys.modules["diffusers.utils"].logging = types.SimpleNamespace(get_logger=lambda _: types.SimpleNamespace(info=print, warning=print))
    sys.modules["diffusers"] = types.ModuleType("diffusers")
    spec = importlib.util.spec_from_file_location("diffusers.loaders.lora_conversion_utils", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows_of(model, layer, width):
    if model == "flux2" and layer.endswith("linear1"):
        return 9 * width
    return next((round(times * width) for ending, times in reversed(FUSED.items()) if layer.endswith(ending)), width)


def convert(module, model, function, prefix, endings, width, layers):
    down, up = (".lora_A.weight", ".lora_B.weight") if endings == "AB" else (".lora_down.weight", ".lora_up.weight")
    state = {}
    for number, layer in enumerate(layers):
        rows = rows_of(model, layer, width)
        state[f"{prefix}{layer}{down}"] = torch.full((1, width), float(number))
        state[f"{prefix}{layer}{up}"] = torch.arange(rows, dtype=torch.float64).reshape(rows, 1)
    made = getattr(module, function)(state)
    pieces = []
    for key, value in made.items():
        if not key.endswith(".lora_B.weight"):
            continue
        path = key.removesuffix(".lora_B.weight")
        number = int(made[f"{path}.lora_A.weight"].reshape(-1)[0])
        pieces.append([layers[number], path.removeprefix("transformer."), int(value[0, 0]), value.shape[0]])
    return {"width": width, "rows": {layer: rows_of(model, layer, width) for layer in layers}, "pieces": pieces}


def main():
    module = converters(sys.argv[1])
    golden = {model: convert(module, model, *rest) for model, rest in MODELS.items()}
    TARGET.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


main()
