"""Writes packages/linalg/src/linalg.golden.json: what LAPACK (numpy) and mpmath make of hard
matrices, and random numbers written down a second time.

Usage: python tooling/goldens/linalg.py      (numpy 2.4, mpmath 1.3)

Values marked `exact` come from mpmath at 120 digits, because LAPACK has no correct digits in the small
singular values of graded matrices.
"""

import itertools
import json
import math
import pathlib
import struct

import mpmath
import numpy

OUT = pathlib.Path(__file__).parents[2] / "packages/linalg/src/linalg.golden.json"
RANDOM = numpy.random.default_rng(20240607)


def normal(rows, cols):
    return RANDOM.standard_normal((rows, cols))


def orthonormal(rows, cols):
    return numpy.linalg.qr(normal(rows, cols))[0]


def with_values(rows, cols, values):
    """A matrix with about these singular values."""
    k = len(values)
    return orthonormal(rows, k) @ numpy.diag(values) @ orthonormal(cols, k).T


def hilbert(n):
    index = numpy.arange(n)
    return 1.0 / (index[:, None] + index[None, :] + 1)


def kahan(n, theta=1.2):
    """Kahan's example: pivoting does not reveal that it is nearly singular."""
    sine, cosine = numpy.sin(theta), numpy.cos(theta)
    upper = numpy.eye(n) - cosine * numpy.triu(numpy.ones((n, n)), 1)
    return numpy.diag(sine ** numpy.arange(n)) @ upper


def packed(matrix):
    rows, cols = matrix.shape
    return {"rows": rows, "cols": cols, "data": matrix.ravel().tolist()}


def exact_values(matrix):
    mpmath.mp.dps = 120
    values = mpmath.svd_r(mpmath.matrix(matrix.tolist()), compute_uv=False)
    return sorted((float(value) for value in values), reverse=True)


def singular_values():
    steep = 10.0 ** -numpy.linspace(0, 60, 12)
    cases = {
        "square": normal(24, 24),
        "tall": normal(60, 7),
        "wide": normal(8, 40),
        "one row": normal(1, 9),
        "Hilbert": hilbert(14),
        "Kahan": kahan(30),
        "rank 5 of 12": normal(20, 5) @ normal(5, 12),
        "condition 1e14": with_values(25, 25, numpy.logspace(0, -14, 25)),
        "equal values": with_values(16, 10, numpy.array([2.0] * 5 + [1.0] * 5)),
        "huge": normal(6, 6) * 1e300,
        "tiny": normal(6, 6) * 1e-300,
    }
    graded = {
        "graded columns": normal(15, 12) * steep,
        "graded rows": normal(12, 9) * RANDOM.permutation(steep)[:, None],
        "graded both ways": normal(12, 12) * steep[:, None] * RANDOM.permutation(steep),
    }
    plain = [
        {"name": name, "a": packed(a), "s": numpy.linalg.svd(a, compute_uv=False).tolist()}
        for name, a in cases.items()
    ]
    return plain + [
        {"name": name, "a": packed(a), "s": exact_values(a), "exact": True} for name, a in graded.items()
    ]


def least_squares():
    deficient = normal(9, 3) @ normal(3, 6)
    cases = {"tall": normal(12, 5), "wide": normal(5, 12), "square": normal(6, 6), "rank 3 of 6": deficient}
    results = []
    for name, a in cases.items():
        b = normal(a.shape[0], 2)
        x, _, rank, _ = numpy.linalg.lstsq(a, b, rcond=None)
        results.append({"name": name, "a": packed(a), "b": packed(b), "x": packed(x), "rank": int(rank)})
    return results


def symmetric():
    indefinite = normal(20, 20)
    cases = {
        "indefinite": indefinite + indefinite.T,
        "Hilbert": hilbert(10),
        "diagonal": numpy.diag([3.0, -1.0, 2.0, 0.0]),
        "rank 2": (lambda x: x @ x.T)(normal(11, 2)),
    }
    return [
        {"name": name, "a": packed(a), "values": numpy.linalg.eigvalsh(a)[::-1].tolist()}
        for name, a in cases.items()
    ]


def products():
    """b · a with factors of condition 1e12, whose small directions meet and whose large ones do."""
    falling = numpy.logspace(0, -12, 8)
    turn = orthonormal(8, 8)
    cases = {
        "random": (normal(30, 4), normal(4, 20)),
        "r larger than m": (normal(4, 16), normal(16, 33)),
        "condition 1e12": (with_values(40, 8, falling), with_values(8, 30, falling)),
        "large meets large": (
            orthonormal(40, 8) @ numpy.diag(falling) @ turn.T,
            turn @ numpy.diag(falling) @ orthonormal(30, 8).T,
        ),
    }
    return [
        {"name": name, "b": packed(b), "a": packed(a), "s": exact_values_of_product(b, a)}
        for name, (b, a) in cases.items()
    ]


def exact_values_of_product(b, a):
    mpmath.mp.dps = 60
    product = mpmath.matrix(b.tolist()) * mpmath.matrix(a.tolist())
    values = mpmath.svd_r(product, compute_uv=False)
    return sorted((float(value) for value in values), reverse=True)[: min(b.shape[0], b.shape[1], a.shape[1])]


def xoshiro(state):
    """xoshiro128**, as https://prng.di.unimi.it/xoshiro128starstar.c"""
    mask = 0xFFFFFFFF
    rotate = lambda word, by: (word << by | word >> (32 - by)) & mask
    a, b, c, d = state
    while True:
        yield rotate(b * 5 & mask, 7) * 9 & mask
        shifted = b << 9 & mask
        c, d = c ^ a, d ^ b
        b, a = b ^ c, a ^ d
        c, d = c ^ shifted, rotate(d, 11)


def seeded(seed):
    """The state of a seed: SplitMix32 on the halves of the double."""
    mask = 0xFFFFFFFF
    low, high = struct.unpack("<II", struct.pack("<d", seed))
    counter = low ^ (high * 0x85EBCA6B & mask)
    for _ in range(4):
        counter = counter + 0x9E3779B9 & mask
        mixed = (counter ^ counter >> 16) * 0x21F0AAAD & mask
        mixed = (mixed ^ mixed >> 15) * 0x735A2D97 & mask
        yield mixed ^ mixed >> 15


def uniforms(seed):
    words = xoshiro(seeded(seed))
    while True:
        yield (next(words) * 2**21 + (next(words) >> 11)) * 2.0**-53


def normals(seed):
    """Marsaglia's polar method."""
    source = uniforms(seed)
    while True:
        x, y = 2 * next(source) - 1, 2 * next(source) - 1
        square = x * x + y * y
        if 0 < square < 1:
            factor = math.sqrt(-2 * math.log(square) / square)
            yield from (x * factor, y * factor)


def random_streams():
    return {
        "words": list(itertools.islice(xoshiro((1, 2, 3, 4)), 8)),
        "streams": [
            {
                "seed": seed,
                "uniforms": list(itertools.islice(uniforms(seed), 6)),
                "normals": list(itertools.islice(normals(seed), 6)),
            }
            for seed in (0.0, 1.0, -1.0, 0.5, 2.0**53 - 1)
        ],
    }


def main():
    goldens = {
        "singularValues": singular_values(),
        "leastSquares": least_squares(),
        "symmetric": symmetric(),
        "products": products(),
        "random": random_streams(),
    }
    OUT.write_text(json.dumps(goldens, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")


if __name__ == "__main__":
    main()
