"""Load what `lora init` writes into PEFT and compare the model with the one before.

    pnpm build && python tooling/peers/init.py [float32] [bfloat16]

For every method: runs the command on samples/base, in float32 and in bfloat16 as it is; loads the base it wrote (or the
base itself, where the method keeps it) with transformers and the adapter with PEFT; and compares the logits in float64.
Prints one line a run and fails where a difference is above what the report states times a factor for the layers.
"""

import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import peft
import torch
from peft import PeftModel
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

ROOT = Path(__file__).parents[2]
BASE = ROOT / "samples/base"
TARGETS = ("q_proj", "v_proj", "down_proj")
# method, arguments, whether base and adapter together are the model as it was
METHODS = [
    ("default", [], True),
    ("gaussian", [], True),
    ("orthogonal", [], True),
    ("mica", [], True),
    ("pissa", [], True),
    ("pissa_niter_4", [], True),
    ("olora", [], True),
    ("corda", ["--set", "method=ipm"], True),
    ("corda", ["--set", "method=kpm"], True),
    ("eva", [], True),
    ("lora_ga", [], True),
    ("loftq", [], False),
    ("loftq", ["--set", "bits=8"], False),
    ("random", [], False),
]
CHANGING = {"pissa", "pissa_niter_4", "olora", "corda", "lora_ga", "loftq"}
# Logits are a sum over all layers of what every weight adds; the error of a weight grows on the way by less than this.
GROWTH = 50


def record(model, folder):
    """Inputs and gradients of the target modules, on random tokens."""
    tokens = torch.randint(0, model.config.vocab_size, (2, 48), generator=torch.Generator().manual_seed(1))
    inputs, handles = {}, []
    modules = {name: m for name, m in model.named_modules() if name.endswith(TARGETS)}
    for name, module in modules.items():
        handles.append(module.register_forward_hook(
            lambda _m, x, _y, name=name: inputs.setdefault(name, []).append(x[0].detach().float().flatten(0, 1).clone())
        ))
    for row in tokens:
        model(input_ids=row[None], labels=row[None]).loss.backward()
    for handle in handles:
        handle.remove()
    save_file({f"{n}.input.{i}": x for n, xs in inputs.items() for i, x in enumerate(xs)}, folder / "inputs.safetensors")
    save_file({f"{n}.gradient": m.weight.grad.float() for n, m in modules.items()}, folder / "gradients.safetensors")
    return tokens


def lora(*words):
    """The report of a run of the command line tool."""
    run = subprocess.run(
        ["node", ROOT / "apps/cli/dist/lora.js", *words, "--json"], capture_output=True, text=True, check=False
    )
    if run.returncode != 0:
        sys.exit(run.stderr)
    return json.loads(run.stdout)


def logits(model, tokens):
    with torch.no_grad():
        return model.double().eval()(input_ids=tokens).logits


def check(dtype, folder):
    """All methods on the base in one type; gives whether all are right."""
    base = folder / "base"
    model = AutoModelForCausalLM.from_pretrained(BASE).to(dtype)
    model.save_pretrained(base)
    tokens = record(AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), folder)
    before = logits(AutoModelForCausalLM.from_pretrained(base), tokens)
    right = True
    for number, (method, extra, same) in enumerate(METHODS):
        out, changed = folder / f"adapter-{number}", folder / f"base-{number}"
        words = ["init", "--base", base, "--method", method, "-o", out, "--rank", "8", "--alpha", "12",
                 "--target-modules", ",".join(TARGETS), *extra,
                 "--activations", folder / "inputs.safetensors", "--gradients", folder / "gradients.safetensors"]
        report = lora(*words, *(["--residual-base", f"{changed}/"] if method in CHANGING else []))
        loaded = AutoModelForCausalLM.from_pretrained(changed if method in CHANGING else base)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            adapted = PeftModel.from_pretrained(loaded, out)
        difference = ((logits(adapted, tokens) - before).norm() / before.norm()).item()
        stated = report["relativeError"] or 0
        fine = difference <= GROWTH * max(stated, 2**-24) or not same
        right = right and fine
        title = " ".join([method, *extra[1:]])
        print(f"| {title} | {str(dtype)[6:]} | {stated:.1e} | {difference:.1e} | {'as before' if same and fine else 'changed'} |")
    return right


def main():
    """Every method in the types that are named, both when none is."""
    print(f"peft {peft.__version__}, torch {torch.__version__}\n")
    print("| method | base | stated error of the weights | difference of the logits | model |\n| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        results = []
        for name in sys.argv[1:] or ["float32", "bfloat16"]:
            (Path(folder) / name).mkdir()
            results.append(check(getattr(torch, name), Path(folder) / name))
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
