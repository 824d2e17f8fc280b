"""The same initialisers by torch on one thread, as PEFT calls it: best and median milliseconds of processor time, and what is left of W."""

import os

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import time

import torch

torch.set_num_threads(1)
SIZE, ROUNDS = 4096, 5


def weight_of(size):
    values = 10 * 0.9 ** torch.arange(64, dtype=torch.float64)
    head = (torch.randn(size, 64, dtype=torch.float64) * values) @ torch.randn(64, size, dtype=torch.float64)
    return (head + torch.randn(size, size, dtype=torch.float64)).float()


def pissa_niter(weight, rank):
    u, s, v = torch.svd_lowrank(weight, rank, niter=4)
    down, up = torch.diag(torch.sqrt(s)) @ v.t(), u @ torch.diag(torch.sqrt(s))
    return weight - up @ down


def olora(weight, rank):
    q, r = torch.linalg.qr(weight)
    return weight - q[:, :rank].contiguous() @ r[:rank].contiguous()


torch.manual_seed(0)
print(f"\ntorch {torch.__version__}, one thread")
weight = weight_of(SIZE)
for method, work, rank in [
    ("pissa_niter_4", pissa_niter, 16), ("pissa_niter_4", pissa_niter, 64), ("olora", olora, 16), ("olora", olora, 64),
]:
    times = []
    for round_ in range(ROUNDS + 1):
        start = time.process_time()
        residual = work(weight, rank)
        if round_ > 0:
            times.append((time.process_time() - start) * 1e3)
    left = (residual.norm() / weight.norm()).item()
    print(f"{method + f' r={rank}':32}{min(times):12.0f}{sorted(times)[ROUNDS // 2]:12.0f}{left:12.5f}")
