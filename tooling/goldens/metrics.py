"""Expected values of the metrics, from dense float64 linear algebra in torch and float16 in numpy.

    python tooling/goldens/metrics.py

writes packages/metrics/src/metrics.golden.json. Everything is computed from the dense update and the dense base.
"""

import json
import math
from pathlib import Path

import numpy as np
import torch

OUTPUT = Path(__file__).parents[2] / "packages/metrics/src/metrics.golden.json"
F64 = torch.float64

# name, out, in, kernel, rank, alpha, factor on up, factor on down
CASES = [
    ("linear, alpha below rank", 14, 11, (1, 1), 6, 2.0, 0.05, 0.5),
    ("convolution 3 x 3, alpha above rank", 10, 4, (3, 3), 4, 8.0, 0.3, 0.02),
    ("rank above out", 5, 17, (1, 1), 7, 7.0, 1.0, 1.0),
    ("values beyond f16", 6, 9, (1, 1), 3, 3.0, 8e4, 2e-7),
    ("zero", 6, 5, (1, 1), 2, 2.0, 0.0, 1.0),
]


def listed(matrix):
    """Rows, columns and row-major values."""
    return {"rows": matrix.shape[0], "cols": matrix.shape[1], "data": matrix.flatten().tolist()}


def significant(matrix):
    """The values to six digits, so that the file stays small and reads back exactly."""
    return torch.tensor([[float(f"{x:.6g}") for x in row] for row in matrix.tolist()], dtype=F64)


def of_update(s, pairs, out, columns):
    """Metrics that need the singular values alone."""
    s = s[:pairs]
    total = (s**2).sum()
    if total == 0:
        return {
            "spectrum": [0.0] * pairs, "spectral": 0, "frobenius": 0, "nuclear": 0, "stableRank": 0,
            "effectiveRank": 0, "numericalRank": 0, "energyCurve": [0.0] * pairs,
            "energyRank": {"p90": 0, "p99": 0}, "zeroModule": True,
        }
    shares = s**2 / total
    curve = torch.cumsum(shares, 0)
    positive = shares[shares > 0]
    return {
        "spectrum": s.tolist(),
        "spectral": s[0].item(),
        "frobenius": total.sqrt().item(),
        "nuclear": s.sum().item(),
        "stableRank": (total / s[0] ** 2).item(),
        "effectiveRank": torch.exp(-(positive * positive.log()).sum()).item(),
        "numericalRank": int((s > s[0] * max(out, columns) * np.finfo(np.float64).eps).sum()),
        "energyCurve": curve.tolist(),
        "energyRank": {"p90": int((curve < 0.9).sum()) + 1, "p99": int((curve < 0.99).sum()) + 1},
        "zeroModule": False,
    }


def of_stored(up, down, alpha):
    """Metrics of the factors as they are."""
    values = torch.cat([up.flatten(), down.flatten()]).numpy()
    with np.errstate(over="ignore"):
        half = values.astype(np.float16)
    magnitude = np.abs(half)
    return {
        "alphaOverRank": alpha / up.shape[1],
        "balance": (torch.linalg.matrix_norm(up) / torch.linalg.matrix_norm(down)).item(),
        "halfRange": {
            "overflow": int(np.isinf(half).sum()),
            "subnormal": int(((magnitude > 0) & (magnitude < np.finfo(np.float16).smallest_normal)).sum()),
            "flushed": int(((half == 0) & (values != 0)).sum()),
        },
        "nonFinite": {"nan": 0, "infinite": 0, "firstInUp": -1, "firstInDown": -1},
        "deadDimensions": [
            i for i in range(up.shape[1]) if not (up[:, i].any() and down[i].any())
        ],
    }


def of_base(u, s, vh, pairs, base):
    """Metrics against the base weight, pair by pair."""
    factors = [(u[:, i] @ base @ vh[i]).item() for i in range(pairs)]
    largest = torch.linalg.svdvals(base)[0].item()
    values = s[:pairs].tolist()
    return {
        "baseSpectralNorm": largest,
        "baseFrobeniusNorm": math.sqrt((base**2).sum().item()),
        "baseSubspaceFactors": factors,
        "subspaceRatios": [value / abs(factor) for value, factor in zip(values, factors)],
        "svalRatios": [value / largest for value in values],
        "inputGain": [torch.linalg.vector_norm(base @ vh[i]).item() for i in range(pairs)],
        "outputGain": [torch.linalg.vector_norm(u[:, i] @ base).item() for i in range(pairs)],
    }


def make_case(spec, generator):
    """One update with its base weight and everything that is expected of it."""
    name, out, inner, kernel, rank, alpha, up_factor, down_factor = spec
    columns = inner * kernel[0] * kernel[1]
    decay = torch.tensor([0.7**i for i in range(rank)], dtype=F64)
    up = significant(torch.randn(out, rank, generator=generator, dtype=F64) * decay * up_factor)
    down = significant(
        torch.randn(rank, inner, *kernel, generator=generator, dtype=F64).flatten(start_dim=1) * down_factor
    )
    if rank > out:
        up[:, 5] = 0  # two dimensions that add nothing, one on each side
        down[2] = 0
    base = significant(torch.randn(out, inner, *kernel, generator=generator, dtype=F64).flatten(start_dim=1))
    scale = alpha / rank
    u, s, vh = torch.linalg.svd(scale * (up @ down), full_matrices=False)
    pairs = min(rank, out, columns)
    expected = {**of_update(s, pairs, out, columns), **of_stored(up, down, alpha)}
    # The directions of a zero update are anybody's choice, so only what does not depend on them is expected.
    against = of_base(u, s, vh, pairs, base)
    independent = ("baseSpectralNorm", "baseFrobeniusNorm", "svalRatios")
    expected |= {key: against[key] for key in (against if s[0] > 0 else independent)}
    return {
        "name": name, "alpha": alpha, "scale": scale,
        "up": listed(up), "down": listed(down), "base": listed(base), "expected": expected,
    }


def main():
    """Write the golden file."""
    generator = torch.Generator().manual_seed(11)
    cases = [make_case(spec, generator) for spec in CASES]
    OUTPUT.write_text(json.dumps({"cases": cases}) + "\n")


if __name__ == "__main__":
    main()
