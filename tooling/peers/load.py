"""Load what PEFT writes into @lora/peft and compare every layer with PEFT's, in float64.

    python tooling/peers/load.py [float32] [bfloat16]

For every initialiser and variant that PEFT 0.21 has on a CPU: adapts a small model of all kinds of layers, moves the tensors
away from where they start, saves the adapter with `save_pretrained`, and writes the base, inputs, outputs and merged weights
beside it. `packages/contracts/bench/peft-adapters.ts` loads each folder, and says how far it is from that. Prints one line a
case and fails where a difference is above its bound.
"""

import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import peft
import torch
from peft import BdLoraConfig, EvaConfig, LoraConfig, LoraGAConfig, get_peft_model
from peft.tuners.lora import initialize_lora_eva_weights
from peft.tuners.lora.config import CordaConfig, KasaConfig, MontecloraConfig, VeloraConfig
from peft.tuners.lora.corda import preprocess_corda
from safetensors.torch import save_file
from torch import nn
from transformers.pytorch_utils import Conv1D

ROOT = Path(__file__).parents[2]
EXACT = 1e-11  # sums of some tens of terms in doubles
LINEAR = ["q", "v"]
PLAIN = ["embed", "q", "v", "turned", "conv", "line"]
# PEFT takes these decompositions in singles and stores what is left in the type of the base.
ROUNDED = {"float32": 1e-5, "bfloat16": 3e-2}
CASES = {
    "default, with patterns and packed experts": {
        "target_modules": ["embed", "q", "v", "conv", "line", "mha"],
        "target_parameters": ["experts.gate_up_proj", "experts.down_proj"],
        "rank_pattern": {"^q": 2}, "alpha_pattern": {"v": 5},
    },
    "default, with GPT-2's Conv1D": {"target_modules": PLAIN},
    "rsLoRA": {"target_modules": ["embed", "q", "v", "conv", "line", "mha"], "use_rslora": True},
    "lora_bias": {"target_modules": ["q", "v", "conv", "line"], "lora_bias": True},
    "DoRA": {"target_modules": PLAIN, "use_dora": True},
    "gaussian": {"target_modules": PLAIN, "init_lora_weights": "gaussian"},
    "false": {"target_modules": PLAIN, "init_lora_weights": False},
    "orthogonal": {"init_lora_weights": "orthogonal"},
    "MiCA": {"target_modules": ["q", "v", "embed"], "init_lora_weights": "mica"},
    "PiSSA": {"init_lora_weights": "pissa"},
    "OLoRA": {"init_lora_weights": "olora"},
    "PiSSA niter 4, base as left": {"init_lora_weights": "pissa_niter_4"},
    "CorDA ipm, base as left": {"init_lora_weights": "corda", "corda_config": CordaConfig(corda_method="ipm")},
    "CorDA kpm, base as left": {"init_lora_weights": "corda", "corda_config": CordaConfig(corda_method="kpm")},
    "LoRA-GA, base as left": {"init_lora_weights": "lora_ga", "lora_ga_config": LoraGAConfig(), "r": 2},
    "EVA": {"init_lora_weights": "eva", "eva_config": EvaConfig(rho=1.5, tau=0.9), "r": 2},
    "KaSA": {"kasa_config": KasaConfig()},
    "BD-LoRA": {"use_bdlora": BdLoraConfig(target_modules_bd_a=["q"], target_modules_bd_b=["v"], nblocks=2)},
    "VeLoRA": {"velora_config": VeloraConfig(num_groups=2)},
    "MonteCLoRA": {"monteclora_config": MontecloraConfig()},
    "aLoRA": {"alora_invocation_tokens": [1, 2]},
    "trained tokens, and a module saved whole": {
        "target_modules": ["q"], "trainable_token_indices": {"embed": [1, 5]}, "modules_to_save": ["v"],
    },
}
DECOMPOSED = {"PiSSA", "OLoRA", "KaSA"}


class Experts(nn.Module):
    """Two packed experts."""

    def __init__(self):
        super().__init__()
        self.gate_up_proj = nn.Parameter(torch.randn(2, 5, 6))
        self.down_proj = nn.Parameter(torch.randn(2, 6, 5))

    def forward(self, x):
        return torch.bmm(torch.bmm(x, self.gate_up_proj.transpose(1, 2)), self.down_proj.transpose(1, 2))


class Net(nn.Module):
    """One module of every kind; only q and v are run by `forward`."""

    def __init__(self):
        super().__init__()
        self.config = {"model_type": "custom"}
        self.embed = nn.Embedding(11, 6)
        self.q, self.v = nn.Linear(6, 8), nn.Linear(6, 8)
        self.turned = Conv1D(5, 6)
        self.conv, self.line = nn.Conv2d(2, 4, 3, padding=1), nn.Conv1d(3, 4, 3)
        self.mha = nn.MultiheadAttention(6, 2, batch_first=True)
        self.experts = Experts()

    def forward(self, x):
        return self.q(x) + self.v(x)


KINDS = {
    "embed": {"kind": "embedding"}, "q": {"kind": "linear"}, "v": {"kind": "linear"}, "turned": {"kind": "hf-conv1d"},
    "conv": {"kind": "convolution", "padding": 1}, "line": {"kind": "convolution"},
    "mha": {"kind": "attention", "heads": 2, "batchFirst": True}, "experts": {"kind": "parameters"},
}


def inputs():
    """What each module is run on."""
    draw = lambda *shape: torch.randn(*shape, generator=torch.Generator().manual_seed(2), dtype=torch.float64)  # noqa: E731
    x = draw(2, 5, 6)
    return {
        "embed": torch.tensor([[0, 3, 10], [3, 2, 1]]), "q": x, "v": x, "turned": x, "conv": draw(2, 2, 4, 3),
        "line": draw(2, 3, 5), "mha": x, "experts": draw(2, 3, 6),
    }


def adapt(net, options):
    """The model with its adapter, prepared as the initialiser needs it."""
    config = LoraConfig(**{"r": 4, "lora_alpha": 6, "target_modules": LINEAR, **options})
    batches = [torch.randn(24, 6, dtype=net.q.weight.dtype) for _ in range(4)]
    if config.init_lora_weights == "corda":
        preprocess_corda(net, config, run_model=lambda: [net(x[None]) for x in batches])
    if config.init_lora_weights == "lora_ga":
        for layer in (net.q, net.v):
            layer._peft_loraga_grad = torch.randn_like(layer.weight)
    model = get_peft_model(net, config, autocast_adapter_dtype=False)
    if config.init_lora_weights == "eva":
        initialize_lora_eva_weights(
            model, [{"x": x} for x in batches], forward_fn=lambda m, batch: m(batch["x"]), prepare_model_inputs_fn=None,
            prepare_layer_inputs_fn=None, show_progress_bar=False,
        )
    return model


def move(model):
    """As training would: every tensor of the adapter, a little."""
    for name, parameter in model.named_parameters():
        if any(part in name for part in ("lora_", "trainable_tokens_delta", "modules_to_save")):
            parameter.data += 0.2 * torch.randn(parameter.shape).to(parameter.dtype)


def bases(net):
    return {name: tensor.detach().clone() for name, tensor in net.state_dict().items()}


def write(folder, title, options, dtype):
    """One case; gives nothing."""
    torch.manual_seed(5)
    net = Net().to(dtype)
    before = bases(net)
    model = adapt(net, options)
    move(model)
    model.eval()
    model.save_pretrained(folder / "adapter")
    as_left = "as left" in title
    if as_left:  # the file says which initialiser took its start off the base; nothing is to be taken off again
        path = folder / "adapter/adapter_config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "init_lora_weights": True}))
    model.double()
    layers = model.base_model.model
    offsets = [3, None] if options.get("alora_invocation_tokens") else None
    adapted = {name: getattr(layers, name) for name in KINDS if hasattr(getattr(layers, name), "base_layer")}
    expected = {}
    for name, x in inputs().items():
        if name not in adapted:
            continue
        given = (x, x, x) if name == "mha" else (x,)
        y = adapted[name](*given, **({"alora_offsets": offsets} if offsets else {}))
        expected[f"x.{name}"] = x.double()
        expected[f"y.{name}"] = (y[0] if name == "mha" else y).detach()
    if as_left:
        before = {
            name: getattr(adapted[name.split(".")[0]].base_layer, name.split(".")[1]).data.to(dtype)
            if name.split(".")[0] in adapted else value
            for name, value in before.items()
        }
    if not offsets:
        kept = {*options.get("modules_to_save", []), *options.get("trainable_token_indices", {})}
        merged = model.merge_and_unload(safe_merge=True).state_dict()
        changed = kept | adapted.keys()
        expected |= {f"merged.{name}": merged[name] for name in before if name.split(".")[0] in changed}
    save_file(before, folder / "base.safetensors")
    save_file({name: tensor.clone().contiguous() for name, tensor in expected.items()}, folder / "expected.safetensors")
    (folder / "modules.json").write_text(json.dumps({"modules": KINDS, "offsets": offsets}))


def main():
    """Every case in the types that are named, both when none is."""
    warnings.simplefilter("ignore")
    bounds = []
    with tempfile.TemporaryDirectory() as root:
        for dtype in sys.argv[1:] or ["float32", "bfloat16"]:
            for number, (title, options) in enumerate(CASES.items()):
                folder = Path(root) / f"{dtype}-{number}"
                folder.mkdir()
                write(folder, title, options, getattr(torch, dtype))
                bounds.append((title, dtype, folder, ROUNDED[dtype] if title in DECOMPOSED else EXACT))
        run = subprocess.run(
            [ROOT / "node_modules/.bin/node", "--conditions=@lora/source", ROOT / "packages/contracts/bench/peft-adapters.ts", *(b[2] for b in bounds)],
            capture_output=True, text=True, check=False,
        )
    if run.returncode != 0:
        sys.exit(run.stderr)
    print(f"peft {peft.__version__}, torch {torch.__version__}\n")
    print("| adapter | type | outputs | ΔW | bound |\n| --- | --- | --- | --- | --- |")
    right = True
    for (title, dtype, _, bound), line in zip(bounds, run.stdout.splitlines(), strict=True):
        found = json.loads(line)
        fine = found["outputs"] <= bound and (found["updates"] or 0) <= bound and not found["left"]
        right = right and fine
        updates = "–" if found["updates"] is None else f"{found['updates']:.1e}"
        print(f"| {title} | {dtype} | {found['outputs']:.1e} | {updates} | {bound:.0e} |{'' if fine else ' WRONG'}{found['left'] or ''}")
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
