"""Write samples/README.md from the files themselves, so that its figures are theirs."""

import hashlib
import math
from pathlib import Path

import text
from adapters import ADAPTER_BYTES, ADAPTERS, Adapter, load_adapted
from expected import stable_ranks
from model import (
    BASE_BYTES,
    BASE_RATE,
    BASE_STEPS,
    BATCH,
    CONTEXT,
    HELD_OUT_BYTES,
    HELD_OUT_SEED,
    TRAIN_SEED,
    held_out_loss,
    load_base,
    untrained_base,
)
from paths import README, SAMPLES

TEMPLATE = """\
# Sample model and adapters

A tiny Llama-style language model and LoRA adapters for it, small enough to
live in the repository and really trained: every file is the result of training
(or converting, for `kohya/`), none is random. They are made by the scripts in
[`tooling/sample`](../tooling/sample/README.md); this page is written by them
too, from the files as they are.

| File | Bytes | What it is |
| --- | ---: | --- |
{files}

In all {total:,} bytes, without this page.

## The base model

`base/` is a `LlamaForCausalLM` as transformers saves it, in bf16: 4 layers, hidden size
128, feed-forward size 344, 4 heads of 32 with 2 key-value heads, context {context},
tied embeddings, {parameters:,} parameters. A token is a byte: the vocabulary is the 256
byte values, with no special tokens. It learned short plain-English stories, which
end with a blank line.

## The adapters

| | `pirate-tales` | `question-answer` |
| --- | --- | --- |
| Learned | sea stories in pirate talk | land stories as questions and answers |
{settings}

Both were trained with PEFT and are as `save_pretrained` writes them, in f32 (with
`target_modules` sorted, and no model card). `kohya/pirate-tales.safetensors` is the
first of them in kohya naming: f16, keys `lora_unet_` + module path with underscores,
a scalar `alpha` per module (so that the scale is alpha / rank), `ss_*` metadata and
the two `sshs_*` hashes. Its legacy hash is that of no bytes, because the hash covers
64 KiB from 1 MiB on and the file is shorter.

Stable rank is the squared Frobenius norm over the squared spectral norm of scale·B·A.
It is far below the rank, so the adapters have room to shrink.

## Losses

Held-out loss, in nats per byte (bits per byte in brackets), of the files as they
are, computed in f32. The held-out stories of each kind are drawn with a seed that no
training used, {held_out:,} bytes in windows of {context}. A uniform guess over 256 bytes
is ln 256 = {uniform:.3f} nats.

| Held-out text | Before | After |
| --- | --- | --- |
{losses}

## The text

All training text is ours: `tooling/sample/text.py` makes it from a grammar written by
hand for this project, with seed {train_seed} for training and {held_out_seed} for the
held-out stories.

| Kind | Trains | Bytes | SHA-256 |
| --- | --- | ---: | --- |
{corpora}

The first held-out story of each kind:

{stories}

## Training

AdamW (betas 0.9 and 0.95, gradient norm at most 1), linear warm-up then a cosine to
zero, batches of {batch} windows of {context} bytes, f32 on one CPU core. The base:
{base_steps} steps at {base_rate}, weight decay 0.05. The adapters: trained on the saved
bf16 base (in f32), weight decay 0.1, steps and rates above.

Pinned versions (Python 3.11):

{versions}

## Making them again

```sh
cd tooling/sample
python -m pip install -r requirements.txt
python train.py
```

It takes about ten minutes on one core. Seeds are fixed and kernels deterministic, so
one machine gives the same bytes each time; a different CPU may round differently.

## SHA-256

```
{hashes}
```

## Licence

MIT, as the rest of the repository: the model, the adapters and their text are ours.
"""


PURPOSES = {
    "base/config.json": "the base model's shape",
    "base/model.safetensors": "the base model's weights, bf16",
    "kohya/pirate-tales.safetensors": "the first adapter in kohya naming, f16",
    "pirate-tales/adapter_config.json": "the first adapter's PEFT settings",
    "pirate-tales/adapter_model.safetensors": "the first adapter: pirate talk, f32",
    "question-answer/adapter_config.json": "the second adapter's PEFT settings",
    "question-answer/adapter_model.safetensors": "the second adapter: questions and answers, f32",
}


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sample_files() -> list[Path]:
    """Every file of the sample but this page."""
    return [SAMPLES / name for name in PURPOSES]


def _files() -> str:
    return "\n".join(
        _row(f"`{name}`", f"{(SAMPLES / name).stat().st_size:,}", purpose)
        for name, purpose in PURPOSES.items()
    )


def _hashes() -> str:
    return "\n".join(f"{_sha256((SAMPLES / name).read_bytes())}  {name}" for name in PURPOSES)


def _stable_rank_summary(adapter: Adapter) -> str:
    ranks = list(stable_ranks(adapter))
    return f"{sum(ranks) / len(ranks):.2f} ({min(ranks):.2f} to {max(ranks):.2f})"


def _settings() -> str:
    """One row per LoRA setting, one column per adapter."""
    rows = {
        "Rank": lambda a: str(a.rank),
        "Alpha": lambda a: str(a.alpha),
        "Scale": lambda a: f"{a.scale:.4g} (alpha / {'√rank' if a.rslora else 'rank'})",
        "Modules": lambda a: ", ".join(f"`{module}`" for module in a.modules),
        "Steps, rate": lambda a: f"{a.steps}, {a.rate}",
        "Mean stable rank (lowest to highest)": _stable_rank_summary,
    }
    return "\n".join(_row(name, *map(cell, ADAPTERS)) for name, cell in rows.items())


def _loss(value: float) -> str:
    return f"{value:.3f} ({value / math.log(2):.3f})"


def _losses() -> str:
    """Measure the base on plain stories, and each adapter on its own kind."""
    base = load_base()
    rows = [
        _row(
            "plain",
            f"{_loss(held_out_loss(untrained_base(), 'plain'))} untrained",
            f"{_loss(held_out_loss(base, 'plain'))} base",
        )
    ]
    rows += [
        _row(
            adapter.kind,
            f"{_loss(held_out_loss(base, adapter.kind))} base alone",
            f"{_loss(held_out_loss(load_adapted(adapter), adapter.kind))} with `{adapter.name}`",
        )
        for adapter in ADAPTERS
    ]
    return "\n".join(rows)


def _corpora() -> str:
    sizes = {"plain": ("base", BASE_BYTES)}
    sizes |= {adapter.kind: (adapter.name, ADAPTER_BYTES) for adapter in ADAPTERS}
    rows = []
    for kind, (trains, size) in sizes.items():
        data = text.corpus(kind, size, TRAIN_SEED)
        rows.append(_row(kind, f"`{trains}`", f"{len(data):,}", f"`{_sha256(data)}`"))
    return "\n".join(rows)


def _stories() -> str:
    first = (text.corpus(kind, 1, HELD_OUT_SEED).decode().strip() for kind in text.STORY_KINDS)
    return "\n\n".join(f"```text\n{story}\n```" for story in first)


def _versions() -> str:
    pins = (Path(__file__).parent / "requirements.txt").read_text().split()
    return "\n".join(f"- {pin.replace('==', ' ')}" for pin in pins)


def render() -> str:
    """Fill in the page."""
    return TEMPLATE.format(
        files=_files(),
        total=sum(path.stat().st_size for path in sample_files()),
        context=CONTEXT,
        parameters=sum(weight.numel() for weight in load_base().parameters()),
        settings=_settings(),
        held_out=HELD_OUT_BYTES,
        uniform=math.log(256),
        losses=_losses(),
        train_seed=TRAIN_SEED,
        held_out_seed=HELD_OUT_SEED,
        corpora=_corpora(),
        stories=_stories(),
        batch=BATCH,
        base_steps=BASE_STEPS,
        base_rate=BASE_RATE,
        versions=_versions(),
        hashes=_hashes(),
    )


def write() -> None:
    """Save the page."""
    README.write_text(render())
