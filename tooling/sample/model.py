"""The base model: its shape, its training loop and its held-out loss."""

import math

import torch
from transformers import LlamaConfig, LlamaForCausalLM

import text
from paths import BASE

CONTEXT = 256
BATCH = 8
SEED = 20
TRAIN_SEED = 1
HELD_OUT_SEED = 2
HELD_OUT_BYTES = 49_152
WARM_UP_STEPS = 40

BASE_BYTES = 800_000
BASE_STEPS = 1300
BASE_RATE = 4e-3


def make_deterministic() -> None:
    """One thread and deterministic kernels: the same machine gives the same bytes."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)


def tokens(data: bytes) -> torch.Tensor:
    """A token is a byte: its id is the byte's value."""
    return torch.tensor(list(data), dtype=torch.long)


def untrained_base() -> LlamaForCausalLM:
    """Build the base model with its seeded random weights."""
    torch.manual_seed(SEED)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=256,
            hidden_size=128,
            intermediate_size=344,
            num_hidden_layers=4,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=CONTEXT,
            tie_word_embeddings=True,
            bos_token_id=None,
            eos_token_id=None,
        )
    )


def load_base() -> LlamaForCausalLM:
    """Load the saved base model (bf16 on disk) in f32."""
    return LlamaForCausalLM.from_pretrained(BASE, dtype=torch.float32)


def _rate_factor(step: int, steps: int) -> float:
    """Linear warm-up, then a cosine down to zero."""
    if step < WARM_UP_STEPS:
        return (step + 1) / WARM_UP_STEPS
    progress = (step - WARM_UP_STEPS) / (steps - WARM_UP_STEPS)
    return 0.5 * (1 + math.cos(math.pi * progress))


def _batch(data: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Cut random windows out of the training text."""
    starts = torch.randint(len(data) - CONTEXT, (BATCH,), generator=generator)
    return torch.stack([data[start : start + CONTEXT] for start in starts.tolist()])


def fit(model: torch.nn.Module, data: bytes, steps: int, rate: float, decay: float) -> None:
    """Train the model's trainable weights on windows of ``data`` with AdamW."""
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=rate, betas=(0.9, 0.95), weight_decay=decay)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: _rate_factor(s, steps))
    generator = torch.Generator().manual_seed(SEED)
    stream = tokens(data)
    model.train()
    for step in range(steps):
        batch = _batch(stream, generator)
        loss = model(input_ids=batch, labels=batch, use_cache=False).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
        if step % 50 == 0 or step == steps - 1:
            print(f"step {step:5d}  training loss {loss.item():.4f} nats/byte", flush=True)
    model.eval()


@torch.no_grad()
def held_out_loss(model: torch.nn.Module, kind: str) -> float:
    """Mean loss, in nats per byte, on stories whose seed no training used."""
    stream = tokens(text.corpus(kind, HELD_OUT_BYTES, HELD_OUT_SEED))[:HELD_OUT_BYTES]
    model.eval()
    losses = [
        model(input_ids=batch, labels=batch, use_cache=False).loss.double()
        for batch in stream.view(-1, BATCH * 2, CONTEXT)
    ]
    return torch.stack(losses).mean().item()


def train_base() -> None:
    """Train the base model on plain stories and save it in bf16."""
    model = untrained_base()
    data = text.corpus("plain", BASE_BYTES, TRAIN_SEED)
    fit(model, data, BASE_STEPS, BASE_RATE, decay=0.05)
    model.to(torch.bfloat16).save_pretrained(BASE)
    (BASE / "generation_config.json").unlink(missing_ok=True)
