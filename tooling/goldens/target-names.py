"""Writes packages/peft/src/targets/matches.golden.json: what PEFT makes of names. check_target_module_exists for
configurations and names; get_pattern_key; minimal target modules; default targets.

Usage: python tooling/goldens/target-names.py      (peft 0.21)
"""

import json
import pathlib
import random
import warnings

from peft import LoraConfig
from peft.tuners.tuners_utils import _ExcludedModule, _find_minimal_target_modules, check_target_module_exists
from peft.utils.constants import TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING
from peft.utils.other import get_pattern_key

OUT = pathlib.Path(__file__).parents[2] / "packages/peft/src/targets/matches.golden.json"

NAMES = """q_proj v_proj model.layers.0.self_attn.q_proj model.layers.1.self_attn.v_proj model.layers.10.self_attn.q_proj
model.layers.1.mlp.experts.0.up_proj encoder.layers.1.q_proj decoder.layers.1.q_proj layers.1.q_proj h.1.attn.c_attn
transformer.h.11.attn.c_attn blocks.1.weird.7.q_proj model.q_proj_extra lm_head model.lm_head score.0 classifier
vision.encoder.layer.1.output.dense text.encoder.layer.2.attention.output.dense foo.bar foo.bar.1.baz foo.bar.1.baz.2.baz
foo.1.bar.2.q_proj 1.q_proj model.embed_tokens mylayers.1.q_proj Q_PROJ model.language_model.layers.3.self_attn.q_proj""".split()

CONFIGS = [
    {"target_modules": ["q_proj"]},
    {"target_modules": ["q_proj", "v_proj", "c_attn"]},
    {"target_modules": "q_proj"},
    {"target_modules": ".*q_proj"},
    {"target_modules": r".*\.layers\.[01]\..*(q|v)_proj"},
    {"target_modules": "(?i)q_proj"},
    {"target_modules": ".*(?<!expert)s.*"},
    {"target_modules": r"(?:model|encoder)\.layers\.\d{1,2}\.(?:\w+\.)?[qv]_proj"},
    {"target_modules": ["self_attn.q_proj"]},
    {"target_modules": ["model.layers.1.self_attn.v_proj"]},
    {"target_modules": [".*q_proj"]},
    {"target_modules": ["proj"]},
    {"target_modules": []},
    {"target_modules": [""]},
    {"target_modules": ["q_proj"], "exclude_modules": ["model.layers.0.self_attn.q_proj"]},
    {"target_modules": ["q_proj"], "exclude_modules": ["layers.1.q_proj"]},
    {"target_modules": ["q_proj"], "exclude_modules": r".*layers.*"},
    {"target_modules": ["q_proj"], "exclude_modules": "q_proj"},
    {"target_modules": ["dense", "q_proj"], "exclude_modules": []},
    {"target_modules": ["q_proj", "lm_head"], "modules_to_save": ["lm_head"]},
    {"target_modules": ["q_proj"], "modules_to_save": ["layers"]},
    {"target_modules": ["q_proj"], "modules_to_save": ["self_att"]},
    {"target_modules": ["q_proj"], "modules_to_save": ["enc.*"]},
    {"target_modules": ["q_proj", "dense"], "modules_to_save": ["encoder|decoder"]},
    {"target_modules": ["q_proj", "baz"], "modules_to_save": ["score", "classifier", "bar.1"]},
    {"target_modules": ["q_proj", "c_attn"], "layers_to_transform": 1},
    {"target_modules": ["q_proj", "c_attn"], "layers_to_transform": [0, 11]},
    {"target_modules": ["q_proj", "c_attn"], "layers_to_transform": 0},
    {"target_modules": ["q_proj"], "layers_to_transform": []},
    {"target_modules": ["layers.1.q_proj", "q_proj"], "layers_to_transform": [10]},
    {"target_modules": ["q_proj", "c_attn"], "layers_to_transform": [1], "layers_pattern": "layers"},
    {"target_modules": ["q_proj", "c_attn"], "layers_to_transform": [1], "layers_pattern": ["h", "layers"]},
    {"target_modules": ["q_proj", "c_attn", "baz"], "layers_to_transform": [1], "layers_pattern": ["bar", "encoder.layers"]},
    {"target_modules": ["q_proj", "c_attn", "up_proj"], "layers_to_transform": [1], "layers_pattern": []},
    {"target_modules": ["q_proj", "up_proj"], "layers_to_transform": [0, 1], "layers_pattern": "experts"},
    {"target_modules": ["q_proj", "baz"], "layers_to_transform": [1, 2], "layers_pattern": "layers|bar"},
    {"target_modules": ["q_proj", "baz"], "layers_to_transform": [1, 2], "layers_pattern": ".*"},
    {"target_modules": ["q_proj", "baz"], "layers_to_transform": [1, 2, 7], "layers_pattern": r"(?:foo|weird|bar\.1\.baz)"},
    {"target_parameters": ["q_proj"]},
    {"target_modules": None, "target_parameters": ["x"], "exclude_modules": ["lm_head"]},
]

KEYS = [
    {"foo": 1}, {"^foo": 1, "foo": 2}, {"foo": 1, "bar.foo": 2}, {"bar.foo": 2, "foo": 1}, {"f.o": 3}, {".": 1}, {".*": 1, "foo": 2},
    {r"layers\.\d+\.foo": 4, "foo": 5}, {"^bar": 1, "bar|foo": 2}, {"o": 1, "oo": 2}, {},
]
KEY_NAMES = "foo x.foo foobar bar.foo a.bar.foo layers.3.foo a.layers.12.foo a.fxo bar x.bar a.b b".split()


def verdict(config, name):
    found = check_target_module_exists(config, name)
    return "x" if isinstance(found, _ExcludedModule) else str(int(bool(found)))


def minimal_cases():
    generator = random.Random(5)
    layers = [f"model.decoder.layers.{i}" for i in range(12)]
    yield [f"{layer}.self_attn.{p}_proj" for layer in layers for p in "qv"], [f"{layer}.self_attn.k_proj" for layer in layers]
    yield [f"{layer}.self_attn.q_proj" for layer in layers], [f"{layer}.cross.q_proj" for layer in layers]
    yield [f"{layer}.q" for layer in layers[:6]], [f"{layer}.q" for layer in layers[6:]]
    yield ["a", "b.a", "c.b.a"], ["d.a"]
    yield ["a", "b.a", "c.b.a"], []
    yield ["b.a"], ["a"]
    yield ["a"], ["b.a"]
    yield ["x.a", "x.b", "a"], ["x", ""]
    for _ in range(40):
        names = sorted({".".join(generator.choices("abc1", k=generator.randint(1, 4))) for _ in range(12)})
        generator.shuffle(names)
        cut = generator.randint(1, len(names) - 1)
        yield names[:cut], names[cut:]


def main():
    warnings.simplefilter("ignore")
    matches = {
        "names": NAMES,
        "configs": [
            {"options": options, "verdicts": "".join(verdict(LoraConfig(**options), name) for name in NAMES)}
            for options in CONFIGS
        ],
        "keys": [{"patterns": keys, "found": {name: get_pattern_key(keys, name) for name in KEY_NAMES}} for keys in KEYS],
        "minimal": [
            {"targets": targets, "others": others, "minimal": sorted(_find_minimal_target_modules(targets, others))}
            for targets, others in minimal_cases()
        ],
        "defaults": TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING,
    }
    OUT.write_text(json.dumps(matches, separators=(",", ":")).replace('{"options"', '\n{"options"') + "\n")
    print(OUT.name, OUT.stat().st_size, "bytes")


main()
