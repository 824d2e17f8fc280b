"""Writes packages/peft/src/config/lora-configs.golden.json: what PEFT makes of configurations, as texts.

made: keyword arguments → the text that save_pretrained writes, its warnings counted, and the text that is written
after loading it, where that is another.
read: the text of a file → the text that PEFT writes after loading it.
errors: keyword arguments that PEFT refuses when the configuration is made.
printed: the beginning of the SHA-256 of each of the configurations of PEFT's benchmarks as Python prints what it reads; `loras`: as PEFT
writes those of type LORA after loading them. `older`: the same for adapters of older versions.

Lists that are sets in PEFT are put in order, as their order there is chance.

Usage: python tooling/goldens/lora-configs.py      (peft 0.21)
"""

import hashlib
import json
import os
import pathlib
import tempfile
import warnings

import peft
from peft import LoraConfig, PeftConfig
from peft.tuners.lora.config import (
    ArrowConfig,
    BdLoraConfig,
    CordaConfig,
    EvaConfig,
    KasaConfig,
    LoraGAConfig,
    MontecloraConfig,
    VeloraConfig,
)

ROOT = pathlib.Path(__file__).parents[2]
OUT = ROOT / "packages/peft/src/config/lora-configs.golden.json"
DATA = ROOT / os.environ.get("LORA_DATA", "../shared/data")
BENCHMARKS = (DATA / "keys/peft-adapter-configs").glob("*.json")
OLDER = [
    "peft-adapters/saraelsafty-movies",
    "peft-adapters/wujindou-bloom",
    "peft-prs/monteclora-roberta-mrpc",
    "peft-regression/lora_mlp/0.6.1",
    "peft-regression/lora_mlp_modules_to_save/0.6.1",
]
PARTS = {
    "eva_config": EvaConfig,
    "corda_config": CordaConfig,
    "lora_ga_config": LoraGAConfig,
    "velora_config": VeloraConfig,
    "monteclora_config": MontecloraConfig,
    "use_bdlora": BdLoraConfig,
    "arrow_config": ArrowConfig,
    "kasa_config": KasaConfig,
}

MADE = [
    {},
    {"r": 16, "lora_alpha": 32, "lora_dropout": 0.05, "target_modules": ["v_proj", "q_proj", "k_proj"], "task_type": "CAUSAL_LM"},
    {"target_modules": "all-linear", "exclude_modules": ["lm_head", "b", "a"], "bias": "all", "use_rslora": True},
    {"target_modules": ["q"], "layers_to_transform": [0, 2], "layers_pattern": "layers", "modules_to_save": ["z", "a"]},
    {"target_modules": ["q"], "layers_to_transform": 3},
    {"rank_pattern": {"^z": 4, "a.b": 2, "A": 1, "é": 7, "\U0001f600": 5, "\uffee": 6}, "alpha_pattern": {"q": 2.5, "k": 16}},
    {"init_lora_weights": "pissa_niter_16", "lora_dropout": 1e-05},
    {"init_lora_weights": False, "lora_bias": True, "fan_in_fan_out": True},
    {"init_lora_weights": "eva"},
    {"init_lora_weights": "eva", "eva_config": {"rho": 1.0, "whiten": True}},
    {"eva_config": {"tau": 0.5}},
    {"init_lora_weights": "corda"},
    {"init_lora_weights": "corda", "corda_config": {"corda_method": "kpm", "cache_file": "c.pt"}},
    {"init_lora_weights": "corda", "corda_config": {"verbose": True}, "eva_config": {}},
    {"corda_config": {}},
    {"init_lora_weights": "loftq", "loftq_config": {"loftq_bits": 8, "loftq_iter": 5}},
    {"loftq_config": {"loftq_bits": 8, "loftq_iter": 5}, "init_lora_weights": "eva"},
    {"init_lora_weights": "lora_ga", "lora_ga_config": {"direction": "ArBr", "stable_gamma": 64}},
    {"use_dora": True, "runtime_config": {"ephemeral_gpu_offload": True}},
    {"velora_config": {"num_groups": 32, "scale": 0.25, "init_type": "random"}},
    {"kasa_config": {}},
    {"monteclora_config": {"num_samples": 4}},
    {"use_bdlora": {"target_modules_bd_a": ["o_proj"], "target_modules_bd_b": ["q_proj"], "nblocks": 4, "match_strict": False}},
    {"arrow_config": {"top_k": 2, "rng_seed": 7}},
    {"alora_invocation_tokens": [5, 6], "task_type": "CAUSAL_LM"},
    {"alora_invocation_tokens": [5, 6]},
    {"use_qalora": True, "qalora_group_size": 32},
    {"trainable_token_indices": [3, 1]},
    {"trainable_token_indices": {"embed_tokens": [0, 2], "b": []}, "ensure_weight_tying": True},
    {"layer_replication": [[0, 4], [2, 5]]},
    {"target_parameters": ["experts.gate_up_proj", "experts.down_proj"], "target_modules": []},
    {"base_model_name_or_path": "a/b \"c\" \x7f\u2028\t", "revision": "main", "auto_mapping": {"base_model_class": "M", "parent_library": "x.y"}},
    {"megatron_config": {"b": 1, "a": [1.5, None, True]}, "megatron_core": None},
    {"use_rslora": True, "rank_pattern": {"q": 4}, "init_lora_weights": "pissa"},
    {"inference_mode": True, "peft_version": "0.17.1"},
]

READ = [
    '{"peft_type": "LORA", "target_modules": ["b", "a"], "peft_version": "0.21.0"}',
    '{"peft_type": "LORA", "peft_version": "0.20.0", "lora_alpha": 16.0, "lora_dropout": 0, "alpha_pattern": {"x": 1e3, "b": 2.50}}',
    '{"peft_type": "LORA", "peft_version": "0.18.0", "runtime_config": {"ephemeral_gpu_offload": true}}',
    '{"peft_type": "LORA", "peft_version": "0.18.0", "init_lora_weights": "eva", "eva_config": {"rho": 2, "tau": 1e-07}}',
    '{"peft_type": "LORA", "peft_version": "0.18.0", "arrow_config": {"top_k": 1, "rng_seed": 12345678901234567890}}',
    '{"peft_type": "LORA", "peft_version": "0.18.0", "base_model_name_or_path": "\\u00e9\\ud83d\\ude00\\/", "qalora_group_size": 16}',
    '{"peft_type": "LORA", "peft_version": "0.18.0", "r": 4, "r": 2, "lora_dropout": 1E-5, "alpha_pattern": {"a": 123456789012345680.0, "b": 0.00001, "c": 1e22}}',
    '{"peft_type": "LORA", "peft_version": "0.18.0", "kasa_config": {"beta": 0.0001, "gamma": 0}, "rank_pattern": {"10": 1, "9": 2, "~/": 3}}',
]

ERRORS = [
    {"task_type": "CHAT"},
    {"target_modules": "q", "layers_to_transform": [1]},
    {"target_modules": "q", "layers_pattern": "layers"},
    {"target_modules": ["q"], "layers_pattern": "layers"},
    {"use_dora": True, "megatron_config": {"a": 1}},
    {"init_lora_weights": "loftq"},
    {"lora_bias": True, "init_lora_weights": "olora"},
    {"lora_bias": True, "use_dora": True},
    {"target_parameters": "a"},
    {"init_lora_weights": "eva", "eva_config": {"rho": 0.5}},
    {"init_lora_weights": "eva", "eva_config": {"tau": 1.5}},
    {"velora_config": {"num_groups": 0}},
    {"velora_config": {"scale": 0}},
    {"velora_config": {"init_type": "x"}},
    {"kasa_config": {"beta": -1}},
    {"kasa_config": {"gamma": -1}},
    {"use_bdlora": {"target_modules_bd_a": ["x", "y"], "target_modules_bd_b": ["y"]}},
    {"arrow_config": {"top_k": 0}},
    {"arrow_config": {"router_temperature": 0}},
    {"monteclora_config": {"num_samples": 0}},
    {"monteclora_config": {"dirichlet_prior": 0}},
    {"monteclora_config": {"buffer_size": 0}},
    {"eva_config": 3},
]


def part(value, kind):
    return kind(**value) if isinstance(value, dict) else value


def config_of(options):
    options = {field: part(value, PARTS[field]) if field in PARTS else value for field, value in options.items()}
    if "runtime_config" in options:
        options["runtime_config"] = peft.LoraRuntimeConfig(**options["runtime_config"])
    return LoraConfig(**options)


def text_of(config):
    for field in ("target_modules", "exclude_modules"):
        if isinstance(getattr(config, field), set):
            setattr(config, field, sorted(getattr(config, field)))
    with tempfile.TemporaryDirectory() as folder:
        config.save_pretrained(folder)
        return (pathlib.Path(folder) / "adapter_config.json").read_text()


def read(text):
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "adapter_config.json").write_text(text)
        return text_of(PeftConfig.from_pretrained(folder))


def made(options):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        text = text_of(config_of(options))
    again = read(text)
    return {"options": options, "text": text, "warnings": len(caught)} | ({} if again == text else {"again": again})


def refused(options):
    try:
        config_of(options)
    except Exception as error:
        return {"options": options, "error": type(error).__name__}
    raise AssertionError(f"PEFT takes {options}")


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def main():
    warnings.simplefilter("ignore")
    texts = [path.read_text() for path in BENCHMARKS]
    loras = [text for text in texts if json.loads(text)["peft_type"] == "LORA"]
    golden = {
        "made": [made(options) for options in MADE],
        "read": [{"text": text, "again": read(text)} for text in READ],
        "errors": [refused(options) for options in ERRORS],
        "printed": sorted(digest(json.dumps(json.loads(text), indent=2, sort_keys=True)) for text in texts),
        "loras": sorted(digest(read(text)) for text in loras),
        "older": {path: digest(read((DATA / path / "adapter_config.json").read_text())) for path in OLDER},
    }
    OUT.write_text(json.dumps(golden, indent=1) + "\n")
    print(peft.__version__, {name: len(cases) for name, cases in golden.items()}, OUT.stat().st_size, "bytes")


main()
