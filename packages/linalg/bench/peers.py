"""The same calculations by torch on one thread, float32 and float64, in milliseconds: best and median."""

import os

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import time

import numpy
import torch

torch.set_num_threads(1)


def measure(work, rounds=5, at_least=0.5):
    """The shortest, or the processor time of a call where that is less; and the median. As measure.ts."""
    work()
    times, before = [], time.thread_time()
    while len(times) < rounds or sum(times) < at_least:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    processor = (time.thread_time() - before) / len(times)
    return min(*times, processor) * 1e3, sorted(times)[len(times) // 2] * 1e3


def product_svd(b, a):
    left, right = torch.linalg.qr(b), torch.linalg.qr(a.T)
    u, s, vh = torch.linalg.svd(left.R @ right.R.T)
    return left.Q @ u, s, right.Q @ vh.T


def report(name, work, operations=None):
    best, median = measure(work)
    rate = "" if operations is None else f"{operations / best / 1e6:12.1f} GFLOP/s"
    print(f"{name:48}{best:12.2f}{median:12.2f}{rate}", flush=True)


print(f"\ntorch {torch.__version__}, numpy {numpy.__version__}, one thread: best and median ms")
torch.manual_seed(0)
for dtype in (torch.float32, torch.float64):
    short = str(dtype).removeprefix("torch.")
    for size in (256, 512, 1024, 2048):
        a, b = torch.randn(size, size, dtype=dtype), torch.randn(size, size, dtype=dtype)
        report(f"product {short} {size}²", lambda: a @ b, 2 * size**3)
    for size in (1280, 4096):
        a, x = torch.randn(size, size, dtype=dtype), torch.randn(size, dtype=dtype)
        report(f"matrix · vector {short} {size}²", lambda: a @ x)
    for rank in (32, 128):
        b, a = torch.randn(1280, rank, dtype=dtype), torch.randn(rank, 1280, dtype=dtype)
        report(f"QR and core {short} 1280² r={rank}", lambda: product_svd(b, a))
    for size in (512, 1024):
        a = torch.randn(size, size, dtype=dtype)
        report(f"svd {short} {size}²", lambda: torch.linalg.svd(a))
        report(f"svdvals {short} {size}²", lambda: torch.linalg.svdvals(a))
    a = torch.randn(1280, 1280, dtype=dtype)
    report(f"largest singular value {short} 1280² (svdvals)", lambda: torch.linalg.svdvals(a)[0])

for size, rank in ((1280, 32), (4096, 64)):
    a = torch.randn(size, size)
    report(f"svd_lowrank float32 {size}² q={rank + 8}", lambda: torch.svd_lowrank(a, q=rank + 8, niter=2))
start = time.thread_time()
torch.linalg.svd(a)
print(f"{'svd float32 4096², once, processor time':48}{(time.thread_time() - start) * 1e3:12.0f}")
