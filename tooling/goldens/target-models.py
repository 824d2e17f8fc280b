"""Writes packages/peft/src/targets/models.golden.json: descriptions of small models, and what get_peft_model makes of
configurations on them; and packages/peft/src/dialects/peft-names.golden.json: names and shapes that PEFT saves, a layer
of each kind.

Usage: python tooling/goldens/target-models.py      (peft 0.21, torch 2.13, transformers 5.18)
"""

import json
import pathlib
import warnings

import torch
import transformers
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict
from peft.tuners.lora import LoraLayer
from peft.tuners.lora.layer import ParamWrapper
from peft.utils import ModulesToSaveWrapper
from peft.utils.other import TrainableTokensWrapper, _get_module_names_tied_with_embedding
from torch import nn
from transformers.pytorch_utils import Conv1D

FOLDER = pathlib.Path(__file__).parents[2] / "packages/peft/src/targets"


class Experts(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate_up_proj = nn.Parameter(torch.zeros(2, 4, 6))
        self.down_proj = nn.Parameter(torch.zeros(2, 3, 4))
        self.flat = nn.Parameter(torch.zeros(5))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.q_proj = nn.Linear(4, 4)
        self.turned = Conv1D(6, 4)
        self.experts = Experts()
        self.norm = nn.LayerNorm(4)


class Mixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.zeros(3, 4))
        self.words = nn.Embedding(10, 4)
        self.line = nn.Conv1d(3, 4, 2)
        self.picture = nn.Conv2d(3, 4, 3)
        self.volume = nn.Conv3d(2, 3, 2)
        self.attention = nn.MultiheadAttention(4, 2)
        self.layers = nn.ModuleList([Block() for _ in range(12)])
        self.head = nn.Linear(4, 3, bias=False)


def models():
    llama = {"hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 3, "num_attention_heads": 2, "vocab_size": 20}
    t5 = {"d_model": 8, "d_kv": 4, "d_ff": 12, "num_layers": 1, "num_heads": 2, "vocab_size": 20}
    gpt2 = {"n_embd": 8, "n_layer": 2, "n_head": 2, "vocab_size": 20, "n_positions": 8}
    bert = llama | {"max_position_embeddings": 8}
    mamba = {"hidden_size": 8, "num_hidden_layers": 1, "state_size": 2, "vocab_size": 20}
    yield "mixed", Mixed()
    yield "llama", transformers.LlamaForCausalLM(transformers.LlamaConfig(**llama))
    yield "llama-tied", transformers.LlamaForCausalLM(transformers.LlamaConfig(**llama, tie_word_embeddings=True))
    yield "llama-classifier", transformers.LlamaForSequenceClassification(transformers.LlamaConfig(**llama, pad_token_id=0))
    yield "gpt2", transformers.GPT2LMHeadModel(transformers.GPT2Config(**gpt2))
    yield "bert", transformers.BertForSequenceClassification(transformers.BertConfig(**bert))
    yield "t5", transformers.T5ForConditionalGeneration(transformers.T5Config(**t5))
    yield "mamba", transformers.MambaForCausalLM(transformers.MambaConfig(**mamba))


INJECTED = {
    "mixed": [
        {"target_modules": "all-linear"},
        {"target_modules": "All-Linear", "exclude_modules": ["head"], "rank_pattern": {"layers.1.*": 3}, "use_rslora": True},
        {"target_modules": ["words", "line", "picture", "volume", "attention", "turned"], "lora_alpha": 5},
        {"target_modules": [f"layers.{i}.{name}" for i in range(12) for name in ("q_proj", "turned")]},
        {"target_modules": [f"layers.{i}.q_proj" for i in range(11)] + [f"layers.{i}.turned" for i in range(11)], "rank_pattern": {"turned": 2}},
        {"target_modules": [], "target_parameters": ["experts.gate_up_proj", "experts.down_proj"], "rank_pattern": {"down_proj": 2}},
        {"target_parameters": ["layers.3.experts.down_proj"], "alpha_pattern": {"experts.down_proj": 3}},
        {"target_modules": ["q_proj"], "target_parameters": ["experts.nothing"]},
        {"target_modules": ["nothing"], "target_parameters": ["experts.down_proj"]},
        {"target_modules": [], "target_parameters": ["scale"]},
        {"target_modules": ["x.scale"], "target_parameters": ["scale"]},
        {"target_modules": ["q_proj"], "target_parameters": ["q_proj.weight"]},
        {"target_modules": [], "target_parameters": ["experts.flat"]},
        {"target_modules": [], "target_parameters": ["experts.down_proj"], "use_dora": True},
        {"target_modules": [], "target_parameters": ["experts.down_proj"], "lora_dropout": 0.5},
        {"target_modules": []},
        {"target_modules": ["qproj"]},
        {"target_modules": "q_proj"},
        {"target_modules": ["norm"]},
        {"target_modules": ["layers"]},
        {"target_modules": ["q_proj"], "exclude_modules": ["q_proj"]},
        {"target_modules": ["q_proj"], "exclude_modules": ".*"},
        {"target_modules": ["q_proj"], "exclude_modules": ["nothing"]},
        {"target_modules": ["q_proj"], "layers_to_transform": [20]},
        {"target_modules": ["q_proj"], "layers_to_transform": [1, 10], "layers_pattern": "layers"},
        {"target_modules": ["q_proj"], "rank_pattern": {"k_proj": 1, "q_proj": 4}, "alpha_pattern": {"nothing": 2, "a": 1}},
        {"target_modules": ["q_proj"], "modules_to_save": ["head", "orm"]},
        {"target_modules": ["q_proj"], "trainable_token_indices": {"words": [1, 3]}},
        {"target_modules": ["q_proj"], "trainable_token_indices": [1]},
        {"target_modules": ["q_proj"], "trainable_token_indices": {"words": [1]}, "modules_to_save": ["words"]},
        {"target_modules": "dummy-target-modules"},
        {},
    ],
    "llama": [
        {},
        {"target_modules": ["lm_head"], "ensure_weight_tying": True},
        {"target_modules": "all-linear", "task_type": "CAUSAL_LM"},
        {"target_modules": ["q_proj"], "layer_replication": [[0, 2], [1, 3]], "rank_pattern": {"layers.3.*": 2}},
        {"target_modules": ["q_proj"], "trainable_token_indices": [0, 5], "modules_to_save": ["lm_head"]},
        {"target_modules": ["q_proj"], "modules_to_save": ["embed_tokens"], "trainable_token_indices": {"embed_tokens": [1]}},
        {"target_modules": ["embed_tokens", "lm_head"]},
    ],
    "llama-classifier": [
        {"target_modules": ["q_proj"], "task_type": "TOKEN_CLS", "modules_to_save": ["norm"]},
        {"target_modules": ["q_proj"], "task_type": "QUESTION_ANS"},
       {"target_modules": "all-linear", "task_type": "SEQ_CLS"}, {"target_modules": "all-linear"}],
    "llama-tied": [
        {"target_modules": ["q_proj", "lm_head"]},
        {"target_modules": ["q_proj", "lm_head"], "ensure_weight_tying": True, "rank_pattern": {"lm_head": 3}},
        {"target_modules": ["embed_tokens"], "ensure_weight_tying": True},
        {"target_modules": r".*q_proj|lm_head", "ensure_weight_tying": True},
        {"target_modules": ["q_proj"], "modules_to_save": ["lm_head", "norm"], "ensure_weight_tying": True},
        {"target_modules": ["q_proj"], "modules_to_save": ["embed_tokens"]},
        {"target_modules": ["q_proj"], "ensure_weight_tying": True},
        {"target_modules": ["q_proj"], "trainable_token_indices": [1, 2]},
        {"target_modules": ["q_proj"], "trainable_token_indices": {"embed_tokens": [1], "lm_head": [1]}},
        {"target_modules": ["q_proj"], "trainable_token_indices": {"embed_tokens": [1], "lm_head": [2]}},
        {"target_modules": ["q_proj"], "trainable_token_indices": {"embed_tokens": [1], "lm_head": [2]}, "ensure_weight_tying": True},
        {"target_modules": ["q_proj"], "trainable_token_indices": {"lm_head": [2]}},
    ],
    "gpt2": [{}, {"target_modules": "all-linear"}, {"target_modules": ["c_attn"], "layer_replication": [[0, 1]]}],
    "bert": [
        {},
        {"target_modules": "all-linear", "task_type": "SEQ_CLS"},
        {"target_modules": ["query"], "layer_replication": [[0, 3], [0, 1]]},
    ],
    "t5": [{}, {"target_modules": "all-linear"}, {"target_modules": ["q"], "layer_replication": [[0, 1]]}],
    "mamba": [{"target_modules": ["in_proj"]}, {"target_modules": ["out_proj"]}, {"target_modules": "all-linear"}],
}

KINDS = [
    (nn.Linear, "linear"),
    (Conv1D, "transposed-linear"),
    (nn.Embedding, "embedding"),
    (nn.Conv1d, "conv1d"),
    (nn.Conv2d, "conv2d"),
    (nn.Conv3d, "conv3d"),
    (nn.MultiheadAttention, "attention"),
]


def description(model):
    modules = [
        [
            name,
            next((kind for cls, kind in KINDS if isinstance(module, cls)), "other"),
            {parameter: list(value.shape) for parameter, value in module.named_parameters(recurse=False)},
        ]
        for name, module in model.named_modules()
    ]
    found = {"modules": modules}
    if isinstance(model, transformers.PreTrainedModel):
        found |= {"isPretrained": True, "modelType": model.config.model_type}
        for field, module in (("inputEmbedding", model.get_input_embeddings()), ("outputEmbedding", model.get_output_embeddings())):
            found |= {field: name for name, each in model.named_modules() if each is module}
        found |= {"tied": _get_module_names_tied_with_embedding(model)}
    return found


def without_wrappers(name):
    return name.removeprefix("base_model.model.").replace(".base_layer", "")


def injected(name, options):
    torch.manual_seed(0)
    model = dict(models())[name]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            config = LoraConfig(**options)
            adapted = get_peft_model(model, config)
        except Exception as error:
            return {"options": options, "error": type(error).__name__}
    targets = config.target_modules
    modules, parameters = [], []
    named = [(without_wrappers(path), module) for path, module in adapted.named_modules()]
    for path, module in named:
        if not isinstance(module, LoraLayer) or "default" not in module.r:
            continue
        entry = [path, module.r["default"], module.lora_alpha["default"], module.scaling["default"]]
        if isinstance(module, ParamWrapper):
            parameters.append([f"{path}.{module.parameter_name}", *entry[1:]])
        elif not (path.startswith("attention.") and "attention" in targets):  # its own output projection
            modules.append(entry)
    kept = [path for path, module in named if isinstance(module, ModulesToSaveWrapper)]
    tokens = {path: module.token_adapter.token_indices["default"] for path, module in named if isinstance(module, TrainableTokensWrapper)}
    return {
        "options": options,
        "targets": sorted(targets) if isinstance(targets, set) else targets,
        "modules": modules,
        "parameters": sorted(parameters),
        "saved": kept,
        "tokens": tokens,
        "fanInFanOut": config.fan_in_fan_out,
        "modulesToSave": config.modules_to_save,
        # Of setting fan_in_fan_out right there is a warning each time that it changes.
        "warnings": sum("fan_in_fan_out" not in str(each.message) for each in caught),
    }


def stored_keys():
    """Names and shapes that PEFT saves, a layer of each kind."""
    variants = {
        "plain": {},
        "dora": {"use_dora": True, "target_modules": ["q_proj", "turned", "words", "picture", "line", "volume"]},
        "bias": {"lora_bias": True, "target_modules": ["q_proj"]},
        "biases": {"bias": "all", "target_modules": ["q_proj"]},
        "own biases": {"bias": "lora_only", "target_modules": ["q_proj"]},
        "experts": {"target_modules": [], "target_parameters": ["experts.gate_up_proj", "experts.down_proj"]},
        "saved": {"target_modules": ["q_proj"], "modules_to_save": ["head"]},
        "tokens": {"target_modules": ["q_proj"], "trainable_token_indices": {"words": [1, 3]}},
    }
    kinds = ["q_proj", "turned", "words", "line", "picture", "volume", "attention"]
    keys = {}
    for variant, options in variants.items():
        adapted = get_peft_model(Mixed(), LoraConfig(**({"target_modules": kinds, "r": 2} | options)))
        state = get_peft_model_state_dict(adapted)
        keys[variant] = {key: list(value.shape) for key, value in state.items() if ".layers." not in key or ".layers.0." in key}
    return keys


def main():
    warnings.simplefilter("ignore")
    found = {
        name: description(model) | {"cases": [injected(name, options) for options in INJECTED[name]]} for name, model in models()
    }
    write("models", found)
    write("../dialects/peft-names", stored_keys())


def write(name, value):
    path = (FOLDER / f"{name}.golden.json").resolve()
    path.write_text(json.dumps(value, separators=(",", ":")).replace('{"options"', '\n{"options"') + "\n")
    print(path.name, path.stat().st_size, "bytes")


main()
