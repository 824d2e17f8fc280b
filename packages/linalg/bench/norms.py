"""torch.svd_lowrank(q=1, niter=64) on the weights of norms.ts, one thread; widening to float32 counts for both."""

import os

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import pathlib
import sys
import time

import numpy
import torch

torch.set_num_threads(1)
print(f"\ntorch {torch.__version__} svd_lowrank(q=1, niter=64), one thread: best and median ms, relative error")
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.f16")):
    size = int(path.stem.split()[-1])
    weights = torch.from_numpy(numpy.fromfile(path, dtype="<f2").reshape(size, size))
    exact = torch.linalg.svdvals(weights.double() if size < 2000 else weights.float())[0].item()
    times, values = [], []
    for seed in range(6):
        torch.manual_seed(seed)
        start = time.perf_counter()
        values.append(torch.svd_lowrank(weights.float(), q=1, niter=64)[1][0].item())
        times.append(time.perf_counter() - start)
    off = 1 - sorted(values)[len(values) // 2] / exact
    print(f"{path.stem + '²':34}{min(times) * 1e3:12.2f}{sorted(times)[3] * 1e3:12.2f}{off:12.1e}", flush=True)
