"""Reference numbers for the toolkit's tests, in float64, of the saved files.

For each module of an adapter: the singular values of dW = scale·B·A (the first
``rank`` of them, largest first, and the largest of the rest, which is rounding),
and the Frobenius norm of dW. For the pirate adapter also, with dW = U·S·Vᵀ and
W the base weight: the norms of W, and its factors uᵢᵀ·W·vᵢ in the subspace of dW.
"""

import json
from typing import Iterator

import torch
from safetensors.torch import load_file

from adapters import ADAPTERS, PIRATE, Adapter, modules
from paths import BASE, EXPECTED, relative

DIGITS = 12


def _number(value: float | torch.Tensor) -> float:
    """Round to the digits that the file keeps."""
    return float(f"{float(value):.{DIGITS}g}")


def _numbers(values: torch.Tensor) -> list[float]:
    return [_number(value) for value in values]


def stable_ranks(adapter: Adapter) -> Iterator[float]:
    """The stable rank of each module's dW: squared Frobenius norm over squared spectral."""
    for module in modules(adapter):
        values = torch.linalg.svdvals(module.up.double() @ module.down.double())
        yield (values.square().sum() / values[0].square()).item()


def _with_base(delta_svd: tuple[torch.Tensor, ...], weight: torch.Tensor) -> dict[str, object]:
    """Measure the base weight, alone and along the singular vectors of dW."""
    left, _, right = delta_svd
    return {
        "baseSpectralNorm": _number(torch.linalg.matrix_norm(weight, 2)),
        "baseFrobeniusNorm": _number(torch.linalg.matrix_norm(weight)),
        "baseFactors": _numbers(torch.einsum("or,oi,ri->r", left, weight, right)),
    }


def _module_entries(adapter: Adapter, with_base: bool) -> Iterator[dict[str, object]]:
    """Measure each module of one adapter."""
    weights = load_file(BASE / "model.safetensors")
    rank = adapter.rank
    for module in modules(adapter):
        delta = adapter.scale * module.up.double() @ module.down.double()
        left, values, right = torch.linalg.svd(delta, full_matrices=False)
        entry = {
            "name": module.name,
            "shape": list(delta.shape),
            "rank": rank,
            "alpha": adapter.alpha,
            "scale": _number(adapter.scale),
            "singularValues": _numbers(values[:rank]),
            "nextSingularValue": _number(values[rank]),
            "frobeniusNorm": _number(torch.linalg.matrix_norm(delta)),
        }
        if with_base:
            kept = left[:, :rank], values[:rank], right[:rank]
            entry |= _with_base(kept, weights[module.name].double())
        yield entry


def write() -> None:
    """Save the numbers, one module to a line."""
    adapters = []
    for adapter in ADAPTERS:
        entries = _module_entries(adapter, with_base=adapter is PIRATE)
        lines = ",\n".join(f"        {json.dumps(entry)}" for entry in entries)
        folder = json.dumps(relative(adapter.folder))
        adapters.append(f"    {folder}: {{\n      \"modules\": [\n{lines}\n      ]\n    }}")
    base = json.dumps(relative(BASE))
    body = ",\n".join(adapters)
    EXPECTED.write_text(f"{{\n  \"base\": {base},\n  \"adapters\": {{\n{body}\n  }}\n}}\n")
